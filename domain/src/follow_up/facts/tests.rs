use super::*;
use crate::{
    booking::Time,
    chart::Author,
    chart::tests::{DESK, PACKAGE, PLAN, PROVIDER, catalogue, chart, id, record, session},
    command::Change,
    follow_up::{
        planner::schedule,
        policy::Policy,
        tests::{at, chicago, day, in_time},
    },
    ids::{AppointmentId, PlanEventId, ReportId, TemplateId},
    record::Record,
    skin::{AdverseEvent, SkinResponse},
    spacing::SpacingRule,
};
use proptest::prelude::*;
use uuid::Uuid;

fn clinic() -> Catalogue {
    Catalogue { clock: chicago(), ..catalogue() }
}

/// Sold on 1 January 2026, six sessions, 42 days apart.
fn six() -> Chart {
    let mut chart = chart(6);
    chart.sessions[0].appointments.clear();
    chart
}

fn apply(chart: &Chart, staff: crate::ids::StaffId, when: &str, change: Change) -> Chart {
    chart.apply(&change, Author { staff, at: at(when) }, &clinic()).unwrap()
}

fn sign(chart: &Chart, number: u16, when: &str) -> Chart {
    let record = record(chart, number, 18);
    apply(chart, PROVIDER, when, Change::SignSession { session: session(number), record, rest: None })
}

/// An id made then, as devices make them.
fn made(n: u8, when: &str) -> AppointmentId {
    AppointmentId(crate::ids::uuid_v7(u64::try_from(at(when).millis()).unwrap(), [n; 10]))
}

fn time(starts: &str) -> Time {
    Time { provider: PROVIDER, starts: at(starts), minutes: 45, room: None, device: None }
}

fn book(chart: &Chart, number: u16, appointment: AppointmentId, when: &str, starts: &str) -> Chart {
    let change =
        Change::BookSession { session: session(number), appointment, time: time(starts), procedures: vec![], despite: String::new() };
    apply(chart, DESK, when, change)
}

fn change_plan(chart: &Chart, event: u128, when: &str, action: PlanAction) -> Chart {
    apply(chart, DESK, when, Change::ChangePlan { plan: PLAN, event: PlanEventId(id(event)), action, reason: "asked for it".into() })
}

fn facts_at(chart: &Chart, now: &str) -> Facts {
    chart.follow_up_facts(&clinic(), &Policies::standard(), &Beside::default(), at(now)).remove(0)
}

#[test]
fn a_new_series_is_due_two_weeks_after_its_sale() {
    let facts = facts_at(&six(), "2026-01-02T16:00:00Z");
    assert_eq!((facts.enrolled, facts.interval_days, facts.tolerance_days), (day("2026-01-01"), 42, 7));
    assert_eq!(facts.next().unwrap().due, Some(day("2026-01-15")));
    assert_eq!(facts.sessions[1].due, None);
    // Midnight in Chicago.
    assert_eq!((facts.followed_since, facts.stranded_minor), (at("2026-01-01T06:00:00Z"), 180_000));
    assert_eq!(facts.lapse(&chicago(), at("2026-01-22T05:59:00Z")), None);
    let lapse = Lapse { plan: PLAN, session: session(1), day_0: day("2026-01-22") };
    assert_eq!(facts.lapse(&chicago(), at("2026-01-22T06:00:00Z")), Some(lapse));
}

#[test]
fn a_session_is_due_its_interval_after_the_visit_before() {
    let chart = book(&six(), 1, made(1, "2026-01-10T16:00:00Z"), "2026-01-10T16:00:00Z", "2026-01-15T16:00:00Z");
    let chart = sign(&chart, 1, "2026-01-15T17:00:00Z");
    let facts = facts_at(&chart, "2026-01-20T16:00:00Z");
    let delivered = Delivered { at: at("2026-01-15T16:00:00Z"), signed: Some(at("2026-01-15T17:00:00Z")) };
    assert_eq!((facts.sessions[0].delivered, facts.sessions[0].due), (Some(delivered), Some(day("2026-01-15"))));
    assert!(facts.sessions[0].bookings.is_empty());
    assert_eq!((facts.next().unwrap().number, facts.next().unwrap().due), (2, Some(day("2026-02-26"))));
    assert_eq!(facts.stranded_minor, 150_000);
}

