//! The clinic's days and hours: its zone, and which days it is open.

use domain::{
    hours::{Open, OpeningHours},
    time::{ClinicClock, Day, Moment},
};
use jiff::{ToSpan, tz::TimeZone};

pub const ZONE: &str = "America/Chicago";

/// The clinic's doors, in minutes after midnight.
pub const OPENS: u16 = 8 * 60;
pub const CLOSES: u16 = 18 * 60;

#[derive(Clone, Debug)]
pub struct Hours {
    pub today: Day,
    zone: TimeZone,
    /// Monday is 0.
    weekday_today: i32,
    closed: i32,
}

impl Hours {
    pub fn new(now: Moment) -> Self {
        let zone = TimeZone::get(ZONE).expect("the time zone database is part of the program");
        let today = now.timestamp().to_zoned(zone.clone()).date();
        let weekday_today = i32::from(today.weekday().to_monday_zero_offset());
        // Sunday; but whoever looks at the demo on a Sunday shall find it at work.
        let closed = if weekday_today == 6 { 0 } else { 6 };
        Self { today: Day(today), zone, weekday_today, closed }
    }

    /// Days are told from today: −42 is six weeks ago.
    pub fn is_open(&self, day: i32) -> bool {
        (self.weekday_today + day).rem_euclid(7) != self.closed
    }

    /// As the catalogue says it.
    pub fn opening(&self) -> OpeningHours {
        let closed = usize::try_from(self.closed).unwrap_or_default();
        let week = std::array::from_fn(|day| if day == closed { Vec::new() } else { vec![Open { from: OPENS, to: CLOSES }] });
        OpeningHours { week, closures: Vec::new(), staff: Vec::new() }
    }

    /// When the clinic's clock shows that many minutes after midnight.
    pub fn moment(&self, day: i32, minute: u16) -> Moment {
        let midnight = self.today.plus(day).0.at(0, 0, 0, 0);
        let shown = midnight.saturating_add(i64::from(minute).minutes());
        let at = self.zone.to_ambiguous_timestamp(shown).compatible();
        at.map_or(Moment::from_millis(0), Moment::new)
    }

    /// The offsets from five years before to five years after today.
    pub fn clock(&self) -> ClinicClock {
        const FIVE_YEARS: i32 = 5 * 366;
        let (first, last) = (self.moment(-FIVE_YEARS, 0), self.moment(FIVE_YEARS, 0));
        let mut offsets = vec![(first, self.zone.to_offset(first.timestamp()).seconds())];
        let changes = self.zone.following(first.timestamp()).map(|change| (Moment::new(change.timestamp()), change.offset().seconds()));
        offsets.extend(changes.take_while(|(from, _)| *from < last));
        ClinicClock { zone: ZONE.to_owned(), offsets }
    }
}
