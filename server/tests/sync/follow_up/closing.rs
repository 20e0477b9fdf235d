//! The last words of a series.

use super::{desk::Desk, manner::chooses};
use crate::{
    clinic::{CAREFUL, CLINIC, PACKAGE, SESSIONS, client, id, plan, record, session},
    device::signed_in,
};
use app::api::messages::MessageChoices;
use domain::{
    command::Change,
    follow_up::{
        closing::{Closing, Next},
        kind::Kind,
        policy::Policies,
        touch_state::{State, Why},
    },
    ids::{PlanId, ReportId, SessionId},
};
use server::{
    follow_up::policies::{self, Refused},
    sync::push,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// When the last session is over; the close-out goes eight days later, at ten, after the check-in.
const VISITS: [&str; 4] = ["2026-01-05T16:00:00Z", "2026-02-16T16:00:00Z", "2026-03-30T16:00:00Z", "2026-05-11T16:00:00Z"];
const CLOSE_OUT: &str = "2026-05-19T15:00:00Z";

fn closing(next: Next) -> Policies {
    let review_link = "https://reviews.example.com/lindenhof?from=mail".to_owned();
    Policies { closing: Closing { review_link, next: vec![(PACKAGE, next)] }, ..Policies::standard() }
}

/// A client who wants offers, and has had all her sessions.
async fn finished(options: PgConnectOptions, next: Next) -> Desk {
    let desk = Desk::open(options, 1).await;
    policies::save(&desk.clinics, &signed_in(), &closing(next), 0).await.unwrap().unwrap();
    chooses(&desk, 0, MessageChoices { email_offers: true, sms_offers: true, ..MessageChoices::default() }).await;
    for (number, visit) in (1..=SESSIONS).zip(VISITS) {
        desk.clock.set(visit);
        let sign = Change::SignSession { session: session(0, number), record: record(session(0, number), 10), rest: None };
        desk.applied(client(0), sign).await;
    }
    desk
}

/// The check-in has gone, and it is time for the close-out.
async fn wait_for_the_close_out(desk: &Desk) {
    desk.clock.set("2026-05-18T15:00:00Z");
    desk.server().await.once().await.unwrap();
    desk.clock.set(CLOSE_OUT);
}

/// The e-mail that closes the series.
async fn closed_with(desk: &Desk) -> Option<String> {
    desk.server().await.once().await.unwrap();
    desk.carrier.has().into_iter().find(|one| one.subject.contains("finished")).map(|one| one.text)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn it_asks_for_a_review_and_names_what_could_come_next(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = finished(options, Next::Package(CAREFUL)).await;
    wait_for_the_close_out(&desk).await;
    let text = closed_with(&desk).await.unwrap();
    assert!(
        text.contains("How was it with us? A few words help others to decide: https://reviews.example.com/lindenhof?from=mail"),
        "{text}"
    );
    assert!(text.contains("What could come next: Resurfacing"), "{text}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nobody_is_offered_what_she_has(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = finished(options, Next::Package(CAREFUL)).await;
    let sessions = (0..u128::from(SESSIONS)).map(|n| SessionId(id(5_001 + n))).collect();
    let sale = Change::SellPackage { plan: PlanId(id(5_000)), package: CAREFUL, sessions, price_minor: 402, paid: None };
    desk.applied(client(0), sale).await;
    wait_for_the_close_out(&desk).await;
    let text = closed_with(&desk).await.unwrap();
    assert!(text.contains("https://reviews.example.com") && !text.contains("could come next"), "{text}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn it_is_held_while_a_concern_is_open(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = finished(options, Next::Words("Once or twice a year, to keep it so".into())).await;
    desk.clock.set("2026-05-15T16:00:00Z");
    let (last, report) = (session(0, SESSIONS), ReportId(id(6_000)));
    let worry = Change::ReportAfterSession { session: last, report, worried: true, text: "It blisters".into() };
    push::receive_from_client(&desk.clinics, CLINIC, client(0), worry).await.unwrap().unwrap();
    wait_for_the_close_out(&desk).await;
    assert_eq!(closed_with(&desk).await, None);
    let held = desk.touches(0).await.into_iter().find(|row| row.kind == Kind::CloseOut && row.plan_id == plan(0, false)).unwrap();
    assert_eq!((held.state.0, held.why), (State::Suppressed, Some(Why::Concern)));
    // Somebody has looked after it: the morning after.
    desk.clock.pass(60);
    desk.applied(client(0), Change::CloseFollowUp { session: last, text: "Dry skin, no blister.".into() }).await;
    assert_eq!(closed_with(&desk).await, None);
    desk.clock.set("2026-05-20T15:00:00Z");
    let text = closed_with(&desk).await.unwrap();
    assert!(text.contains("What could come next: Once or twice a year, to keep it so"), "{text}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_link_that_leads_astray_is_not_saved(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    for link in ["http://reviews.example.com", "https://clinic.example@evil.example", "javascript:alert(1)"] {
        let policies = Policies { closing: Closing { review_link: link.into(), next: vec![] }, ..Policies::standard() };
        let refused = policies::save(&desk.clinics, &signed_in(), &policies, 0).await.unwrap();
        assert!(matches!(refused, Err(Refused::Faults(faults)) if faults.len() == 1), "{link}");
    }
    assert_eq!(desk.count("select count(*) from follow_up_policy where policies is null").await, 1);
}
