//! A sold package: the series, the terms it was sold under, and what became of them.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    ids::{ClientId, PackageId, PlanEventId, PlanId, ProcedureId, SessionId, StaffId},
    note::LONGEST_NOTE,
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
    /// Paid before payments were noted here, in minor units.
    pub paid_before_minor: i64,
    /// What one session consists of.
    pub procedures: Vec<Procedure>,
    /// What became of it, oldest first. Only ever added to.
    pub events: Vec<PlanEvent>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanEvent {
    pub id: PlanEventId,
    #[serde(with = "crate::json_inside")]
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
    /// Money taken.
    Pay {
        minor: i64,
        how: PaymentMethod,
    },
    /// The sessions that remain go to another client, where they are a series of their own: `plan`, beginning with `event`.
    Transfer {
        to: ClientId,
        plan: PlanId,
        event: PlanEventId,
        sessions: Vec<SessionId>,
    },
    /// The other end of a transfer. Comes with the series, and is never asked for.
    Receive {
        from: ClientId,
    },
    /// Maintenance: the same series goes on, below the retail price.
    Maintain {
        sessions: Vec<SessionId>,
        price_minor: i64,
    },
    /// The client's answer when maintenance was offered.
    Offer {
        taken: bool,
    },
    /// A procedure of one session that will not be performed.
    GiveUp {
        session: SessionId,
        procedure: ProcedureId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PaymentMethod {
    Card,
    Cash,
    BankTransfer,
    Financing,
    Other,
}

/// What is paid at the moment of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub event: PlanEventId,
    pub minor: i64,
    pub how: PaymentMethod,
}

/// How a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    Active,
    Frozen {
        until: Option<Day>,
    },
    Voided,
    /// What remained belongs to another client.
    Transferred,
}

/// Goodwill has an end, too.
const MOST_EXTENSION: usize = 12;

impl Standing {
    /// Nothing of it will be delivered any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Voided | Self::Transferred)
    }
}

impl PaymentMethod {
    pub const ALL: [Self; 5] = [Self::Card, Self::Cash, Self::BankTransfer, Self::Financing, Self::Other];

    pub fn label(self) -> &'static str {
        match self {
            Self::Card => "Card",
            Self::Cash => "Cash",
            Self::BankTransfer => "Bank transfer",
            Self::Financing => "Financing",
            Self::Other => "Another way",
        }
    }
}

impl PlanAction {
    pub fn label(&self) -> &'static str {
        match self {
            Self::Freeze { .. } => "Paused",
            Self::Resume => "Resumed",
            Self::Extend { .. } => "Extended",
            Self::Void => "Ended",
            Self::Refund { .. } => "Refunded",
            Self::Pay { .. } => "Paid",
            Self::Transfer { .. } => "Transferred",
            Self::Receive { .. } => "Received",
            Self::Maintain { .. } => "Maintenance sold",
            Self::Offer { taken: true } => "Maintenance wanted",
            Self::Offer { taken: false } => "Maintenance declined",
            Self::GiveUp { .. } => "Procedure given up",
        }
    }

    /// Somebody will ask why, later.
    pub fn wants_reason(&self) -> bool {
        !matches!(self, Self::Pay { .. } | Self::Maintain { .. } | Self::Offer { .. })
    }
}

/// What is sold, and for how much.
pub(crate) struct Sale<'a> {
    pub plan: PlanId,
    pub package: PackageId,
    pub sessions: &'a [SessionId],
    pub price_minor: i64,
    pub paid: Option<Payment>,
}

impl Plan {
    pub fn standing(&self) -> Standing {
        let step = |standing: Standing, event: &PlanEvent| match event.action {
            _ if standing.is_over() => standing,
            PlanAction::Void => Standing::Voided,
            PlanAction::Transfer { .. } => Standing::Transferred,
            PlanAction::Freeze { until } => Standing::Frozen { until },
            PlanAction::Resume => Standing::Active,
            _ => standing,
        };
        self.events.iter().fold(Standing::Active, step)
    }

    pub(crate) fn has_given_up(&self, session: SessionId, procedure: ProcedureId) -> bool {
        self.events.iter().any(|event| event.action == PlanAction::GiveUp { session, procedure })
    }

    /// How long one session is booked for.
    pub fn minutes(&self) -> u16 {
        self.procedures.iter().map(|procedure| procedure.minutes).fold(0, u16::saturating_add)
    }
}

