//! The numbers of a clinic: how many series are finished, where clients stay away, what following up does, and what it brings back.
//!
//! They are computed in the database, from the ledger; here is what they are called, what each means ([`Metric`]), in which tables they
//! come ([`Table`]), and what may be said of few ([`Share`]).

mod definitions;
mod share;
mod table;

pub use definitions::{Group, Metric};
pub use share::{LEAST, Share};
pub use table::Table;

use crate::{
    follow_up::{call_list::Outcome, kind::Kind},
    ids::{ClientId, PackageId, PlanId, SessionId},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// The next session is booked when it is booked within so many days of when it was due; and who may still be kept is shown until then.
pub const DROPPED_AFTER_DAYS: u16 = 21;

/// So many days before the next session is due its client is shown among those at risk.
pub const AT_RISK_BEFORE_DAYS: u16 = 7;

/// The days the numbers are about, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// `None`: from the beginning.
    pub from: Option<Day>,
    /// `None`: to this day.
    pub until: Option<Day>,
}

/// All numbers of a span.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    pub series: Vec<SeriesCount>,
    /// Series sold in the span that are too young to be counted.
    pub young: u32,
    pub drop_off: Vec<DropOff>,
    /// By the month of the sale, oldest first; those in which something was sold that is counted.
    #[serde(default)]
    pub months: Vec<OfMonth>,
    pub at_risk: Vec<AtRisk>,
    pub touches: Vec<Punctual>,
    pub lapses: Lapses,
    pub calls: Calls,
    pub zero: Zero,
    pub packages: Vec<OfPackage>,
    pub apart: Vec<Apart>,
}

/// Mature series with so many sessions, of which so many are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesCount {
    pub sold: u16,
    pub delivered: u16,
    pub series: u32,
}

/// What became of clients after a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropOff {
    /// The number of the session that was delivered; the next is one more.
    pub after: u16,
    /// How many the time has passed for.
    pub passed: u32,
    /// Of them, who had not booked the next one by then.
    pub dropped: u32,
}

/// The series sold in one month: of those that are mature, how far they have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfMonth {
    /// The first day of the month.
    pub first: Day,
    /// Too young to be counted.
    pub young: u32,
    pub mature: u32,
    pub complete: u32,
    pub sold: u32,
    pub delivered: u32,
    /// In how many the time after session 2 has passed in which session 3 was to be booked.
    pub passed: u32,
    /// Of them, in which it was not.
    pub dropped: u32,
}

/// A client whose next session is due and not booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AtRisk {
    pub client: ClientId,
    pub plan: PlanId,
    /// The next session.
    pub session: SessionId,
    /// The number of the session that was delivered last.
    pub after: u16,
    pub sold: u16,
    pub due: Day,
    /// What is not delivered, in minor units.
    pub stranded_minor: i64,
}

/// How touches of a kind went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Punctual {
    pub kind: Kind,
    pub due: u32,
    pub on_time: u32,
    pub late: u32,
    pub expired: u32,
    pub failed: u32,
    pub uncertain: u32,
    /// Was due, and has not gone: it waits still, or was given up after that.
    pub not_gone: u32,
}

/// What became of lapses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lapses {
    /// Opened, and nothing is booked or delivered since.
    pub open: u32,
    /// Their 28 days have passed.
    pub passed: u32,
    pub rebooked: u32,
    pub by: Vec<Rebooked>,
}

/// What was last done before a client booked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum After {
    /// Nothing reached her.
    Nothing,
    /// The touch of that rung, 1 to 4.
    Rung(u8),
    Call,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebooked {
    pub after: After,
    /// Lapses that came so far, and whose 28 days have passed.
    pub reached: u32,
    /// Of them, booked again within the 28 days, with this as the last thing that was done.
    pub rebooked: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Wait for a call, now or on a later day.
    pub open: u32,
    /// Came to the list in the span.
    pub opened: u32,
    /// Days the open ones have been stalled, the middle one.
    pub median_age_days: Option<u32>,
    /// From coming to the list to the first call, in minutes, of those that came in the span and were called.
    pub median_wait_minutes: Option<u32>,
    pub outcomes: Vec<OutcomeCount>,
    pub minutes: u32,
    /// Over so many days the minutes were logged.
    pub days: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeCount {
    /// As in [`Outcome::LABELS`].
    pub outcome: String,
    pub calls: u32,
}

/// What must be nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zero {
    pub after_booking: u32,
    pub twice: u32,
    pub fifth: u32,
}

