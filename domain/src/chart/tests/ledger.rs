//! Whatever is sold, booked, charted, paid, given back, transferred and ended, in whatever order: what is counted in different
//! ways comes to the same, and nobody is booked, charged or treated twice.

use super::*;
use crate::{
    billing::{Billing, BillingItem, ExceptionKind},
    booking::BookingEnd,
    catalogue::Room,
    consent::{ConsentForm, ConsentKind, ConsentVersion, ELEMENTS, Signing},
    plan::{Payment, PaymentMethod, Standing},
    status::SessionStatus,
};
use std::collections::{HashMap, HashSet};

const ROOM: RoomId = RoomId(Uuid::from_u128(60));
const FORM: ConsentFormId = ConsentFormId(Uuid::from_u128(61));
const CAREFUL: PackageId = PackageId(Uuid::from_u128(62));
const LEGS: ProcedureId = ProcedureId(Uuid::from_u128(63));
const ARMS: ProcedureId = ProcedureId(Uuid::from_u128(64));
const START: i64 = 1_795_000_000_000;
const MINUTE: i64 = 60_000;

fn clinic() -> Catalogue {
    let mut catalogue = catalogue();
    let version = ConsentVersion {
        number: 1,
        elements: ELEMENTS.map(str::to_owned),
        material: true,
        published_at: Moment::from_millis(0),
        published_by: PROVIDER,
    };
    catalogue.consent_forms = vec![ConsentForm {
        id: FORM,
        kind: ConsentKind::Treatment,
        name: "Laser".into(),
        draft: ELEMENTS.map(str::to_owned),
        versions: vec![version],
        retired: false,
        edits: 1,
    }];
    catalogue.rooms = vec![Room { id: ROOM, name: "Room 1".into(), retired: false, version: 1 }];
    let procedure = |id, minutes| Procedure { id, name: "Legs".into(), minutes, template: None };
    let package = &mut catalogue.packages[0];
    // A price that does not divide.
    (package.price_minor, package.sessions, package.procedures) = (100_001, 3, vec![procedure(LEGS, 45), procedure(ARMS, 15)]);
    let careful = Package { id: CAREFUL, consents: vec![FORM], price_minor: 59_999, ..package.clone() };
    catalogue.packages.push(careful);
    catalogue
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Sell { careful: bool, paid: bool },
    Book { part: bool },
    Move,
    Cancel { no_show: bool },
    CheckIn,
    Sign { part: bool, outside: bool },
    Rest,
    GiveUp,
    Pay { all: bool },
    Refund,
    Extend,
    Maintain,
    Offer,
    Freeze,
    Resume,
    Void,
    Transfer,
    Consent,
    Withdraw,
    Settle,
    Decide { keep: bool },
    Wait,
}

/// What is done, on which of the two charts, and with which of all it could be done with.
type Step = (Act, bool, usize, usize);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (one, other) = (any::<bool>(), any::<bool>());
    let act = prop_oneof![
        4 => (one, other).prop_map(|(careful, paid)| Act::Sell { careful, paid }),
        8 => any::<bool>().prop_map(|part| Act::Book { part }),
        3 => Just(Act::Move),
        3 => any::<bool>().prop_map(|no_show| Act::Cancel { no_show }),
        2 => Just(Act::CheckIn),
        9 => (any::<bool>(), any::<bool>()).prop_map(|(part, outside)| Act::Sign { part, outside }),
        4 => Just(Act::Rest),
        2 => Just(Act::GiveUp),
        4 => any::<bool>().prop_map(|all| Act::Pay { all }),
        2 => Just(Act::Refund),
        2 => Just(Act::Extend),
        2 => Just(Act::Maintain),
        1 => Just(Act::Offer),
        1 => Just(Act::Freeze),
        1 => Just(Act::Resume),
        1 => Just(Act::Void),
        1 => Just(Act::Transfer),
        4 => Just(Act::Consent),
        1 => Just(Act::Withdraw),
        4 => Just(Act::Settle),
        2 => any::<bool>().prop_map(|keep| Act::Decide { keep }),
        2 => Just(Act::Wait),
    ];
    prop::collection::vec((act, any::<bool>(), 0..1000_usize, 0..1000_usize), 1..80)
}