impl Chart {
    /// Sells a package: the plan and all its sessions are there from now on.
    pub(crate) fn sell(&mut self, sale: Sale<'_>, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        let Sale { plan, package, sessions, price_minor, paid } = sale;
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
            paid_before_minor: 0,
            procedures: package.procedures.clone(),
            events: Vec::new(),
        });
        self.add_sessions(plan, sessions)?;
        match paid {
            Some(Payment { event, minor, how }) => self.change_plan(plan, event, &PlanAction::Pay { minor, how }, "", author, catalogue),
            None => Ok(()),
        }
    }

    /// Whatever becomes of a plan after its sale. The reason is part of its history.
    pub(crate) fn change_plan(
        &mut self,
        plan: PlanId,
        event: PlanEventId,
        action: &PlanAction,
        reason: &str,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<(), Rejection> {
        let text = if action.wants_reason() { checked(reason)? } else { reason.trim().to_owned() };
        if text.len() > LONGEST_NOTE {
            return Err(Rejection::TooMuch { what: "text in one note".to_owned() });
        }
        let changed = self.plan(plan).ok_or(Rejection::UnknownPlan)?;
        if self.plans.iter().flat_map(|plan| &plan.events).any(|other| other.id == event) {
            return Err(Rejection::Exists);
        }
        let (standing, name) = (changed.standing(), changed.name.clone());
        match action {
            // Money moves after the end, too; it is usual then.
            PlanAction::Refund { minor } => {
                if !(1..=changed.paid_minor()).contains(minor) {
                    return Err(Rejection::Unfit { field: "Refund".to_owned() });
                }
            }
            PlanAction::Pay { minor, .. } => {
                if !(1..=self.owed_minor(plan)).contains(minor) {
                    return Err(Rejection::Unfit { field: "Payment".to_owned() });
                }
            }
            PlanAction::Receive { .. } => return Err(Rejection::NotAllowed),
            _ if standing.is_over() => return Err(Rejection::PlanEnded { name }),
            PlanAction::Resume => {
                if standing == Standing::Active {
                    return Err(Rejection::AlreadyDecided);
                }
            }
            PlanAction::Freeze { .. } => {}
            PlanAction::Extend { sessions } => self.add_to_series(plan, sessions)?,
            PlanAction::Maintain { sessions, price_minor } => {
                if *price_minor != self.maintenance_minor(plan, sessions.len(), catalogue) {
                    return Err(Rejection::Stale);
                }
                self.add_to_series(plan, sessions)?;
            }
            PlanAction::Offer { .. } => {
                if !self.offer_due(plan) {
                    return Err(Rejection::AlreadyDecided);
                }
            }
            PlanAction::GiveUp { session, procedure } => {
                let of_plan = self.session(*session).is_some_and(|session| session.plan == plan);
                if !of_plan || !self.outstanding(*session).iter().any(|open| open.id == *procedure) {
                    return Err(Rejection::NotThere);
                }
                // A session nothing of which was done is cancelled or left; giving it up whole would be an end without a name.
                if self.delivered_in(*session).is_none() {
                    return Err(Rejection::NotSigned);
                }
            }
            PlanAction::Void => {}
            PlanAction::Transfer { to, sessions, .. } => {
                if *to == self.client.id || sessions.is_empty() {
                    return Err(Rejection::NotThere);
                }
                if sessions.len() != usize::from(self.balance(plan).remaining()) {
                    return Err(Rejection::Stale);
                }
            }
        }
        let event = PlanEvent { id: event, action: action.clone(), remark: Remark { by: author.staff, at: author.at, text: text.clone() } };
        if let Some(plan) = self.plans.iter_mut().find(|other| other.id == plan) {
            plan.events.push(event);
        }
        // What was booked for something that no longer will be gives its time free.
        let touched: Vec<_> = match action {
            PlanAction::GiveUp { session, .. } => vec![*session],
            PlanAction::Void | PlanAction::Transfer { .. } => {
                self.sessions.iter().filter(|session| session.plan == plan).map(|session| session.id).collect()
            }
            _ => Vec::new(),
        };
        touched.into_iter().try_for_each(|session| self.end_idle_bookings(session, &text, author))
    }

    /// The chart that receives what another one transfers: a series of its own, already paid for there.
    pub fn receive(
        &self,
        giver: &Self,
        given: PlanId,
        action: &PlanAction,
        reason: &str,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<Self, Rejection> {
        let PlanAction::Transfer { to, plan, event, sessions } = action else { return Err(Rejection::NotAllowed) };
        let terms = giver.plan(given).ok_or(Rejection::UnknownPlan)?;
        if *to != self.client.id {
            return Err(Rejection::NotThere);
        }
        if self.plan(*plan).is_some() {
            return Err(Rejection::Exists);
        }
        let remark = Remark { by: author.staff, at: author.at, text: checked(reason)? };
        let mut next = self.clone();
        next.plans.push(Plan {
            id: *plan,
            price_minor: 0,
            paid_before_minor: 0,
            sold_on: catalogue.clock.day(author.at),
            sold_by: Some(author.staff),
            events: vec![PlanEvent { id: *event, action: PlanAction::Receive { from: giver.client.id }, remark }],
            ..terms.clone()
        });
        next.add_sessions(*plan, sessions)?;
        Ok(next)
    }

    fn add_to_series(&mut self, plan: PlanId, sessions: &[SessionId]) -> Result<(), Rejection> {
        if sessions.is_empty() || sessions.len() > MOST_EXTENSION {
            return Err(Rejection::TooMuch { what: "sessions in one extension".to_owned() });
        }
        self.add_sessions(plan, sessions)
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
                appointments: Vec::new(),
                past_bookings: Vec::new(),
                signed: None,
                addenda: Vec::new(),
                co_signed: None,
                followed_up: None,
                photos_skipped: None,
                reports: Vec::new(),
            });
        }
        Ok(())
    }
}
