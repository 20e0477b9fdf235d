//! What each number means: said once, shown beside it and written into every download.

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    SessionCompletion,
    SeriesCompletion,
    SessionsDelivered,
    DropOff,
    Months,
    AtRisk,
    OnTime,
    Rebooked,
    Recovered,
    Stranded,
    CallsOpen,
    CallsOpened,
    CallAge,
    CallWait,
    CallOutcomes,
    CallHours,
    AfterBooking,
    Twice,
    Fifth,
    Apart,
}

/// What the numbers are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Series,
    FollowUp,
    Calls,
    Zero,
}

impl Metric {
    pub const ALL: [Self; 20] = [
        Self::SessionCompletion,
        Self::SeriesCompletion,
        Self::SessionsDelivered,
        Self::DropOff,
        Self::Months,
        Self::AtRisk,
        Self::OnTime,
        Self::Rebooked,
        Self::Recovered,
        Self::Stranded,
        Self::CallsOpen,
        Self::CallsOpened,
        Self::CallAge,
        Self::CallWait,
        Self::CallOutcomes,
        Self::CallHours,
        Self::AfterBooking,
        Self::Twice,
        Self::Fifth,
        Self::Apart,
    ];

    pub fn group(self) -> Group {
        match self {
            Self::SessionCompletion
            | Self::SeriesCompletion
            | Self::SessionsDelivered
            | Self::DropOff
            | Self::Months
            | Self::AtRisk
            | Self::Apart => Group::Series,
            Self::OnTime | Self::Rebooked | Self::Recovered | Self::Stranded => Group::FollowUp,
            Self::CallsOpen | Self::CallsOpened | Self::CallAge | Self::CallWait | Self::CallOutcomes | Self::CallHours => Group::Calls,
            Self::AfterBooking | Self::Twice | Self::Fifth => Group::Zero,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::SessionCompletion => "Sessions delivered of those sold",
            Self::SeriesCompletion => "Series finished",
            Self::SessionsDelivered => "Sessions delivered in a series",
            Self::DropOff => "Drop-off from one session to the next",
            Self::Months => "Month by month",
            Self::AtRisk => "At risk now",
            Self::OnTime => "Messages on time",
            Self::Rebooked => "Booked again after a lapse",
            Self::Recovered => "Money recovered",
            Self::Stranded => "Money stranded",
            Self::CallsOpen => "On the call list",
            Self::CallsOpened => "Came to the call list",
            Self::CallAge => "Stalled for",
            Self::CallWait => "Waited for the first call",
            Self::CallOutcomes => "What came of calls",
            Self::CallHours => "Logged on calls a week",
            Self::AfterBooking => "Asked to book although she had booked",
            Self::Twice => "Sent twice",
            Self::Fifth => "A fifth reminder in one gap",
            Self::Apart => "Listed apart",
        }
    }

