//! How a session stands. Derived, never typed.

use crate::{
    chart::Chart,
    follow_up::elsewhere::Elsewhere,
    ledger::Performance,
    plan::Plan,
    session::{Appointment, Session},
    time::Moment,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SessionStatus {
    AwaitingBooking,
    /// Some of its procedures are booked or performed, others are not booked.
    PartiallyBooked,
    Booked,
    /// Every procedure performed and documented.
    Completed,
}

impl SessionStatus {
    pub const ALL: [Self; 4] = [Self::AwaitingBooking, Self::PartiallyBooked, Self::Booked, Self::Completed];

    pub fn label(self) -> &'static str {
        match self {
            Self::AwaitingBooking => "Awaiting booking",
            Self::PartiallyBooked => "Partially booked",
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
    /// When it was, or is booked for: of several bookings, the first that is still to be held.
    pub at: Option<Moment>,
    /// The visit it was delivered in, or the first part of it; it may be another session's.
    pub visit: Option<&'a Session>,
    /// While it is not completed here: what another system has booked of it, or says was held.
    pub elsewhere: Option<&'a Elsewhere>,
}

impl Listed<'_> {
    /// Its date has passed, done or not.
    pub fn is_past(&self, now: Moment) -> bool {
        self.status == SessionStatus::Completed || self.at.is_some_and(|at| at < now)
    }

    /// Its date has passed and not everything was documented.
    pub fn is_undocumented(&self, now: Moment) -> bool {
        self.status != SessionStatus::Completed && self.is_past(now)
    }
}

impl Chart {
    /// All sessions of all series. Those of an ended series that were never delivered are no more.
    pub fn listed(&self) -> Vec<Listed<'_>> {
        let done = self.all_performances();
        self.sessions.iter().filter_map(|session| self.list(session, done.of(session.id))).collect()
    }

    pub fn listed_session<'a>(&'a self, session: &'a Session) -> Option<Listed<'a>> {
        self.list(session, &self.performances_of(session.id))
    }

    fn list<'a>(&'a self, session: &'a Session, performed: &[Performance<'a>]) -> Option<Listed<'a>> {
        let plan = self.plan(session.plan)?;
        let visit = performed.first().map(|done| done.visit);
        if visit.is_none() && plan.standing().is_over() {
            return None;
        }
        let done = visit.and_then(|visit| visit.first_booking().map(|booked| booked.starts).or(visit.signed.as_ref().map(|s| s.at)));
        let outstanding = plan.outstanding(session.id, performed);
        if visit.is_some() && outstanding.is_empty() {
            return Some(Listed { session, plan, status: SessionStatus::Completed, at: done, visit, elsewhere: None });
        }
        let is_open = |booked: &&Appointment| {
            let holds = booked.procedures.is_empty() || outstanding.iter().any(|procedure| booked.procedures.contains(&procedure.id));
            holds && !session.is_held(booked)
        };
        let booked = session.appointments.iter().filter(is_open).map(|booked| booked.starts).min();
        let all_booked = outstanding.iter().all(|procedure| session.has_booked(procedure.id));
        let elsewhere = self.kept_elsewhere(session.id);
        let at = booked.into_iter().chain(elsewhere.map(|kept| kept.starts)).min();
        let status = match (visit, booked) {
            // Another system does not say which procedures are held: all that are left.
            _ if elsewhere.is_some() => SessionStatus::Booked,
            (_, Some(_)) if all_booked => SessionStatus::Booked,
            (None, None) => SessionStatus::AwaitingBooking,
            _ => SessionStatus::PartiallyBooked,
        };
        Some(Listed { session, plan, status, at, visit, elsewhere })
    }
}
