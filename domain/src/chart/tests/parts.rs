//! Sessions of several procedures: booked in parts, held on several days, each procedure carried forward by itself.

use super::{booking::open, *};
use crate::spacing::SpacingRule;
use crate::status::SessionStatus;

const LEGS: ProcedureId = ProcedureId(Uuid::from_u128(31));
const PEEL: ProcedureId = ProcedureId(Uuid::from_u128(32));
const OTHER_TEMPLATE: TemplateId = TemplateId(Uuid::from_u128(6));
const PEN: HandpieceId = HandpieceId(Uuid::from_u128(7));
const PART: AppointmentId = AppointmentId(Uuid::from_u128(700));
const REST_PART: AppointmentId = AppointmentId(Uuid::from_u128(701));

/// Two procedures in each of two sessions: one with the laser, one with another handpiece of it.
fn two() -> (Chart, Catalogue) {
    let mut catalogue = catalogue();
    catalogue.hours = open(0, 1440, "2026-12-25");
    let other = Template { id: OTHER_TEMPLATE, name: "Peel".into(), ..catalogue.templates[0].clone() };
    catalogue.templates.push(other);
    catalogue.devices[0].handpieces.push(Handpiece { id: PEN, name: "Pen".into(), template: OTHER_TEMPLATE, retired: false });
    let mut chart = chart(2);
    let procedure = |id, name: &str, template| Procedure { id, name: name.into(), minutes: 30, template: Some(template) };
    chart.plans[0].procedures = vec![procedure(LEGS, "Legs", TEMPLATE), procedure(PEEL, "Peel", OTHER_TEMPLATE)];
    chart.sessions[0].appointments.clear();
    (chart, catalogue)
}

fn treatment(chart: &Chart, catalogue: &Catalogue, number: u16, procedure: ProcedureId, fluence: i64) -> Treatment {
    let handpiece = if procedure == LEGS { HANDPIECE } else { PEN };
    let areas = [Area::new("cheek", Some(Side::Left))];
    let mut treatment = chart.new_treatment(Some(session(number)), LASER, handpiece, &areas, catalogue).unwrap();
    treatment.procedure = Some(procedure);
    treatment.enter("fluence", Value::Number(Amount::whole(fluence)));
    treatment.confirm_all();
    treatment
}

fn charted(treatments: Vec<Treatment>) -> Record {
    Record { treatments, ..Record::default() }
}

fn rest(number: u16, addendum: u128, record: Record) -> Change {
    Change::SignSession { session: session(number), record, rest: Some(AddendumId(id(addendum))) }
}

fn day(text: &str) -> Author {
    Author { staff: PROVIDER, at: at(text) }
}

fn book(appointment: AppointmentId, starts: &str, procedures: Vec<ProcedureId>, despite: &str) -> Change {
    Change::BookSession { session: session(1), appointment, time: time(starts), procedures, despite: despite.into() }
}

fn status(chart: &Chart) -> SessionStatus {
    let listed = chart.listed();
    let alone = chart.listed_session(chart.session(session(1)).unwrap()).unwrap();
    assert_eq!((listed[0].status, listed[0].at), (alone.status, alone.at));
    listed[0].status
}

#[test]
fn a_session_is_booked_in_parts_and_completed_when_all_of_it_is_charted() {
    let (chart, catalogue) = two();
    let now = day("2026-11-30T09:00:00Z");
    assert_eq!(status(&chart), SessionStatus::AwaitingBooking);
    let legs = book(PART, "2026-12-01T10:00:00Z", vec![LEGS], "");
    let chart = chart.apply(&legs, now, &catalogue).unwrap();
    assert_eq!(status(&chart), SessionStatus::PartiallyBooked);
    let again = book(REST_PART, "2026-12-03T10:00:00Z", vec![LEGS], "");
    assert_eq!(chart.apply(&again, now, &catalogue), Err(Rejection::AlreadyBooked));

    // Without a choice it is what is left.
    let chart = chart.apply(&book(REST_PART, "2026-12-03T10:00:00Z", vec![], ""), now, &catalogue).unwrap();
    assert_eq!(chart.sessions[0].booking(REST_PART).unwrap().procedures, [PEEL]);
    assert_eq!(status(&chart), SessionStatus::Booked);

    let first = charted(vec![treatment(&chart, &catalogue, 1, LEGS, 18)]);
    let chart = chart.apply(&sign(1, first), day("2026-12-01T10:30:00Z"), &catalogue).unwrap();
    // What is left is booked for another day.
    assert_eq!((status(&chart), chart.listed()[0].at), (SessionStatus::Booked, Some(at("2026-12-03T10:00:00Z"))));
    assert_eq!(chart.balance(PLAN).delivered, 1);
    assert_eq!(chart.outstanding(session(1)).iter().map(|left| left.id).collect::<Vec<_>>(), [PEEL]);

    let again = rest(1, 71, charted(vec![treatment(&chart, &catalogue, 1, LEGS, 18)]));
    assert_eq!(chart.apply(&again, day("2026-12-03T10:30:00Z"), &catalogue), Err(Rejection::AlreadyDelivered { number: 1 }));
    let signed = chart.sessions[0].signed.clone();
    let second = rest(1, 71, charted(vec![treatment(&chart, &catalogue, 1, PEEL, 12)]));
    let chart = chart.apply(&second, day("2026-12-03T10:30:00Z"), &catalogue).unwrap();
    assert_eq!(status(&chart), SessionStatus::Completed);
    assert_eq!((&chart.sessions[0].signed, chart.sessions[0].addenda[0].text.as_str()), (&signed, REST));
    assert_eq!((chart.balance(PLAN).delivered, chart.next_session(PLAN).unwrap().number), (1, 2));
}

