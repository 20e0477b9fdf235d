//! What is booked elsewhere stands in the chart, and so on every device.

use super::{System, take};
use crate::{
    clinic::{CLINIC, client, record, session},
    device::signed_in,
    follow_up::desk::{Desk, at},
};
use domain::{chart::Chart, command::Change, follow_up::elsewhere::BookingState, sync::Outcome};
use server::{
    feeds,
    store::{self, chart, clinic, follow_up::elsewhere::Told},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const TIME: &str = "2026-01-20T16:00:00Z";

/// The chart as devices get it, which is the one the tables hold; and the clinic's version.
async fn seen(desk: &Desk) -> (Chart, i64) {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let kept = chart::load(&mut tx, CLINIC, client(0)).await.unwrap().unwrap();
    assert_eq!(chart::rebuild(&mut tx, CLINIC, &[client(0)]).await.unwrap(), std::slice::from_ref(&kept));
    let version = clinic::read_version(&mut tx, CLINIC).await.unwrap().version;
    let page = chart::page(&mut tx, CLINIC, 0).await.unwrap();
    let newest = page.iter().find(|row| row.client == client(0)).unwrap();
    assert_eq!(domain::sync::decode::<Chart>(&newest.body.0).unwrap(), kept);
    assert!(newest.version.cast_signed() <= version);
    (kept, version)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn devices_hear_of_it_as_of_any_change(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let system = System::connect(&desk.clinics).await;
    let (_, before) = seen(&desk).await;
    let told = system.told(0, "b-1", BookingState::Booked, "2026-01-02T15:00:00Z", TIME);
    assert!(take(&desk, &told).await);
    let (chart, version) = seen(&desk).await;
    assert_eq!(version, before + 1);
    let kept = chart.kept_elsewhere(session(0, 1)).unwrap();
    assert_eq!((kept.system.as_str(), kept.starts, kept.is_ahead()), ("Booker", at(TIME), true));
    // Nothing new is no change.
    assert!(!take(&desk, &told).await);
    assert_eq!(seen(&desk).await, (chart, version));
    // What is charted here leaves the booking to the session after, in the version of the charting.
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    assert_eq!(desk.hand_in(client(0), sign).await, Outcome::Applied { version: u64::try_from(version + 1).unwrap() });
    let (chart, version) = seen(&desk).await;
    assert_eq!(chart.elsewhere[0].session, Some(session(0, 2)));
    // Nobody says what became of it: it counts as missed, and devices are told.
    desk.clock.set("2026-01-22T16:00:00Z");
    desk.server().await.once().await.unwrap();
    let (chart, missed) = seen(&desk).await;
    assert!(missed > version && chart.elsewhere[0].unsaid && chart.kept_elsewhere(session(0, 2)).is_none());
    assert!(take(&desk, &Told { state: BookingState::Completed, changed: at("2026-01-22T16:30:00Z"), ..told }).await);
    let (chart, _) = seen(&desk).await;
    assert_eq!(chart.kept_elsewhere(session(0, 2)).map(|kept| kept.state), Some(BookingState::Completed));
    // A system that was removed has nothing booked that lies ahead.
    let ahead = system.told(0, "b-2", BookingState::Booked, "2026-01-22T16:00:00Z", "2026-04-20T16:00:00Z");
    assert!(take(&desk, &ahead).await);
    assert_eq!(seen(&desk).await.0.elsewhere.len(), 2);
    assert!(feeds::remove(&desk.clinics, &signed_in(), system.id).await.unwrap());
    desk.server().await.once().await.unwrap();
    assert_eq!(seen(&desk).await.0.elsewhere.len(), 1);
}