    /// How it is counted.
    pub fn definition(self) -> &'static str {
        match self {
            Self::SessionCompletion => {
                "Sessions delivered, of all sessions sold, in mature series. Sessions added later, as goodwill or maintenance, are not counted."
            }
            Self::SeriesCompletion => "Mature series in which every session that was sold is delivered, of all mature series.",
            Self::SessionsDelivered => "Sessions delivered on average in mature series, by how many sessions were sold.",
            Self::DropOff => {
                "Sessions after which the next one was neither booked nor held in time, of all sessions after which one was to come and \
                 whose time has passed. A booking that was cancelled or missed by then is none. Bookings in connected systems count, too."
            }
            Self::Months => {
                "Mature series by the month in which they were sold, as they stand now: those with every session delivered, their sessions \
                 delivered of those sold, and the drop-off from session 2 to session 3 in them, each counted as above. The latest months \
                 have few mature series yet: those of short packages, so they are not to be compared with earlier ones."
            }
            Self::AtRisk => {
                "Series that go on, whose next session is due within 7 days or overdue, and not booked, in connected systems neither; until \
                 the time has passed after which they count as dropped."
            }
            Self::OnTime => {
                "Messages that the carrier had within 5 minutes of when they were due, of all that were due and not called off before. \
                 Late, expired, failed and uncertain ones stay in the count. Those repeated by the other channel count once."
            }
            Self::Rebooked => {
                "Lapses with a booking or visit within 28 days, of all lapses whose 28 days have passed. A lapse opens when the window of \
                 a session ends with nothing booked: its due date and the tolerance of the package, or a missed appointment after it. Bookings \
                 in connected systems count, too."
            }
            Self::Recovered => {
                "What sessions are worth by the price of their series that were delivered after a lapse which the client ended by booking \
                 or coming, after at least one automatic message and before anybody called. Each its equal part of the price. Booked in a \
                 connected system counts, too; delivered is what is charted here."
            }
            Self::Stranded => "What sessions are worth that were sold and are not delivered, in series that have not ended.",
            Self::CallsOpen => "Series that came to the call list and still are on it, to be called now or later.",
            Self::CallsOpened => "Series that came to the call list.",
            Self::CallAge => "Days since the lapse opened, of series on the list now: half are older, half younger.",
            Self::CallWait => {
                "Between coming to the list and the first logged call: half waited longer, half shorter. Those not called yet are not counted."
            }
            Self::CallOutcomes => "Logged calls by what came of them.",
            Self::CallHours => "Minutes logged with calls, divided by the weeks since the clinic follows up.",
            Self::AfterBooking => {
                "Messages that ask for a booking, handed to the carrier more than 10 seconds after the clinic’s server had a booking of that \
                 session, or had heard of one in a connected system, which still stood. Must be 0."
            }
            Self::Twice => "Messages that a carrier took more than once by the same channel, or of which there were two. Must be 0.",
            Self::Fifth => "Gaps between two sessions in which more than four automatic reminders went out. Must be 0.",
            Self::Apart => {
                "Series that were stopped after an adverse event or a worry, in which money was given back, or whose rest was transferred. \
                 They are counted nowhere else. A series that was ended for another reason is counted as not finished."
            }
        }
    }

    /// Of which days it is.
    pub fn window(self) -> &'static str {
        match self {
            Self::SessionCompletion | Self::SeriesCompletion | Self::SessionsDelivered | Self::Months => {
                "Series sold in the period, once they are mature: 60 days after all their intervals have passed since the sale."
            }
            Self::DropOff => "Sessions delivered in the period, once the interval and 21 days have passed since.",
            Self::AtRisk | Self::CallsOpen | Self::CallAge => "As it stands now, whatever the period.",
            Self::OnTime | Self::AfterBooking | Self::Twice | Self::Fifth => "Messages due in the period.",
            Self::Rebooked => "Lapses opened in the period, since the clinic follows up with Cadence.",
            Self::Recovered => "Sessions delivered in the period.",
            Self::Stranded | Self::Apart => "Series sold in the period.",
            Self::CallsOpened | Self::CallWait => "Series that came to the list in the period.",
            Self::CallOutcomes | Self::CallHours => "Calls logged in the period.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        follow_up::touch_state::{MATURE_AFTER_DAYS, ON_TIME_MILLIS, REBOOKED_WITHIN_DAYS},
        numbers::{AT_RISK_BEFORE_DAYS, DROPPED_AFTER_DAYS},
    };

    /// What is written is what is counted.
    #[test]
    fn definitions_name_the_tolerances_that_hold() {
        let says = |metric: Metric, words: String| {
            let all = format!("{} {}", metric.definition(), metric.window());
            assert!(all.contains(&words), "{metric:?}: {words}");
        };
        says(Metric::SeriesCompletion, format!("{MATURE_AFTER_DAYS} days"));
        says(Metric::DropOff, format!("{DROPPED_AFTER_DAYS} days"));
        says(Metric::AtRisk, format!("{AT_RISK_BEFORE_DAYS} days"));
        says(Metric::Rebooked, format!("{REBOOKED_WITHIN_DAYS} days"));
        says(Metric::OnTime, format!("{} minutes", ON_TIME_MILLIS / 60_000));
    }

    #[test]
    fn each_has_a_name_of_its_own() {
        for (n, metric) in Metric::ALL.into_iter().enumerate() {
            assert!(Metric::ALL[n + 1..].iter().all(|other| other.label() != metric.label()));
            assert!(metric.definition().ends_with('.') && metric.window().ends_with('.'));
        }
    }
}
