//! A booking ends what asks for one, in its own transaction.

use super::desk::{Desk, REMINDER};
use crate::clinic::{self, CLINIC, PROVIDER, client, session};
use domain::{
    booking::Time,
    command::Change,
    follow_up::{
        kind::Kind,
        touch_state::{State, Why},
    },
    ids::AppointmentId,
    time::Moment,
};
use server::store::{self, Tx, follow_up::touch};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const INSERT: &str = "insert into appointment (clinic_id, id, session_id, provider_id, starts_at, minutes, client_id, ends_at)
    values ($1, $2, $3, $4, '2026-01-20T16:00:00Z', 30, $5, '2026-01-20T16:30:00Z')";

pub fn book(n: u128, number: u16, starts: Moment) -> Change {
    let time = Time { provider: PROVIDER, starts, minutes: 30, room: None, device: None };
    let appointment = AppointmentId(clinic::id(400_000 + n));
    Change::BookSession { session: session(n, number), appointment, time, procedures: vec![], despite: String::new() }
}

async fn by_sql(tx: &mut Tx, n: u128) {
    let insert = sqlx::query(INSERT).bind(CLINIC.0).bind(clinic::id(500_000 + n)).bind(session(n, 1).0).bind(PROVIDER.0).bind(client(n).0);
    insert.execute(&mut **tx).await.unwrap();
}

async fn pending(tx: &mut Tx, n: u128) -> usize {
    let rows = touch::of_client(tx, CLINIC, client(n)).await.unwrap();
    rows.iter().filter(|row| row.state.0.is_pending() && row.kind.is_nudge()).count()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_booking_ends_the_nudges_and_a_cancelled_one_brings_them_back(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let starts = super::desk::at("2026-01-20T16:00:00Z");
    desk.applied(client(0), book(0, 1, starts)).await;
    let touches = desk.touches(0).await;
    let nudges: Vec<_> = touches.iter().filter(|row| row.kind.is_nudge() && row.session_id == session(0, 1)).collect();
    assert_eq!(nudges.len(), 6);
    assert!(nudges.iter().all(|row| row.why == Some(Why::Booked { starts }) && row.since.0 == desk.clinics.host.now()));
    // The appointment's own reminder is another thing.
    assert_eq!(desk.state(0, Kind::Appointment).await, State::Planned);
    let appointment = AppointmentId(clinic::id(400_000));
    let cancel = Change::CancelBooking { session: session(0, 1), appointment, no_show: false, reason: "ill".into() };
    desk.applied(client(0), cancel).await;
    let touches = desk.touches(0).await;
    let planned = touches.iter().filter(|row| row.kind.is_nudge() && row.state.0 == State::Planned).count();
    assert_eq!((planned, desk.state(0, Kind::Appointment).await), (6, State::Suppressed));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn by_whichever_path_and_only_if_it_is_committed(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 2).await;
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    assert_eq!(pending(&mut tx, 0).await, 6);
    by_sql(&mut tx, 0).await;
    assert_eq!(pending(&mut tx, 0).await, 0);
    tx.rollback().await.unwrap();
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    assert_eq!(pending(&mut tx, 0).await, 6);
    drop(tx);

    // Between a server's claim and its sending.
    desk.clock.set(REMINDER);
    let server = desk.server().await;
    let batch = server.claim(CLINIC).await.unwrap();
    let mine = batch.claimed.iter().find(|claimed| claimed.client == client(0)).unwrap();
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    by_sql(&mut tx, 0).await;
    tx.commit().await.unwrap();
    assert_eq!(server.send(mine).await.unwrap(), None);
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (State::Suppressed, 0));
    assert_eq!(desk.count("select count(*) from attempt where outcome = 'withheld'").await, 2);
}