#[test]
fn two_devices_each_chart_one_part_and_both_count() {
    let (chart, catalogue) = two();
    // Neither has heard of the other.
    let legs = rest(1, 71, charted(vec![treatment(&chart, &catalogue, 1, LEGS, 18)]));
    let peel = rest(1, 72, charted(vec![treatment(&chart, &catalogue, 1, PEEL, 12)]));
    for order in [[&legs, &peel], [&peel, &legs]] {
        let mut clinic = chart.clone();
        for (n, change) in order.into_iter().enumerate() {
            assert!(chart.apply(change, by(PROVIDER, 1), &catalogue).is_ok());
            clinic = clinic.apply(change, by(PROVIDER, n as i64), &catalogue).unwrap();
        }
        assert_eq!((status(&clinic), clinic.balance(PLAN).delivered), (SessionStatus::Completed, 1));
        assert_eq!(clinic.sessions[0].records().count(), 2);
    }
}

#[test]
fn each_procedure_is_carried_forward_from_the_day_it_was_held() {
    let (chart, catalogue) = two();
    let first = charted(vec![treatment(&chart, &catalogue, 1, LEGS, 18)]);
    let chart = chart.apply(&sign(1, first), by(PROVIDER, 1), &catalogue).unwrap();
    // Nothing is known of the peel yet, and the legs are done.
    assert_eq!(chart.opening_record(session(1), &catalogue), Record::default());
    let second = rest(1, 71, charted(vec![treatment(&chart, &catalogue, 1, PEEL, 12)]));
    let chart = chart.apply(&second, by(PROVIDER, 2), &catalogue).unwrap();

    let opening = chart.opening_record(session(2), &catalogue);
    let told: Vec<_> = opening.treatments.iter().map(|one| (one.procedure, one.reading("fluence").unwrap().value.clone())).collect();
    let whole = |n| Value::Number(Amount::whole(n));
    assert_eq!(told, [(Some(LEGS), whole(18)), (Some(PEEL), whole(12))]);
    assert!(opening.treatments.iter().all(|one| one.counts_for == Some(session(2)) && !one.readings[0].confirmed));
    assert_eq!(chart.last_values(PEN, "fluence"), [whole(12)]);

    let third = charted(vec![treatment(&chart, &catalogue, 2, PEEL, 14)]);
    let chart = chart.apply(&sign(2, third), by(PROVIDER, 3), &catalogue).unwrap();
    let opening = chart.opening_record(session(2), &catalogue);
    assert_eq!(opening.treatments.iter().map(|one| one.procedure).collect::<Vec<_>>(), [Some(LEGS)]);
}

#[test]
fn the_likely_procedure_is_one_that_is_left_and_done_with_such_a_device() {
    let (chart, catalogue) = two();
    let likely = |chart: &Chart, template, charted: &[Treatment]| chart.likely_procedure(session(1), template, charted);
    assert_eq!((likely(&chart, TEMPLATE, &[]), likely(&chart, OTHER_TEMPLATE, &[])), (Some(LEGS), Some(PEEL)));
    let legs = treatment(&chart, &catalogue, 1, LEGS, 18);
    // A second pass over the legs, not a peel by laser.
    assert_eq!(likely(&chart, TEMPLATE, std::slice::from_ref(&legs)), Some(LEGS));
    let mut alike = chart.clone();
    alike.plans[0].procedures[1].template = Some(TEMPLATE);
    assert_eq!(likely(&alike, TEMPLATE, std::slice::from_ref(&legs)), Some(PEEL));
    let signed = chart.apply(&sign(1, charted(vec![legs])), by(PROVIDER, 1), &catalogue).unwrap();
    assert_eq!(likely(&signed, TEMPLATE, &[]), Some(PEEL));
    let mut single = chart;
    single.plans[0].procedures.pop();
    assert_eq!(likely(&single, TEMPLATE, &[]), None);
}

