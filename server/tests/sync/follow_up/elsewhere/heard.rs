//! Events that are lost, come twice, or in another order: what comes out is the same, as long as the last one comes.

use super::{System, kept, take};
use crate::{
    clinic::{CLINIC, client},
    follow_up::{
        desk::{Desk, at},
        year::dice::Dice,
    },
};
use domain::{
    follow_up::{
        elsewhere::{BookingState, Elsewhere},
        facts::Facts,
        touch_state::State,
    },
    ids::SessionId,
    time::Moment,
};
use server::{
    follow_up::planning,
    store::{
        self, chart, clinic,
        follow_up::elsewhere::{Placed, Told},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Histories that are told twice, to two clients; CADENCE_HISTORIES asks for more.
const HISTORIES: u128 = 60;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// One to four bookings, each with one to five events; now and then two of one instant.
fn history(system: &System, dice: &mut Dice) -> Vec<Vec<Told>> {
    let mut draw = |low: i64, high: i64| dice.within(low, high);
    let start = at("2026-01-01T12:00:00Z").millis();
    let bookings = draw(1, 4);
    (0..bookings)
        .map(|booking| {
            let mut changed = start + draw(0, 600) * MINUTE;
            (0..draw(1, 5))
                .map(|_| {
                    changed += draw(0, 3) * 20 * MINUTE;
                    let state = BookingState::ALL[usize::try_from(draw(0, 3)).unwrap()];
                    let days = if draw(0, 2) == 0 { 0 } else { draw(0, 150) };
                    let mut told = system.told(0, &format!("b-{booking}"), state, "2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z");
                    told.changed = Moment::from_millis(changed);
                    told.starts = Moment::from_millis(start + days * DAY + draw(0, 20) * 30 * MINUTE);
                    told
                })
                .collect()
        })
        .collect()
}

fn last(events: &[Told]) -> Told {
    events.iter().max_by_key(|told| (told.changed, told.state, told.starts)).unwrap().clone()
}

/// All that follows, without the ids of whom it is about.
async fn comes_out(desk: &Desk, n: u128) -> (Vec<String>, Vec<String>, Vec<String>) {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let chart = chart::load(&mut tx, CLINIC, client(n)).await.unwrap().unwrap();
    let version = clinic::read_version(&mut tx, CLINIC).await.unwrap();
    let catalogue = desk.clinics.catalogue(&mut tx, CLINIC, version.catalogue).await.unwrap();
    let policy = store::follow_up::policy::read(&mut tx, CLINIC).await.unwrap();
    let beside = planning::beside(&mut tx, CLINIC, client(n), policy.followed_since).await.unwrap();
    drop(tx);
    let number = |session: SessionId| chart.session(session).unwrap().number;
    let row = |one: Placed| {
        let Elsewhere { starts, state, changed, unsaid, .. } = one.booking;
        format!("{:?} {starts:?} {state:?} {changed:?} {unsaid} {:?}", one.key.booking, one.place.map(number))
    };
    let rows = kept(desk, n).await.into_iter().map(row);
    let facts = chart.follow_up_facts(&catalogue, &policy.policies, &beside, desk.clinics.host.now());
    let facts = facts
        .iter()
        .flat_map(|Facts { sessions, .. }| sessions)
        .map(|one| format!("{} {:?} {:?} {:?} {:?} {:?}", one.number, one.delivered, one.due, one.bookings, one.missed, one.free_since));
    // What was planned in between and is not any more stays in the history, and goes nowhere.
    let touches = desk
        .touches(n)
        .await
        .into_iter()
        .filter(|row| row.state.0 == State::Planned)
        .map(|row| format!("{:?} {} {:?} {:?} {:?}", row.kind, number(row.session_id), row.appointment, row.due_at, row.expires_at));
    let sorted = |all: Vec<String>| {
        let mut all = all;
        all.sort();
        all
    };
    (sorted(rows.collect()), sorted(facts.collect()), sorted(touches.collect()))
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn lost_repeated_and_out_of_order_it_comes_out_the_same(_: PgPoolOptions, options: PgConnectOptions) {
    let histories = std::env::var("CADENCE_HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(HISTORIES);
    let desk = Desk::open(options, histories * 2).await;
    let system = System::connect(&desk.clinics).await;
    let (mut new, mut old) = (0, 0);
    for history_number in 0..histories {
        let mut dice = Dice::new(20_260_102, u64::try_from(history_number).unwrap() + 9_000);
        let bookings = history(&system, &mut dice);
        let [whole, lossy] = [history_number * 2, history_number * 2 + 1];
        let of = |n: u128, told: &Told| {
            let mut told = told.clone();
            told.key.booking = format!("{}-{n}", told.key.booking);
            told.them.email = format!("client{n}@example.com");
            told
        };
        for told in bookings.iter().flatten() {
            take(&desk, &of(whole, told)).await;
        }
        let mut arrives: Vec<Told> = bookings.iter().map(|events| last(events)).collect();
        arrives.extend(bookings.iter().flatten().filter(|_| dice.falls(500)).cloned());
        let again: Vec<_> = arrives.iter().filter(|_| dice.falls(300)).cloned().collect();
        arrives.extend(again);
        for n in (1..arrives.len()).rev() {
            arrives.swap(n, usize::try_from(dice.within(0, i64::try_from(n).unwrap())).unwrap());
        }
        for told in &arrives {
            if take(&desk, &of(lossy, told)).await { new += 1 } else { old += 1 }
        }
        let plain = |(rows, facts, touches): (Vec<String>, Vec<String>, Vec<String>), n: u128| {
            (rows.iter().map(|row| row.replace(&format!("-{n}\""), "")).collect::<Vec<_>>(), facts, touches)
        };
        let [one, other] = [plain(comes_out(&desk, whole).await, whole), plain(comes_out(&desk, lossy).await, lossy)];
        assert_eq!(one, other, "{bookings:#?}\narrived as {arrives:#?}");
    }
    println!("{histories} histories: {new} events were new, {old} were not");
    assert!(new > 100 && old > 50);
}