struct World {
    catalogue: Catalogue,
    charts: [Chart; 2],
    /// How many sessions came with each series.
    sold: HashMap<PlanId, usize>,
    now: i64,
    ids: u128,
}

fn nth<T: Clone>(things: &[T], n: usize) -> Option<T> {
    things.get(n % things.len().max(1)).cloned()
}

impl World {
    fn new() -> Self {
        let mut first = chart(0);
        first.plans.clear();
        let mut second = first.clone();
        second.client.id = ClientId(id(21));
        Self { catalogue: clinic(), charts: [first, second], sold: HashMap::new(), now: START, ids: 1000 }
    }

    fn fresh(&mut self) -> Uuid {
        self.ids += 1;
        id(self.ids)
    }

    fn sessions(&mut self, n: usize) -> Vec<SessionId> {
        (0..n).map(|_| SessionId(self.fresh())).collect()
    }

    fn change_of(&mut self, plan: Option<PlanId>, action: PlanAction) -> Option<Change> {
        Some(Change::ChangePlan { plan: plan?, event: PlanEventId(self.fresh()), action, reason: "asked for it".into() })
    }

    fn treatment(&self, counts_for: Option<SessionId>, procedure: Option<ProcedureId>) -> Treatment {
        let mut treatment = self.charts[0].new_treatment(counts_for, LASER, HANDPIECE, &[cheek(Side::Left)], &self.catalogue).unwrap();
        treatment.enter("fluence", Value::Number(Amount::whole(18)));
        treatment.procedure = procedure;
        treatment
    }

