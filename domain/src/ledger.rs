//! How many sessions of a plan are delivered and how many remain. Every surface asks here;
//! the count is never stored and never typed.

use crate::{
    chart::Chart,
    ids::{PlanId, ProcedureId, SessionId},
    package::Procedure,
    plan::{Plan, PlanAction, Standing},
    record::Treatment,
    session::{Appointment, Session},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    pub purchased: u16,
    pub delivered: u16,
    /// Number of the next session, while there is one.
    pub next: Option<u16>,
    pub standing: Standing,
}

impl Balance {
    pub fn remaining(&self) -> u16 {
        if self.standing.is_over() { 0 } else { self.purchased.saturating_sub(self.delivered) }
    }

    /// "Maya has 2 of 6 sessions remaining. Next session is #5."
    pub fn sentence(&self, first_name: &str) -> String {
        let Self { purchased, delivered, .. } = self;
        let remaining = self.remaining();
        match (self.standing, self.next) {
            (Standing::Voided, _) => format!("This series was ended. {first_name} had {delivered} of {purchased} sessions."),
            (Standing::Transferred, _) => {
                format!("The rest of this series was transferred. {first_name} had {delivered} of {purchased} sessions.")
            }
            (_, None) => format!("{first_name} has had all {purchased} sessions."),
            (Standing::Active, Some(next)) => {
                format!("{first_name} has {remaining} of {purchased} sessions remaining. Next session is #{next}.")
            }
            (Standing::Frozen { until }, Some(next)) => {
                let until = until.map_or_else(String::new, |day| format!(" until {}", day.long()));
                format!("{first_name} has {remaining} of {purchased} sessions remaining. The series is paused{until}; next is #{next}.")
            }
        }
    }

    /// "Maya's second-to-last session. Maintenance package available."
    pub fn offer(&self, first_name: &str) -> String {
        let which = if self.remaining() == 2 { "second-to-last" } else { "last" };
        format!("{first_name}’s {which} session. Maintenance package available.")
    }
}

impl Chart {
    /// The visit in which a session was delivered, or the first part of it: signed, with a treatment that counts for it.
    pub fn delivered_in(&self, session: SessionId) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|visit| visit.records().flat_map(|record| &record.treatments).any(|done| done.counts_for == Some(session)))
    }

    /// Whether some signed treatment performed that procedure of a session.
    pub fn performed(&self, session: SessionId, procedure: ProcedureId) -> bool {
        let counts = |done: &Treatment| done.counts_for == Some(session) && done.procedure.is_none_or(|done| done == procedure);
        self.sessions.iter().flat_map(Session::records).flat_map(|record| &record.treatments).any(counts)
    }

    /// Procedures of a session that are still to be performed: neither done nor given up, and of a series that is not over.
    pub fn outstanding(&self, session: SessionId) -> Vec<&Procedure> {
        let known = self.session(session).and_then(|session| Some((session, self.plan(session.plan)?)));
        let Some((session, plan)) = known.filter(|(_, plan)| !plan.standing().is_over()) else { return Vec::new() };
        let open = |procedure: &&Procedure| !plan.has_given_up(session.id, procedure.id) && !self.performed(session.id, procedure.id);
        plan.procedures.iter().filter(open).collect()
    }

    /// Procedures of a session that are neither performed nor booked.
    pub fn unbooked(&self, session: SessionId) -> Vec<&Procedure> {
        let booked = |procedure: &Procedure| self.session(session).is_some_and(|session| session.has_booked(procedure.id));
        self.outstanding(session).into_iter().filter(|procedure| !booked(procedure)).collect()
    }

    /// Delivered, and nothing of it is left for another day.
    pub(crate) fn is_done(&self, session: SessionId) -> bool {
        self.delivered_in(session).is_some() && self.outstanding(session).is_empty()
    }

    /// The session of a plan that is to be delivered next.
    pub fn next_session(&self, plan: PlanId) -> Option<&Session> {
        if self.standing(plan).is_over() {
            return None;
        }
        let open = self.sessions.iter().filter(|session| session.plan == plan && self.delivered_in(session.id).is_none());
        open.min_by_key(|session| session.number)
    }

    pub fn balance(&self, plan: PlanId) -> Balance {
        let sessions = || self.sessions.iter().filter(|session| session.plan == plan);
        let delivered = sessions().filter(|session| self.delivered_in(session.id).is_some()).count();
        let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        Balance {
            purchased: count(sessions().count()),
            delivered: count(delivered),
            next: self.next_session(plan).map(|session| session.number),
            standing: self.standing(plan),
        }
    }

    /// Now is the moment to offer more: the last session but one is next, and nobody has answered yet.
    pub fn offer_due(&self, plan: PlanId) -> bool {
        let Some(terms) = self.plan(plan) else { return false };
        let answered = terms.events.iter().any(|event| matches!(event.action, PlanAction::Offer { .. } | PlanAction::Maintain { .. }));
        let balance = self.balance(plan);
        !answered && balance.standing == Standing::Active && balance.purchased > 2 && (1..=2).contains(&balance.remaining())
    }

    fn standing(&self, plan: PlanId) -> Standing {
        self.plan(plan).map_or(Standing::Active, Plan::standing)
    }
}

impl Session {
    fn has_booked(&self, procedure: ProcedureId) -> bool {
        let holds = |booked: &&Appointment| booked.procedures.is_empty() || booked.procedures.contains(&procedure);
        self.appointments.iter().filter(holds).any(|booked| !self.is_held(booked))
    }
}
