//! A series as it runs, with real dates.

use super::{
    facts::{Booking, Concern, Delivered, Facts, SessionFacts},
    planner::Touch,
};
use crate::{
    chart::tests::{PACKAGE, PLAN, id, session},
    ids::ClientId,
    plan::Standing,
    time::{ClinicClock, Day, Moment},
};

pub(crate) fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Every touch was known of while there was time for it: [`schedule`](super::planner::schedule) has none that never came.
pub(crate) fn in_time(_: &Touch) -> bool {
    false
}

/// Chicago from 2024 to 2028.
pub(crate) fn chicago() -> ClinicClock {
    let (winter, summer) = (-6 * 3600, -5 * 3600);
    let changes = [
        ("2024-03-10T08:00:00Z", summer),
        ("2024-11-03T07:00:00Z", winter),
        ("2025-03-09T08:00:00Z", summer),
        ("2025-11-02T07:00:00Z", winter),
        ("2026-03-08T08:00:00Z", summer),
        ("2026-11-01T07:00:00Z", winter),
        ("2027-03-14T08:00:00Z", summer),
        ("2027-11-07T07:00:00Z", winter),
        ("2028-03-12T08:00:00Z", summer),
    ];
    let offsets = std::iter::once(("1970-01-01T00:00:00Z", winter)).chain(changes);
    ClinicClock { zone: "America/Chicago".into(), offsets: offsets.map(|(from, seconds)| (at(from), seconds)).collect() }
}

/// Berlin in 2026 and 2027.
pub(crate) fn berlin() -> ClinicClock {
    let (winter, summer) = (3600, 2 * 3600);
    let changes = [
        ("2026-03-29T01:00:00Z", summer),
        ("2026-10-25T01:00:00Z", winter),
        ("2027-03-28T01:00:00Z", summer),
        ("2027-10-31T01:00:00Z", winter),
    ];
    let offsets = std::iter::once(("1970-01-01T00:00:00Z", winter)).chain(changes);
    ClinicClock { zone: "Europe/Berlin".into(), offsets: offsets.map(|(from, seconds)| (at(from), seconds)).collect() }
}

/// Where clocks never change.
pub(crate) fn honolulu() -> ClinicClock {
    ClinicClock { zone: "Pacific/Honolulu".into(), offsets: vec![(at("1970-01-01T00:00:00Z"), -10 * 3600)] }
}

/// A series of six, 42 days apart, sold on 1 September 2026; these sessions delivered at those times, and signed half an hour later.
pub(crate) fn series(delivered: &[&str]) -> Facts {
    let sold = day("2026-09-01");
    let mut before = None;
    let sessions = (1..=6_u16).map(|number| {
        let done = delivered.get(usize::from(number) - 1).map(|text| at(text));
        let is_known = usize::from(number) <= delivered.len() + 1;
        let due = is_known.then(|| before.map_or(sold.plus(14), |before| chicago().day(before).plus(42)));
        before = done;
        let delivered = done.map(|at| Delivered { at, signed: Some(Moment::from_millis(at.millis() + 30 * 60_000)) });
        SessionFacts { session: session(number), number, delivered, due, bookings: vec![], missed: vec![], free_since: None }
    });
    Facts {
        client: ClientId(id(20)),
        plan: PLAN,
        package: PACKAGE,
        enrolled: sold,
        interval_days: 42,
        tolerance_days: 7,
        standing: Standing::Active,
        resumed: None,
        concern: Concern::None,
        declined: None,
        followed_since: at("2026-09-01T05:00:00Z"),
        sessions: sessions.collect(),
        stranded_minor: 150_000,
    }
}

pub(crate) fn booking(starts: &str) -> Booking {
    Booking { starts: at(starts), made: None, elsewhere: false }
}

/// Kind and due time on Chicago's clock, of those that are to be sent.
pub(crate) fn to_send(touches: &[Touch]) -> Vec<String> {
    let clock = chicago();
    let line = |touch: &Touch| format!("{} {} {}", touch.identity.kind, clock.day(touch.due), clock.time(touch.due));
    touches.iter().filter(|touch| touch.is_to_send()).map(line).collect()
}

mod running;