    fn change(&mut self, (act, which, a, b): Step) -> Option<Change> {
        let chart = self.charts[usize::from(which)].clone();
        let plan = nth(&chart.plans, a).map(|plan| plan.id);
        let session = nth(&chart.sessions, a).map(|session| session.id);
        let both = [LEGS, ARMS];
        let one = nth(&both, b)?;
        let starts = Moment::from_millis(self.now + (i64::try_from(b % 40).unwrap() * 30 + 15) * MINUTE);
        let time =
            Time { provider: PROVIDER, starts, minutes: 30, room: (b % 2 == 0).then_some(ROOM), device: (b % 3 == 0).then_some(LASER) };
        let despite = String::new;
        let bookings: Vec<_> = chart.sessions.iter().flat_map(|s| s.appointments.iter().map(move |booked| (s.id, booked.id))).collect();
        Some(match act {
            Act::Sell { careful, paid } if chart.plans.len() < 4 => {
                let package = if careful { CAREFUL } else { PACKAGE };
                let payment = Payment { event: PlanEventId(self.fresh()), minor: 50_000, how: PaymentMethod::Cash };
                let (plan, sessions) = (PlanId(self.fresh()), self.sessions(3));
                self.sold.insert(plan, 3);
                Change::SellPackage { plan, package, sessions, price_minor: 90_001, paid: paid.then_some(payment) }
            }
            Act::Sell { .. } => return None,
            Act::Book { part } => {
                // Whoever asks twice for the same procedure means it once.
                let procedures = if part { vec![one; 1 + b % 2] } else { vec![] };
                Change::BookSession { session: session?, appointment: AppointmentId(self.fresh()), time, procedures, despite: despite() }
            }
            Act::Move => {
                let (session, appointment) = nth(&bookings, a)?;
                Change::MoveBooking { session, appointment, time, despite: despite() }
            }
            Act::Cancel { no_show } => {
                let (session, appointment) = nth(&bookings, a)?;
                Change::CancelBooking { session, appointment, no_show, reason: "ill".into() }
            }
            Act::CheckIn => {
                let (session, appointment) = nth(&bookings, a)?;
                Change::CheckIn { session, appointment, arrived: b % 3 > 0 }
            }
            Act::Sign { part, outside } => {
                let session = session?;
                let mut treatments = vec![self.treatment(Some(session), part.then_some(one))];
                if outside {
                    let other = nth(&chart.sessions, b).map(|other| other.id).filter(|other| b % 2 == 0 && *other != session);
                    treatments.push(self.treatment(other, None));
                }
                Change::SignSession { session, record: Record { treatments, ..Record::default() }, rest: None }
            }
            Act::Rest => {
                let session = session?;
                let record = Record { treatments: vec![self.treatment(Some(session), Some(one))], ..Record::default() };
                Change::SignSession { session, record, rest: Some(AddendumId(self.fresh())) }
            }
            Act::GiveUp => {
                let session = chart.session(session?)?;
                return self.change_of(Some(session.plan), PlanAction::GiveUp { session: session.id, procedure: one });
            }
            Act::Pay { all } => {
                let owed = chart.plan_billing(plan?).owed;
                let minor = if all { owed } else { owed.min(20_000) };
                return self.change_of(plan, PlanAction::Pay { minor, how: PaymentMethod::Card });
            }
            Act::Refund => return self.change_of(plan, PlanAction::Refund { minor: 30_000 }),
            Act::Extend => {
                let sessions = self.sessions(1);
                return self.change_of(plan, PlanAction::Extend { sessions });
            }
            Act::Maintain => {
                let price_minor = chart.maintenance_minor(plan?, 2, &self.catalogue);
                let sessions = self.sessions(2);
                return self.change_of(plan, PlanAction::Maintain { sessions, price_minor });
            }
            Act::Offer => return self.change_of(plan, PlanAction::Offer { taken: b % 2 == 0 }),
            Act::Freeze => return self.change_of(plan, PlanAction::Freeze { until: None }),
            Act::Resume => return self.change_of(plan, PlanAction::Resume),
            Act::Void => return self.change_of(plan, PlanAction::Void),
            Act::Transfer => {
                let sessions = self.sessions(usize::from(chart.balance(plan?).remaining()));
                let (new, event) = (PlanId(self.fresh()), PlanEventId(self.fresh()));
                self.sold.insert(new, sessions.len());
                let to = self.charts[usize::from(!which)].client.id;
                return self.change_of(plan, PlanAction::Transfer { to, plan: new, event, sessions });
            }
            Act::Consent => Change::SignConsent(Signing {
                form: FORM,
                version: 1,
                plan: Some(plan?),
                signer: None,
                photo: None,
                ink: vec![vec![(1, 1), (9, 9)]],
            }),
            Act::Withdraw => {
                Change::WithdrawConsent { form: FORM, signed_at: nth(&chart.consents, a)?.at, reason: "changed my mind".into() }
            }
            Act::Settle => {
                let items: Vec<_> = chart.exceptions().into_iter().map(|exception| exception.kind).collect();
                let ExceptionKind::Item(item) = nth(&items, a)? else { return None };
                Change::SettleBilling { item, charged_minor: 5_000, reason: "paid at the till".into() }
            }
            Act::Decide { keep } => {
                let command = chart.undecided().next()?.command;
                let addendum = AddendumId(self.fresh());
                let decision = if keep { Decision::Keep { addendum } } else { Decision::Discard { reason: "twice".into() } };
                Change::Decide { command, decision }
            }
            Act::Wait => {
                self.now += 6 * 60 * MINUTE;
                return None;
            }
        })
    }