/// By type of package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPackage {
    pub package: PackageId,
    pub name: String,
    /// Sold in the span, those apart not counted.
    pub series: u32,
    /// On average, in minor units.
    pub price_minor: i64,
    pub sold: u32,
    pub delivered: u32,
    /// Of the mature ones.
    pub mature: u32,
    pub complete: u32,
    pub mature_sold: u32,
    pub mature_delivered: u32,
    pub stranded_minor: i64,
    /// Delivered in the span.
    pub recovered: u32,
    pub recovered_minor: i64,
}

/// Why a series is listed apart and counted nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ApartBecause {
    /// Ended after an adverse event or a worry of the client.
    Stopped,
    Refunded,
    /// Its rest is another client's series, and is counted there.
    Transferred,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    pub client: ClientId,
    pub plan: PlanId,
    pub name: String,
    pub because: ApartBecause,
    pub sold_on: Day,
    pub sold: u16,
    pub delivered: u16,
    pub refunded_minor: i64,
}

impl Numbers {
    /// All series that are counted.
    pub fn mature(&self) -> u32 {
        self.series.iter().map(|count| count.series).sum()
    }

    /// Sessions delivered of sessions sold.
    pub fn session_completion(&self) -> Share {
        let sum = |sessions: fn(&SeriesCount) -> u16| self.series.iter().map(|count| u32::from(sessions(count)) * count.series).sum();
        Share::of_many(sum(|count| count.delivered), sum(|count| count.sold), self.mature())
    }

    /// Series with everything delivered.
    pub fn series_completion(&self) -> Share {
        let complete = self.series.iter().filter(|count| count.delivered >= count.sold).map(|count| count.series).sum();
        Share::new(complete, self.mature())
    }

    /// How many sessions the mature series have, each once.
    pub fn lengths(&self) -> Vec<u16> {
        let mut lengths: Vec<_> = self.series.iter().map(|count| count.sold).collect();
        lengths.sort_unstable();
        lengths.dedup();
        lengths
    }

    /// Sessions delivered in mature series of that length, how many series these are, and how many of them are complete.
    pub fn of_length(&self, sold: u16) -> (u32, u32, u32) {
        let of = || self.series.iter().filter(move |count| count.sold == sold);
        let delivered = of().map(|count| u32::from(count.delivered) * count.series).sum();
        let complete = of().filter(|count| count.delivered >= sold).map(|count| count.series).sum();
        (delivered, of().map(|count| count.series).sum(), complete)
    }

    /// Mature series, of those with at least so many sessions, that came as far as the session of that number.
    pub fn reached(&self, number: u16) -> Share {
        let long = || self.series.iter().filter(move |count| count.sold >= number);
        let reached = long().filter(|count| count.delivered >= number).map(|count| count.series).sum();
        Share::new(reached, long().map(|count| count.series).sum())
    }

    pub fn on_time(&self) -> Share {
        let sum = |of: fn(&Punctual) -> u32| self.touches.iter().map(of).sum();
        Share::new(sum(|kind| kind.on_time), sum(|kind| kind.due))
    }

    pub fn rebooked(&self) -> Share {
        Share::new(self.lapses.rebooked, self.lapses.passed)
    }

    pub fn recovered_minor(&self) -> i64 {
        self.packages.iter().map(|package| package.recovered_minor).sum()
    }

    pub fn stranded_minor(&self) -> i64 {
        self.packages.iter().map(|package| package.stranded_minor).sum()
    }
}

impl OfMonth {
    /// Series with everything delivered.
    pub fn series_completion(&self) -> Share {
        Share::new(self.complete, self.mature)
    }

    /// Sessions delivered of sessions sold.
    pub fn session_completion(&self) -> Share {
        Share::of_many(self.delivered, self.sold, self.mature)
    }

    /// Between the second and the third session.
    pub fn drop_off(&self) -> Share {
        Share::new(self.dropped, self.passed)
    }
}

