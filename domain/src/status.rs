//! How a session stands. Derived, never typed.

use crate::{
    chart::Chart,
    plan::{Plan, Standing},
    session::Session,
    time::Moment,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SessionStatus {
    AwaitingBooking,
    Booked,
    /// Performed and documented.
    Completed,
}

impl SessionStatus {
    pub const ALL: [Self; 3] = [Self::AwaitingBooking, Self::Booked, Self::Completed];

    pub fn label(self) -> &'static str {
        match self {
            Self::AwaitingBooking => "Awaiting booking",
            Self::Booked => "Booked",
            Self::Completed => "Completed",
        }
    }
}

/// A session of a series, with all that is derived about it.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    pub session: &'a Session,
    pub plan: &'a Plan,
    pub status: SessionStatus,
    /// When it was, or is booked for.
    pub at: Option<Moment>,
    /// The visit it was delivered in, which may be another session's.
    pub visit: Option<&'a Session>,
}

impl Listed<'_> {
    /// Its date has passed, done or not.
    pub fn is_past(&self, now: Moment) -> bool {
        self.status == SessionStatus::Completed || self.at.is_some_and(|at| at < now)
    }

    /// Its date has passed and nothing was documented.
    pub fn is_undocumented(&self, now: Moment) -> bool {
        self.status != SessionStatus::Completed && self.is_past(now)
    }
}

impl Chart {
    /// All sessions of all series. Those of an ended series that were never delivered are no more.
    pub fn listed(&self) -> Vec<Listed<'_>> {
        self.sessions.iter().filter_map(|session| self.listed_session(session)).collect()
    }

    fn listed_session<'a>(&'a self, session: &'a Session) -> Option<Listed<'a>> {
        let plan = self.plan(session.plan)?;
        let visit = self.delivered_in(session.id);
        if visit.is_none() && plan.standing() == Standing::Voided {
            return None;
        }
        let booked = session.appointment.map(|appointment| appointment.starts);
        let done = visit.and_then(|visit| visit.appointment.map(|appointment| appointment.starts).or(visit.signed.as_ref().map(|s| s.at)));
        let status = match (visit, booked) {
            (Some(_), _) => SessionStatus::Completed,
            (None, Some(_)) => SessionStatus::Booked,
            (None, None) => SessionStatus::AwaitingBooking,
        };
        Some(Listed { session, plan, status, at: done.or(booked), visit })
    }
}
