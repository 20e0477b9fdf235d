//! What becomes of a touch, and why one was not sent. Every step keeps its time and its reason; nothing is ever deleted.

use super::times::date_words;
use crate::time::{ClinicClock, Moment};
use serde::{Deserialize, Serialize};

/// `planned → claimed → attempted → accepted → delivered | bounced`, and the ways a touch ends before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    Planned,
    /// A server has taken it, and noted that it is about to try.
    Claimed,
    /// It is being handed to the carrier.
    Attempted,
    /// The carrier has it.
    Accepted,
    Delivered,
    /// The carrier could not deliver it. By another channel it is a touch of its own, linked to this one.
    Bounced,
    /// Not to be sent; see [`Why`].
    Suppressed,
    /// Another touch of the same client says it as well.
    Merged,
    /// Its time had passed before it could be sent.
    Expired,
    /// The carrier refused it.
    Failed,
    /// The server ended between trying and knowing. Never sent again before somebody knows.
    Uncertain,
}

impl State {
    pub const ALL: [Self; 11] = [
        Self::Planned,
        Self::Claimed,
        Self::Attempted,
        Self::Accepted,
        Self::Delivered,
        Self::Bounced,
        Self::Suppressed,
        Self::Merged,
        Self::Expired,
        Self::Failed,
        Self::Uncertain,
    ];

    /// As the database knows it. Never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Claimed => "claimed",
            Self::Attempted => "attempted",
            Self::Accepted => "accepted",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Suppressed => "suppressed",
            Self::Merged => "merged",
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
        }
    }

    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Claimed => "About to be sent",
            Self::Attempted => "Being sent",
            Self::Accepted => "Sent",
            Self::Delivered => "Delivered",
            Self::Bounced => "Bounced",
            Self::Suppressed => "Not sent",
            Self::Merged => "Merged into another",
            Self::Expired => "Expired",
            Self::Failed => "Failed",
            Self::Uncertain => "Uncertain",
        }
    }

    /// Nothing of it has left the clinic yet: a booking ends it, a new plan may change it.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Planned | Self::Claimed)
    }

    /// It went out, or may have: the same is never sent again, and it counts among the touches of a lapse.
    pub fn may_have_gone(self) -> bool {
        matches!(self, Self::Attempted | Self::Accepted | Self::Delivered | Self::Bounced | Self::Uncertain)
    }

    /// Whether that may be the next step.
    pub fn may_become(self, next: Self) -> bool {
        use State::*;
        match self {
            // Uncertain: planned again after it was ended while a server had it that is gone.
            Planned => matches!(next, Claimed | Suppressed | Merged | Expired | Uncertain),
            // Back when it has to wait: for the morning, for the client's rest.
            Claimed => matches!(next, Planned | Attempted | Suppressed | Merged | Expired | Uncertain),
            // Back when the carrier said that it has not taken it, and to ask again. Suppressed: it says that she opted out.
            Attempted => matches!(next, Planned | Accepted | Failed | Suppressed | Uncertain),
            Accepted => matches!(next, Delivered | Bounced),
            // A mail server may accept what a later one returns.
            Delivered => next == Bounced,
            // What the carrier tells by itself, or when asked.
            Uncertain => matches!(next, Accepted | Delivered | Bounced | Failed | Expired),
            // The reason is gone before its time has come: a concern was closed, a booking cancelled.
            Suppressed | Merged => next == Planned,
            Bounced | Expired | Failed => false,
        }
    }
}

/// A touch is on time when the carrier had it so soon after it was due.
pub const ON_TIME_MILLIS: i64 = 5 * 60 * 1000;

/// Whether a touch that the carrier took then was on time.
pub fn is_on_time(due: Moment, accepted: Moment) -> bool {
    accepted.millis() <= due.millis() + ON_TIME_MILLIS
}

/// What a touch is to the figure "touches on time".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Punctuality {
    /// Not due yet, or given up with reason before it was.
    Beside,
    OnTime,
    /// Late, and whatever was due and never went: expired, failed, uncertain.
    Late,
}

