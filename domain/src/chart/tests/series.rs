//! What is sold, what becomes of it, and what is owed.

use super::*;
use crate::{
    billing::{Billing, BillingItem, ExceptionKind},
    consent::{ConsentForm, ConsentKind, ConsentVersion, Signing},
    plan::{PaymentMethod, Standing},
    status::SessionStatus,
};

fn sell(n: u128, sessions: u128) -> Change {
    let sessions = (0..sessions).map(|session| SessionId(id(n * 100 + session))).collect();
    Change::SellPackage { plan: PlanId(id(n)), package: PACKAGE, sessions, price_minor: 150_000, paid: None }
}

#[test]
fn a_sale_makes_the_plan_and_all_its_sessions_under_the_terms_of_that_day() {
    let (before, mut catalogue) = (chart(1), catalogue());
    let after = before.apply(&sell(500, 3), by(DESK, 1), &catalogue).unwrap();
    let plan = PlanId(id(500));
    assert_eq!(after.balance(plan).sentence("Maya"), "Maya has 3 of 3 sessions remaining. Next session is #1.");
    assert_eq!(after.plan(plan).unwrap().price_minor, 150_000);
    // The package changes; what was sold does not.
    catalogue.packages[0].sessions = 9;
    catalogue.packages[0].procedures[0].minutes = 90;
    assert_eq!(after.plan(plan).unwrap().minutes(), 45);
    assert_eq!(after.balance(plan).purchased, 3);

    assert_eq!(after.apply(&sell(500, 9), by(DESK, 2), &catalogue), Err(Rejection::Exists));
    assert_eq!(after.apply(&sell(501, 3), by(DESK, 2), &catalogue), Err(Rejection::Stale));
    let Change::SellPackage { plan, package, sessions, .. } = sell(502, 9) else { unreachable!() };
    let absurd = Change::SellPackage { plan, package, sessions, price_minor: -1, paid: None };
    assert_eq!(after.apply(&absurd, by(DESK, 2), &catalogue), Err(Rejection::Unfit { field: "Price".into() }));
    catalogue.packages[0].retired = true;
    assert_eq!(after.apply(&sell(503, 9), by(DESK, 2), &catalogue), Err(Rejection::UnknownPackage));
}

#[test]
fn a_plan_can_be_paused_extended_refunded_and_ended_each_with_a_reason() {
    let catalogue = catalogue();
    let chart = chart(2);
    let apply = |chart: &Chart, change: Change| chart.apply(&change, by(DESK, 1), &catalogue);
    let paused = apply(&chart, change_plan(1, PlanAction::Freeze { until: None })).unwrap();
    assert!(paused.balance(PLAN).sentence("Maya").contains("paused"));
    let resumed = apply(&paused, change_plan(2, PlanAction::Resume)).unwrap();
    assert_eq!(resumed.balance(PLAN).standing, Standing::Active);
    assert_eq!(apply(&resumed, change_plan(3, PlanAction::Resume)), Err(Rejection::AlreadyDecided));

    let extended = apply(&resumed, change_plan(4, PlanAction::Extend { sessions: vec![SessionId(id(900))] })).unwrap();
    assert_eq!((extended.balance(PLAN).purchased, extended.session(SessionId(id(900))).unwrap().number), (3, 3));

    assert!(apply(&extended, change_plan(5, PlanAction::Refund { minor: 180_001 })).is_err());
    let refunded = apply(&extended, change_plan(5, PlanAction::Refund { minor: 100_000 })).unwrap();
    assert!(apply(&refunded, change_plan(6, PlanAction::Refund { minor: 80_001 })).is_err());
    assert_eq!(apply(&refunded, change_plan(5, PlanAction::Void)), Err(Rejection::Exists));

    let ended = apply(&refunded, change_plan(7, PlanAction::Void)).unwrap();
    assert_eq!((ended.balance(PLAN).remaining(), ended.next_session(PLAN)), (0, None));
    assert!(matches!(apply(&ended, change_plan(8, PlanAction::Freeze { until: None })), Err(Rejection::PlanEnded { .. })));
    let signed = ended.apply(&sign(1, record(&ended, 1, 18)), by(PROVIDER, 1), &catalogue);
    assert!(matches!(signed, Err(Rejection::PlanEnded { .. })));

    let silent = Change::ChangePlan { plan: PLAN, event: PlanEventId(id(9)), action: PlanAction::Void, reason: " ".into() };
    assert_eq!(apply(&chart, silent), Err(Rejection::Empty));
}

