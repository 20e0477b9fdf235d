//! What was paid, what is owed, and what was delivered without either. Derived from the ledger, like every count.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    command::Change,
    ids::{AddendumId, CommandId, PlanId, SessionId},
    package::HIGHEST_PRICE_MINOR,
    plan::{Plan, PlanAction, PlanEvent, Standing},
    rejection::Rejection,
    session::{Remark, Session},
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// How one session stands with the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Billing {
    /// Costs nothing: received, or on top at no price.
    Free,
    Paid,
    /// Not delivered yet, and not paid.
    Open,
    /// Delivered, and not paid.
    Unbilled,
    /// Delivered and not paid; somebody settled it, with a reason.
    Settled,
}

impl Billing {
    pub const ALL: [Self; 5] = [Self::Free, Self::Paid, Self::Open, Self::Unbilled, Self::Settled];

    pub fn label(self) -> &'static str {
        match self {
            Self::Free => "No charge",
            Self::Paid => "Paid",
            Self::Open => "Not paid yet",
            Self::Unbilled => "Unbilled",
            Self::Settled => "Settled",
        }
    }
}

/// A plan's money, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanBilling {
    /// What all of it costs: the sale, and maintenance since.
    pub price: i64,
    /// What was taken, less what was given back.
    pub paid: i64,
    /// What is still to be paid: of an ended series, only for what was delivered.
    pub owed: i64,
}

impl PlanBilling {
    /// `Paid`, `Partly paid`, `Not paid`, `No charge`.
    pub fn label(self) -> &'static str {
        match self {
            Self { price: 0, paid: 0, .. } => "No charge",
            Self { owed: 0, .. } => "Paid",
            Self { paid: 0, .. } => "Not paid",
            _ => "Partly paid",
        }
    }
}

/// Something delivered that no payment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BillingItem {
    /// A session of a series.
    Session(SessionId),
    /// A treatment outside any series: position in the visit's record.
    Treatment { visit: SessionId, position: u16 },
    /// A charting kept as an addendum: of a session that was delivered already, or with something outside any series in it.
    Again { visit: SessionId, addendum: AddendumId },
}

/// What somebody made of such a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    pub item: BillingItem,
    /// What was charged elsewhere for it, in minor units; 0 where it was let go.
    pub charged_minor: i64,
    /// Who, when, and the reason.
    pub remark: Remark,
}

/// A line of the billing exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    pub kind: ExceptionKind,
    /// The visit it was delivered in.
    pub visit: SessionId,
    pub plan: Option<PlanId>,
    pub at: Moment,
    /// What it is worth by the plan's terms, where there are any; in minor units.
    pub worth_minor: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExceptionKind {
    Item(BillingItem),
    /// Charted, but not part of any series' count: it waits under "Needs attention".
    PastThePackage(CommandId),
}

impl Plan {
    /// What was taken, less what was given back.
    pub fn paid_minor(&self) -> i64 {
        let moved = |event: &PlanEvent| match event.action {
            PlanAction::Pay { minor, .. } => minor,
            PlanAction::Refund { minor } => -minor,
            _ => 0,
        };
        self.paid_before_minor + self.events.iter().map(moved).sum::<i64>()
    }

    fn total_minor(&self) -> i64 {
        let more = |event: &PlanEvent| match event.action {
            PlanAction::Maintain { price_minor, .. } => price_minor,
            _ => 0,
        };
        self.price_minor + self.events.iter().map(more).sum::<i64>()
    }
}

impl Chart {
    /// Sessions of a plan with what each is worth, by number. The sale's price is spread over what was sold with it; what
    /// came on top later has its own.
    fn worths(&self, plan: &Plan) -> Vec<(&Session, i64)> {
        let mut sessions: Vec<_> = self.sessions.iter().filter(|session| session.plan == plan.id).collect();
        sessions.sort_by_key(|session| session.number);
        let later = |session: SessionId| {
            plan.events.iter().find_map(|event| match &event.action {
                PlanAction::Extend { sessions } if sessions.contains(&session) => Some(0),
                PlanAction::Maintain { sessions, price_minor } => {
                    let place = sessions.iter().position(|other| *other == session)?;
                    Some(share(*price_minor, sessions.len(), place))
                }
                _ => None,
            })
        };
        let sold = sessions.iter().filter(|session| later(session.id).is_none()).count();
        let mut place = 0;
        let worth = |session: &Session| {
            later(session.id).unwrap_or_else(|| {
                place += 1;
                share(plan.price_minor, sold, place - 1)
            })
        };
        let worths: Vec<_> = sessions.iter().copied().map(worth).collect();
        sessions.into_iter().zip(worths).collect()
    }

