//! The kinds of touch, and what each may do.

use serde::{Deserialize, Serialize};
use std::{fmt, ops::RangeInclusive, str::FromStr};

/// One thing the sequence of a plan does. In JSON and in the database it is its [`code`](Self::code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Kind {
    /// How to look after the skin, from what was really done.
    Aftercare,
    /// "How is your skin?", a week later.
    CheckIn,
    /// Halfway to the next session.
    Midpoint,
    /// The next session comes near and is not booked.
    RebookingPrompt,
    /// The last word before the session is due, while it is not booked.
    Reminder,
    /// The window was missed and nothing is booked.
    Recovery(Step),
    /// A person's turn: the plan comes to the call list. No message.
    Flag,
    /// The series is complete: a review, and what could come next.
    CloseOut,
    /// The ordinary reminder of a booked appointment.
    Appointment,
}

/// The three messages of a recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Day 2: life gets busy.
    Soft,
    /// Day 7: what the series is for.
    Value,
    /// Day 14.
    Last,
}

/// From where a touch's time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// After the session was delivered.
    Session,
    /// Half an interval after the session: nothing to choose.
    HalfInterval,
    /// Before the day the next session is due.
    BeforeDue,
    /// After day 0 of the lapse.
    Lapse,
    /// After the last session of the series.
    Completion,
    /// Before the booked time.
    BeforeAppointment,
}

/// Hours are elapsed time, whatever the clocks do meanwhile; days are the calendar's, at the policy's time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OffsetUnit {
    Hours,
    Days,
}

/// When a kind is due, and how far a clinic may move it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    pub anchor: Anchor,
    pub unit: OffsetUnit,
    pub usual: u16,
    pub range: RangeInclusive<u16>,
}

/// How long a touch still makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expiry {
    HoursAfterDue(u16),
    /// Counted from the session, however late it was charted.
    HoursAfterSession(u16),
    HoursBeforeAppointment(u16),
    Never,
}

/// What a client has to have left open for a touch to reach her.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consent {
    /// Belongs to the treatment: no choice of messages takes it away, only a line that is stopped or dead.
    Care,
    /// About what she has bought or booked.
    Reminders,
    /// About what she could buy.
    Offers,
}

/// Automated touches a lapse may have, ever.
pub const MOST_RUNGS: u8 = 4;

impl Kind {
    /// In the order of a plan's life.
    pub const ALL: [Self; 11] = [
        Self::Aftercare,
        Self::CheckIn,
        Self::Midpoint,
        Self::RebookingPrompt,
        Self::Reminder,
        Self::Recovery(Step::Soft),
        Self::Recovery(Step::Value),
        Self::Recovery(Step::Last),
        Self::Flag,
        Self::CloseOut,
        Self::Appointment,
    ];

    /// As the database and stored policies know it. Never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Aftercare => "aftercare",
            Self::CheckIn => "check_in",
            Self::Midpoint => "midpoint",
            Self::RebookingPrompt => "rebooking_prompt",
            Self::Reminder => "reminder",
            Self::Recovery(Step::Soft) => "recovery_soft",
            Self::Recovery(Step::Value) => "recovery_value",
            Self::Recovery(Step::Last) => "recovery_last",
            Self::Flag => "flag",
            Self::CloseOut => "close_out",
            Self::Appointment => "appointment",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Aftercare => "Aftercare",
            Self::CheckIn => "Check-in",
            Self::Midpoint => "Midpoint",
            Self::RebookingPrompt => "Rebooking prompt",
            Self::Reminder => "Reminder to book",
            Self::Recovery(Step::Soft) => "Recovery, first",
            Self::Recovery(Step::Value) => "Recovery, second",
            Self::Recovery(Step::Last) => "Recovery, last",
            Self::Flag => "Call list",
            Self::CloseOut => "Close-out",
            Self::Appointment => "Appointment reminder",
        }
    }

    /// Asks for a booking, or has a person ask for it: a booking ends it at once.
    pub fn is_nudge(self) -> bool {
        matches!(self, Self::RebookingPrompt | Self::Reminder | Self::Recovery(_) | Self::Flag)
    }

    /// Helps the clinic at least as much as the client: not while a concern or complaint is open, nor while a series is paused.
    pub fn is_promotional(self) -> bool {
        self.is_nudge() || matches!(self, Self::Midpoint | Self::CloseOut)
    }

    /// Goes to the client; a flag goes to the staff.
    pub fn is_message(self) -> bool {
        self != Self::Flag
    }

    /// Waits for the morning. Whatever is promotional has to; the rest could go at night, but only aftercare is worth waking for.
    pub fn keeps_quiet_hours(self) -> bool {
        self != Self::Aftercare && self.is_message()
    }

    /// Which of the at most four automated touches of a lapse it is, 1–4; `None`: it does not count among them.
    pub fn rung(self) -> Option<u8> {
        match self {
            Self::Reminder => Some(1),
            Self::Recovery(Step::Soft) => Some(2),
            Self::Recovery(Step::Value) => Some(3),
            Self::Recovery(Step::Last) => Some(4),
            _ => None,
        }
    }

    pub fn consent(self) -> Consent {
        match self {
            Self::Aftercare | Self::CheckIn => Consent::Care,
            Self::CloseOut => Consent::Offers,
            // Sessions she has paid for and a time she has booked: nothing is sold here.
            _ => Consent::Reminders,
        }
    }

    pub fn timing(self) -> Timing {
        use Anchor::*;
        use OffsetUnit::*;
        let (anchor, unit, usual, range) = match self {
            // At checkout; there is no later than two days.
            Self::Aftercare => (Session, Hours, 0, 0..=36),
            Self::CheckIn => (Session, Days, 7, 1..=21),
            Self::Midpoint => (HalfInterval, Days, 0, 0..=0),
            Self::RebookingPrompt => (BeforeDue, Days, 7, 3..=21),
            Self::Reminder => (BeforeDue, Hours, 48, 24..=96),
            // The ranges do not meet: the order stays, and days lie between.
            Self::Recovery(Step::Soft) => (Lapse, Days, 2, 1..=4),
            Self::Recovery(Step::Value) => (Lapse, Days, 7, 6..=10),
            Self::Recovery(Step::Last) => (Lapse, Days, 14, 12..=20),
            Self::Flag => (Lapse, Days, 21, 21..=60),
            Self::CloseOut => (Completion, Days, 7, 3..=60),
            Self::Appointment => (BeforeAppointment, Hours, 48, 12..=120),
        };
        Timing { anchor, unit, usual, range }
    }

    /// Own judgement, but for aftercare: after it the touch would be odd ("is due in two days" when it is due today).
    pub fn expiry(self) -> Expiry {
        match self {
            Self::Aftercare => Expiry::HoursAfterSession(48),
            Self::CheckIn | Self::Midpoint | Self::RebookingPrompt => Expiry::HoursAfterDue(72),
            Self::Reminder => Expiry::HoursAfterDue(24),
            Self::Recovery(Step::Soft) => Expiry::HoursAfterDue(48),
            Self::Recovery(_) => Expiry::HoursAfterDue(72),
            Self::CloseOut => Expiry::HoursAfterDue(14 * 24),
            Self::Appointment => Expiry::HoursBeforeAppointment(2),
            Self::Flag => Expiry::Never,
        }
    }
}

