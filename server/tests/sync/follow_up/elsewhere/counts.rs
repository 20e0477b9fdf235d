//! What a booking elsewhere does: as one here.

use super::{System, kept, take};
use crate::{
    clinic::{CLINIC, PACKAGE, client, id, plan, record, session},
    device::signed_in,
    follow_up::desk::{Desk, REMINDER, START, at},
};
use domain::{
    command::Change,
    follow_up::{
        elsewhere::{BookingState, Unplaced},
        kind::Kind,
        touch_state::{State, Why},
    },
    ids::{PackageId, PlanId, SessionId},
};
use server::{
    feeds, follow_up,
    store::{
        self,
        follow_up::{
            elsewhere::{Key, Told, Which},
            feed::Means,
        },
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const SAID: &str = "2026-01-02T15:00:00Z";
const LATER: &str = "2026-01-02T15:30:00Z";
const TIME: &str = "2026-01-20T16:00:00Z";

async fn nudges(desk: &Desk, number: u16) -> Vec<(Kind, State, Option<Why>)> {
    let touches = desk.touches(0).await.into_iter().filter(|row| row.kind.is_nudge() && row.session_id == session(0, number));
    touches.filter(|row| row.plan_id == plan(0, false)).map(|row| (row.kind, row.state.0, row.why)).collect()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn it_ends_the_nudges_and_a_cancelled_one_brings_them_back(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let system = System::connect(&desk.clinics).await;
    let told = system.told(0, "b-1", BookingState::Booked, SAID, TIME);
    assert!(take(&desk, &told).await);
    assert_eq!(kept(&desk, 0).await[0].place, Ok(session(0, 1)));
    let starts = at(TIME);
    let ended = nudges(&desk, 1).await;
    assert_eq!(ended.len(), 6);
    assert!(ended.iter().all(|(_, state, why)| (*state, *why) == (State::Suppressed, Some(Why::BookedElsewhere { starts }))), "{ended:?}");
    // Of what it keeps, the other system reminds her.
    assert!(desk.touches(0).await.iter().all(|row| row.kind != Kind::Appointment));
    // Once more, it changes nothing at all.
    let steps = "select count(*) from touch_step";
    let before = (desk.count(steps).await, desk.count("select count(*) from audit").await);
    assert!(!take(&desk, &told).await);
    assert_eq!((desk.count(steps).await, desk.count("select count(*) from audit").await), before);
    // Older than what is known; and at the same instant, but of an earlier state of its life.
    assert!(take(&desk, &Told { changed: at(LATER), state: BookingState::Cancelled, ..told.clone() }).await);
    assert!(!take(&desk, &told).await);
    assert!(!take(&desk, &Told { changed: at(LATER), ..told.clone() }).await);
    assert!(nudges(&desk, 1).await.iter().all(|(_, state, _)| *state == State::Planned));

    // Whoever removes the system takes back what it still had booked.
    let again = Told { key: Key { booking: "b-2".into(), ..told.key.clone() }, ..told };
    assert!(take(&desk, &again).await);
    assert!(feeds::remove(&desk.clinics, &signed_in(), system.id).await.unwrap());
    desk.server().await.once().await.unwrap();
    assert!(nudges(&desk, 1).await.iter().all(|(_, state, _)| *state == State::Planned));
    assert!(!take(&desk, &Told { changed: at(START), ..again }).await);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn completed_moves_the_series_on_until_it_is_charted_here(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let system = System::connect(&desk.clinics).await;
    assert!(take(&desk, &system.told(0, "b-1", BookingState::Completed, SAID, "2026-01-02T15:00:00Z")).await);
    assert!(nudges(&desk, 1).await.iter().all(|(_, state, why)| (*state, *why) == (State::Suppressed, Some(Why::Delivered { number: 1 }))));
    assert!(nudges(&desk, 2).await.iter().all(|(_, state, _)| *state == State::Planned));
    let kinds = |touches: Vec<store::follow_up::touch::TouchRow>| {
        let of_first = touches.into_iter().filter(|row| row.session_id == session(0, 1) && row.state.0 == State::Planned);
        of_first.map(|row| (row.kind, row.due_at.0)).collect::<Vec<_>>()
    };
    let before = kinds(desk.touches(0).await);
    assert_eq!(before.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::CheckIn, Kind::Midpoint]);
    // Nothing of it is in the ledger.
    assert_eq!(desk.count("select count(*) from signed_session").await + desk.count("select count(*) from delivery").await, 0);
    let sign = Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None };
    desk.applied(client(0), sign).await;
    let after = kinds(desk.touches(0).await);
    assert_eq!(after.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::Aftercare, Kind::CheckIn, Kind::Midpoint]);
    assert_eq!(after[1..], before);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn it_ends_the_link_and_the_call_and_a_missed_one_begins_anew(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let system = System::connect(&desk.clinics).await;
    let server = desk.server().await;
    for day in ["2026-01-08T16:00:00Z", REMINDER, "2026-02-20T16:00:00Z"] {
        desk.clock.set(day);
        server.once().await.unwrap();
    }
    let list = async || follow_up::call_list::of_clinic(&desk.clinics, CLINIC).await.unwrap().len();
    let open_links = "select count(*) from booking_link where booked_at is null";
    assert_eq!(list().await, 1);
    assert!(desk.count(open_links).await > 0);
    let told = system.told(0, "b-1", BookingState::Booked, "2026-02-20T15:00:00Z", "2026-02-25T16:00:00Z");
    assert!(take(&desk, &told).await);
    assert_eq!((list().await, desk.count(open_links).await), (0, 0));
    // Nobody says that she was there: as of bookings here, two days later she was not, and it begins anew.
    desk.clock.set("2026-02-27T16:00:00Z");
    server.once().await.unwrap();
    let anew = desk.touches(0).await.into_iter().filter(|row| row.kind.is_nudge() && row.state.0 == State::Planned);
    let anew: Vec<_> = anew.map(|row| row.appointment.map(|at| at.0)).collect();
    assert!(!anew.is_empty() && anew.iter().all(|missed| *missed == Some(at("2026-02-25T16:00:00Z"))), "{anew:?}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whose_it_is_and_of_which_series(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 3).await;
    let system = System::connect(&desk.clinics).await;
    let of = |n: u128, booking: &str| system.told(n, booking, BookingState::Booked, SAID, TIME);
    let why = async |booking: &str| {
        let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
        let key = Key { feed: system.id, booking: booking.into() };
        let seen = store::follow_up::elsewhere::seen(&mut tx, CLINIC, Which::One(&key)).await.unwrap().remove(0);
        (seen.client, seen.session, seen.unplaced)
    };
    // Her number, however it is written; with an address nobody has.
    let mut by_phone = of(99, "phone");
    by_phone.them.phone = "(312) 555-0001".into();
    take(&desk, &by_phone).await;
    assert_eq!(why("phone").await, (Some(client(1)), Some(session(1, 1)), None));
    // One's address and another's number: nobody guesses.
    let mut both = of(0, "both");
    both.them.phone = by_phone.them.phone.clone();
    take(&desk, &both).await;
    assert_eq!(why("both").await, (None, None, Some(Unplaced::SeveralClients)));
    let mut unknown = of(99, "unknown");
    unknown.them.id = "c-9".into();
    take(&desk, &unknown).await;
    assert_eq!(why("unknown").await, (None, None, Some(Unplaced::NobodyKnown)));
    let another =
        Told { key: Key { booking: "another".into(), ..unknown.key.clone() }, starts: at("2026-03-05T16:00:00Z"), ..unknown.clone() };
    take(&desk, &another).await;
    // A person says who that is: for all bookings of hers, and those to come.
    let pick = async |booking: &str, n, plan| {
        let key = Key { feed: system.id, booking: booking.into() };
        follow_up::elsewhere::pick(&desk.clinics, &signed_in(), &key, client(n), plan).await.unwrap()
    };
    assert!(
        !pick("unknown", 2, plan(0, false)).await && !pick("nothing", 2, plan(2, false)).await && !pick("unknown", 2, plan(2, true)).await
    );
    assert!(pick("unknown", 2, plan(2, false)).await);
    assert_eq!(why("unknown").await, (Some(client(2)), Some(session(2, 1)), None));
    assert_eq!(why("another").await, (Some(client(2)), Some(session(2, 2)), None));
    let moved = Told { changed: at(LATER), starts: at("2026-03-06T16:00:00Z"), ..another };
    assert!(take(&desk, &moved).await);
    assert_eq!(why("another").await, (Some(client(2)), Some(session(2, 2)), None));

    // A second series: nobody guesses either, until it is said what its service is.
    let sold = PlanId(id(5_000));
    let sessions = (0..4).map(|n| SessionId(id(5_001 + n))).collect();
    desk.applied(client(0), Change::SellPackage { plan: sold, package: crate::clinic::CAREFUL, sessions, price_minor: 402, paid: None })
        .await;
    let careful = Told { service: "Careful Laser".into(), ..of(0, "service") };
    take(&desk, &careful).await;
    assert_eq!(why("service").await, (Some(client(0)), None, Some(Unplaced::SeveralSeries)));
    let set = async |means| feeds::set_service(&desk.clinics, &signed_in(), system.id, "careful laser", means).await.unwrap();
    let server = desk.server().await;
    assert!(!set(Means::Package(PackageId(id(9_999)))).await);
    for (means, expected) in [
        (Means::Package(crate::clinic::CAREFUL), (Some(client(0)), Some(SessionId(id(5_001))), None)),
        (Means::Package(PACKAGE), (Some(client(0)), Some(session(0, 1)), None)),
        (Means::NoSeries, (Some(client(0)), None, Some(Unplaced::NotASeries))),
        (Means::Unsaid, (Some(client(0)), None, Some(Unplaced::SeveralSeries))),
    ] {
        assert!(set(means).await);
        server.once().await.unwrap();
        assert_eq!(why("service").await, expected, "{means:?}");
    }
}

/// Written past everything that plans, between a server's claim and its sending.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn by_whichever_path_it_comes_and_only_if_it_is_committed(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let system = System::connect(&desk.clinics).await;
    desk.clock.set(REMINDER);
    let server = desk.server().await;
    let batch = server.claim(CLINIC).await.unwrap();
    let write = async |commits: bool| {
        let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
        let insert =
            "insert into booking_elsewhere (clinic_id, feed_id, booking, state, starts_at, changed_at, their_client, name, email, phone,
            service, heard_at, client_id, session_id)
            values ($1, $2, 'b-1', 'booked', '2026-01-20T16:00:00Z', now(), '', '', '', '', '', now(), $3, $4)";
        let insert = sqlx::query(insert).bind(CLINIC.0).bind(system.id).bind(client(0).0).bind(session(0, 1).0);
        insert.execute(&mut *tx).await.unwrap();
        let left = "select count(*) from touch where state in ('planned', 'claimed') and kind in ('reminder', 'recovery_soft', 'flag')";
        let left: i64 = sqlx::query_scalar(left).fetch_one(&mut *tx).await.unwrap();
        if commits {
            tx.commit().await.unwrap()
        } else {
            tx.rollback().await.unwrap()
        }
        left
    };
    assert_eq!(write(false).await, 0);
    assert_eq!(desk.state(0, Kind::Reminder).await, State::Claimed);
    assert_eq!(write(true).await, 0);
    assert_eq!(server.send(&batch.claimed[0]).await.unwrap(), None);
    assert_eq!((desk.state(0, Kind::Reminder).await, desk.carrier.has().len()), (State::Suppressed, 0));
}