impl DropOff {
    pub fn share(&self) -> Share {
        Share::new(self.dropped, self.passed)
    }
}

impl Calls {
    /// Minutes a week, where there was any time to log them in.
    pub fn minutes_a_week(&self) -> Option<u32> {
        let days = u64::from(self.days);
        (days > 0).then(|| u32::try_from(u64::from(self.minutes) * 7 / days).unwrap_or(u32::MAX))
    }
}

impl After {
    pub fn label(self) -> String {
        let kind = Kind::ALL.into_iter().find(|kind| matches!(self, Self::Rung(rung) if kind.rung() == Some(rung)));
        match (self, kind) {
            (Self::Call, _) => "A call".to_owned(),
            (Self::Rung(_), Some(kind)) => kind.label().to_owned(),
            (Self::Rung(rung), None) => format!("Touch {rung}"),
            (Self::Nothing, _) => "Nothing that reached her".to_owned(),
        }
    }
}

impl ApartBecause {
    pub fn code(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Refunded => "refunded",
            Self::Transferred => "transferred",
        }
    }

    pub fn by_code(code: &str) -> Option<Self> {
        [Self::Stopped, Self::Refunded, Self::Transferred].into_iter().find(|because| because.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Stopped => "Stopped after a concern",
            Self::Refunded => "Refunded",
            Self::Transferred => "Transferred",
        }
    }
}

impl OutcomeCount {
    /// Of an outcome's name as it is kept.
    pub fn of(name: &str, calls: u32) -> Self {
        let known = [
            ("Booked", 0),
            ("CallBack", 1),
            ("Undecided", 2),
            ("LeftMessage", 3),
            ("NoAnswer", 4),
            ("WrongNumber", 5),
            ("DoesNotGoOn", 6),
            ("Concern", 7),
        ];
        let place = known.into_iter().find(|(known, _)| *known == name).map(|(_, place)| place);
        Self { outcome: place.map_or("Something else", |place: usize| Outcome::LABELS[place]).to_owned(), calls }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Numbers {
        let count = |sold, delivered, series| SeriesCount { sold, delivered, series };
        Numbers { series: vec![count(6, 6, 6), count(6, 2, 3), count(4, 4, 1)], ..Numbers::default() }
    }

    #[test]
    fn completion_is_of_sessions_and_of_series() {
        let numbers = numbers();
        assert_eq!(numbers.session_completion().words(), "79.3 %");
        assert_eq!(numbers.series_completion().words(), "70 %");
        assert_eq!((numbers.lengths(), numbers.of_length(6), numbers.of_length(4)), (vec![4, 6], (42, 9, 6), (4, 1, 1)));
        assert_eq!((numbers.reached(3), numbers.reached(5)), (Share::new(7, 10), Share::new(6, 9)));
    }

    #[test]
    fn an_empty_clinic_has_numbers_without_any_shares() {
        let none = Numbers::default();
        for share in [none.session_completion(), none.series_completion(), none.on_time(), none.rebooked(), none.reached(1)] {
            assert_eq!(share.percent(), None);
        }
        assert_eq!((none.calls.minutes_a_week(), none.recovered_minor(), none.lengths()), (None, 0, vec![]));
    }

    #[test]
    fn hours_are_by_the_week() {
        let calls = Calls { minutes: 120, days: 28, ..Calls::default() };
        assert_eq!(calls.minutes_a_week(), Some(30));
    }

    #[test]
    fn outcomes_are_named_as_they_are_kept() {
        let step = |outcome: Outcome| serde_json::to_value(outcome).unwrap();
        for outcome in [
            Outcome::Booked,
            Outcome::Undecided,
            Outcome::LeftMessage,
            Outcome::NoAnswer,
            Outcome::WrongNumber,
            Outcome::DoesNotGoOn,
            Outcome::Concern,
        ] {
            assert_eq!(OutcomeCount::of(step(outcome).as_str().unwrap(), 1).outcome, outcome.label());
        }
        let back = Outcome::CallBack { on: Day::new(2026, 12, 1).unwrap() };
        let name = step(back).as_object().unwrap().keys().next().unwrap().clone();
        assert_eq!(OutcomeCount::of(&name, 1).outcome, back.label());
    }
}
