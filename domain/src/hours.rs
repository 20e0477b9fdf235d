//! When the clinic is open.

use crate::time::{ClinicClock, Day, Moment};
use serde::{Deserialize, Serialize};

/// From–to on one day, in minutes after midnight of the clinic's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub from: u16,
    pub to: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    /// Monday first; `None` is closed.
    pub week: [Option<Open>; 7],
    /// Holidays.
    pub closures: Vec<Day>,
}

impl Default for OpeningHours {
    /// Nobody has said when the clinic is open: nothing is refused for it.
    fn default() -> Self {
        Self { week: [Some(Open { from: 0, to: 24 * 60 }); 7], closures: Vec::new() }
    }
}

impl OpeningHours {
    pub fn on(&self, day: Day) -> Option<Open> {
        if self.closures.contains(&day) { None } else { self.week[day.weekday()] }
    }

    /// Whether the clinic is open all through that time.
    pub fn covers(&self, clock: &ClinicClock, starts: Moment, minutes: u16) -> bool {
        let day = clock.day(starts);
        let minute = clock.minute(starts);
        self.on(day).is_some_and(|open| open.from <= minute && minute.saturating_add(minutes) <= open.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_days_and_hours_are_known() {
        let clock = ClinicClock { zone: "UTC".into(), offsets: vec![] };
        let mut hours = OpeningHours { week: [Some(Open { from: 480, to: 1080 }); 7], closures: vec![] };
        hours.week[6] = None;
        let at = |day: &str, minute: u16| clock.instant(day.parse().unwrap(), minute).unwrap();
        assert!(hours.covers(&clock, at("2026-11-23", 480), 45));
        assert!(hours.covers(&clock, at("2026-11-23", 1035), 45));
        assert!(!hours.covers(&clock, at("2026-11-23", 1036), 45));
        assert!(!hours.covers(&clock, at("2026-11-23", 479), 45));
        // A Sunday.
        assert!(!hours.covers(&clock, at("2026-11-22", 600), 45));
        hours.closures.push("2026-11-23".parse().unwrap());
        assert!(!hours.covers(&clock, at("2026-11-23", 600), 45));
    }
}
