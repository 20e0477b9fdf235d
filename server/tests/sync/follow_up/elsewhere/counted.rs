//! What is booked elsewhere, in the numbers.

use super::{System, take};
use crate::{
    clinic::{CLINIC, PACKAGE, client, plan, record, session},
    device::signed_in,
    follow_up::desk::Desk,
};
use domain::{
    command::Change,
    follow_up::elsewhere::BookingState,
    numbers::{After, Numbers, Span},
    time::Day,
};
use server::{
    follow_up::elsewhere,
    numbers,
    store::{self, follow_up::elsewhere::Told},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

async fn read(desk: &Desk) -> Numbers {
    numbers::read(&desk.clinics, CLINIC, Span::default()).await.unwrap()
}

/// Everybody's first session is due on 15 January, and its window ends on the 22nd. Reminders go on 13, 24 and 29 January and on
/// 5 February.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn who_books_elsewhere_after_a_lapse_came_back(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 4).await;
    let system = System::connect(&desk.clinics).await;
    let server = desk.server().await;
    let booked = |n: u128, said: &str| system.told(n, &format!("b-{n}"), BookingState::Booked, said, "2026-02-10T16:00:00Z");
    // Nobody knows whose it is, until somebody says.
    let mut unknown = booked(1, "2026-01-23T15:00:00Z");
    unknown.them.email = "nobody@example.com".into();
    let first = Day::new(2026, 1, 2).unwrap();
    for days in 0..=58 {
        let day = first.plus(days);
        desk.clock.set(&format!("{day}T16:00:00Z"));
        server.once().await.unwrap();
        match (day.0.month(), day.0.day()) {
            // In time: nothing ever lapsed.
            (1, 20) => assert!(take(&desk, &booked(3, "2026-01-20T15:00:00Z")).await),
            (1, 23) => assert!(take(&desk, &unknown).await),
            (1, 25) => {
                assert!(take(&desk, &booked(0, "2026-01-25T15:00:00Z")).await);
                assert!(take(&desk, &booked(2, "2026-01-25T15:00:00Z")).await);
            }
            (1, 30) => assert!(elsewhere::pick(&desk.clinics, &signed_in(), &unknown.key, client(1), plan(1, false)).await.unwrap()),
            (2, 10) => {
                for n in [0, 3] {
                    let sign = Change::SignSession { session: session(n, 1), record: record(session(n, 1), 10), rest: None };
                    desk.applied(client(n), sign).await;
                }
            }
            _ => {}
        }
    }
    let numbers = read(&desk).await;
    assert_eq!((numbers.lapses.passed, numbers.lapses.rebooked), (3, 3));
    let after = |after| numbers.lapses.by.iter().find(|one| one.after == after).map(|one| one.rebooked);
    // What was sent in ignorance came after her booking.
    assert_eq!((after(After::Rung(1)), after(After::Rung(2))), (Some(1), Some(2)));
    let package = numbers.packages.iter().find(|one| one.package == PACKAGE).unwrap();
    assert_eq!((package.recovered, package.recovered_minor), (1, 100));
    assert_eq!(numbers.zero.after_booking, 0);

    // It is seen when it happens: from when the server had heard of it, and only while it stood.
    let force = "update touch set state = 'accepted', why = null, tried_at = '2026-01-29T16:00:00Z', accepted_at = '2026-01-29T16:00:00Z'
        where clinic_id = $1 and client_id = $2 and session_id = $3 and kind = 'recovery_value' and appointment is null";
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let forced = sqlx::query(force).bind(CLINIC.0).bind(client(2).0).bind(session(2, 1).0).execute(&mut *tx).await.unwrap();
    assert_eq!(forced.rows_affected(), 1);
    tx.commit().await.unwrap();
    assert_eq!(read(&desk).await.zero.after_booking, 1);
    // Late, and older than nothing that is known.
    let cancelled = Told {
        state: BookingState::Cancelled,
        changed: crate::follow_up::desk::at("2026-01-27T12:00:00Z"),
        ..booked(2, "2026-01-25T15:00:00Z")
    };
    assert!(take(&desk, &cancelled).await);
    assert_eq!(read(&desk).await.zero.after_booking, 0);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_is_told_late_is_kept_for_the_numbers_and_changes_nothing_else(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let system = System::connect(&desk.clinics).await;
    let told = |state, changed: &str| system.told(0, "b-1", state, changed, "2026-01-20T16:00:00Z");
    assert!(take(&desk, &told(BookingState::Cancelled, "2026-01-02T15:30:00Z")).await);
    let late = told(BookingState::Booked, "2026-01-01T15:00:00Z");
    assert!(!take(&desk, &late).await && !take(&desk, &late).await);
    assert_eq!(desk.count("select count(*) from booking_elsewhere_told").await, 2);
    let stood = "select count(*) from numbers_booking(cadence_clinic())
        where made_at = '2026-01-01T15:00:00Z' and ended_at = '2026-01-02T15:30:00Z' and not is_held and not is_missed";
    assert_eq!(desk.count(stood).await, 1);
    // Whoever removes the system takes back what it still had booked.
    assert!(take(&desk, &told(BookingState::Booked, "2026-01-02T15:40:00Z")).await);
    let stands = "select count(*) from numbers_booking(cadence_clinic()) where ended_at = 'infinity'";
    assert_eq!(desk.count(stands).await, 1);
    assert!(server::feeds::remove(&desk.clinics, &signed_in(), system.id).await.unwrap());
    assert_eq!(desk.count(stands).await, 0);
}