#[test]
fn a_note_left_with_the_rest_of_a_session_stands_too() {
    let (chart, catalogue) = two();
    let note = |text: &str| Some(NoteForNext { text: text.into(), change: None });
    let mut first = charted(vec![treatment(&chart, &catalogue, 1, LEGS, 18)]);
    first.note = note("Cooler.");
    let chart = chart.apply(&sign(1, first), by(PROVIDER, 1), &catalogue).unwrap();
    let mut second = charted(vec![treatment(&chart, &catalogue, 1, PEEL, 12)]);
    second.note = note("Softer.");
    let texts = |chart: &Chart| chart.standing_notes(PLAN).into_iter().map(|standing| standing.note.text).collect::<Vec<_>>();
    let both = chart.apply(&rest(1, 71, second.clone()), by(PROVIDER, 2), &catalogue).unwrap();
    assert_eq!(texts(&both), ["Cooler. Softer."]);
    // Settled while the rest was charted: what was noted then still stands.
    second.settle_note(session(1), NoteOutcome::Acknowledged);
    let settled = chart.apply(&rest(1, 71, second), by(PROVIDER, 2), &catalogue).unwrap();
    assert_eq!(texts(&settled), ["Softer."]);
    let mut third = charted(vec![treatment(&chart, &catalogue, 2, LEGS, 18)]);
    third.settle_note(session(1), NoteOutcome::Acknowledged);
    assert_eq!(texts(&settled.apply(&sign(2, third), by(PROVIDER, 3), &catalogue).unwrap()), Vec::<String>::new());
}

#[test]
fn spacing_looks_at_the_day_something_was_held_and_only_at_what_is_booked() {
    let (chart, mut catalogue) = two();
    catalogue.spacing = vec![SpacingRule { earlier: TEMPLATE, later: OTHER_TEMPLATE, region: None, days: 10 }];
    let first = charted(vec![treatment(&chart, &catalogue, 2, LEGS, 18)]);
    let chart = chart.apply(&sign(2, first), day("2026-11-20T10:00:00Z"), &catalogue).unwrap();
    let now = day("2026-11-21T10:00:00Z");
    let legs = book(PART, "2026-11-24T10:00:00Z", vec![LEGS], "");
    assert!(chart.apply(&legs, now, &catalogue).is_ok());
    let peel = |starts, despite| chart.apply(&book(PART, starts, vec![PEEL], despite), now, &catalogue);
    assert!(matches!(peel("2026-11-24T10:00:00Z", " "), Err(Rejection::TooSoon { .. })));
    assert_eq!(peel("2026-11-30T10:00:00Z", "").unwrap().sessions[0].appointments[0].despite, None);
    let despite = peel("2026-11-24T10:00:00Z", "asked for it").unwrap();
    assert_eq!(despite.sessions[0].appointments[0].despite.as_deref(), Some("asked for it"));

    let intended = chart.intended_part(PLAN, &[PEEL]);
    let from = |day: &str| chart.clear_day(&intended, day.parse().unwrap(), &catalogue).to_string();
    assert_eq!((from("2026-11-24"), from("2026-12-02")), ("2026-11-30".to_owned(), "2026-12-02".to_owned()));
    // Held on another day than the rest of its session.
    let (mut late, mut rule) = (chart.clone(), catalogue.clone());
    late = late
        .apply(&rest(2, 71, charted(vec![treatment(&late, &catalogue, 2, PEEL, 12)])), day("2026-12-05T10:00:00Z"), &catalogue)
        .unwrap();
    rule.spacing = vec![SpacingRule { earlier: OTHER_TEMPLATE, later: OTHER_TEMPLATE, region: None, days: 10 }];
    let concerns = late.spacing_concerns(&late.intended_part(PLAN, &[PEEL]), "2026-12-08".parse().unwrap(), &rule);
    assert_eq!(concerns.iter().map(|concern| concern.days).collect::<Vec<_>>(), [3]);
}
