//! How a client wants to be written to: in her language, not in her night, and saying as much by SMS as she agreed to.

use super::desk::{Desk, REMINDER, at, channels};
use crate::{
    clinic::{CLINIC, client, plan, record, session},
    device::signed_in,
};
use app::api::messages::{Channel, MessageChoices};
use domain::{
    command::Change,
    follow_up::{
        kind::Kind,
        policy::{Policies, Text},
        touch_state::State,
    },
};
use server::{
    follow_up::{policies, transport::Outgoing},
    own_pages::{SignedInClient, choices, messages},
    store::follow_up::touch::TouchRow,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

pub async fn chooses(desk: &Desk, n: u128, chosen: MessageChoices) {
    let who = SignedInClient { clinic: CLINIC, client: client(n) };
    choices::save(&desk.clinics, who, chosen).await.unwrap();
}

fn in_language(language: &str) -> MessageChoices {
    MessageChoices { language: Some(language.into()), ..MessageChoices::default() }
}

fn in_zone(zone: &str) -> MessageChoices {
    MessageChoices { zone: Some(zone.into()), ..MessageChoices::default() }
}

/// The clinic writes its reminder to book in Spanish and Italian, too.
async fn write_in_three_languages(desk: &Desk) {
    let mut policies = Policies::standard();
    let rule = policies.usual.rules.iter_mut().find(|rule| rule.kind == Kind::Reminder).unwrap();
    for (language, words) in [("es", "Su sesión de {{series}} es el {{due_date}}"), ("it", "La seduta di {{series}}.\nData: {{due_date}}")]
    {
        rule.texts.push(Text { language: language.into(), sms: words.into(), subject: words.replace('\n', " "), body: words.into() });
    }
    policies::save(&desk.clinics, &signed_in(), &policies, 0).await.unwrap().unwrap();
}

fn to(desk: &Desk, n: u128, channel: Channel) -> Vec<Outgoing> {
    let (number, address) = (format!("+1 312 555 {n:04}"), format!("client{n}@example.com"));
    desk.carrier.has().into_iter().filter(|one| one.channel == channel && (one.to == number || one.to == address)).collect()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn each_reads_her_own_language_and_the_clinics_where_it_has_no_other(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 5).await;
    write_in_three_languages(&desk).await;
    for (n, language) in [(1, "ES"), (2, "it"), (3, "fr")] {
        chooses(&desk, n, in_language(language)).await;
    }
    // At the desk, by whoever asks her; nobody else's is changed.
    assert!(choices::set_language(&desk.clinics, &signed_in(), client(4), Some("es".into())).await.unwrap());
    let known = messages::of_client(&desk.clinics, &signed_in(), client(4)).await.unwrap().unwrap();
    assert_eq!((known.choices.language.as_deref(), known.languages), (Some("es"), vec!["en".to_owned(), "es".into(), "it".into()]));
    assert_eq!(desk.count("select count(*) from audit where action = 'client-language'").await, 1);
    // What nobody offers is not kept.
    assert_eq!(desk.count("select count(*) from message_choice where language is not null").await, 3);

    desk.clock.set(REMINDER);
    desk.server().await.once().await.unwrap();
    let mail = |n| to(&desk, n, Channel::Email).remove(0);
    assert!(mail(0).text.contains("session 1 of 4 is due on 15 January"), "{}", mail(0).text);
    assert_eq!(mail(1).subject, "Su sesión de LHR es el 15 de enero");
    assert_eq!(mail(2).text, "La seduta di LHR.\nData: 2026-01-15");
    assert!(mail(3).text.contains("is due on 15 January"), "{}", mail(3).text);
    assert_eq!(mail(4).text, mail(1).text);
    // Nobody agreed that an SMS says what is treated; in Italian that cannot be said discreetly.
    let sms = |n| to(&desk, n, Channel::Sms).remove(0).text;
    assert_eq!((sms(1).as_str(), sms(2).as_str()), ("Su sesión de su tratamiento es el 15 de enero", "Data: 2026-01-15"));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_sms_says_what_is_treated_to_whom_agreed(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 2).await;
    write_in_three_languages(&desk).await;
    let agreed = MessageChoices { detail_by_sms: true, ..in_language("es") };
    chooses(&desk, 0, agreed.clone()).await;
    chooses(&desk, 1, in_language("es")).await;
    // When she agreed stays, while she chooses other things.
    let since = "select count(*) from message_choice where detail_by_sms = '2026-01-02T16:00:00Z'";
    desk.clock.pass(60);
    chooses(&desk, 0, MessageChoices { email_offers: true, ..agreed.clone() }).await;
    assert_eq!(desk.count(since).await, 1);
    desk.clock.set(REMINDER);
    desk.server().await.once().await.unwrap();
    let sms = |n| to(&desk, n, Channel::Sms).remove(0).text;
    assert!(sms(0).contains("LHR") && !sms(1).contains("LHR"), "{} {}", sms(0), sms(1));
    chooses(&desk, 0, MessageChoices { detail_by_sms: false, ..agreed.clone() }).await;
    chooses(&desk, 0, agreed).await;
    assert_eq!(desk.count(since).await, 0);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn her_night_is_kept_wherever_she_is(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 3).await;
    let mut policies = Policies::standard();
    let reminder = policies.usual.rules.iter_mut().find(|rule| rule.kind == Kind::Reminder).unwrap();
    reminder.texts[0].body = "Free: {{times}}".into();
    policies::save(&desk.clinics, &signed_in(), &policies, 0).await.unwrap().unwrap();
    let server = desk.server().await;
    server.once().await.unwrap();
    let is_reminder = |row: &TouchRow, n| row.kind == Kind::Reminder && row.plan_id == plan(n, false);
    let due = async |n| desk.touches(n).await.into_iter().find(|row| is_reminder(row, n)).unwrap().due_at.0;
    assert_eq!(due(0).await, at(REMINDER));
    // Ten in the morning at the clinic is six in Honolulu, and five in the afternoon in Berlin.
    chooses(&desk, 0, in_zone("Pacific/Honolulu")).await;
    chooses(&desk, 1, in_zone("Europe/Berlin")).await;
    chooses(&desk, 2, in_zone("Moon/Tranquility")).await;
    server.once().await.unwrap();
    assert_eq!([due(0).await, due(1).await, due(2).await], [at("2026-01-13T18:00:00Z"), at(REMINDER), at(REMINDER)]);
    desk.clock.set(REMINDER);
    server.once().await.unwrap();
    assert_eq!((to(&desk, 0, Channel::Sms).len(), to(&desk, 1, Channel::Sms).len(), to(&desk, 2, Channel::Sms).len()), (0, 1, 1));
    desk.clock.set("2026-01-13T17:59:00Z");
    server.once().await.unwrap();
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Planned);
    desk.clock.set("2026-01-13T18:00:00Z");
    server.once().await.unwrap();
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Accepted);
    // Times are the clinic's, and say so where hers are others.
    let mail = |n| to(&desk, n, Channel::Email).remove(0).text;
    assert!(mail(0).ends_with(" (Chicago)") && mail(2).len() > 20 && !mail(2).contains('('), "{} {}", mail(0), mail(2));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn aftercare_waits_for_no_morning(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    // Four in the afternoon is one at night in Moscow.
    chooses(&desk, 0, in_zone("Europe/Moscow")).await;
    desk.clock.set("2026-01-02T22:00:00Z");
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    desk.server().await.once().await.unwrap();
    assert_eq!(channels(&desk.carrier.has()), [Channel::Email]);
}
