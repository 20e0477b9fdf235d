//! A sold package: the series, the terms it was sold under, and what became of them.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    ids::{PackageId, PlanEventId, PlanId, SessionId, StaffId},
    package::{HIGHEST_PRICE_MINOR, MOST_SESSIONS, Procedure},
    rejection::Rejection,
    session::{Remark, Session},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Keeps the terms it was sold under, whatever becomes of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub id: PlanId,
    pub package: PackageId,
    pub name: String,
    /// What was agreed, in minor units of the clinic's currency.
    pub price_minor: i64,
    pub interval_days: u16,
    pub sold_on: Day,
    /// `None` for plans that were there before Cadence.
    pub sold_by: Option<StaffId>,
    /// What one session consists of.
    pub procedures: Vec<Procedure>,
    /// What became of it, oldest first. Only ever added to.
    pub events: Vec<PlanEvent>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanEvent {
    pub id: PlanEventId,
    pub action: PlanAction,
    /// Who, when, and the reason.
    pub remark: Remark,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlanAction {
    /// Paused: nobody is reminded, nothing is due.
    Freeze {
        until: Option<Day>,
    },
    Resume,
    /// Sessions on top, at no price.
    Extend {
        sessions: Vec<SessionId>,
    },
    /// Ended: what was not delivered no longer will be.
    Void,
    /// Money given back.
    Refund {
        minor: i64,
    },
}

/// How a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    Active,
    Frozen { until: Option<Day> },
    Voided,
}

/// Goodwill has an end, too.
const MOST_EXTENSION: usize = 12;

impl PlanAction {
    pub fn label(&self) -> &'static str {
        match self {
            Self::Freeze { .. } => "Paused",
            Self::Resume => "Resumed",
            Self::Extend { .. } => "Extended",
            Self::Void => "Ended",
            Self::Refund { .. } => "Refunded",
        }
    }
}

impl Plan {
    pub fn standing(&self) -> Standing {
        let step = |standing, event: &PlanEvent| match event.action {
            _ if standing == Standing::Voided => standing,
            PlanAction::Void => Standing::Voided,
            PlanAction::Freeze { until } => Standing::Frozen { until },
            PlanAction::Resume => Standing::Active,
            PlanAction::Extend { .. } | PlanAction::Refund { .. } => standing,
        };
        self.events.iter().fold(Standing::Active, step)
    }

    pub fn refunded_minor(&self) -> i64 {
        let refund = |event: &PlanEvent| match event.action {
            PlanAction::Refund { minor } => minor,
            _ => 0,
        };
        self.events.iter().map(refund).sum()
    }

    /// How long one session is booked for.
    pub fn minutes(&self) -> u16 {
        self.procedures.iter().map(|procedure| procedure.minutes).fold(0, u16::saturating_add)
    }
}

impl Chart {
    /// Sells a package: the plan and all its sessions are there from now on.
    pub(crate) fn sell(
        &mut self,
        plan: PlanId,
        package: PackageId,
        sessions: &[SessionId],
        price_minor: i64,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<(), Rejection> {
        let package = catalogue.package(package).filter(|package| !package.retired).ok_or(Rejection::UnknownPackage)?;
        if !(0..=HIGHEST_PRICE_MINOR).contains(&price_minor) {
            return Err(Rejection::Unfit { field: "Price".to_owned() });
        }
        if self.plan(plan).is_some() {
            return Err(Rejection::Exists);
        }
        if sessions.len() != usize::from(package.sessions) {
            // The package was edited while the device had no network: what was agreed is for a person to look at.
            return Err(Rejection::Stale);
        }
        self.plans.push(Plan {
            id: plan,
            package: package.id,
            name: package.name.clone(),
            price_minor,
            interval_days: package.interval_days,
            sold_on: catalogue.clock.day(author.at),
            sold_by: Some(author.staff),
            procedures: package.procedures.clone(),
            events: Vec::new(),
        });
        self.add_sessions(plan, sessions)
    }

    /// Pauses, extends, ends or refunds a plan. The reason is part of its history.
    pub(crate) fn change_plan(
        &mut self,
        plan: PlanId,
        event: PlanEventId,
        action: &PlanAction,
        reason: &str,
        author: Author,
    ) -> Result<(), Rejection> {
        let text = checked(reason)?;
        let changed = self.plan(plan).ok_or(Rejection::UnknownPlan)?;
        if self.plans.iter().flat_map(|plan| &plan.events).any(|other| other.id == event) {
            return Err(Rejection::Exists);
        }
        match (changed.standing(), action) {
            // Money can be given back after the end; it is usual then.
            (_, PlanAction::Refund { minor }) => {
                let left = changed.price_minor - changed.refunded_minor();
                if !(1..=left).contains(minor) {
                    return Err(Rejection::Unfit { field: "Refund".to_owned() });
                }
            }
            (Standing::Voided, _) => return Err(Rejection::PlanEnded { name: changed.name.clone() }),
            (Standing::Active, PlanAction::Resume) => return Err(Rejection::AlreadyDecided),
            (_, PlanAction::Extend { sessions }) => {
                if sessions.is_empty() || sessions.len() > MOST_EXTENSION {
                    return Err(Rejection::TooMuch { what: "sessions in one extension".to_owned() });
                }
                self.add_sessions(plan, sessions)?;
            }
            (_, PlanAction::Freeze { .. } | PlanAction::Resume | PlanAction::Void) => {}
        }
        let event = PlanEvent { id: event, action: action.clone(), remark: Remark { by: author.staff, at: author.at, text } };
        if let Some(plan) = self.plans.iter_mut().find(|other| other.id == plan) {
            plan.events.push(event);
        }
        Ok(())
    }

    /// Numbers go on where the series ends.
    fn add_sessions(&mut self, plan: PlanId, ids: &[SessionId]) -> Result<(), Rejection> {
        let last = self.sessions.iter().filter(|session| session.plan == plan).map(|session| session.number).max().unwrap_or(0);
        for (number, id) in (last + 1..).zip(ids) {
            if number > MOST_SESSIONS * 4 {
                return Err(Rejection::TooMuch { what: "sessions in one series".to_owned() });
            }
            if self.session(*id).is_some() {
                return Err(Rejection::Exists);
            }
            self.sessions.push(Session {
                id: *id,
                plan,
                number,
                appointment: None,
                past_bookings: vec![],
                signed: None,
                addenda: Vec::new(),
                followed_up: None,
            });
        }
        Ok(())
    }
}