#[test]
fn the_skin_gets_its_days_after_another_treatment() {
    let chart = sign(&six(), 1, "2026-01-15T17:00:00Z");
    let template = TemplateId(id(5));
    let rule = SpacingRule { earlier: template, later: template, region: None, days: 60 };
    let catalogue = Catalogue { spacing: vec![rule], ..clinic() };
    let facts = chart.follow_up_facts(&catalogue, &Policies::standard(), &Beside::default(), at("2026-01-20T16:00:00Z"));
    assert_eq!(facts[0].next().unwrap().due, Some(day("2026-03-16")));
}

#[test]
fn bookings_are_known_with_the_time_they_were_made() {
    let id = made(1, "2026-01-10T16:00:00Z");
    let chart = book(&six(), 1, id, "2026-01-10T16:00:00Z", "2026-01-15T16:00:00Z");
    let booking = |chart: &Chart, now: &str| facts_at(chart, now).sessions[0].bookings.first().copied();
    let first = Booking { starts: at("2026-01-15T16:00:00Z"), made: Some(at("2026-01-10T16:00:00Z")), elsewhere: false };
    assert_eq!(booking(&chart, "2026-01-11T16:00:00Z"), Some(first));
    let moving = Change::MoveBooking { session: session(1), appointment: id, time: time("2026-01-20T16:00:00Z"), despite: String::new() };
    let moved = apply(&chart, DESK, "2026-01-12T16:00:00Z", moving);
    let second = Booking { starts: at("2026-01-20T16:00:00Z"), made: Some(at("2026-01-12T16:00:00Z")), elsewhere: false };
    assert_eq!(booking(&moved, "2026-01-13T16:00:00Z"), Some(second));
    assert_eq!(facts_at(&moved, "2026-01-13T16:00:00Z").sessions[0].free_since, None);
    let cancel = |no_show| Change::CancelBooking { session: session(1), appointment: id, no_show, reason: "ill".into() };
    let cancelled = facts_at(&apply(&moved, DESK, "2026-01-14T16:00:00Z", cancel(false)), "2026-01-15T16:00:00Z");
    assert_eq!((cancelled.sessions[0].free_since, cancelled.sessions[0].missed.len()), (Some(at("2026-01-14T16:00:00Z")), 0));
    let missed = facts_at(&apply(&moved, DESK, "2026-01-20T18:00:00Z", cancel(true)), "2026-01-20T19:00:00Z");
    assert_eq!((missed.sessions[0].free_since, missed.sessions[0].missed[0].starts), (Some(at("2026-01-20T18:00:00Z")), second.starts));
    // The window ends on 22 January, later than the appointment she missed.
    assert_eq!(missed.lapse(&chicago(), at("2026-01-21T16:00:00Z")), None);
    assert_eq!(missed.lapse(&chicago(), at("2026-01-22T16:00:00Z")).unwrap().day_0, day("2026-01-22"));
    // A booking made before there were such ids.
    let old = book(&six(), 1, AppointmentId(Uuid::from_u128(7)), "2026-01-10T16:00:00Z", "2026-01-15T16:00:00Z");
    assert_eq!(booking(&old, "2026-01-11T16:00:00Z"), Some(Booking { made: None, ..first }));
}

#[test]
fn a_booking_nobody_spoke_of_is_missed_from_the_second_day_on() {
    let id = made(1, "2026-01-10T16:00:00Z");
    let chart = book(&six(), 1, id, "2026-01-10T16:00:00Z", "2026-02-02T16:00:00Z");
    let missed = |chart: &Chart, now: &str| facts_at(chart, now).sessions[0].missed.len();
    assert_eq!((missed(&chart, "2026-02-04T05:59:00Z"), missed(&chart, "2026-02-04T06:00:00Z")), (0, 1));
    let facts = facts_at(&chart, "2026-02-04T06:00:00Z");
    assert_eq!(facts.lapse(&chicago(), at("2026-02-04T06:00:00Z")).unwrap().day_0, day("2026-02-02"));
    // In time for day 2.
    let touches = schedule(&[facts], &Policies::standard(), &chicago(), in_time);
    let soft = touches.iter().find(|touch| touch.is_to_send() && touch.identity.kind.rung() == Some(2)).unwrap();
    assert_eq!(soft.due, at("2026-02-04T16:00:00Z"));
    // She was here: somebody will chart it.
    let arrived = apply(&chart, DESK, "2026-02-02T16:00:00Z", Change::CheckIn { session: session(1), appointment: id, arrived: true });
    assert_eq!(missed(&arrived, "2026-02-10T16:00:00Z"), 0);
    assert_eq!(missed(&sign(&chart, 1, "2026-02-02T17:00:00Z"), "2026-02-10T16:00:00Z"), 0);
}

