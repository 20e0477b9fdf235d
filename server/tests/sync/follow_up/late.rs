//! After an outage: what is late goes at a pace, whoever sends it.

use super::desk::{Desk, REMINDER, at};
use crate::{clinic::client, device::signed_in};
use domain::follow_up::{kind::Kind, touch_state::State};
use server::follow_up::{late::A_MINUTE, seen};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// More than go in two minutes.
const MANY: u128 = 130;

/// How many of the reminders to book have gone, each by two channels.
fn gone(desk: &Desk) -> usize {
    let gone = desk.carrier.has().len();
    assert_eq!(gone % 2, 0);
    gone / 2
}

async fn three_servers(desk: &Desk) {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let server = desk.server().await;
        servers.push(tokio::spawn(async move { server.once().await.unwrap() }));
    }
    for server in servers {
        server.await.unwrap();
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_is_late_goes_at_a_pace_whoever_sends_it(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, MANY).await;
    let pace = usize::try_from(A_MINUTE).unwrap();
    // Half an hour after it was due a server is back; then there are three.
    desk.clock.set("2026-01-13T16:30:00Z");
    desk.server().await.once().await.unwrap();
    assert_eq!(gone(&desk), pace);
    three_servers(&desk).await;
    assert_eq!(gone(&desk), pace, "somebody who starts anew counts what others sent");
    // What waits says until when.
    let mut waits = Vec::new();
    for n in 0..MANY {
        if desk.state(n, Kind::Reminder).await == State::Planned {
            let touches = seen::of_client(&desk.clinics, &signed_in(), client(n)).await.unwrap().unwrap();
            waits.extend(touches.into_iter().filter(|touch| touch.kind == Kind::Reminder).filter_map(|touch| touch.waits));
        }
    }
    waits.sort();
    let count = |time: &str| waits.iter().filter(|until| **until == at(time)).count();
    assert_eq!((waits.len(), count("2026-01-13T16:31:00Z"), count("2026-01-13T16:32:00Z")), (70, 60, 10));
    desk.clock.pass(1);
    three_servers(&desk).await;
    assert_eq!(gone(&desk), 2 * pace);
    desk.clock.pass(1);
    three_servers(&desk).await;
    assert_eq!(gone(&desk), usize::try_from(MANY).unwrap());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_waits_too_long_expires_and_what_is_a_little_late_does_not_wait(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, MANY).await;
    let server = desk.server().await;
    // A day after it was due, less a minute and a half.
    desk.clock.set("2026-01-14T15:58:30Z");
    server.once().await.unwrap();
    desk.clock.pass(1);
    server.once().await.unwrap();
    desk.clock.pass(1);
    server.once().await.unwrap();
    assert_eq!(gone(&desk), 120);
    let mut expired = 0;
    for n in 0..MANY {
        expired += usize::from(desk.state(n, Kind::Reminder).await == State::Expired);
    }
    assert_eq!(expired, 10);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_quarter_of_an_hour_is_not_late(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, MANY).await;
    assert_eq!(at(REMINDER), at("2026-01-13T16:00:00Z"));
    desk.clock.set("2026-01-13T16:15:00Z");
    desk.server().await.once().await.unwrap();
    assert_eq!(gone(&desk), usize::try_from(MANY).unwrap());
}
