//! Bookings elsewhere against sends: once the other system has its answer, nobody is asked to book any more.

use super::{System, take};
use crate::follow_up::{
    desk::{Desk, REMINDER},
    races::{race, races},
};
use domain::follow_up::elsewhere::BookingState;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;

/// Events that race with a send; CADENCE_RACES asks for more.
const RACES: u128 = 1_000;

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_sent_after_an_event_was_answered(_: PgPoolOptions, options: PgConnectOptions) {
    let races = races(RACES);
    let desk = Arc::new(Desk::open(options, races).await);
    let system = System::connect(&desk.clinics).await;
    race(&desk, races, |n| {
        let told = system.told(n, &format!("b-{n}"), BookingState::Booked, REMINDER, "2026-03-01T16:00:00Z");
        let desk = desk.clone();
        async move { assert!(take(&desk, &told).await) }
    })
    .await;
}