#[test]
fn a_pause_an_end_and_maintenance_are_seen() {
    let chart = sign(&six(), 1, "2026-01-15T17:00:00Z");
    let paused = change_plan(&chart, 1, "2026-01-20T16:00:00Z", PlanAction::Freeze { until: None });
    assert!(matches!(facts_at(&paused, "2026-06-01T16:00:00Z").standing, Standing::Frozen { .. }));
    assert_eq!(facts_at(&paused, "2026-06-01T16:00:00Z").lapse(&chicago(), at("2026-06-01T16:00:00Z")), None);
    // Nothing was due meanwhile.
    let resumed = facts_at(&change_plan(&paused, 2, "2026-06-01T16:00:00Z", PlanAction::Resume), "2026-06-01T16:00:00Z");
    assert_eq!((resumed.resumed, resumed.next().unwrap().due), (Some(at("2026-06-01T16:00:00Z")), Some(day("2026-06-01"))));
    let ended = facts_at(&change_plan(&chart, 3, "2026-01-20T16:00:00Z", PlanAction::Void), "2026-02-01T16:00:00Z");
    assert_eq!((ended.standing, ended.stranded_minor, ended.is_complete()), (Standing::Voided, 0, false));
    let mut one = six();
    one.sessions.truncate(1);
    let complete = sign(&one, 1, "2026-01-15T17:00:00Z");
    assert!(facts_at(&complete, "2026-02-01T16:00:00Z").is_complete());
    // More sessions a year later: they are not due since long.
    let more = PlanAction::Extend { sessions: vec![session(2)] };
    let more = facts_at(&change_plan(&complete, 4, "2027-01-15T16:00:00Z", more), "2027-01-16T16:00:00Z");
    assert_eq!(more.next().unwrap().due, Some(day("2027-01-29")));
}

#[test]
fn an_adverse_event_is_a_concern_until_it_is_followed_up() {
    let mut worse: Record = record(&six(), 1, 18);
    worse.response = SkinResponse { adverse: Some(AdverseEvent { grade: 2, text: "blister".into() }), ..SkinResponse::default() };
    let chart = apply(&six(), PROVIDER, "2026-01-15T17:00:00Z", Change::SignSession { session: session(1), record: worse, rest: None });
    assert_eq!(facts_at(&chart, "2026-01-16T17:00:00Z").concern, Concern::Open);
    let closed = apply(&chart, PROVIDER, "2026-01-18T17:00:00Z", Change::CloseFollowUp { session: session(1), text: "healed".into() });
    assert_eq!(facts_at(&closed, "2026-01-19T17:00:00Z").concern, Concern::Closed(at("2026-01-18T17:00:00Z")));
    let (early, late) = (Concern::Closed(at("2026-01-01T00:00:00Z")), Concern::Closed(at("2026-02-01T00:00:00Z")));
    assert_eq!((early.and(late), late.and(Concern::None), early.and(Concern::Open)), (late, late, Concern::Open));
}

#[test]
fn a_worry_is_a_concern_until_it_is_answered_and_what_it_held_is_known() {
    let chart = sign(&six(), 1, "2026-01-15T16:00:00Z");
    let worry =
        |worried| Change::ReportAfterSession { session: session(1), report: ReportId(id(900)), worried, text: "it blisters".into() };
    let herself = |when: &str| Author::client(at(when));
    let worried = chart.apply(&worry(true), herself("2026-01-20T16:00:00Z"), &clinic()).unwrap();
    assert_eq!(facts_at(&worried, "2026-01-21T17:00:00Z").concern, Concern::Open);
    let closed = apply(&worried, PROVIDER, "2026-01-22T17:00:00Z", Change::CloseFollowUp { session: session(1), text: "dry".into() });
    assert_eq!(facts_at(&closed, "2026-01-23T17:00:00Z").concern, Concern::Closed(at("2026-01-22T17:00:00Z")));
    let well = chart.apply(&worry(false), herself("2026-01-20T16:00:00Z"), &clinic()).unwrap();
    assert_eq!(facts_at(&well, "2026-01-23T17:00:00Z").concern, Concern::None);
}

