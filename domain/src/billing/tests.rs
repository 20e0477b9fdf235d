use super::*;
use crate::{
    chart::tests::{DESK, PLAN, PROVIDER, by, catalogue, chart, id, record, session, sign},
    ids::PlanEventId,
    plan::PaymentMethod,
    record::{Record, Treatment},
    session::Addendum,
};
use proptest::prelude::*;

/// A series of so many sessions at $1,800, nothing paid.
fn unpaid(sessions: u16) -> Chart {
    let mut chart = chart(sessions);
    chart.plans[0].paid_before_minor = 0;
    chart
}

fn plan_change(event: u128, action: PlanAction) -> Change {
    Change::ChangePlan { plan: PLAN, event: PlanEventId(id(event)), action, reason: "asked for it".into() }
}

fn pay(event: u128, minor: i64) -> Change {
    plan_change(event, PlanAction::Pay { minor, how: PaymentMethod::Card })
}

fn settle(number: u16) -> Change {
    Change::SettleBilling { item: BillingItem::Session(session(number)), charged_minor: 0, reason: "goodwill".into() }
}

fn apply(chart: &Chart, change: &Change) -> Result<Chart, Rejection> {
    chart.apply(change, by(PROVIDER, 1), &catalogue())
}

fn signed(chart: &Chart, number: u16) -> Chart {
    apply(chart, &sign(number, record(chart, number, 18))).unwrap()
}

#[test]
fn a_price_is_spread_without_losing_a_cent() {
    for (price, of) in [(180_000, 6), (100, 3), (1, 4), (0, 2)] {
        assert_eq!((0..of).map(|place| share(price, of, place)).sum::<i64>(), price);
    }
    assert_eq!(share(100, 3, 2), 34);
}

#[test]
fn what_was_settled_is_not_asked_for_again_once_the_rest_is_paid() {
    let chart = apply(&signed(&unpaid(3), 1), &settle(1)).unwrap();
    assert_eq!(chart.plan_billing(PLAN).owed, 120_000);
    let chart = apply(&chart, &pay(1, 120_000)).unwrap();
    assert_eq!(chart.plan_billing(PLAN).owed, 0);
    let billing: Vec<_> = chart.session_billing(PLAN).into_iter().map(|(_, billing)| billing).collect();
    assert_eq!(billing, [Billing::Settled, Billing::Paid, Billing::Paid]);
    assert_eq!(apply(&chart, &pay(2, 1)), Err(Rejection::Unfit { field: "Payment".into() }));
}

#[test]
fn an_unpaid_session_is_an_exception_until_it_is_paid_or_settled_with_a_reason() {
    let chart = signed(&unpaid(3), 1);
    let exceptions = chart.exceptions();
    assert_eq!((exceptions.len(), exceptions[0].worth_minor), (1, Some(60_000)));
    assert_eq!(apply(&chart, &pay(1, 60_000)).unwrap().exceptions(), []);
    assert_eq!(apply(&chart, &settle(1)).unwrap().exceptions(), []);
    assert_eq!(apply(&chart, &settle(2)), Err(Rejection::NotThere));
    let Change::SettleBilling { item, .. } = settle(1) else { unreachable!() };
    let settle = |charged_minor, reason: &str| Change::SettleBilling { item, charged_minor, reason: reason.into() };
    assert_eq!(apply(&chart, &settle(0, " ")), Err(Rejection::Empty));
    assert_eq!(apply(&chart, &settle(-1, "x")), Err(Rejection::Unfit { field: "Charged".into() }));
}

#[test]
fn what_was_treated_beside_a_series_is_an_exception_on_whichever_day_it_was() {
    let mut both = record(&unpaid(3), 1, 18);
    let beside = Treatment { counts_for: None, ..both.treatments[0].clone() };
    both.treatments.push(beside.clone());
    let mut paid = unpaid(3);
    paid.plans[0].paid_before_minor = 180_000;
    let chart = apply(&paid, &sign(1, both)).unwrap();
    assert_eq!(chart.exceptions()[0].kind, ExceptionKind::Item(BillingItem::Treatment { visit: session(1), position: 1 }));

    // What was left of the session, held later, and something beside it.
    let addendum = AddendumId(id(77));
    let mut chart = chart;
    let rest = Record { treatments: vec![Treatment { counts_for: Some(session(1)), ..beside.clone() }, beside], ..Record::default() };
    let by = by(PROVIDER, 2);
    let later = Addendum { id: addendum, by: by.staff, at: by.at, text: "The rest.".into(), record: Some(rest), delivers: true };
    chart.sessions[0].addenda.push(later);
    assert_eq!(chart.exceptions()[0].kind, ExceptionKind::Item(BillingItem::Again { visit: session(1), addendum }));
    chart.sessions[0].addenda[0].record.as_mut().unwrap().treatments.pop();
    assert_eq!(chart.exceptions().len(), 1);
}