/// `since` is when it came into that state; `accepted` when the carrier took it, if it ever did.
pub fn punctuality(state: State, since: Moment, due: Moment, accepted: Option<Moment>, now: Moment) -> Punctuality {
    let given_up = matches!(state, State::Suppressed | State::Merged);
    match accepted {
        Some(accepted) if is_on_time(due, accepted) => Punctuality::OnTime,
        Some(_) => Punctuality::Late,
        None if given_up && since <= due => Punctuality::Beside,
        None if !given_up && state.is_pending() && now.millis() <= due.millis() + ON_TIME_MILLIS => Punctuality::Beside,
        None if now < due => Punctuality::Beside,
        None => Punctuality::Late,
    }
}

/// Why a touch is not sent. In JSON beside the touch; [`sentence`](Self::sentence) says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Why {
    /// The clinic's policy for the package does not have it.
    NotInPolicy,
    Booked {
        starts: Moment,
    },
    /// The same in another system, which told.
    BookedElsewhere {
        starts: Moment,
    },
    /// She had a booking when it would have been due; it came to nothing since.
    WasBooked,
    Delivered {
        number: u16,
    },
    /// She missed an appointment, and the sequence began anew from there.
    StartedAnew {
        missed: Moment,
    },
    Paused,
    Ended,
    /// A concern, a complaint or an adverse event was open.
    Concern,
    /// She told a person that she does not want to go on.
    DoesNotGoOn,
    /// Charted so late that it says nothing new any more.
    ChartedLate,
    /// Booked when this reminder would have gone already.
    BookedLate,
    /// The check-in comes first, or there is no room for it in the interval.
    NoRoom,
    /// What it was planned for is not there any more: a booking moved or cancelled, a series that goes on.
    NoLongerPlanned,
    /// She asked us to stop, or the carrier says that she did.
    OptedOut,
    /// She has chosen not to get messages of this kind.
    NotWanted,
    /// Neither phone number nor e-mail address that works.
    NoAddress,
    AlreadySent,
    /// Four automated touches for one lapse, and never a fifth.
    FourSent,
}

impl Why {
    /// For people: "Maya booked 3 December before this was due."
    pub fn sentence(self, first_name: &str, clock: &ClinicClock) -> String {
        let date = |at: Moment| date_words(clock.day(at));
        match self {
            Self::NotInPolicy => "The clinic does not send this for the package.".to_owned(),
            Self::Booked { starts } => format!("{first_name} booked {} before this was due.", date(starts)),
            Self::BookedElsewhere { starts } => format!("{first_name} booked {} elsewhere before this was due.", date(starts)),
            Self::WasBooked => format!("{first_name} had a booking when this would have been due."),
            Self::Delivered { number } => format!("Session {number} was delivered before this was due."),
            Self::StartedAnew { missed } => {
                format!("{first_name} missed the appointment of {}; what followed was counted from there.", date(missed))
            }
            Self::Paused => "The series was paused.".to_owned(),
            Self::Ended => "The series had ended.".to_owned(),
            Self::Concern => format!("A concern of {first_name}’s was open. Nothing that promotes is sent meanwhile."),
            Self::DoesNotGoOn => format!("{first_name} told us not to go on with the series."),
            Self::ChartedLate => "The session was charted more than two days later.".to_owned(),
            Self::BookedLate => "It was booked too late for this reminder.".to_owned(),
            Self::NoRoom => "The interval is too short for it.".to_owned(),
            Self::NoLongerPlanned => "What it was planned for was moved, cancelled or changed.".to_owned(),
            Self::OptedOut => format!("{first_name} asked us to stop."),
            Self::NotWanted => format!("{first_name} has chosen not to get these messages."),
            Self::NoAddress => format!("There is no phone number or e-mail address that reaches {first_name}."),
            Self::AlreadySent => "It was sent before.".to_owned(),
            Self::FourSent => "Four reminders were sent for this gap. There is never a fifth.".to_owned(),
        }
    }
}