    /// As the server does it: both charts of a transfer or neither; a rejected charting is set aside.
    fn apply(&mut self, which: usize, change: Change) {
        let author = by(PROVIDER, self.now);
        let chart = &self.charts[which];
        check_desk(chart, &change, self);
        let done = chart.apply(&change, author, &self.catalogue).and_then(|after| match &change {
            Change::ChangePlan { plan, action: action @ PlanAction::Transfer { .. }, reason, .. } => {
                let received = self.charts[1 - which].receive(chart, *plan, action, reason, author, &self.catalogue)?;
                Ok((after, Some(received)))
            }
            _ => Ok((after, None)),
        });
        match done {
            Ok((after, received)) => {
                self.charts[which] = after;
                if let Some(received) = received {
                    self.charts[1 - which] = received;
                }
            }
            Err(rejection) => {
                if matches!(change, Change::SignSession { .. }) {
                    let command = CommandId(self.fresh());
                    let item = SetAside { command, change, by: PROVIDER, at: author.at, rejection, decided: None };
                    self.charts[which] = self.charts[which].with_set_aside(item);
                }
            }
        }
    }
}

/// Which procedures of which sessions were performed, from the records alone; and that none was in two visits.
fn performed(chart: &Chart) -> HashSet<(SessionId, ProcedureId)> {
    let mut all = HashSet::new();
    for record in chart.sessions.iter().flat_map(Session::records) {
        let mut here = HashSet::new();
        for treatment in &record.treatments {
            let Some(session) = treatment.counts_for else { continue };
            here.extend(treatment.procedure.map_or(vec![LEGS, ARMS], |one| vec![one]).into_iter().map(|procedure| (session, procedure)));
        }
        for delivered in here {
            assert!(all.insert(delivered), "delivered twice: {delivered:?}");
        }
    }
    all
}

/// Whoever sells and books has less of the chart, and comes to the same.
fn check_desk(chart: &Chart, change: &Change, world: &World) {
    let (least, author) = (chart.for_desk(), by(DESK, world.now));
    if !change.is_clinical() {
        let whole = chart.apply(change, author, &world.catalogue);
        assert_eq!(whole.map(|chart| chart.for_desk()), least.apply(change, author, &world.catalogue));
    }
    assert_eq!(least.exceptions(), chart.exceptions());
    for plan in &chart.plans {
        assert_eq!(least.balance(plan.id), chart.balance(plan.id));
        assert_eq!(least.session_billing(plan.id), chart.session_billing(plan.id));
    }
    let statuses = |chart: &Chart| chart.listed().iter().map(|one| (one.session.id, one.status)).collect::<Vec<_>>();
    assert_eq!(statuses(&least), statuses(chart));
}

fn check_series(world: &World, chart: &Chart) {
    let performed = performed(chart);
    let listed = chart.listed();
    for plan in &chart.plans {
        let sessions: Vec<_> = chart.sessions.iter().filter(|session| session.plan == plan.id).collect();
        let balance = chart.balance(plan.id);
        let touched = |session: &Session| performed.iter().any(|(delivered, _)| *delivered == session.id);
        let delivered = sessions.iter().filter(|session| touched(session)).count();
        let added: usize = plan
            .events
            .iter()
            .map(|event| match &event.action {
                PlanAction::Extend { sessions } | PlanAction::Maintain { sessions, .. } => sessions.len(),
                _ => 0,
            })
            .sum();
        assert_eq!(sessions.len(), world.sold[&plan.id] + added);
        assert_eq!(usize::from(balance.purchased), sessions.len());
        assert_eq!(usize::from(balance.delivered), delivered);
        assert_eq!(sessions.iter().map(|session| session.number).collect::<Vec<_>>(), (1..=balance.purchased).collect::<Vec<_>>());
        let over = plan.standing().is_over();
        let left = if over { 0 } else { balance.purchased - balance.delivered };
        assert_eq!((balance.remaining(), balance.next.is_some()), (left, left > 0));

        let of_plan: Vec<_> = listed.iter().filter(|one| one.plan.id == plan.id).collect();
        assert_eq!(of_plan.len(), if over { delivered } else { sessions.len() });
        for one in of_plan {
            let open: Vec<_> =
                [LEGS, ARMS].into_iter().filter(|one_of| chart.outstanding(one.session.id).iter().any(|open| open.id == *one_of)).collect();
            let complete = touched(one.session) && open.is_empty();
            assert_eq!(one.status == SessionStatus::Completed, complete);
            assert!(!over || complete, "a series is over, and something of it still asks to be booked");
            // Nothing is booked twice, and what is booked can be held.
            let ahead: Vec<_> = one.session.appointments.iter().filter(|booked| !one.session.is_held(booked)).collect();
            for procedure in open {
                let holds = ahead.iter().filter(|booked| booked.procedures.is_empty() || booked.procedures.contains(&procedure)).count();
                assert!(holds < 2, "a procedure is booked twice");
                assert_eq!(holds == 0, chart.unbooked(one.session.id).iter().any(|unbooked| unbooked.id == procedure));
            }
        }
    }
    check_consents(chart);
}

