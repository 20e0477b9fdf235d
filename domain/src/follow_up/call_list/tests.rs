use super::*;
use crate::{
    chart::tests::{PLAN, id, session},
    follow_up::tests::{at, booking, chicago, day, series},
    ids::PlanId,
};

const COORDINATOR: StaffId = StaffId(uuid::Uuid::from_u128(3));

fn entry() -> Entry {
    Entry {
        client: ClientId(id(20)),
        lapse: Lapse { plan: PLAN, session: session(2), day_0: day("2026-11-24") },
        opened: at("2026-12-15T16:00:00Z"),
        stranded_minor: 150_000,
        first: false,
        log: vec![],
    }
}

fn facts() -> Facts {
    series(&["2026-10-06T15:00:00Z"])
}

fn step(when: &str, what: Action) -> Step {
    Step { by: COORDINATOR, at: at(when), what, note: String::new() }
}

fn called(when: &str, outcome: Outcome) -> Step {
    step(when, Action::Called { outcome, minutes: 6 })
}

fn turn(log: &[Step], now: &str) -> Turn {
    Entry { log: log.to_vec(), ..entry() }.turn(&facts(), &chicago(), at(now))
}

#[test]
fn an_outcome_says_when_the_entry_comes_up_again() {
    let monday = "2026-12-21T16:00:00Z";
    assert_eq!(turn(&[], monday), Turn::Due);
    for (outcome, again) in [
        (Outcome::NoAnswer, "2026-12-22"),
        (Outcome::WrongNumber, "2026-12-22"),
        (Outcome::Booked, "2026-12-22"),
        (Outcome::LeftMessage, "2026-12-24"),
        (Outcome::Undecided, "2026-12-28"),
        (Outcome::CallBack { on: day("2027-01-04") }, "2027-01-04"),
    ] {
        let log = [called(monday, outcome)];
        assert_eq!(turn(&log, monday), Turn::Later(day(again)), "{outcome:?}");
        assert_eq!(turn(&log, &format!("{again}T06:00:00Z")), Turn::Due, "{outcome:?}");
    }
    assert_eq!(turn(&[called(monday, Outcome::DoesNotGoOn)], monday), Turn::Gone(Gone::DoesNotGoOn));
}

#[test]
fn snoozing_and_handing_over_are_kept_apart() {
    let monday = "2026-12-21T16:00:00Z";
    let snoozed = step(monday, Action::Snoozed { until: day("2027-01-11") });
    let handed = step(monday, Action::HandedTo { staff: COORDINATOR });
    let log = [snoozed.clone(), handed];
    assert_eq!(turn(&log, monday), Turn::Later(day("2027-01-11")));
    let entry = Entry { log: log.to_vec(), ..entry() };
    assert_eq!((entry.holder(), entry.last_contact(), entry.first_call()), (Some(COORDINATOR), None, None));
    // What was said last counts.
    assert_eq!(turn(&[snoozed, called(monday, Outcome::NoAnswer)], monday), Turn::Later(day("2026-12-22")));
}

#[test]
fn an_entry_leaves_the_list_by_what_becomes_of_the_plan() {
    let gone = |change: fn(&mut Facts)| {
        let mut facts = facts();
        change(&mut facts);
        entry().turn(&facts, &chicago(), at("2026-12-21T16:00:00Z"))
    };
    assert_eq!(gone(|facts| facts.sessions[1].bookings.push(booking("2026-12-30T16:00:00Z"))), Turn::Gone(Gone::Booked));
    assert_eq!(gone(|facts| facts.sessions[1].delivered = facts.sessions[0].delivered), Turn::Gone(Gone::Delivered));
    assert_eq!(gone(|facts| facts.standing = Standing::Frozen { until: None }), Turn::Gone(Gone::Paused));
    assert_eq!(gone(|facts| facts.standing = Standing::Voided), Turn::Gone(Gone::Ended));
    assert_eq!(gone(|facts| facts.sessions[1].missed.push(booking("2026-12-20T16:00:00Z"))), Turn::Gone(Gone::StartedAnew));
    assert_eq!(gone(|facts| facts.sessions[1].missed.push(booking("2026-11-20T16:00:00Z"))), Turn::Due);
}

#[test]
fn most_money_stands_first_but_for_what_the_clinic_puts_before() {
    let of = |n: u128, first, stranded_minor, day_0: &str| Entry {
        lapse: Lapse { plan: PlanId(id(n)), day_0: day(day_0), ..entry().lapse },
        first,
        stranded_minor,
        ..entry()
    };
    let mut entries = [
        of(1, false, 50_000, "2026-11-01"),
        of(2, false, 90_000, "2026-11-20"),
        of(3, false, 90_000, "2026-11-10"),
        of(4, true, 10_000, "2026-11-24"),
    ];
    sort(&mut entries);
    assert_eq!(entries.map(|entry| entry.lapse.plan), [4, 3, 2, 1].map(|n| PlanId(id(n))));
}

#[test]
fn calls_are_counted() {
    let log = vec![
        called("2026-12-16T16:00:00Z", Outcome::NoAnswer),
        called("2026-12-17T16:00:00Z", Outcome::LeftMessage),
        step("2026-12-17T17:00:00Z", Action::Snoozed { until: day("2026-12-30") }),
    ];
    let entry = Entry { log, ..entry() };
    assert_eq!((entry.minutes(), entry.age_days(day("2026-12-24"))), (12, 30));
    assert_eq!(entry.first_call(), Some(at("2026-12-16T16:00:00Z")));
    assert_eq!(entry.last_contact(), Some((at("2026-12-17T16:00:00Z"), Outcome::LeftMessage)));
    let json = serde_json::to_string(&entry.log).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Step>>(&json).unwrap(), entry.log);
}

#[test]
fn what_makes_no_sense_is_told() {
    let faults = |what| step("2026-12-21T16:00:00Z", what).faults(&chicago()).len();
    assert_eq!(faults(Action::Snoozed { until: day("2026-12-21") }), 1);
    assert_eq!(faults(Action::Snoozed { until: day("2026-12-22") }), 0);
    assert_eq!(faults(Action::Called { outcome: Outcome::CallBack { on: day("2028-01-01") }, minutes: 5 }), 1);
    assert_eq!(faults(Action::Called { outcome: Outcome::NoAnswer, minutes: 500 }), 1);
    assert_eq!(
        Step { note: "x".repeat(LONGEST_NOTE + 1), ..called("2026-12-21T16:00:00Z", Outcome::NoAnswer) }.faults(&chicago()).len(),
        1
    );
}
