//! SMS: what is handed over, what is told of it later, and what happens when the line or the server breaks.

use super::{
    account, before_the_prompt, prompt_is, prompts, server, set_sms,
    telephone::{Mood, Telephone, call_with, tell},
    tries,
};
use crate::{
    clinic::{CLINIC, client, record, session},
    follow_up::desk::{Desk, REMINDER},
    photos::studio::Served,
};
use app::api::messages::Channel::{Email, Sms};
use domain::{
    command::Change,
    follow_up::{
        kind::Kind,
        touch_state::{State, Why},
    },
};
use server::{
    follow_up::transport::twilio,
    store::{self, own_pages::choice},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{path::Path, process::Command, time::Duration};

async fn with_telephone(options: PgConnectOptions) -> (Desk, Telephone, Served) {
    let desk = before_the_prompt(options).await;
    let telephone = Telephone::start(&desk.clock).await;
    set_sms(&desk, &telephone.base()).await;
    let served = Served::start(desk.clinics.clone()).await;
    (desk, telephone, served)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn it_is_handed_over_and_what_is_told_later_counts_once_in_any_order(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, served) = with_telephone(options).await;
    server(&desk).await.once().await.unwrap();
    let has = telephone.has();
    assert_eq!((has.len(), prompt_is(&desk).await), (1, State::Accepted));
    let form = &has[0].form;
    let (token, ..) = tries(&desk, Sms).await[0].clone();
    assert_eq!(
        (form["To"].as_str(), form["From"].as_str(), form["StatusCallback"].as_str()),
        ("+13125550000", "+13125559999", format!("https://clinic.example/sms/status/{token}").as_str())
    );
    let link = "https://clinic.example/me/at/";
    assert!(form["Body"].contains("session 2 is due around 13 February") && form["Body"].contains(link), "{}", form["Body"]);
    // What is kept opens nothing; the carrier's number is.
    let kept = "select count(*) from message where state = 'sent' and text like '%/me/at/…%' and channel = 'Sms'";
    assert_eq!(
        (desk.count(kept).await, desk.count("select count(*) from attempt where carrier_id = 'SM00000000000000000000000000000001'").await),
        (1, 1)
    );

    assert_eq!(tell(&served, token, "sent", None).await, 204);
    assert_eq!(prompt_is(&desk).await, State::Accepted);
    for status in ["delivered", "delivered", "sent", "queued"] {
        assert_eq!(tell(&served, token, status, None).await, 204);
        assert_eq!(prompt_is(&desk).await, State::Delivered);
    }
    // Delivered never goes back.
    assert_eq!(tell(&served, token, "undelivered", Some("30003")).await, 204);
    assert_eq!((prompt_is(&desk).await, prompts(&desk).await.len()), (State::Delivered, 1));
    server(&desk).await.once().await.unwrap();
    assert_eq!((telephone.has().len(), tries(&desk, Email).await.len()), (1, 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_comes_back_goes_by_email_within_minutes_once_and_linked(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, _telephone, served) = with_telephone(options).await;
    let server = server(&desk).await;
    server.once().await.unwrap();
    let (token, ..) = tries(&desk, Sms).await[0].clone();
    desk.clock.pass(1);
    // Twice at once, and once more.
    let told = futures::future::join_all((0..2).map(|_| tell(&served, token, "undelivered", Some("30003")))).await;
    assert_eq!(told, [204, 204]);
    server.once().await.unwrap();
    assert_eq!(tell(&served, token, "failed", Some("30003")).await, 204);
    server.once().await.unwrap();
    let rows = prompts(&desk).await;
    let [bounced, retry] = rows.as_slice() else { panic!("one retry: {rows:?}") };
    assert_eq!(
        (bounced.state.0, retry.state.0, retry.retry_of, retry.channel),
        (State::Bounced, State::Accepted, Some(bounced.id), Some(Email))
    );
    let after = retry.accepted_at.unwrap().0.millis() - bounced.accepted_at.unwrap().0.millis();
    assert!((0..=5 * 60_000).contains(&after), "{after}");
    assert_eq!(tries(&desk, Email).await.len(), 1);
    assert_eq!(desk.count("select count(*) from attempt where became_why = 'undelivered 30003'").await, 1);
    // A late word changes nothing.
    assert_eq!(tell(&served, token, "sent", None).await, 204);
    assert_eq!(prompt_is(&desk).await, State::Bounced);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_is_refused_goes_by_email(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, _served) = with_telephone(options).await;
    telephone.is(Mood::Says(400, 21211));
    let server = server(&desk).await;
    server.once().await.unwrap();
    server.once().await.unwrap();
    let rows = prompts(&desk).await;
    assert_eq!(rows.iter().map(|row| row.state.0).collect::<Vec<_>>(), [State::Failed, State::Accepted]);
    assert_eq!((rows[1].retry_of, telephone.has().len()), (Some(rows[0].id), 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn who_opted_out_gets_no_nag_by_any_way(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, _served) = with_telephone(options).await;
    telephone.is(Mood::Says(400, 21610));
    let server = server(&desk).await;
    for _ in 0..3 {
        server.once().await.unwrap();
        desk.clock.pass(5);
    }
    let rows = prompts(&desk).await;
    assert_eq!((rows.len(), rows[0].state.0, rows[0].why), (1, State::Suppressed, Some(Why::OptedOut)));
    assert_eq!((telephone.has().len(), tries(&desk, Email).await.len()), (0, 0));
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    assert!(choice::with_stop(&mut tx, CLINIC, client(0)).await.unwrap().1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn that_she_opted_out_may_be_told_later(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, _telephone, served) = with_telephone(options).await;
    let server = server(&desk).await;
    server.once().await.unwrap();
    let (token, ..) = tries(&desk, Sms).await[0].clone();
    assert_eq!(tell(&served, token, "failed", Some("21610")).await, 204);
    server.once().await.unwrap();
    assert_eq!((prompt_is(&desk).await, prompts(&desk).await.len()), (State::Bounced, 1));
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    assert!(choice::with_stop(&mut tx, CLINIC, client(0)).await.unwrap().1);
}

/// Nobody knows whether it went, and the next time a server is up is so many minutes later.
async fn is_asked_about_after(minutes: i64, options: PgConnectOptions) {
    let (desk, telephone, _served) = with_telephone(options).await;
    telephone.is(Mood::FailsAfter);
    let server = server(&desk).await;
    server.once().await.unwrap();
    assert_eq!((prompt_is(&desk).await, telephone.has().len()), (State::Uncertain, 1));
    telephone.is(Mood::Takes);
    telephone.set_status("delivered");
    desk.clock.pass(minutes);
    server.once().await.unwrap();
    assert_eq!((prompt_is(&desk).await, telephone.has().len()), (State::Delivered, 1));
    assert_eq!(desk.count("select count(*) from attempt where carrier_id = 'SM00000000000000000000000000000001'").await, 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_carrier_that_fails_after_taking_it_is_asked_and_never_sent_it_again(_: PgPoolOptions, options: PgConnectOptions) {
    is_asked_about_after(3, options).await;
}

/// The quarter of an hour in which it would have been asked has passed, and no server was up.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn after_an_outage_the_carrier_is_asked_all_the_same(_: PgPoolOptions, options: PgConnectOptions) {
    is_asked_about_after(120, options).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_the_list_does_not_have_is_given_up_unless_somebody_tells(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, served) = with_telephone(options).await;
    telephone.is(Mood::Says(503, 20503));
    let server = server(&desk).await;
    server.once().await.unwrap();
    telephone.is(Mood::Takes);
    for _ in 0..8 {
        desk.clock.pass(3);
        server.once().await.unwrap();
        assert_eq!((prompt_is(&desk).await, telephone.has().len(), prompts(&desk).await.len()), (State::Uncertain, 0, 1));
    }
    let waiting = prompts(&desk).await[0].look_at;
    assert!(waiting.is_none(), "{waiting:?}");
    // A carrier may be slow.
    let (token, ..) = tries(&desk, Sms).await[0].clone();
    assert_eq!(tell(&served, token, "delivered", None).await, 204);
    assert_eq!(prompt_is(&desk).await, State::Delivered);
}

/// As if the process had been killed: its transaction is gone, the carrier has the message.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_server_that_is_killed_in_its_call_sends_nothing_twice(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, served) = with_telephone(options).await;
    telephone.is(Mood::HangsAfter);
    let killed = server(&desk).await;
    let task = tokio::spawn(async move { killed.once().await });
    for _ in 0..100 {
        if !telephone.has().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    telephone.is(Mood::Takes);
    assert_eq!((prompt_is(&desk).await, telephone.has().len()), (State::Claimed, 1));
    // The carrier tells before anybody has noticed.
    let (token, ..) = tries(&desk, Sms).await[0].clone();
    assert_eq!(tell(&served, token, "delivered", None).await, 204);
    assert_eq!(prompt_is(&desk).await, State::Delivered);
    for minutes in [5, 20, 60] {
        desk.clock.pass(minutes);
        server(&desk).await.once().await.unwrap();
    }
    assert_eq!((prompt_is(&desk).await, telephone.has().len(), telephone.has_each_once()), (State::Delivered, 1, true));
    // The link it sent is good: it was there before.
    let body = telephone.has()[0].form["Body"].clone();
    let link = body.split("https://clinic.example").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let page = crate::photos::browser::Browser { address: served.address, token: None }.get(&link).await;
    assert_eq!(page.status, 200, "{link}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn aftercare_of_which_nobody_knows_takes_the_other_way_and_a_nag_does_not(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let telephone = Telephone::start(&desk.clock).await;
    set_sms(&desk, &telephone.base()).await;
    // By SMS first, as this clinic wants it.
    let mut policies = domain::follow_up::policy::Policies::standard();
    policies.usual.rules.iter_mut().filter(|rule| rule.kind == Kind::Aftercare).for_each(|rule| rule.channels.reverse());
    server::follow_up::policies::save(&desk.clinics, &crate::device::signed_in(), &policies, 0).await.unwrap().unwrap();
    telephone.is(Mood::Says(502, 0));
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    let server = server(&desk).await;
    for minutes in [0, 3, 6, 9, 3] {
        desk.clock.pass(minutes);
        server.once().await.unwrap();
    }
    server.once().await.unwrap();
    let aftercare: Vec<_> = desk.touches(0).await.into_iter().filter(|row| row.kind == Kind::Aftercare).collect();
    let states: Vec<_> = aftercare.iter().map(|row| (row.retry_of.is_some(), row.state.0)).collect();
    assert!(states.contains(&(false, State::Uncertain)) && states.contains(&(true, State::Accepted)) && states.len() == 2, "{states:?}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn too_many_at_once_is_tried_again_later(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, telephone, _served) = with_telephone(options).await;
    let server = server(&desk).await;
    for mood in [Mood::Says(429, 20429), Mood::Says(401, 20003)] {
        telephone.is(mood);
        server.once().await.unwrap();
        assert_eq!((prompt_is(&desk).await, telephone.has().len()), (State::Planned, 0));
        desk.clock.pass(5);
    }
    telephone.is(Mood::Takes);
    server.once().await.unwrap();
    assert_eq!((prompt_is(&desk).await, telephone.has().len()), (State::Accepted, 1));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn only_what_the_carrier_signed_is_believed(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, _telephone, served) = with_telephone(options).await;
    server(&desk).await.once().await.unwrap();
    let (token, ..) = tries(&desk, Sms).await[0].clone();
    let path = twilio::status_path(token);
    let fields = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    let owned: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let address = format!("http://clinic.example{path}");
    let other_secret = twilio::signature("another token", &address, &owned);
    let other_address = twilio::signature(super::TOKEN, "http://clinic.example/sms/status/other", &owned);
    let other_fields = twilio::signature(super::TOKEN, &address, &owned[..1]);
    for forged in ["", "nonsense", &other_secret, &other_address, &other_fields] {
        assert_eq!(call_with(&served, &path, &fields, forged).await.status, 404, "{forged}");
    }
    assert_eq!(prompt_is(&desk).await, State::Accepted);
    // A try nobody made; and one of an e-mail.
    assert_eq!(tell(&served, uuid::Uuid::from_u128(77), "delivered", None).await, 404);
    // Whoever takes the carrier away is told nothing any more.
    server::carriers::remove(&desk.clinics, &crate::device::signed_in(), Sms).await.unwrap();
    assert_eq!(tell(&served, token, "delivered", None).await, 404);
    assert_eq!(prompt_is(&desk).await, State::Accepted);
}

/// Signatures against the carrier's own library, where Node and its packages are.
#[test]
fn the_carriers_own_library_takes_our_signatures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end");
    if !folder.join("node_modules/twilio").is_dir() {
        eprintln!("skipped: the npm packages of end2end are not here; bin/setup test installs them");
        return;
    }
    let address = "https://clinic.example/sms/incoming/00000000-0000-0000-0000-000000000001";
    let fields = [("To", "+13125559999"), ("From", "+13125550000"), ("Body", "it's blistering – ü & 100% = +"), ("AccountSid", &account())];
    let owned: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let json = serde_json::to_string(&fields.into_iter().collect::<std::collections::HashMap<_, _>>()).unwrap();
    let takes = |signature: &str| {
        let node =
            Command::new("node").current_dir(&folder).args(["carriers/signed.mjs", address, &json, super::TOKEN, signature]).status();
        node.unwrap().success()
    };
    assert!(takes(&twilio::signature(super::TOKEN, address, &owned)));
    assert!(!takes(&twilio::signature("another token", address, &owned)));
}

/// Both go at once, and it is one touch: that one of them comes back is no reason for a third message.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn of_a_touch_that_went_both_ways_one_is_enough(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let telephone = Telephone::start(&desk.clock).await;
    set_sms(&desk, &telephone.base()).await;
    let served = Served::start(desk.clinics.clone()).await;
    desk.clock.set(REMINDER);
    let server = server(&desk).await;
    server.once().await.unwrap();
    assert_eq!((desk.state(0, Kind::Reminder).await, telephone.has().len()), (State::Accepted, 1));
    let callback = telephone.has()[0].form["StatusCallback"].clone();
    let token = callback.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(tell(&served, token, "undelivered", Some("30005")).await, 204);
    server.once().await.unwrap();
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Accepted);
    assert_eq!(desk.count("select count(*) from attempt where outcome = 'accepted'").await, 2);
}
