//! Instants, days, and the clinic's own clock.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, str::FromStr};

/// An instant, to the millisecond. On the wire: milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// From milliseconds since 1970, UTC; held within the years that can be written (−9999 to 9999).
    pub fn from_millis(millis: i64) -> Self {
        Self(Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 { Timestamp::MIN } else { Timestamp::MAX }))
    }

    /// Cut to the millisecond, so that what is stored equals what was sent.
    pub fn new(at: Timestamp) -> Self {
        Self::from_millis(at.as_millisecond())
    }

    pub fn millis(self) -> i64 {
        self.0.as_millisecond()
    }

    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.millis())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let millis = i64::deserialize(deserializer)?;
        // Not with the library's own words: they bring all its formatting along, and with it much to download.
        Timestamp::from_millisecond(millis).map(Self).map_err(|_| D::Error::custom("a moment out of range"))
    }
}

/// A calendar day. In JSON `2026-11-21`; in the binary pages the days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub Date);

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

impl Day {
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self)
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i32 {
        let hours = self.0.duration_since(EPOCH).as_hours();
        // Every civil date lies within ±8 million days of 1970.
        i32::try_from(hours / 24).unwrap_or_default()
    }

    pub fn from_number(days: i32) -> Option<Self> {
        EPOCH.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok().map(Self)
    }

    /// `n` days later (earlier when negative), held at the ends of the calendar.
    pub fn plus(self, days: i32) -> Self {
        Self::from_number(self.number().saturating_add(days)).unwrap_or(self)
    }

    /// Days from `earlier` to this day.
    pub fn since(self, earlier: Self) -> i32 {
        self.number() - earlier.number()
    }

    /// Monday is 0.
    pub fn weekday(self) -> usize {
        usize::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or_default()
    }

    /// `10 Oct`, as it stands beside a reading.
    pub fn short(self) -> String {
        format!("{} {}", self.0.day(), MONTHS[self.month_index()])
    }

    /// `14 Mar 1991`, as it stands beside a name.
    pub fn long(self) -> String {
        format!("{} {}", self.short(), self.0.year())
    }

    /// `Sat 21 Nov`, as it heads a day.
    pub fn heading(self) -> String {
        format!("{} {}", WEEKDAYS[self.weekday()], self.short())
    }

    fn month_index(self) -> usize {
        usize::try_from(self.0.month() - 1).unwrap_or_default()
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// What was to be a day is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day as in 2026-11-21")]
pub struct NotADay;

impl FromStr for Day {
    type Err = NotADay;

    /// Reads `2026-11-21`, and nothing else: no times, no zones, no other calendars' ways.
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let mut parts = text.splitn(3, '-');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()));
            part.and_then(|part| part.parse::<i16>().ok()).ok_or(NotADay)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let small = |n: i16| i8::try_from(n).map_err(|_| NotADay);
        Self::new(year, small(month)?, small(day)?).ok_or(NotADay)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_i32(self.number()) }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(D::Error::custom)
        } else {
            let days = i32::deserialize(deserializer)?;
            Self::from_number(days).ok_or_else(|| D::Error::custom("a day out of range"))
        }
    }
}

/// The clinic's wall clock, as far as a device needs it: the offsets from UTC around today.
///
/// The server works them out from the time zone database; the browser then needs none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicClock {
    /// IANA name, such as `America/Chicago`.
    pub zone: String,
    /// From each instant on, clocks stand this many seconds east of UTC. Ascending; the first holds
    /// for all earlier times too.
    pub offsets: Vec<(Moment, i32)>,
}

impl ClinicClock {
    /// What the clinic's clock shows at an instant.
    pub fn local(&self, at: Moment) -> DateTime {
        let following = self.offsets.partition_point(|(from, _)| *from <= at);
        let seconds = self.offsets.get(following.saturating_sub(1)).map_or(0, |(_, offset)| *offset);
        let offset = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
        offset.to_datetime(at.timestamp())
    }