#[derive(Clone, Debug)]
enum Step {
    Sign(u16),
    Pay(i64),
    Refund(i64),
    Settle(u16),
    Maintain(u16),
    Extend,
    Void,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = prop_oneof![1..1000_i64, Just(30_000), Just(60_000), 1..400_000_i64];
    let step = prop_oneof![
        5 => (1..9_u16).prop_map(Step::Sign),
        4 => amount.clone().prop_map(Step::Pay),
        2 => amount.prop_map(Step::Refund),
        3 => (1..9_u16).prop_map(Step::Settle),
        2 => (1..4_u16).prop_map(Step::Maintain),
        1 => Just(Step::Extend),
        1 => Just(Step::Void),
    ];
    prop::collection::vec(step, 0..40)
}

fn change(step: &Step, chart: &Chart, event: u128) -> Change {
    let last = chart.sessions.iter().map(|session| session.number).max().unwrap();
    let action = match step {
        Step::Sign(number) => return sign(*number, record(chart, *number, 18)),
        Step::Settle(number) => return settle(*number),
        Step::Pay(minor) => PlanAction::Pay { minor: *minor, how: PaymentMethod::Cash },
        Step::Refund(minor) => PlanAction::Refund { minor: *minor },
        Step::Maintain(more) => {
            let price_minor = chart.maintenance_minor(PLAN, usize::from(*more), &catalogue());
            PlanAction::Maintain { sessions: (last + 1..=last + more).map(session).collect(), price_minor }
        }
        Step::Extend => PlanAction::Extend { sessions: vec![session(last + 1)] },
        Step::Void => PlanAction::Void,
    };
    plan_change(event, action)
}

/// What has to hold of the money, whatever happened.
fn adds_up(chart: &Chart) -> Result<(), TestCaseError> {
    let plan = chart.plan(PLAN).unwrap();
    let PlanBilling { price, paid, owed } = chart.plan_billing(PLAN);
    prop_assert!(paid >= 0 && owed >= 0 && owed <= price);
    let sessions = chart.worth_of_sessions(PLAN);
    prop_assert_eq!(sessions.iter().map(|(.., worth)| worth).sum::<i64>(), price);
    prop_assert_eq!(plan.paid_minor(), paid);
    let exceptions = chart.exceptions();
    for (session, billing, worth) in sessions {
        let excepted = exceptions.iter().any(|exception| exception.kind == ExceptionKind::Item(BillingItem::Session(session)));
        prop_assert_eq!(excepted, billing == Billing::Unbilled);
        prop_assert_eq!(billing == Billing::Free, worth == 0);
        let delivered = chart.delivered_in(session).is_some();
        prop_assert!(!excepted || delivered);
        let well = matches!(billing, Billing::Paid | Billing::Free | Billing::Settled);
        prop_assert!(!(exceptions.is_empty() && delivered) || well, "{billing:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_money_adds_up_whatever_is_paid_given_back_delivered_or_settled(steps in steps()) {
        let mut chart = unpaid(3);
        for (event, step) in (1000..).zip(&steps) {
            if let Ok(next) = chart.apply(&change(step, &chart, event), by(if event % 2 == 0 { PROVIDER } else { DESK }, 1), &catalogue()) {
                chart = next;
            }
            adds_up(&chart)?;
        }
        // Who pays what is owed owes nothing more, and nothing delivered is left open.
        let owed = chart.plan_billing(PLAN).owed;
        if owed > 0 {
            chart = apply(&chart, &pay(9999, owed)).unwrap();
        }
        prop_assert_eq!(chart.plan_billing(PLAN).owed, 0);
        prop_assert_eq!(chart.exceptions(), vec![]);
    }
}
