use super::*;
use crate::demo::{self, DemoClinic, Size};
use domain::{chart::Author, command::Change, ids::PlanEventId, plan::PaymentMethod};
use uuid::Uuid;

const ALL: Span = Span { from: None, to: None };

/// Half past four in the afternoon, in Chicago.
fn now() -> Moment {
    Moment::new("2026-11-21T22:30:00Z".parse().unwrap())
}

fn small() -> DemoClinic {
    demo::clinic(Size { clients: 60, sessions: 360, seed: 5 }, now())
}

fn of_kind<'a>(lines: &'a [Line], kind: &str) -> Vec<&'a Line> {
    lines.iter().filter(|line| line[1] == kind).collect()
}

fn money(chart: &Chart, event: u128, action: PlanAction, clinic: &DemoClinic) -> Chart {
    let author = Author { staff: clinic.catalogue.staff[0].id, at: now() };
    let change = Change::ChangePlan { plan: chart.plans[0].id, event: PlanEventId(Uuid::from_u128(event)), action, reason: "=1+1".into() };
    chart.apply(&change, author, &clinic.catalogue).unwrap()
}

#[test]
fn every_delivered_session_is_there_once_with_what_it_is_worth() {
    let clinic = small();
    for chart in clinic.charts() {
        let lines = lines(&chart, &clinic.catalogue, ALL);
        let mut listed: Vec<_> = of_kind(&lines, "Session delivered").into_iter().map(|line| line[12].clone()).collect();
        let delivered = chart.sessions.iter().filter(|session| chart.delivered_in(session.id).is_some());
        let mut delivered: Vec<_> = delivered.map(|session| session.id.to_string()).collect();
        listed.sort();
        delivered.sort();
        assert_eq!(listed, delivered);
        assert!(lines.iter().all(|line| !line[0].is_empty() && !line[9].is_empty() && line[8] == "USD"));
    }
}

#[test]
fn payments_refunds_and_settlements_are_there_each_with_its_remark() {
    let clinic = small();
    let mut chart = clinic.chart(0).unwrap();
    chart.plans[0].paid_before_minor = 0;
    let item = BillingItem::Session(chart.sessions[0].id);
    let settle = Change::SettleBilling { item, charged_minor: 25_050, reason: "paid at the sister clinic".into() };
    let author = Author { staff: clinic.catalogue.staff[0].id, at: now() };
    let chart = chart.apply(&settle, author, &clinic.catalogue).unwrap();
    let chart = money(&chart, 1, PlanAction::Pay { minor: 60_000, how: PaymentMethod::Cash }, &clinic);
    let chart = money(&chart, 2, PlanAction::Refund { minor: 5 }, &clinic);
    let lines = lines(&chart, &clinic.catalogue, ALL);
    let told = |kind| of_kind(&lines, kind).into_iter().map(|line| (line[7].as_str(), line[10].as_str())).collect::<Vec<_>>();
    assert_eq!(told("Payment"), [("600", "Cash: =1+1")]);
    assert_eq!(told("Refund"), [("-0.05", "'=1+1")]);
    let first = of_kind(&lines, "Session delivered")[0];
    assert_eq!((first[9].as_str(), first[10].as_str()), ("Settled", "Charged 250.50: paid at the sister clinic"));
}

#[test]
fn what_no_series_counts_is_there_too() {
    let clinic = small();
    let mut chart = clinic.chart(0).unwrap();
    let visit = chart.sessions.iter_mut().find(|session| session.signed.is_some()).unwrap();
    let signed = visit.signed.as_mut().unwrap();
    let mut beside = signed.record.treatments[0].clone();
    beside.counts_for = None;
    signed.record.treatments.push(beside);
    let again = domain::session::Addendum {
        id: domain::ids::AddendumId(Uuid::from_u128(3)),
        by: signed.by,
        at: now(),
        text: "Charted a second time.".into(),
        record: Some(signed.record.clone()),
        delivers: false,
    };
    visit.addenda.push(again);
    let lines = lines(&chart, &clinic.catalogue, ALL);
    for kind in [OUTSIDE, "Charted again"] {
        let [line] = of_kind(&lines, kind)[..] else { panic!("{kind}") };
        assert_eq!(line[9], "Unbilled");
    }
    // The list and the exceptions tell the same.
    assert_eq!(chart.exceptions().len(), lines.iter().filter(|line| line[9] == "Unbilled").count());
}

#[test]
fn a_span_holds_its_first_and_its_last_day_by_the_clinics_clock() {
    let clinic = small();
    let chart = clinic.chart(0).unwrap();
    // Late in the evening, when it is tomorrow already elsewhere.
    let late = Author { staff: clinic.catalogue.staff[0].id, at: Moment::new("2026-11-22T04:00:00Z".parse().unwrap()) };
    let change = Change::ChangePlan {
        plan: chart.plans[0].id,
        event: PlanEventId(Uuid::from_u128(1)),
        action: PlanAction::Refund { minor: 100 },
        reason: "late".into(),
    };
    let chart = chart.apply(&change, late, &clinic.catalogue).unwrap();
    let refunds = |from: &str, to: &str| {
        let span = Span { from: from.parse().ok(), to: to.parse().ok() };
        of_kind(&lines(&chart, &clinic.catalogue, span), "Refund").len()
    };
    assert_eq!(refunds("2026-11-21", "2026-11-21"), 1);
    assert_eq!(refunds("2026-11-22", "2026-11-22"), 0);
    assert_eq!(refunds("2026-11-01", "2026-11-20"), 0);
    assert_eq!((refunds("2026-11-21", ""), refunds("", "2026-11-21")), (1, 1));
}

#[test]
fn nothing_in_it_is_taken_for_a_formula() {
    for formula in ["=HYPERLINK(\"http://evil\")", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\r\n=1", "-"] {
        let given = harmless(formula.to_owned());
        // A lone dash is no amount either.
        assert!(given.starts_with('\''), "{formula}");
    }
    for plain in ["Maya Chen", "-0.05", "-300", "1800", "", "2026-11-21", "Émile =1"] {
        assert_eq!(harmless(plain.to_owned()), plain);
    }
    let clinic = small();
    let mut chart = clinic.chart(0).unwrap();
    chart.client.name = "=cmd|' /C calc'!A0".into();
    chart.plans[0].name = "@series".into();
    for line in lines(&chart, &clinic.catalogue, ALL) {
        assert!(line[2].starts_with("'="));
        assert!(!line.iter().any(|cell| cell.starts_with(['=', '+', '@'])), "{line:?}");
    }
}