/// A booking within so many days of day 0 counts as one that closed the lapse.
pub const REBOOKED_WITHIN_DAYS: i32 = 28;

/// Days after enrolment and all intervals in which a plan is not counted yet.
pub const MATURE_AFTER_DAYS: i32 = 60;

/// Whether a plan of so many sessions, sold `days_ago`, is counted among the completed or not completed ones.
pub fn is_mature(days_ago: i32, sessions: u16, interval_days: u16) -> bool {
    days_ago > i32::from(sessions.saturating_sub(1)) * i32::from(interval_days) + MATURE_AFTER_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_up::tests::{at, chicago};

    #[test]
    fn steps_follow_in_one_direction_but_for_what_never_left() {
        use State::*;
        let path = [Planned, Claimed, Attempted, Accepted, Delivered];
        assert!(path.windows(2).all(|pair| pair[0].may_become(pair[1])));
        for state in State::ALL {
            assert_eq!(State::by_code(state.code()), Some(state));
            assert!(!state.may_become(state));
            // Once it may have gone it is never planned again, unless the carrier said at once that it has not taken it.
            assert!(!state.may_have_gone() || state == Attempted || !state.may_become(Planned), "{state:?}");
            // An uncertain one is not tried again.
            assert!(!Uncertain.may_become(Attempted) && !Uncertain.may_become(Claimed) && !Uncertain.may_become(Planned));
            // What went out cannot be said not to have.
            assert!(!matches!(state, Accepted | Delivered | Bounced) || !state.may_become(Suppressed));
        }
        assert_eq!(State::by_code("sent"), None);
    }

    #[test]
    fn five_minutes_are_on_time() {
        let due = at("2026-12-01T16:00:00Z");
        assert!(is_on_time(due, at("2026-12-01T16:05:00Z")));
        assert!(!is_on_time(due, at("2026-12-01T16:05:01Z")));
    }

    #[test]
    fn what_was_due_and_did_not_go_is_late() {
        let due = at("2026-12-01T16:00:00Z");
        let (before, soon, later) = (at("2026-12-01T15:00:00Z"), at("2026-12-01T16:03:00Z"), at("2026-12-02T16:00:00Z"));
        for (state, since, accepted, now, wanted) in [
            (State::Planned, before, None, before, Punctuality::Beside),
            (State::Planned, before, None, soon, Punctuality::Beside),
            (State::Planned, before, None, later, Punctuality::Late),
            (State::Accepted, soon, Some(soon), later, Punctuality::OnTime),
            (State::Bounced, later, Some(soon), later, Punctuality::OnTime),
            (State::Delivered, later, Some(later), later, Punctuality::Late),
            (State::Suppressed, before, None, later, Punctuality::Beside),
            (State::Suppressed, later, None, later, Punctuality::Late),
            (State::Merged, before, None, later, Punctuality::Beside),
            (State::Expired, later, None, later, Punctuality::Late),
            (State::Failed, soon, None, later, Punctuality::Late),
            (State::Uncertain, soon, None, later, Punctuality::Late),
        ] {
            assert_eq!(punctuality(state, since, due, accepted, now), wanted, "{state:?} at {}", now.millis());
        }
    }

    #[test]
    fn a_reason_is_a_sentence() {
        let booked = Why::Booked { starts: at("2026-12-04T01:00:00Z") };
        assert_eq!(booked.sentence("Maya", &chicago()), "Maya booked 3 December before this was due.");
        let json = serde_json::to_string(&booked).unwrap();
        assert_eq!(serde_json::from_str::<Why>(&json).unwrap(), booked);
    }

    #[test]
    fn a_plan_is_counted_two_months_after_its_last_interval() {
        assert!(!is_mature(270, 6, 42));
        assert!(is_mature(271, 6, 42));
    }
}