impl Timing {
    /// `days after the session`, behind a number.
    pub fn words(&self) -> &'static str {
        match (self.anchor, self.unit) {
            (Anchor::Session, OffsetUnit::Hours) => "hours after the session was signed",
            (Anchor::Session, OffsetUnit::Days) => "days after the session",
            (Anchor::HalfInterval, _) => "days after half the interval",
            (Anchor::BeforeDue, OffsetUnit::Hours) => "hours before the session is due",
            (Anchor::BeforeDue, OffsetUnit::Days) => "days before the session is due",
            (Anchor::Lapse, _) => "days after the window was missed",
            (Anchor::Completion, _) => "days after the last session",
            (Anchor::BeforeAppointment, _) => "hours before the appointment",
        }
    }
}

/// No kind has that code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of touch")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(code: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or(UnknownKind)
    }
}

impl TryFrom<String> for Kind {
    type Error = UnknownKind;

    fn try_from(code: String) -> Result<Self, UnknownKind> {
        code.parse()
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.code().to_owned()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_code() {
        for kind in Kind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!((json.as_str(), serde_json::from_str(&json).unwrap()), (format!("\"{kind}\"").as_str(), kind));
        }
        assert_eq!("recovery".parse::<Kind>(), Err(UnknownKind));
    }

    #[test]
    fn a_lapse_has_four_rungs_and_no_more() {
        let mut rungs: Vec<_> = Kind::ALL.into_iter().filter_map(Kind::rung).collect();
        rungs.sort_unstable();
        assert_eq!(rungs, (1..=MOST_RUNGS).collect::<Vec<_>>());
        assert!(Kind::ALL.into_iter().filter(|kind| kind.rung().is_some()).all(|kind| kind.is_nudge() && kind.is_promotional()));
    }

    #[test]
    fn recoveries_and_the_flag_keep_their_order_however_a_clinic_moves_them() {
        let after_lapse: Vec<_> =
            Kind::ALL.into_iter().map(Kind::timing).filter(|timing| timing.anchor == Anchor::Lapse).map(|timing| timing.range).collect();
        assert_eq!(after_lapse.len(), 4);
        assert!(after_lapse.windows(2).all(|pair| pair[0].end() + 1 < *pair[1].start() || pair[0].end() < pair[1].start()));
        assert!(Kind::ALL.into_iter().map(Kind::timing).all(|timing| timing.range.contains(&timing.usual)));
    }

    #[test]
    fn what_belongs_to_the_treatment_is_never_promotional() {
        for kind in [Kind::Aftercare, Kind::CheckIn, Kind::Appointment] {
            assert!(!kind.is_promotional() && !kind.is_nudge());
        }
        assert_eq!(Kind::CloseOut.consent(), Consent::Offers);
        assert_eq!(Kind::CheckIn.consent(), Consent::Care);
        assert!(Kind::ALL.into_iter().filter(|kind| kind.is_promotional() && kind.is_message()).all(Kind::keeps_quiet_hours));
    }
}
