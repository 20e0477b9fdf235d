//! When the clinic is open, and when its people work.

use crate::{
    ids::StaffId,
    time::{ClinicClock, Day, Moment},
};
use serde::{Deserialize, Serialize};

/// From–to on one day, in minutes after midnight of the clinic's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Open {
    pub from: u16,
    pub to: u16,
}

/// Monday first. Between two spans of a day is a break; a day without any is closed.
pub type Week = [Vec<Open>; 7];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    pub week: Week,
    /// Holidays.
    pub closures: Vec<Day>,
    /// Those who do not work whenever the clinic is open.
    pub staff: Vec<StaffHours>,
}

/// When one person works, within the opening hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffHours {
    pub staff: StaffId,
    pub week: Week,
}

const DAY_MINUTES: u16 = 24 * 60;
const MOST_SPANS: usize = 4;
const MOST_CLOSURES: usize = 400;

impl Default for OpeningHours {
    /// Nobody has said when the clinic is open: nothing is refused for it.
    fn default() -> Self {
        Self { week: std::array::from_fn(|_| vec![Open { from: 0, to: DAY_MINUTES }]), closures: Vec::new(), staff: Vec::new() }
    }
}

impl Open {
    fn covers(self, minute: u16, minutes: u16) -> bool {
        self.from <= minute && minute.saturating_add(minutes) <= self.to
    }

    fn and(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from < both.to).then_some(both)
    }
}

impl OpeningHours {
    /// When the clinic is open on that day.
    pub fn on(&self, day: Day) -> &[Open] {
        if self.closures.contains(&day) { &[] } else { &self.week[day.weekday()] }
    }

    /// When somebody can be booked on that day.
    pub fn of(&self, staff: StaffId, day: Day) -> Vec<Open> {
        let open = self.on(day);
        match self.staff.iter().find(|hours| hours.staff == staff) {
            None => open.to_vec(),
            Some(own) => open.iter().flat_map(|open| own.week[day.weekday()].iter().filter_map(|works| open.and(*works))).collect(),
        }
    }

    /// Whether somebody works all through that time.
    pub fn covers(&self, clock: &ClinicClock, staff: StaffId, starts: Moment, minutes: u16) -> bool {
        let minute = clock.minute(starts);
        self.of(staff, clock.day(starts)).into_iter().any(|span| span.covers(minute, minutes))
    }

    /// What is wrong with them, in words for the person who edits them; empty when they can be saved.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for week in std::iter::once(&self.week).chain(self.staff.iter().map(|own| &own.week)) {
            for spans in week {
                if spans.iter().any(|span| span.from >= span.to || span.to > DAY_MINUTES) {
                    faults.push("A day ends after it begins.".to_owned());
                }
                if spans.windows(2).any(|pair| pair[0].to > pair[1].from) {
                    faults.push("Two spans of one day overlap; leave a break between them or join them.".to_owned());
                }
                if spans.len() > MOST_SPANS {
                    faults.push(format!("A day has up to {MOST_SPANS} spans."));
                }
            }
        }
        // To say nothing is another thing: then the clinic is open at any time.
        if self.week.iter().all(Vec::is_empty) {
            faults.push("Leave at least one day of the week open; days on which the clinic is closed are listed one by one.".to_owned());
        }
        let twice = |day: &Day| self.closures.iter().filter(|other| *other == day).count() > 1;
        if let Some(day) = self.closures.iter().find(|day| twice(day)) {
            faults.push(format!("{} is twice among the days on which the clinic is closed.", day.long()));
        }
        let own = |staff: StaffId| self.staff.iter().filter(|own| own.staff == staff).count();
        if self.staff.iter().any(|hours| own(hours.staff) > 1) {
            faults.push("Somebody has two kinds of own hours.".to_owned());
        }
        if self.closures.len() > MOST_CLOSURES {
            faults.push(format!("There can be {MOST_CLOSURES} days on which the clinic is closed."));
        }
        faults.sort();
        faults.dedup();
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn closed_days_hours_and_breaks_are_known() {
        let clock = ClinicClock { zone: "UTC".into(), offsets: vec![] };
        let (anyone, mornings) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
        let day = || vec![Open { from: 480, to: 720 }, Open { from: 780, to: 1080 }];
        let mut hours = OpeningHours { week: std::array::from_fn(|_| day()), ..OpeningHours::default() };
        hours.week[6] = Vec::new();
        hours.staff.push(StaffHours { staff: mornings, week: std::array::from_fn(|_| vec![Open { from: 0, to: 660 }]) });
        let at = |day: &str, minute: u16| clock.instant(day.parse().unwrap(), minute).unwrap();
        let covers = |hours: &OpeningHours, who, day, minute| hours.covers(&clock, who, at(day, minute), 45);
        assert!(covers(&hours, anyone, "2026-11-23", 480));
        assert!(covers(&hours, anyone, "2026-11-23", 1035));
        assert!(!covers(&hours, anyone, "2026-11-23", 1036));
        assert!(!covers(&hours, anyone, "2026-11-23", 479));
        // Into the break, and across it.
        assert!(!covers(&hours, anyone, "2026-11-23", 700));
        assert!(covers(&hours, anyone, "2026-11-23", 780));
        assert!(covers(&hours, mornings, "2026-11-23", 615));
        assert!(!covers(&hours, mornings, "2026-11-23", 616));
        // A Sunday.
        assert!(!covers(&hours, anyone, "2026-11-22", 600));
        hours.closures.push("2026-11-23".parse().unwrap());
        assert!(!covers(&hours, anyone, "2026-11-23", 600));
        assert!(hours.faults().is_empty());
        hours.week[0] = vec![Open { from: 480, to: 720 }, Open { from: 700, to: 600 }];
        assert_eq!(hours.faults().len(), 2);
    }

    #[test]
    fn what_could_not_be_kept_is_told() {
        let mut hours = OpeningHours::default();
        assert!(hours.faults().is_empty());
        hours.closures = vec!["2026-11-23".parse().unwrap(), "2026-11-23".parse().unwrap()];
        let own = StaffHours { staff: StaffId(Uuid::from_u128(1)), week: Week::default() };
        hours.staff = vec![own.clone(), own];
        assert_eq!(hours.faults().len(), 2);
        // A clinic without any hours would be taken for one that has not said any.
        hours.week = Week::default();
        assert_eq!(hours.faults().len(), 3);
    }
}
