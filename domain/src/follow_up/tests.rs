//! A series as it runs, with real dates.

use crate::time::{ClinicClock, Day, Moment};

pub(crate) fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
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
