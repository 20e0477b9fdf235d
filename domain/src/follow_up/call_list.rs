//! Whom a person calls: plans that stalled, the one with most money in it first, and what came of the calls.

use super::facts::{Facts, Lapse};
use crate::{
    ids::{ClientId, StaffId},
    note::LONGEST_NOTE,
    plan::Standing,
    time::{ClinicClock, Day, Moment},
};
use serde::{Deserialize, Serialize};

/// A stalled plan, and what people have done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub client: ClientId,
    /// Since when the plan is stalled, and of which session.
    pub lapse: Lapse,
    /// When it came to the list.
    pub opened: Moment,
    /// What the sessions not delivered are worth, in minor units.
    pub stranded_minor: i64,
    /// The clinic's policy puts its package before all others.
    pub first: bool,
    /// Oldest first. Only ever added to.
    pub log: Vec<Step>,
}

/// One thing somebody did about an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub by: StaffId,
    pub at: Moment,
    pub what: Action,
    /// What was said; may be empty.
    pub note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A call, and how long it took with looking up and writing down.
    Called { outcome: Outcome, minutes: u16 },
    /// Not before that day.
    Snoozed { until: Day },
    /// Somebody else looks after it.
    HandedTo { staff: StaffId },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// She has booked. The entry goes by the booking itself, not by this.
    Booked,
    /// She wants to be called, or calls, on that day.
    CallBack {
        on: Day,
    },
    /// She thinks about it.
    Undecided,
    LeftMessage,
    NoAnswer,
    /// The number is somebody else's, or nobody's.
    WrongNumber,
    DoesNotGoOn,
    /// Something is wrong with her skin, or she complains: a provider's task.
    Concern,
}

/// Whether an entry waits for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Now.
    Due,
    /// From that day on.
    Later(Day),
    Gone(Gone),
}

/// Why an entry is no longer on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gone {
    Booked,
    /// The session was delivered without a booking, or nothing is left to deliver.
    Delivered,
    Paused,
    Ended,
    DoesNotGoOn,
    /// The lapse is another one now: she missed an appointment since.
    StartedAnew,
}

const LONGEST_CALL_MINUTES: u16 = 240;
const LONGEST_SNOOZE_DAYS: i32 = 180;

impl Outcome {
    /// What can be chosen with one tap; a day to call back on is asked for.
    pub const LABELS: [&'static str; 8] = [
        "Reached, booked",
        "Will call back",
        "Reached, undecided",
        "Left a message",
        "No answer",
        "Wrong number",
        "Does not go on",
        "Has a concern",
    ];

    pub fn label(self) -> &'static str {
        let place = match self {
            Self::Booked => 0,
            Self::CallBack { .. } => 1,
            Self::Undecided => 2,
            Self::LeftMessage => 3,
            Self::NoAnswer => 4,
            Self::WrongNumber => 5,
            Self::DoesNotGoOn => 6,
            Self::Concern => 7,
        };
        Self::LABELS[place]
    }

    /// Somebody spoke with her.
    pub fn is_reached(self) -> bool {
        matches!(self, Self::Booked | Self::CallBack { .. } | Self::Undecided | Self::DoesNotGoOn | Self::Concern)
    }

    /// The day on which the entry comes up again. Own judgement, and only what is proposed: anybody can snooze it otherwise.
    fn again(self, called: Day) -> Option<Day> {
        match self {
            Self::CallBack { on } => Some(on),
            // One day for the booking to arrive from another system.
            Self::Booked | Self::NoAnswer | Self::WrongNumber => Some(called.plus(1)),
            Self::LeftMessage => Some(called.plus(3)),
            Self::Undecided | Self::Concern => Some(called.plus(7)),
            Self::DoesNotGoOn => None,
        }
    }
}

impl Gone {
    pub fn label(self) -> &'static str {
        match self {
            Self::Booked => "Booked",
            Self::Delivered => "Delivered",
            Self::Paused => "Series paused",
            Self::Ended => "Series ended",
            Self::DoesNotGoOn => "Does not go on",
            Self::StartedAnew => "Missed an appointment since",
        }
    }
}

