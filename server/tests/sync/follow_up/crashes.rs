//! A server that ends at any step, as if killed: its transaction is gone, what it had committed stays.

use super::{
    booked::book,
    desk::{Desk, Mood, REMINDER, at, channels},
};
use crate::clinic::{self, CLINIC, client, record, session};
use app::api::messages::Channel;
use domain::{
    command::Change,
    follow_up::{kind::Kind, touch_state::State},
};
use server::store;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Lets a server begin and drops it in the midst of its call to the carrier.
async fn killed_while_sending(desk: &Desk, mood: Mood) {
    desk.carrier.is(mood);
    let server = desk.server().await;
    let task = tokio::spawn(async move { server.once().await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled(), "it was to be in the midst of it");
    desk.carrier.is(Mood::Takes);
}

fn at_most_one_for_each_token(desk: &Desk) {
    let mut times: HashMap<_, usize> = HashMap::new();
    desk.carrier.has().iter().for_each(|outgoing| *times.entry(outgoing.token).or_default() += 1);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_nudge_is_given_up(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 3).await;
    desk.clock.set(REMINDER);
    // After the claim, before anything else: these are everybody's reminders.
    let claimed = desk.server().await.claim(CLINIC).await.unwrap().claimed.len();
    assert_eq!(claimed, 3);
    let server = desk.server().await;
    server.once().await.unwrap();
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (State::Claimed, 0));
    desk.clock.pass(5);
    server.once().await.unwrap();
    for n in 0..3 {
        assert_eq!(desk.state(n, Kind::Reminder).await, State::Uncertain);
    }
    desk.clock.pass(24 * 60);
    server.once().await.unwrap();
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (State::Uncertain, 0));
    assert_eq!(desk.count("select count(*) from attempt where outcome = 'unknown'").await, 6);
}

/// A server is killed in its call, and others come after it; `heard` says how many messages the carrier has.
async fn stays_uncertain(options: PgConnectOptions, mood: Mood, heard: usize) {
    let desk = Desk::open(options, 1).await;
    desk.clock.set(REMINDER);
    killed_while_sending(&desk, mood).await;
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (State::Claimed, heard));
    for minutes in [5, 20, 60] {
        desk.clock.pass(minutes);
        desk.server().await.once().await.unwrap();
    }
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (State::Uncertain, heard));
    at_most_one_for_each_token(&desk);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_sent_again_when_the_carrier_never_heard_of_it(_: PgPoolOptions, options: PgConnectOptions) {
    stays_uncertain(options, Mood::DiesBefore, 0).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nor_when_it_has_it_and_nobody_wrote_that_down(_: PgPoolOptions, options: PgConnectOptions) {
    stays_uncertain(options, Mood::DiesAfter, 2).await;
}

/// A booking ends what a server had in hand that is gone: that it may have gone out is not forgotten, nor is it sent once more.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_a_booking_ended_meanwhile_is_still_asked_for(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 2).await;
    desk.clock.set(REMINDER);
    killed_while_sending(&desk, Mood::DiesAfter).await;
    desk.clock.pass(1);
    desk.applied(client(0), book(0, 1, at("2026-03-01T16:00:00Z"))).await;
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Suppressed);
    // The other is ended, too, and planned again before anybody has looked.
    let again = "update touch set state = 'planned', look_at = due_at where kind = 'reminder' and state = 'claimed'";
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    sqlx::query(again).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    const UNSAID: &str = "select count(*) from attempt where outcome is null";
    assert_eq!(desk.count(UNSAID).await, 4);
    let had = desk.carrier.has().len();
    for minutes in [1, 5, 60] {
        desk.clock.pass(minutes);
        desk.server().await.once().await.unwrap();
    }
    assert_eq!((desk.count(UNSAID).await, desk.carrier.has().len()), (0, had));
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.state(1, Kind::Reminder).await), (State::Suppressed, State::Uncertain));
    assert_eq!(desk.count("select count(*) from touch where state = 'suppressed' and look_at is not null").await, 0);
}

/// Whether it went or not, nothing else goes to her until she has rested from it: not while nobody can say, and not after that.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn and_is_rested_from(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    desk.clock.set(REMINDER);
    killed_while_sending(&desk, Mood::DiesAfter).await;
    desk.clock.pass(1);
    // Its own reminder goes two days before, in two minutes.
    desk.applied(client(0), book(0, 1, at("2026-01-15T16:03:00Z"))).await;
    let had = desk.carrier.has().len();
    for minutes in [2, 1, 3, 60] {
        desk.clock.pass(minutes);
        desk.server().await.once().await.unwrap();
        assert_eq!((desk.state(0, Kind::Appointment).await, desk.carrier.has().len()), (State::Planned, had), "{minutes}");
    }
    desk.clock.set("2026-01-14T16:00:00Z");
    desk.server().await.once().await.unwrap();
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.state(0, Kind::Appointment).await), (State::Suppressed, State::Accepted));
}

/// Nor is somebody written to whom another server may just have written to, and has not said so.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whoever_may_have_been_written_to_is_left_alone(_: PgPoolOptions, options: PgConnectOptions) {
    clinic::open(options.clone(), 1).await;
    let desk = Desk::beside(options).await;
    desk.give_contact(0).await;
    // Her appointment in the other series: its reminder is due 23 hours after this series', for which no server was there until then.
    desk.applied(client(0), book(0, 51, at("2026-01-16T15:00:00Z"))).await;
    desk.clock.set("2026-01-14T14:58:00Z");
    killed_while_sending(&desk, Mood::DiesAfter).await;
    let had = desk.carrier.has().len();
    for (minutes, state) in [(2, State::Claimed), (2, State::Claimed), (1, State::Uncertain), (60, State::Uncertain)] {
        desk.clock.pass(minutes);
        desk.server().await.once().await.unwrap();
        assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (state, had));
    }
    desk.clock.set("2026-01-15T15:00:00Z");
    desk.server().await.once().await.unwrap();
    assert!(desk.carrier.has().len() > had, "after her rest it goes");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn aftercare_takes_the_other_channel_and_takes_it_once(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    killed_while_sending(&desk, Mood::DiesAfter).await;
    assert_eq!(channels(&desk.carrier.has()), [Channel::Email]);
    let servers = [Arc::new(desk.server().await), Arc::new(desk.server().await)];
    for minutes in [5, 5, 5, 5, 60] {
        desk.clock.pass(minutes);
        let once = servers.iter().cloned().map(|server| tokio::spawn(async move { server.once().await.unwrap() }));
        for task in once.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    }
    assert_eq!(channels(&desk.carrier.has()), [Channel::Email, Channel::Sms]);
    at_most_one_for_each_token(&desk);
    let touches = desk.touches(0).await;
    let aftercare: Vec<_> =
        touches.iter().filter(|row| row.kind == Kind::Aftercare).map(|row| (row.retry_of.is_some(), row.state.0)).collect();
    assert!(aftercare.contains(&(false, State::Uncertain)) && aftercare.contains(&(true, State::Accepted)) && aftercare.len() == 2);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_was_not_begun_is_given_back_by_who_stops_in_order(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    desk.clock.set(REMINDER);
    let server = desk.server().await;
    let batch = server.claim(CLINIC).await.unwrap();
    server.give_back(&batch.claimed[0]).await.unwrap();
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Planned);
    desk.server().await.once().await.unwrap();
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (State::Accepted, 2));
    // The first one comes too late.
    assert_eq!(server.send(&batch.claimed[0]).await.unwrap(), None);
    assert_eq!(desk.carrier.has().len(), 2);
}