    pub fn day(&self, at: Moment) -> Day {
        Day(self.local(at).date())
    }

    /// Minutes after midnight.
    pub fn minute(&self, at: Moment) -> u16 {
        let local = self.local(at);
        u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or_default()
    }

    /// When the clinic's clock shows that many minutes after midnight of that day. `None` when it never does: clocks
    /// went forward over it. When it does twice, since clocks went back, the first time.
    pub fn instant(&self, day: Day, minute: u16) -> Option<Moment> {
        let shown = (i64::from(day.number()) * 24 * 60 + i64::from(minute)) * 60_000;
        let mut offsets: Vec<_> = self.offsets.iter().map(|(_, seconds)| *seconds).collect();
        offsets.push(0);
        offsets.sort_unstable();
        offsets.dedup();
        let candidates = offsets.into_iter().map(|seconds| Moment::from_millis(shown - i64::from(seconds) * 1000));
        candidates.filter(|at| self.day(*at) == day && self.minute(*at) == minute).min()
    }

    /// `09:00`.
    pub fn time(&self, at: Moment) -> String {
        let local = self.local(at);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_survives_both_encodings() {
        let day = Day::new(1991, 3, 14).unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"1991-03-14\"");
        assert_eq!(serde_json::from_str::<Day>("\"1991-03-14\"").unwrap(), day);
        let bytes = postcard::to_stdvec(&day).unwrap();
        assert_eq!(postcard::from_bytes::<Day>(&bytes).unwrap(), day);
        for (text, number) in [("1970-01-01", 0), ("1969-12-31", -1), ("2026-11-22", 20_779), ("0001-01-01", -719_162)] {
            let day: Day = text.parse().unwrap();
            assert_eq!((day.number(), day.to_string().as_str()), (number, text));
            assert_eq!(Day::from_number(number), Some(day));
        }
        for nonsense in ["", "2026-11-31", "2026-1-2", "2026-11-22T09:00", "+026-11-22", "26-11-22", "2026-11"] {
            assert_eq!(nonsense.parse::<Day>(), Err(NotADay), "{nonsense}");
        }
        assert_eq!(day.plus(1).long(), "15 Mar 1991");
        assert_eq!(Day::new(2026, 11, 21).unwrap().heading(), "Sat 21 Nov");
    }

    #[test]
    fn the_clock_follows_daylight_saving() {
        // Chicago left daylight saving on 2026-11-01 at 07:00 UTC.
        let change = Moment::new("2026-11-01T07:00:00Z".parse().unwrap());
        let clock = ClinicClock { zone: "America/Chicago".into(), offsets: vec![(Moment::from_millis(0), -5 * 3600), (change, -6 * 3600)] };
        assert_eq!(clock.time(Moment::from_millis(change.millis() - 60_000)), "01:59");
        assert_eq!(clock.time(change), "01:00");
        // Shown twice: the first time counts.
        let fold = clock.instant(Day::new(2026, 11, 1).unwrap(), 90).unwrap();
        assert_eq!(fold.millis(), change.millis() - 30 * 60_000);
        let spring = Moment::new("2027-03-14T08:00:00Z".parse().unwrap());
        let clock = ClinicClock { offsets: vec![(change, -6 * 3600), (spring, -5 * 3600)], ..clock };
        let morning = |minute| clock.instant(Day::new(2027, 3, 14).unwrap(), minute);
        assert_eq!(
            (morning(119).map(|at| clock.time(at)), morning(150), morning(180).map(|at| clock.time(at))),
            (Some("01:59".into()), None, Some("03:00".into()))
        );
        let clock = ClinicClock { offsets: vec![(Moment::from_millis(0), -5 * 3600), (change, -6 * 3600)], ..clock };
        assert_eq!(clock.day(Moment::new("2026-11-21T03:00:00Z".parse().unwrap())).heading(), "Fri 20 Nov");
    }
}