impl Step {
    /// What is wrong with it, in words for the person who notes it; empty when it can be kept.
    pub fn faults(&self, clock: &ClinicClock) -> Vec<String> {
        let today = clock.day(self.at);
        let mut faults = Vec::new();
        let ahead = |day: Day| (1..=LONGEST_SNOOZE_DAYS).contains(&day.since(today));
        match self.what {
            Action::Called { minutes, .. } if minutes > LONGEST_CALL_MINUTES => {
                faults.push(format!("A call takes up to {LONGEST_CALL_MINUTES} minutes."));
            }
            Action::Called { outcome: Outcome::CallBack { on: day }, .. } | Action::Snoozed { until: day } if !ahead(day) => {
                faults.push(format!("Choose a day from tomorrow on, within {LONGEST_SNOOZE_DAYS} days."));
            }
            _ => {}
        }
        if self.note.len() > LONGEST_NOTE {
            faults.push("The note is too long.".to_owned());
        }
        faults
    }
}

impl Entry {
    /// Days since the plan stalled.
    pub fn age_days(&self, today: Day) -> i32 {
        today.since(self.lapse.day_0)
    }

    /// Who looks after it; `None`: whoever comes first.
    pub fn holder(&self) -> Option<StaffId> {
        self.log.iter().rev().find_map(|step| match step.what {
            Action::HandedTo { staff } => Some(staff),
            _ => None,
        })
    }

    fn calls(&self) -> impl DoubleEndedIterator<Item = (&Step, Outcome, u16)> {
        self.log.iter().filter_map(|step| match step.what {
            Action::Called { outcome, minutes } => Some((step, outcome, minutes)),
            _ => None,
        })
    }

    /// When somebody last tried to reach her, and what came of it.
    pub fn last_contact(&self) -> Option<(Moment, Outcome)> {
        self.calls().next_back().map(|(step, outcome, _)| (step.at, outcome))
    }

    /// How long the list waited for its first call; `None`: nobody has called.
    pub fn first_call(&self) -> Option<Moment> {
        self.calls().next().map(|(step, ..)| step.at)
    }

    /// Minutes spent on it.
    pub fn minutes(&self) -> u32 {
        self.calls().map(|(.., minutes)| u32::from(minutes)).sum()
    }

    /// Whether it is to be called, as its plan stands now.
    pub fn turn(&self, facts: &Facts, clock: &ClinicClock, now: Moment) -> Turn {
        let gone = |why| Turn::Gone(why);
        let session = facts.sessions.iter().find(|session| session.session == self.lapse.session);
        let Some(session) = session.filter(|session| session.delivered.is_none()) else { return gone(Gone::Delivered) };
        match facts.standing {
            standing if standing.is_over() => return gone(Gone::Ended),
            Standing::Frozen { .. } => return gone(Gone::Paused),
            _ if !session.bookings.is_empty() => return gone(Gone::Booked),
            _ => {}
        }
        if session.missed.last().is_some_and(|missed| clock.day(missed.starts) > self.lapse.day_0) {
            return gone(Gone::StartedAnew);
        }
        if self.calls().any(|(_, outcome, _)| outcome == Outcome::DoesNotGoOn) {
            return gone(Gone::DoesNotGoOn);
        }
        match self.waits_until(clock) {
            Some(day) if day > clock.day(now) => Turn::Later(day),
            _ => Turn::Due,
        }
    }

    /// What was said last about when to come back to it. To hand it over says nothing of that.
    fn waits_until(&self, clock: &ClinicClock) -> Option<Day> {
        self.log.iter().rev().find_map(|step| match step.what {
            Action::Called { outcome, .. } => Some(outcome.again(clock.day(step.at))),
            Action::Snoozed { until } => Some(Some(until)),
            Action::HandedTo { .. } => None,
        })?
    }
}

/// The list's order: what the clinic puts first, then the money stranded, then what has been stalled longest.
pub fn sort(entries: &mut [Entry]) {
    entries.sort_by_key(|entry| (!entry.first, std::cmp::Reverse(entry.stranded_minor), entry.lapse.day_0, entry.lapse));
}

#[cfg(test)]
mod tests;