    /// How each session of a plan stands with the money, by number. What was delivered is covered first; what was settled needs
    /// no cover, or it would be asked for again once the rest is paid.
    pub fn session_billing(&self, plan: PlanId) -> Vec<(SessionId, Billing)> {
        self.worth_of_sessions(plan).into_iter().map(|(session, billing, _)| (session, billing)).collect()
    }

    /// The same, with what each is worth, in minor units.
    pub fn worth_of_sessions(&self, plan: PlanId) -> Vec<(SessionId, Billing, i64)> {
        let Some(terms) = self.plan(plan) else { return Vec::new() };
        let done = self.all_performances();
        let mut sessions: Vec<_> =
            self.worths(terms).into_iter().map(|(session, worth)| (session, worth, !done.of(session.id).is_empty())).collect();
        sessions.sort_by_key(|(session, _, delivered)| (!delivered, session.number));
        let mut left = terms.paid_minor();
        let mut billed: Vec<_> = sessions
            .into_iter()
            .map(|(session, worth, delivered)| {
                // What was settled stays so: a later payment is for the others.
                let settled = delivered && self.is_settled(BillingItem::Session(session.id));
                let covered = !settled && worth <= left;
                if covered {
                    left -= worth;
                }
                let billing = match (worth, covered, delivered) {
                    (0, ..) => Billing::Free,
                    _ if settled => Billing::Settled,
                    (_, true, _) => Billing::Paid,
                    (_, false, false) => Billing::Open,
                    (_, false, true) => Billing::Unbilled,
                };
                (session.number, (session.id, billing, worth))
            })
            .collect();
        billed.sort_by_key(|(number, _)| *number);
        billed.into_iter().map(|(_, billed)| billed).collect()
    }

    pub fn plan_billing(&self, plan: PlanId) -> PlanBilling {
        let (price, paid) = self.plan(plan).map_or((0, 0), |plan| (plan.total_minor(), plan.paid_minor()));
        PlanBilling { price, paid, owed: self.owed_minor(plan) }
    }

    /// What is still to be paid for a plan. What was settled session by session is not asked for twice.
    pub(crate) fn owed_minor(&self, plan: PlanId) -> i64 {
        let Some(terms) = self.plan(plan) else { return 0 };
        let sessions = self.worth_of_sessions(plan).into_iter();
        let settled: i64 = sessions.filter(|(_, billing, _)| *billing == Billing::Settled).map(|(.., worth)| worth).sum();
        let due = match terms.standing() {
            Standing::Voided => {
                let delivered = self.worths(terms).into_iter().filter(|(session, _)| self.delivered_in(session.id).is_some());
                delivered.map(|(_, worth)| worth).sum()
            }
            Standing::Active | Standing::Frozen { .. } | Standing::Transferred => terms.total_minor(),
        };
        (due - terms.paid_minor() - settled).max(0)
    }

    /// What one session costs at retail: by the package as it is sold now, or by the plan's own terms when it no longer is.
    pub fn retail_minor(&self, plan: PlanId, catalogue: &Catalogue) -> i64 {
        let Some(terms) = self.plan(plan) else { return 0 };
        match catalogue.package(terms.package) {
            Some(package) => package.price_minor / i64::from(package.sessions.max(1)),
            None => self.worths(terms).first().map_or(0, |(_, worth)| *worth),
        }
    }

    /// The price of so many sessions of maintenance: one session at retail, less what the clinic takes off.
    pub fn maintenance_minor(&self, plan: PlanId, sessions: usize, catalogue: &Catalogue) -> i64 {
        let one = below_retail(self.retail_minor(plan, catalogue), catalogue.maintenance_percent);
        i64::try_from(sessions).unwrap_or_default() * one
    }