/// Three sessions of two procedures, at 300, nothing paid.
fn pair(catalogue: &mut Catalogue) -> Chart {
    let procedure = |n, name: &str| Procedure { id: ProcedureId(id(n)), name: name.into(), minutes: 30, template: None };
    catalogue.packages[0].procedures = vec![procedure(12, "Legs"), procedure(13, "Arms")];
    catalogue.packages[0].price_minor = 300;
    let mut chart = chart(3);
    chart.sessions[0].appointments.clear();
    let plan = &mut chart.plans[0];
    (plan.procedures, plan.price_minor, plan.paid_before_minor) = (catalogue.packages[0].procedures.clone(), 300, 0);
    chart
}

fn part(chart: &Chart, n: u16, procedure: u128) -> Record {
    let mut record = record(chart, n, 18);
    record.treatments[0].procedure = Some(ProcedureId(id(procedure)));
    record
}

fn book(n: u16, appointment: u128, starts: &str, procedures: &[u128]) -> Change {
    Change::BookSession {
        session: session(n),
        appointment: AppointmentId(id(appointment)),
        time: Time { minutes: 30, ..time(starts) },
        procedures: procedures.iter().map(|n| ProcedureId(id(*n))).collect(),
        despite: String::new(),
    }
}

fn cancel(n: u16, appointment: u128) -> Change {
    Change::CancelBooking { session: session(n), appointment: AppointmentId(id(appointment)), no_show: false, reason: "not needed".into() }
}

#[test]
fn what_was_settled_is_not_asked_for_again_when_the_rest_is_paid() {
    let mut catalogue = catalogue();
    let chart = pair(&mut catalogue);
    let apply = |chart: &Chart, change: Change| chart.apply(&change, by(PROVIDER, 1), &catalogue).unwrap();
    let signed = apply(&chart, sign(1, record(&chart, 1, 18)));
    let item = BillingItem::Session(session(1));
    let settled = apply(&signed, Change::SettleBilling { item, charged_minor: 100, reason: "at the till".into() });
    assert_eq!(settled.plan_billing(PLAN).owed, 200);
    let paid = apply(&settled, change_plan(1, PlanAction::Pay { minor: 200, how: PaymentMethod::Card }));
    assert_eq!(paid.plan_billing(PLAN).owed, 0);
    let billing: Vec<_> = paid.session_billing(PLAN).into_iter().map(|(_, billing)| billing).collect();
    assert_eq!(billing, [Billing::Settled, Billing::Paid, Billing::Paid]);
}

#[test]
fn the_end_of_a_series_gives_the_time_of_half_delivered_sessions_free() {
    let mut catalogue = catalogue();
    let chart = pair(&mut catalogue);
    let now = Author { staff: PROVIDER, at: at("2026-11-22T09:00:00Z") };
    let apply = |chart: &Chart, change: Change| chart.apply(&change, now, &catalogue);
    let begun = apply(&chart, sign(1, part(&chart, 1, 12))).unwrap();
    let booked = apply(&begun, book(1, 700, "2026-12-01T10:00:00Z", &[])).unwrap();
    let sessions = vec![SessionId(id(900)), SessionId(id(901))];
    let transfer = PlanAction::Transfer { to: ClientId(id(21)), plan: PlanId(id(902)), event: PlanEventId(id(903)), sessions };
    for end in [PlanAction::Void, transfer] {
        let over = apply(&booked, change_plan(1, end)).unwrap();
        assert_eq!(over.sessions[0].appointments, []);
        assert_eq!(over.sessions[0].past_bookings[0].remark.text, "asked for it");
        // Nothing of it asks to be booked any more.
        assert_eq!(over.listed().iter().map(|one| one.status).collect::<Vec<_>>(), [SessionStatus::Completed]);
        assert!(matches!(apply(&over, book(1, 701, "2026-12-02T10:00:00Z", &[])), Err(Rejection::PlanEnded { .. })));
        assert!(matches!(apply(&over, book(2, 701, "2026-12-02T10:00:00Z", &[])), Err(Rejection::PlanEnded { .. })));
    }
}

#[test]
fn a_procedure_given_up_gives_its_time_free() {
    let mut catalogue = catalogue();
    let chart = pair(&mut catalogue);
    let now = Author { staff: PROVIDER, at: at("2026-11-22T09:00:00Z") };
    let apply = |chart: &Chart, change: Change| chart.apply(&change, now, &catalogue).unwrap();
    let begun = apply(&chart, sign(1, part(&chart, 1, 12)));
    let booked = apply(&begun, book(1, 700, "2026-12-01T10:00:00Z", &[13]));
    let action = PlanAction::GiveUp { session: session(1), procedure: ProcedureId(id(13)) };
    let given_up = apply(&booked, change_plan(1, action));
    assert_eq!(given_up.sessions[0].appointments, []);
    assert_eq!(given_up.listed()[0].status, SessionStatus::Completed);
}