/// No session of a series that asks for a consent was signed without one.
fn check_consents(chart: &Chart) {
    let decided = |session: &Session| {
        let kept = |item: &&SetAside| matches!(&item.change, Change::SignSession { session: signed, .. } if *signed == session.id);
        chart.set_aside.iter().filter(kept).filter_map(|item| item.decided.as_ref()).map(|decided| decided.at).max()
    };
    for visit in &chart.sessions {
        let Some(signed) = &visit.signed else { continue };
        for counted in signed.record.treatments.iter().filter_map(|treatment| treatment.counts_for) {
            let plan = chart.plan(chart.session(counted).unwrap().plan).unwrap();
            // One that was set aside for want of a consent is kept after it is signed.
            let by = decided(visit).unwrap_or(signed.at).max(signed.at);
            let held = |consent: &Consent| {
                consent.plan == Some(plan.id)
                    && consent.at <= by
                    && consent.withdrawn.as_ref().is_none_or(|withdrawn| withdrawn.at >= signed.at)
            };
            assert!(plan.package != CAREFUL || chart.consents.iter().any(held), "signed without consent");
        }
    }
}

fn check_bookings(world: &World, chart: &Chart) {
    let booked: Vec<_> =
        chart.sessions.iter().flat_map(|session| session.appointments.iter().map(move |booked| (session, booked))).collect();
    for (n, (session, one)) in booked.iter().enumerate() {
        assert!(!booked[..n].iter().any(|(_, other)| other.overlaps(one)), "the client is in two places at once");
        // What lies well ahead can be called off, or it would keep room, device and people for nothing.
        let ahead = one.starts.millis() > world.now + 60 * MINUTE;
        let cancel = Change::CancelBooking { session: session.id, appointment: one.id, no_show: false, reason: "x".into() };
        assert!(!ahead || chart.apply(&cancel, by(DESK, world.now), &world.catalogue).is_ok(), "a booking cannot be called off");
        assert!(!(ahead && chart.plan(session.plan).unwrap().standing().is_over()), "a booking of a series that is over");
    }
    let ended = chart.sessions.iter().flat_map(|session| &session.past_bookings);
    assert!(ended.filter(|past| past.end != BookingEnd::Moved).all(|past| !past.remark.text.is_empty()));
}

