//! How many sessions of a plan are delivered and how many remain. Every surface asks here;
//! the count is never stored and never typed.

use crate::{
    chart::Chart,
    ids::{PlanId, SessionId},
    plan::Standing,
    session::Session,
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
        if self.standing == Standing::Voided { 0 } else { self.purchased.saturating_sub(self.delivered) }
    }

    /// "Maya has 2 of 6 sessions remaining. Next session is #5."
    pub fn sentence(&self, first_name: &str) -> String {
        let Self { purchased, delivered, .. } = self;
        let remaining = self.remaining();
        match (self.standing, self.next) {
            (Standing::Voided, _) => format!("This series was ended. {first_name} had {delivered} of {purchased} sessions."),
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
}

impl Chart {
    /// The visit in which a session was delivered: signed, with a treatment that counts for it.
    pub fn delivered_in(&self, session: SessionId) -> Option<&Session> {
        self.sessions.iter().find(|visit| {
            let treatments = visit.signed.iter().flat_map(|signed| &signed.record.treatments);
            treatments.into_iter().any(|treatment| treatment.counts_for == Some(session))
        })
    }

    /// The session of a plan that is to be delivered next.
    pub fn next_session(&self, plan: PlanId) -> Option<&Session> {
        if self.standing(plan) == Standing::Voided {
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

    fn standing(&self, plan: PlanId) -> Standing {
        self.plan(plan).map_or(Standing::Active, |plan| plan.standing())
    }
}
