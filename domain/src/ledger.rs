//! How many sessions of a plan are delivered and how many remain. Every surface asks here;
//! the count is never stored and never typed.

use crate::{
    chart::Chart,
    ids::{PlanId, ProcedureId, SessionId, TemplateId},
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
        self.say(&format!("{first_name} has"), &format!("{first_name} had"))
    }

    /// The same, said to the client: "You have 2 of 6 sessions remaining. Next session is #5."
    pub fn sentence_to_client(&self) -> String {
        self.say("You have", "You had")
    }

    fn say(&self, has: &str, had: &str) -> String {
        let Self { purchased, delivered, .. } = self;
        let remaining = self.remaining();
        match (self.standing, self.next) {
            (Standing::Voided, _) => format!("This series was ended. {had} {delivered} of {purchased} sessions."),
            (Standing::Transferred, _) => {
                format!("The rest of this series was transferred. {had} {delivered} of {purchased} sessions.")
            }
            (_, None) => format!("{has} had all {purchased} sessions."),
            (Standing::Active, Some(next)) => {
                format!("{has} {remaining} of {purchased} sessions remaining. Next session is #{next}.")
            }
            (Standing::Frozen { until }, Some(next)) => {
                let until = until.map_or_else(String::new, |day| format!(" until {}", day.long()));
                format!("{has} {remaining} of {purchased} sessions remaining. The series is paused{until}; next is #{next}.")
            }
        }
    }

    /// "Maya's second-to-last session. Maintenance package available."
    pub fn offer(&self, first_name: &str) -> String {
        let which = if self.remaining() == 2 { "second-to-last" } else { "last" };
        format!("{first_name}’s {which} session. Maintenance package available.")
    }
}

/// One signed treatment, by what it counts for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Performance<'a> {
    session: SessionId,
    /// `None` is the whole session.
    procedure: Option<ProcedureId>,
    pub visit: &'a Session,
}

/// Everything that was performed, gathered in one pass over the records: for lists of many sessions.
pub(crate) struct Performances<'a>(Vec<Performance<'a>>);

impl<'a> Performances<'a> {
    /// Those of one session, in the order of the visits.
    pub fn of(&self, session: SessionId) -> &[Performance<'a>] {
        let first = self.0.partition_point(|done| done.session < session);
        let end = self.0.partition_point(|done| done.session <= session);
        &self.0[first..end]
    }
}

impl Chart {
    fn performances(&self) -> impl Iterator<Item = Performance<'_>> {
        self.sessions.iter().flat_map(|visit| {
            let treatments = visit.records().flat_map(|record| &record.treatments);
            treatments.filter_map(move |done: &Treatment| {
                done.counts_for.map(|session| Performance { session, procedure: done.procedure, visit })
            })
        })
    }

    pub(crate) fn all_performances(&self) -> Performances<'_> {
        let mut all: Vec<_> = self.performances().collect();
        all.sort_by_key(|done| done.session);
        Performances(all)
    }

    pub(crate) fn performances_of(&self, session: SessionId) -> Vec<Performance<'_>> {
        self.performances().filter(|done| done.session == session).collect()
    }

    /// The visit in which a session was delivered, or the first part of it: signed, with a treatment that counts for it.
    pub fn delivered_in(&self, session: SessionId) -> Option<&Session> {
        self.performances().find(|done| done.session == session).map(|done| done.visit)
    }

    /// Whether some signed treatment performed that procedure of a session.
    pub fn performed(&self, session: SessionId, procedure: ProcedureId) -> bool {
        is_performed(procedure, &self.performances_of(session))
    }

    /// Procedures of a session that are still to be performed: neither done nor given up, nor of a series that is over.
    pub fn outstanding(&self, session: SessionId) -> Vec<&Procedure> {
        let plan = self.session(session).and_then(|session| self.plan(session.plan));
        plan.map_or_else(Vec::new, |plan| plan.outstanding(session, &self.performances_of(session)))
    }

    /// Procedures of a session that are neither performed nor booked.
    pub fn unbooked(&self, session: SessionId) -> Vec<&Procedure> {
        let booked = |procedure: &Procedure| self.session(session).is_some_and(|session| session.has_booked(procedure.id));
        self.outstanding(session).into_iter().filter(|procedure| !booked(procedure)).collect()
    }

    /// Which procedure of a session a treatment performs while nobody has said: one that is not done nor `charted` beside
    /// it, and is done by that template. `None` where there is nothing to choose.
    pub fn likely_procedure<'a>(
        &self,
        session: SessionId,
        template: TemplateId,
        charted: impl IntoIterator<Item = &'a Treatment>,
    ) -> Option<ProcedureId> {
        let plan = self.plan(self.session(session)?.plan)?;
        if plan.procedures.len() < 2 {
            return None;
        }
        let taken: Vec<_> = charted.into_iter().filter(|other| other.counts_for == Some(session)).map(|other| other.procedure).collect();
        let fit = |procedure: &&Procedure| {
            let free = !taken.contains(&Some(procedure.id));
            match (free, procedure.template) {
                (true, Some(wanted)) if wanted == template => 0,
                (true, None) => 1,
                (false, Some(wanted)) if wanted == template => 2,
                (true, Some(_)) => 3,
                (false, _) => 4,
            }
        };
        self.outstanding(session).into_iter().min_by_key(fit).map(|procedure| procedure.id)
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
        let done = self.all_performances();
        let open = self.sessions.iter().filter(|session| session.plan == plan && done.of(session.id).is_empty());
        open.min_by_key(|session| session.number)
    }

    pub fn balance(&self, plan: PlanId) -> Balance {
        let sessions = || self.sessions.iter().filter(|session| session.plan == plan);
        let done = self.all_performances();
        let delivered = sessions().filter(|session| !done.of(session.id).is_empty()).count();
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

fn is_performed(procedure: ProcedureId, done: &[Performance<'_>]) -> bool {
    done.iter().any(|done| done.procedure.is_none_or(|done| done == procedure))
}

impl Plan {
    /// Of a session of this plan, what is neither in `done` nor given up. Of an ended series nothing is outstanding any more.
    pub(crate) fn outstanding(&self, session: SessionId, done: &[Performance<'_>]) -> Vec<&Procedure> {
        if self.standing().is_over() {
            return Vec::new();
        }
        let open = |procedure: &&Procedure| !self.has_given_up(session, procedure.id) && !is_performed(procedure.id, done);
        self.procedures.iter().filter(open).collect()
    }
}

impl Session {
    pub(crate) fn has_booked(&self, procedure: ProcedureId) -> bool {
        let holds = |booked: &&Appointment| booked.procedures.is_empty() || booked.procedures.contains(&procedure);
        self.appointments.iter().filter(holds).any(|booked| !self.is_held(booked))
    }
}
