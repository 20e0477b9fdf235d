//! E-mail, against a real mail server.

use super::{before_the_prompt, mail_server::MailServer, prompt_is, prompts, server, set_email, tries};
use crate::{
    clinic::{client, record, session},
    device::signed_in,
    follow_up::desk::Desk,
};
use app::api::{carriers::Security, messages::Channel};
use domain::{
    command::Change,
    follow_up::{
        kind::Kind,
        policy::{Channel as Way, Policies},
        touch_state::State,
    },
};
use server::follow_up::{news, policies, returned, transport::News};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// A clinic that writes e-mails first.
async fn with_mail(options: PgConnectOptions) -> Option<(Desk, MailServer)> {
    let mail = MailServer::start().await?;
    let desk = before_the_prompt_by_email(options).await;
    set_email(&desk, mail.port, Security::None).await;
    Some((desk, mail))
}

async fn before_the_prompt_by_email(options: PgConnectOptions) -> Desk {
    let desk = before_the_prompt(options).await;
    let mut edited = Policies::standard();
    edited
        .usual
        .rules
        .iter_mut()
        .filter(|rule| rule.kind == Kind::RebookingPrompt)
        .for_each(|rule| rule.channels = vec![Way::Email, Way::Sms]);
    policies::save(&desk.clinics, &signed_in(), &edited, 0).await.unwrap().unwrap();
    desk
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_email_is_handed_over_and_one_that_comes_back_goes_by_sms(_: PgPoolOptions, options: PgConnectOptions) {
    let Some((desk, mut mail)) = with_mail(options).await else { return };
    let server = server(&desk).await;
    server.once().await.unwrap();
    let took = mail.took().await;
    let (token, ..) = tries(&desk, Channel::Email).await[0].clone();
    assert_eq!((took.len(), prompt_is(&desk).await), (1, State::Accepted));
    let one = &took[0];
    assert_eq!((one.to.as_slice(), one.user.as_deref()), (["client0@example.com".to_owned()].as_slice(), Some("clinic")));
    assert_eq!(one.from, format!("bounce+{}@clinic.example", token.simple()));
    for head in [
        format!("Message-ID: <{token}@clinic.example>"),
        "List-Unsubscribe: <https://clinic.example/me>".to_owned(),
        "<hello@clinic.example>".to_owned(),
        "Subject: Your next session, around 13 February".to_owned(),
        "Date: Fri, 06 Feb 2026 16:00:00 +0000".to_owned(),
    ] {
        assert!(one.text.contains(&head), "{head} in {}", one.text);
    }

    // It comes back, as a mail server tells it; twice.
    let bounce = format!(
        "From: MAILER-DAEMON@mx.example.com\r\nTo: <{}>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n\
         Final-Recipient: rfc822; client0@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n",
        one.from
    );
    let told = returned::returned(bounce.as_bytes(), None).unwrap();
    assert_eq!((told.token, &told.news), (token, &News::Bounced("5.1.1".into())));
    for _ in 0..2 {
        assert!(news::tell(&desk.clinics, told.token, None, &told.news).await.unwrap());
    }
    assert!(!news::tell(&desk.clinics, uuid::Uuid::from_u128(77), None, &told.news).await.unwrap());
    server.once().await.unwrap();
    let rows = prompts(&desk).await;
    let states: Vec<_> = rows.iter().map(|row| (row.state.0, row.channel, row.retry_of.is_some())).collect();
    assert_eq!(states, [(State::Bounced, None, false), (State::Accepted, Some(Channel::Sms), true)]);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_a_mail_server_says_is_what_becomes_of_it(_: PgPoolOptions, options: PgConnectOptions) {
    let Some((desk, mut mail)) = with_mail(options).await else { return };
    let server = server(&desk).await;
    // It can come later; so it does, and no line that broke before the text makes anybody guess.
    for mood in ["later", "drop"] {
        mail.is(mood).await;
        server.once().await.unwrap();
        assert_eq!(prompt_is(&desk).await, State::Planned, "{mood}");
        desk.clock.pass(5);
    }
    assert_eq!(mail.took().await.len(), 0);
    mail.is("refuse").await;
    server.once().await.unwrap();
    server.once().await.unwrap();
    let states: Vec<_> = prompts(&desk).await.iter().map(|row| row.state.0).collect();
    assert_eq!((states, mail.took().await.len()), (vec![State::Failed, State::Accepted], 0));
    assert_eq!(desk.count("select count(*) from attempt where answer like '%5.1.1 no such user here%'").await, 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_line_that_breaks_after_the_text_leaves_it_open_for_ever(_: PgPoolOptions, options: PgConnectOptions) {
    let Some((desk, mut mail)) = with_mail(options).await else { return };
    mail.is("drop-after").await;
    let server = server(&desk).await;
    server.once().await.unwrap();
    assert_eq!(prompt_is(&desk).await, State::Uncertain);
    let took = mail.took().await;
    for _ in 0..4 {
        desk.clock.pass(10);
        server.once().await.unwrap();
    }
    // A nag is given up; nobody gets it twice.
    assert_eq!((prompts(&desk).await.len(), prompt_is(&desk).await, took.len(), mail.took().await.len()), (1, State::Uncertain, 1, 1));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_text_that_is_refused_goes_by_sms(_: PgPoolOptions, options: PgConnectOptions) {
    let Some((desk, mut mail)) = with_mail(options).await else { return };
    mail.is("refuse-text").await;
    let server = server(&desk).await;
    server.once().await.unwrap();
    server.once().await.unwrap();
    let states: Vec<_> = prompts(&desk).await.iter().map(|row| row.state.0).collect();
    assert_eq!((states, mail.took().await.len()), (vec![State::Failed, State::Accepted], 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_line_is_used_again(_: PgPoolOptions, options: PgConnectOptions) {
    let Some(mut mail) = MailServer::start().await else { return };
    let desk = Desk::open(options, 3).await;
    set_email(&desk, mail.port, Security::None).await;
    let server = server(&desk).await;
    for n in 0..3 {
        let sign = Change::SignSession { session: session(n, 1), record: record(session(n, 1), 10), rest: None };
        desk.applied(client(n), sign).await;
        server.once().await.unwrap();
    }
    let took = mail.took().await;
    assert_eq!(
        took.iter().map(|mail| (mail.to[0].as_str(), mail.line)).collect::<Vec<_>>(),
        [("client0@example.com", 1), ("client1@example.com", 1), ("client2@example.com", 1)]
    );
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_said_over_a_line_that_somebody_else_could_answer(_: PgPoolOptions, options: PgConnectOptions) {
    let Some((desk, mut mail)) = with_mail(options).await else { return };
    // Its certificate is one that everybody has.
    set_email(&desk, mail.port, Security::StartTls).await;
    server(&desk).await.once().await.unwrap();
    assert_eq!((prompt_is(&desk).await, mail.took().await.len()), (State::Planned, 0));
    assert_eq!(desk.count("select count(*) from attempt where outcome = 'later'").await, 1);
}
