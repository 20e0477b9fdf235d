//! From calendar days to instants and back: days are the clinic's, the night is the client's.

use super::language;
use crate::time::{ClinicClock, Day, Moment};

/// By which clocks a client is written to.
#[derive(Clone, Copy, Debug)]
pub struct Clocks<'a> {
    /// What is due on a day is due on this one's.
    pub clinic: &'a ClinicClock,
    /// Where she is: her quiet hours are this one's.
    pub client: &'a ClinicClock,
}

/// She is where the clinic is.
impl<'a> From<&'a ClinicClock> for Clocks<'a> {
    fn from(clinic: &'a ClinicClock) -> Self {
        Self { clinic, client: clinic }
    }
}

/// Nothing promotional from 21:00 on …
pub const QUIET_FROM: u16 = 21 * 60;
/// … until 08:00. Minutes after midnight.
pub const QUIET_UNTIL: u16 = 8 * 60;

pub(crate) const HOUR: i64 = 60 * 60 * 1000;
const DAY_MINUTES: i32 = 24 * 60;

/// `hours` of elapsed time later; earlier when negative.
pub fn hours_after(at: Moment, hours: i64) -> Moment {
    Moment::from_millis(at.millis().saturating_add(hours.saturating_mul(HOUR)))
}

/// When the clock shows that many minutes after midnight of that day. A time that clocks skip gives the next one they show; of
/// one they show twice it is the first.
pub fn local(clock: &ClinicClock, day: Day, minute: u16) -> Moment {
    // A zone that moves across the date line skips a whole day.
    let shown = (0..=2 * DAY_MINUTES).find_map(|later| {
        let minute = i32::from(minute) + later;
        clock.instant(day.plus(minute / DAY_MINUTES), u16::try_from(minute % DAY_MINUTES).ok()?)
    });
    // No clock skips two days.
    shown.unwrap_or_else(|| Moment::from_millis((i64::from(day.number()) * 24 * 60 + i64::from(minute)) * 60_000))
}

pub fn is_quiet(clock: &ClinicClock, at: Moment) -> bool {
    !(QUIET_UNTIL..QUIET_FROM).contains(&clock.minute(at))
}

/// The same instant, or the end of the quiet hours it falls in.
pub fn after_quiet(clock: &ClinicClock, at: Moment) -> Moment {
    if !is_quiet(clock, at) {
        return at;
    }
    let day = clock.day(at);
    let morning = if clock.minute(at) < QUIET_UNTIL { day } else { day.plus(1) };
    local(clock, morning, QUIET_UNTIL)
}

/// The same instant, or an hour before the quiet hours it falls in: for what must not come later.
pub fn before_quiet(clock: &ClinicClock, at: Moment) -> Moment {
    if !is_quiet(clock, at) {
        return at;
    }
    let day = clock.day(at);
    let evening = if clock.minute(at) < QUIET_UNTIL { day.plus(-1) } else { day };
    local(clock, evening, QUIET_FROM - 60)
}

/// `3 December`, as it stands in a sentence of the staff's pages.
pub fn date_words(day: Day) -> String {
    language::date("en", day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_up::tests::{at, chicago, day};
    use proptest::prelude::*;

    #[test]
    fn a_time_that_clocks_skip_is_the_next_they_show() {
        let clock = chicago();
        // 14 March 2027: 02:00 becomes 03:00.
        assert_eq!(local(&clock, day("2027-03-14"), 150), at("2027-03-14T08:00:00Z"));
        assert_eq!(local(&clock, day("2027-03-14"), 600), at("2027-03-14T15:00:00Z"));
        // 1 November 2026: 01:30 comes twice, the first time in summer time.
        assert_eq!(local(&clock, day("2026-11-01"), 90), at("2026-11-01T06:30:00Z"));
        assert_eq!(local(&clock, day("2026-11-01"), 600), at("2026-11-01T16:00:00Z"));
    }

    #[test]
    fn a_skipped_day_ends_in_the_next() {
        // Samoa had no 30 December 2011.
        let change = at("2011-12-30T10:00:00Z");
        let clock = ClinicClock { zone: "Pacific/Apia".into(), offsets: vec![(Moment::from_millis(0), -10 * 3600), (change, 14 * 3600)] };
        assert_eq!(local(&clock, day("2011-12-30"), 600), change);
        assert_eq!(clock.day(change), day("2011-12-31"));
    }

    #[test]
    fn quiet_hours_end_in_the_morning() {
        let clock = chicago();
        for (given, wanted) in [
            ("2026-12-03T02:59:00Z", "2026-12-03T02:59:00Z"), // 20:59
            ("2026-12-03T03:00:00Z", "2026-12-03T14:00:00Z"), // 21:00
            ("2026-12-03T13:59:00Z", "2026-12-03T14:00:00Z"), // 07:59
            ("2026-12-03T14:00:00Z", "2026-12-03T14:00:00Z"), // 08:00
            // The night in which clocks go forward, and the one in which they go back.
            ("2027-03-14T05:00:00Z", "2027-03-14T13:00:00Z"),
            ("2026-11-01T05:00:00Z", "2026-11-01T14:00:00Z"),
        ] {
            assert_eq!(after_quiet(&clock, at(given)), at(wanted), "{given}");
        }
    }

    #[test]
    fn a_date_stands_in_a_sentence() {
        assert_eq!(date_words(day("2026-12-03")), "3 December");
    }

    proptest! {
        #[test]
        fn morning_is_never_quiet_and_never_earlier(minutes in 0..3_000_000_i64) {
            let clock = chicago();
            let given = Moment::from_millis(at("2025-01-01T00:00:00Z").millis() + minutes * 60_000);
            let morning = after_quiet(&clock, given);
            let evening = before_quiet(&clock, given);
            prop_assert!(!is_quiet(&clock, evening) && evening <= given && given.millis() - evening.millis() <= 13 * HOUR);
            prop_assert!(!is_quiet(&clock, morning) && morning >= given && morning.millis() - given.millis() <= 12 * HOUR);
        }
    }
}