#[test]
fn what_stands_beside_the_chart_is_taken_in() {
    let beside = Beside {
        concern: Concern::Open,
        declined: vec![(PLAN, at("2026-01-20T16:00:00Z")), (PlanId(id(77)), at("2026-01-25T16:00:00Z"))],
        followed_since: Some(at("2026-01-10T16:00:00Z")),
    };
    let policies = Policies { of_packages: vec![(PACKAGE, Policy { tolerance_days: Some(3), ..Policy::light() })], ..Policies::standard() };
    let facts = six().follow_up_facts(&clinic(), &policies, &beside, at("2026-01-26T16:00:00Z")).remove(0);
    assert_eq!((facts.concern, facts.declined, facts.tolerance_days), (Concern::Open, Some(at("2026-01-20T16:00:00Z")), 3));
    assert_eq!(facts.followed_since, at("2026-01-10T16:00:00Z"));
}

#[test]
fn a_visit_for_two_series_is_counted_for_both() {
    let mut chart = six();
    let other = PlanId(id(88));
    chart.plans.push(Plan { id: other, ..chart.plans[0].clone() });
    chart.sessions.push(Session { id: session(50), plan: other, number: 1, ..chart.sessions[5].clone() });
    let chart = book(&chart, 50, made(9, "2026-01-10T16:00:00Z"), "2026-01-10T16:00:00Z", "2026-02-15T16:00:00Z");
    let mut both = record(&chart, 1, 18);
    both.treatments.extend(record(&chart, 50, 18).treatments);
    let chart = apply(&chart, PROVIDER, "2026-01-15T17:00:00Z", Change::SignSession { session: session(1), record: both, rest: None });
    let facts = chart.follow_up_facts(&clinic(), &Policies::standard(), &Beside::default(), at("2026-01-16T16:00:00Z"));
    assert!(facts.iter().all(|facts| facts.sessions[0].delivered.is_some() && facts.sessions[0].bookings.is_empty()));
    // One aftercare for one visit.
    let touches = schedule(&facts, &Policies::standard(), &chicago(), in_time);
    let aftercare = touches.iter().filter(|touch| touch.identity.kind == crate::follow_up::kind::Kind::Aftercare && touch.is_to_send());
    assert_eq!(aftercare.count(), 1);
}

proptest! {
    /// Of the same chart, time only adds to what was planned.
    #[test]
    fn time_never_changes_what_was_planned_for_the_past(
        delivered in 0..4_u16,
        apart in prop::collection::vec(10..80_i64, 4),
        booked in prop::option::of(1..60_i64),
        (first, second) in (0..400_i64, 0..400_i64),
    ) {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let start = at("2026-01-03T16:00:00Z").millis();
        let mut chart = six();
        let mut last = start;
        for number in 1..=delivered {
            last += apart[usize::from(number) - 1] * DAY;
            let author = Author { staff: PROVIDER, at: Moment::from_millis(last) };
            let signing = Change::SignSession { session: session(number), record: record(&chart, number, 18), rest: None };
            chart = chart.apply(&signing, author, &clinic()).unwrap();
        }
        if let Some(days) = booked {
            let starts = Moment::from_millis(last + days * DAY);
            let time = Time { provider: PROVIDER, starts, minutes: 45, room: None, device: None };
            let wish = Change::BookSession { session: session(delivered + 1), appointment: AppointmentId(id(500)), time, procedures: vec![], despite: String::new() };
            chart = chart.apply(&wish, Author { staff: DESK, at: Moment::from_millis(last) }, &clinic()).unwrap();
        }
        let planned = |days: i64| {
            let facts = chart.follow_up_facts(&clinic(), &Policies::standard(), &Beside::default(), Moment::from_millis(start + days * DAY));
            schedule(&facts, &Policies::standard(), &chicago(), in_time)
        };
        let (earlier, later) = (planned(first.min(second)), planned(first.max(second)));
        for touch in &earlier {
            let again = later.iter().find(|other| other.identity == touch.identity);
            prop_assert_eq!(again.map(|again| (again.due, again.lapse)), Some((touch.due, touch.lapse)), "{:?}", touch);
        }
    }
}