#[test]
fn a_session_charted_early_leaves_a_booking_that_can_be_called_off() {
    let mut catalogue = catalogue();
    let chart = pair(&mut catalogue);
    let now = Author { staff: PROVIDER, at: at("2026-11-22T09:00:00Z") };
    let apply = |chart: &Chart, change: Change| chart.apply(&change, now, &catalogue);
    let booked = apply(&chart, book(1, 700, "2026-12-01T10:00:00Z", &[])).unwrap();
    let signed = apply(&booked, sign(1, record(&booked, 1, 18))).unwrap();
    let moving = Change::MoveBooking {
        session: session(1),
        appointment: AppointmentId(id(700)),
        time: time("2026-12-02T10:00:00Z"),
        despite: String::new(),
    };
    assert_eq!(apply(&signed, moving), Err(Rejection::AlreadyDelivered { number: 1 }));
    assert_eq!(apply(&signed, cancel(1, 700)).unwrap().sessions[0].appointments, []);
    // The one it was held in stays.
    let today = apply(&chart, book(1, 700, "2026-11-22T09:30:00Z", &[])).unwrap();
    let signed = apply(&today, sign(1, record(&today, 1, 18))).unwrap();
    assert_eq!(apply(&signed, cancel(1, 700)), Err(Rejection::AlreadyDelivered { number: 1 }));
}

#[test]
fn a_procedure_asked_for_twice_is_booked_once_and_the_other_stays_open() {
    let mut catalogue = catalogue();
    let chart = pair(&mut catalogue);
    let now = Author { staff: DESK, at: at("2026-11-22T09:00:00Z") };
    let booked = chart.apply(&book(1, 700, "2026-12-01T10:00:00Z", &[13, 13]), now, &catalogue).unwrap();
    assert_eq!(booked.sessions[0].appointments[0].procedures, [ProcedureId(id(13))]);
    assert_eq!(booked.listed()[0].status, SessionStatus::PartiallyBooked);
    // All of them, in whichever order they were named, is the whole session.
    let whole = chart.apply(&book(1, 700, "2026-12-01T10:00:00Z", &[13, 12]), now, &catalogue).unwrap();
    assert_eq!(whole.sessions[0].appointments[0].procedures, []);
}

#[test]
fn a_rest_set_aside_for_want_of_a_consent_delivers_once_that_is_signed() {
    let mut catalogue = catalogue();
    let chart = pair(&mut catalogue);
    let form = ConsentFormId(id(80));
    let apply = |chart: &Chart, change: &Change, catalogue: &Catalogue| chart.apply(change, by(PROVIDER, 1), catalogue);
    let begun = apply(&chart, &sign(1, part(&chart, 1, 12)), &catalogue).unwrap();
    let version = ConsentVersion {
        number: 1,
        elements: Default::default(),
        material: true,
        published_at: at("2026-01-01T00:00:00Z"),
        published_by: PROVIDER,
    };
    catalogue.consent_forms.push(ConsentForm {
        id: form,
        kind: ConsentKind::Treatment,
        name: "Laser".into(),
        draft: Default::default(),
        versions: vec![version],
        retired: false,
        edits: 1,
    });
    catalogue.packages[0].consents = vec![form];
    let rest = Change::SignSession { session: session(1), record: part(&begun, 1, 13), rest: Some(AddendumId(id(900))) };
    let rejection = apply(&begun, &rest, &catalogue).unwrap_err();
    assert!(matches!(rejection, Rejection::ConsentMissing { .. }));
    let item = SetAside { command: CommandId(id(70)), change: rest, by: PROVIDER, at: Moment::from_millis(1), rejection, decided: None };
    let waiting = begun.with_set_aside(item);
    let keep = Change::Decide { command: CommandId(id(70)), decision: Decision::Keep { addendum: AddendumId(id(901)) } };
    assert!(matches!(apply(&waiting, &keep, &catalogue), Err(Rejection::ConsentMissing { .. })));
    let signing = Signing { form, version: 1, plan: Some(PLAN), signer: None, photo: None, ink: vec![vec![(1, 1), (2, 2)]] };
    let signed = apply(&waiting, &Change::SignConsent(signing), &catalogue).unwrap();
    let kept = apply(&signed, &keep, &catalogue).unwrap();
    assert_eq!(kept.listed()[0].status, SessionStatus::Completed);
    assert!(kept.sessions[0].addenda[0].delivers);
    assert!(kept.exceptions().iter().all(|one| !matches!(one.kind, ExceptionKind::Item(BillingItem::Again { .. }))));
}