    fn is_settled(&self, item: BillingItem) -> bool {
        self.settlements.iter().any(|settlement| settlement.item == item)
    }

    /// Delivered and covered by nothing, or past what was sold; the latest first. Empty when all is well.
    pub fn exceptions(&self) -> Vec<Exception> {
        let mut exceptions: Vec<_> = self.unbilled_sessions().chain(self.outside_series()).chain(self.past_the_package()).collect();
        exceptions.sort_by_key(|exception| std::cmp::Reverse(exception.at));
        exceptions
    }

    fn unbilled_sessions(&self) -> impl Iterator<Item = Exception> {
        // Most plans are paid, and need no look at their sessions.
        let owing = self.plans.iter().filter(|plan| plan.paid_minor() < plan.total_minor());
        let of_plan = |plan: &Plan| self.worth_of_sessions(plan.id).into_iter().map(|billed| (billed, plan.id)).collect::<Vec<_>>();
        owing.flat_map(of_plan).filter(|((_, billing, _), _)| *billing == Billing::Unbilled).filter_map(|((session, _, worth), plan)| {
            let visit = self.delivered_in(session)?;
            Some(Exception {
                kind: ExceptionKind::Item(BillingItem::Session(session)),
                visit: visit.id,
                plan: Some(plan),
                at: visit.signed.as_ref()?.at,
                worth_minor: Some(worth),
            })
        })
    }

    /// Treatments outside any series, and second chartings. One of another day is settled whole.
    fn outside_series(&self) -> impl Iterator<Item = Exception> {
        let visits = self.sessions.iter().filter_map(|visit| Some((visit, visit.signed.as_ref()?)));
        visits.flat_map(|(visit, signed)| {
            let treatments = (0_u16..).zip(&signed.record.treatments).filter(|(_, done)| done.counts_for.is_none());
            let treatments = treatments.map(|(position, _)| (BillingItem::Treatment { visit: visit.id, position }, signed.at, None));
            let later = visit.addenda.iter().filter(|addendum| addendum.is_outside());
            let later =
                later.map(|addendum| (BillingItem::Again { visit: visit.id, addendum: addendum.id }, addendum.at, Some(visit.plan)));
            let items: Vec<_> = treatments.chain(later).filter(|(item, ..)| !self.is_settled(*item)).collect();
            let exception = |(item, at, plan)| Exception { kind: ExceptionKind::Item(item), visit: visit.id, plan, at, worth_minor: None };
            items.into_iter().map(exception)
        })
    }

    fn past_the_package(&self) -> impl Iterator<Item = Exception> {
        self.undecided().filter_map(|item| match item.change {
            Change::SignSession { session, .. } => Some(Exception {
                kind: ExceptionKind::PastThePackage(item.command),
                visit: session,
                plan: self.session(session).map(|session| session.plan),
                at: item.at,
                worth_minor: None,
            }),
            _ => None,
        })
    }

    pub(crate) fn settle(&mut self, item: BillingItem, charged_minor: i64, reason: &str, author: Author) -> Result<(), Rejection> {
        let text = checked(reason)?;
        if !(0..=HIGHEST_PRICE_MINOR).contains(&charged_minor) {
            return Err(Rejection::Unfit { field: "Charged".to_owned() });
        }
        if self.is_settled(item) {
            return Err(Rejection::AlreadyDecided);
        }
        if !self.exceptions().iter().any(|exception| exception.kind == ExceptionKind::Item(item)) {
            return Err(Rejection::NotThere);
        }
        self.settlements.push(Settlement { item, charged_minor, remark: Remark { by: author.staff, at: author.at, text } });
        Ok(())
    }
}

/// What so much at retail costs as maintenance.
pub fn below_retail(minor: i64, percent: u8) -> i64 {
    minor * (100 - i64::from(percent.min(100))) / 100
}

/// The part of a price that falls on one of `of` sessions; what does not divide falls on the last ones.
fn share(minor: i64, of: usize, place: usize) -> i64 {
    let (of, place) = (i64::try_from(of.max(1)).unwrap_or(1), i64::try_from(place).unwrap_or_default());
    minor * (place + 1) / of - minor * place / of
}

#[cfg(test)]
mod tests;
