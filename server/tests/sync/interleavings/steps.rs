//! What people and networks do, at random.

use super::{CLIENTS, DEVICES};
use crate::{
    clinic::{self, CAREFUL, COLLEAGUE, FORM, PACKAGE, PROCEDURES, PROVIDER, ROOMS, client, part},
    device::Fault,
};
use domain::{
    billing::ExceptionKind,
    booking::Time,
    catalogue::Catalogue,
    chart::Chart,
    command::{Change, Decision},
    consent::Signing,
    ids::{AddendumId, AppointmentId, PlanEventId, PlanId, SessionId},
    plan::{Payment, PaymentMethod, PlanAction},
    time::Moment,
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody does something, with one or the other of all it could be done with.
    Do {
        device: usize,
        client: u128,
        act: Act,
        a: usize,
        b: usize,
    },
    Push {
        device: usize,
        fault: Fault,
    },
    Pull {
        device: usize,
        fault: Fault,
    },
    Kill {
        device: usize,
    },
    Tidy {
        device: usize,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Act {
    Sign {
        part: bool,
    },
    /// What was left of a signed session.
    Rest,
    Addendum,
    Contact,
    Sell {
        careful: bool,
    },
    Book {
        part: bool,
    },
    Move,
    Cancel {
        no_show: bool,
    },
    CheckIn,
    Freeze,
    Resume,
    Extend,
    Maintain,
    Offer,
    GiveUp,
    Pay {
        all: bool,
    },
    Refund,
    Void,
    Transfer,
    Consent,
    Withdraw,
    Settle,
    /// Settles the first item that waits for a decision.
    Decide {
        keep: bool,
    },
}

pub fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES;
    let fault = prop_oneof![
        4 => Just(Fault::None),
        1 => Just(Fault::LostOnTheWay),
        1 => Just(Fault::AnswerLost),
        1 => Just(Fault::Twice),
        1 => Just(Fault::CutShort),
    ];
    let done = (device.clone(), 0..CLIENTS, act(), 0..1000_usize, 0..1000_usize);
    prop_oneof![
        22 => done.prop_map(|(device, client, act, a, b)| Step::Do { device, client, act, a, b }),
        4 => (device.clone(), fault.clone()).prop_map(|(device, fault)| Step::Push { device, fault }),
        3 => (device.clone(), fault).prop_map(|(device, fault)| Step::Pull { device, fault }),
        1 => device.clone().prop_map(|device| Step::Kill { device }),
        1 => device.prop_map(|device| Step::Tidy { device }),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let yes = any::<bool>;
    prop_oneof![
        9 => yes().prop_map(|part| Act::Sign { part }),
        4 => Just(Act::Rest),
        3 => Just(Act::Addendum),
        2 => Just(Act::Contact),
        2 => yes().prop_map(|careful| Act::Sell { careful }),
        14 => yes().prop_map(|part| Act::Book { part }),
        4 => Just(Act::Move),
        3 => yes().prop_map(|no_show| Act::Cancel { no_show }),
        4 => Just(Act::CheckIn),
        1 => Just(Act::Freeze),
        1 => Just(Act::Resume),
        1 => Just(Act::Extend),
        1 => Just(Act::Maintain),
        1 => Just(Act::Offer),
        2 => Just(Act::GiveUp),
        5 => yes().prop_map(|all| Act::Pay { all }),
        1 => Just(Act::Refund),
        1 => Just(Act::Void),
        1 => Just(Act::Transfer),
        6 => Just(Act::Consent),
        3 => Just(Act::Withdraw),
        3 => Just(Act::Settle),
        5 => yes().prop_map(|keep| Act::Decide { keep }),
    ]
}

fn nth<T: Clone>(things: &[T], n: usize) -> Option<T> {
    things.get(n % things.len().max(1)).cloned()
}

/// Makes things that were never there before.
#[derive(Default)]
pub struct Fresh(u128);

impl Fresh {
    fn id(&mut self) -> uuid::Uuid {
        self.0 += 1;
        clinic::id(5_000_000 + self.0)
    }

    fn sessions(&mut self, n: usize) -> Vec<SessionId> {
        (0..n).map(|_| SessionId(self.id())).collect()
    }

    fn on_plan(&mut self, plan: Option<PlanId>, action: PlanAction) -> Option<Change> {
        Some(Change::ChangePlan { plan: plan?, event: PlanEventId(self.id()), action, reason: "why not".into() })
    }
}

/// Few times for many: twelve on the day itself and twelve years later, each overlapping the next; two who treat, two rooms, one
/// laser.
fn time(a: usize, b: usize) -> Time {
    let slot = i64::try_from(a % 12).unwrap() * 20 * 60_000;
    let starts = Moment::from_millis(if b.is_multiple_of(2) { 1_790_004_000_000 } else { 1_900_000_000_000 } + slot);
    Time {
        provider: [PROVIDER, COLLEAGUE][b / 2 % 2],
        starts,
        minutes: 30,
        room: [None, Some(ROOMS[0]), Some(ROOMS[1])][b / 4 % 3],
        device: (b / 12).is_multiple_of(2).then_some(clinic::LASER),
    }
}

/// What somebody who looks at this chart would do, if it can be done to anything there.
pub fn change(act: Act, (a, b): (usize, usize), of: u128, chart: &Chart, catalogue: &Catalogue, fresh: &mut Fresh) -> Option<Change> {
    let session = nth(&chart.sessions, a)?.id;
    let plan = nth(&chart.plans, a).map(|plan| plan.id);
    let procedure = PROCEDURES[b % 2];
    let booked =
        nth(&chart.sessions.iter().flat_map(|s| s.appointments.iter().map(move |booked| (s.id, booked.id))).collect::<Vec<_>>(), a);
    let pulse = i64::try_from(b % 59).unwrap() + 1;
    let action = match act {
        Act::Sign { part: in_part } => {
            return Some(Change::SignSession { session, record: part(session, in_part.then_some(procedure), pulse), rest: None });
        }
        Act::Rest => {
            let signed: Vec<_> = chart.sessions.iter().filter(|s| s.signed.is_some() && !chart.outstanding(s.id).is_empty()).collect();
            let session = nth(&signed, a)?.id;
            let rest = Some(AddendumId(fresh.id()));
            return Some(Change::SignSession { session, record: part(session, Some(procedure), pulse), rest });
        }
        Act::Addendum => return Some(Change::AddAddendum { session, addendum: AddendumId(fresh.id()), text: "more".into() }),
        Act::Contact => {
            let based_on = chart.client.contact.version;
            return Some(Change::CorrectContact { based_on, phone: fresh.id().to_string(), email: String::new() });
        }
        Act::Sell { careful } => {
            let paid =
                Some(Payment { event: PlanEventId(fresh.id()), minor: 99, how: PaymentMethod::Cash }).filter(|_| b.is_multiple_of(2));
            let (package, sessions) = (if careful { CAREFUL } else { PACKAGE }, fresh.sessions(clinic::SESSIONS.into()));
            return Some(Change::SellPackage { plan: PlanId(fresh.id()), package, sessions, price_minor: clinic::PRICE, paid });
        }
        Act::Book { part } => {
            let procedures = if part { vec![procedure] } else { vec![] };
            let appointment = AppointmentId(fresh.id());
            return Some(Change::BookSession { session, appointment, time: time(a / 7, b), procedures, despite: String::new() });
        }
        Act::Move => {
            let (session, appointment) = booked?;
            return Some(Change::MoveBooking { session, appointment, time: time(a / 7, b), despite: String::new() });
        }
        Act::Cancel { no_show } => {
            let (session, appointment) = booked?;
            return Some(Change::CancelBooking { session, appointment, no_show, reason: "ill".into() });
        }
        Act::CheckIn => {
            let (session, appointment) = booked?;
            return Some(Change::CheckIn { session, appointment, arrived: !b.is_multiple_of(4) });
        }
        Act::Consent => {
            let careful: Vec<_> = chart.plans.iter().filter(|plan| plan.package == CAREFUL).map(|plan| plan.id).collect();
            let plan = Some(nth(&careful, a)?);
            return Some(Change::SignConsent(Signing {
                form: FORM,
                version: 1,
                plan,
                signer: None,
                photo: None,
                ink: vec![vec![(1, 1), (9, 9)]],
            }));
        }
        Act::Withdraw => {
            let signed_at = nth(&chart.consents, a)?.at;
            return Some(Change::WithdrawConsent { form: FORM, signed_at, reason: "afraid".into() });
        }
        Act::Settle => {
            let exceptions: Vec<_> = chart.exceptions().into_iter().map(|exception| exception.kind).collect();
            let ExceptionKind::Item(item) = nth(&exceptions, a)? else { return None };
            return Some(Change::SettleBilling { item, charged_minor: 7, reason: "at the till".into() });
        }
        Act::Decide { keep } => {
            let command = chart.undecided().next()?.command;
            let addendum = AddendumId(fresh.id());
            let decision = if keep { Decision::Keep { addendum } } else { Decision::Discard { reason: "twice".into() } };
            return Some(Change::Decide { command, decision });
        }
        Act::Freeze => PlanAction::Freeze { until: None },
        Act::Resume => PlanAction::Resume,
        Act::Extend => PlanAction::Extend { sessions: fresh.sessions(1) },
        Act::Maintain => PlanAction::Maintain { sessions: fresh.sessions(2), price_minor: chart.maintenance_minor(plan?, 2, catalogue) },
        Act::Offer => PlanAction::Offer { taken: b.is_multiple_of(2) },
        Act::GiveUp => {
            let begun = chart.sessions.iter().filter(|s| chart.delivered_in(s.id).is_some() && !chart.outstanding(s.id).is_empty());
            let session = nth(&begun.collect::<Vec<_>>(), a)?;
            return fresh.on_plan(Some(session.plan), PlanAction::GiveUp { session: session.id, procedure });
        }
        Act::Pay { all } => {
            let owed = chart.plan_billing(plan?).owed;
            PlanAction::Pay { minor: if all { owed } else { owed.min(100) }, how: PaymentMethod::Card }
        }
        Act::Refund => PlanAction::Refund { minor: 60 },
        Act::Void => PlanAction::Void,
        Act::Transfer => {
            let sessions = fresh.sessions(chart.balance(plan?).remaining().into());
            PlanAction::Transfer { to: client((of + 1) % CLIENTS), plan: PlanId(fresh.id()), event: PlanEventId(fresh.id()), sessions }
        }
    };
    fresh.on_plan(plan, action)
}