fn check_money(world: &World, chart: &Chart) {
    let mut unbilled = HashSet::new();
    for plan in &chart.plans {
        let money = chart.plan_billing(plan.id);
        let sessions = chart.worth_of_sessions(plan.id);
        let sum = |of: &[Billing]| sessions.iter().filter(|(_, billing, _)| of.contains(billing)).map(|(.., worth)| worth).sum::<i64>();
        assert!(money.paid >= 0 && money.owed >= 0);
        assert_eq!(sum(&Billing::ALL), money.price);
        assert_eq!(sum(&[Billing::Free]), 0);
        assert!(sum(&[Billing::Paid]) <= money.paid, "more is covered than was paid");
        assert!(money.paid <= money.price, "more was taken than it costs");
        let numbers: Vec<_> = sessions.iter().map(|(session, ..)| chart.session(*session).unwrap().number).collect();
        assert_eq!(numbers, (1..=chart.balance(plan.id).purchased).collect::<Vec<_>>());
        for (session, billing, _) in &sessions {
            let delivered = chart.delivered_in(*session).is_some();
            let settled = chart.settlements.iter().any(|settlement| settlement.item == BillingItem::Session(*session));
            match billing {
                Billing::Open => assert!(!delivered),
                Billing::Unbilled => assert!(delivered && !settled && unbilled.insert(*session)),
                Billing::Settled => assert!(delivered && settled),
                Billing::Free | Billing::Paid => {}
            }
        }
        // Who pays what is owed owes nothing more, and nothing delivered is left uncovered.
        if money.owed > 0 {
            let pay = PlanAction::Pay { minor: money.owed, how: PaymentMethod::Card };
            let pay = Change::ChangePlan { plan: plan.id, event: PlanEventId(id(1)), action: pay, reason: String::new() };
            let paid = chart.apply(&pay, by(DESK, world.now), &world.catalogue).unwrap();
            assert_eq!(paid.plan_billing(plan.id).owed, 0, "what was settled is asked for again");
            assert!(paid.session_billing(plan.id).iter().all(|(_, billing)| *billing != Billing::Unbilled));
            if !matches!(plan.standing(), Standing::Voided) {
                assert!(paid.session_billing(plan.id).iter().all(|(_, billing)| *billing != Billing::Open));
            }
        }
    }
    let exceptions = chart.exceptions();
    let of_sessions = exceptions.iter().filter_map(|exception| match exception.kind {
        ExceptionKind::Item(BillingItem::Session(session)) => Some(session),
        _ => None,
    });
    assert_eq!(of_sessions.collect::<HashSet<_>>(), unbilled);
    let kinds: HashSet<_> = exceptions.iter().map(|exception| exception.kind).collect();
    assert_eq!(kinds.len(), exceptions.len(), "something is listed twice");
    assert!(chart.settlements.iter().all(|settled| !kinds.contains(&ExceptionKind::Item(settled.item))));
}

fn check(world: &World, before: &[Chart; 2]) {
    for (before, chart) in before.iter().zip(&world.charts) {
        check_series(world, chart);
        check_bookings(world, chart);
        check_money(world, chart);
        for (old, new) in before.sessions.iter().zip(&chart.sessions) {
            assert!(old.id == new.id && (old.signed.is_none() || old.signed == new.signed));
            assert!(new.addenda.starts_with(&old.addenda) && new.past_bookings.starts_with(&old.past_bookings));
        }
        for (old, new) in before.plans.iter().zip(&chart.plans) {
            assert!(new.events.starts_with(&old.events));
            assert!(chart.balance(new.id).delivered >= before.balance(old.id).delivered);
        }
        assert!(chart.settlements.starts_with(&before.settlements));
    }
    // What one gave, the other has: nothing is lost or won on the way.
    for (giver, receiver) in [(0, 1), (1, 0)] {
        for plan in &world.charts[giver].plans {
            for event in &plan.events {
                let PlanAction::Transfer { plan: new, .. } = event.action else { continue };
                let balance = world.charts[giver].balance(plan.id);
                assert_eq!(usize::from(balance.purchased - balance.delivered), world.sold[&new]);
                assert!(world.charts[receiver].plan(new).is_some());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_surface_counts_the_same_and_nothing_is_delivered_booked_or_charged_twice(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            let before = world.charts.clone();
            if let Some(change) = world.change(step) {
                world.apply(usize::from(step.1), change);
            }
            world.now += 7 * MINUTE;
            check(&world, &before);
        }
        for chart in &world.charts {
            let encoded = crate::sync::encode(chart);
            prop_assert_eq!(&crate::sync::decode::<Chart>(&encoded).unwrap(), chart);
        }
    }
}
