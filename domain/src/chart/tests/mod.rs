//! What a chart takes in and what it refuses. Here: charting; the other subjects have files of their own.

mod booking;
mod by_client;
mod ledger;
mod parts;
mod series;

use super::*;
use crate::{
    amount::{Amount, Unit},
    area::{Area, Side},
    booking::Time,
    catalogue::{Device, Handpiece, Role, Staff},
    command::Change,
    follow_up::elsewhere::{Belongs, BookingState},
    hours::OpeningHours,
    ids::*,
    note::{NoteForNext, NoteOutcome, SuggestedChange},
    package::{Package, Procedure},
    plan::PlanAction,
    record::TreatedArea,
    session::Appointment,
    template::{Field, FieldKind, NumberField, Range, Template, Value},
    time::{ClinicClock, Day},
};
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) const PROVIDER: StaffId = StaffId(Uuid::from_u128(1));
pub(crate) const DESK: StaffId = StaffId(Uuid::from_u128(2));
pub(crate) const LASER: DeviceId = DeviceId(Uuid::from_u128(3));
pub(crate) const HANDPIECE: HandpieceId = HandpieceId(Uuid::from_u128(4));
const TEMPLATE: TemplateId = TemplateId(Uuid::from_u128(5));

fn number(key: &str, required: bool, hard: i64) -> Field {
    let hard = Some(Range { min: Amount::whole(1), max: Amount::whole(hard) });
    let number = NumberField { unit: Unit::Millisecond, decimals: 1, step: Amount::whole(1), usual: vec![], hard };
    Field { key: key.into(), label: key.into(), required, kind: FieldKind::Number(number) }
}

pub(crate) fn catalogue() -> Catalogue {
    let staff = |id, role| Staff { id, name: "Dr Ama Osei".into(), role, active: true };
    Catalogue {
        clinic: ClinicId(id(9)),
        name: "Clinic".into(),
        currency: "USD".into(),
        clock: ClinicClock { zone: "UTC".into(), offsets: vec![] },
        hours: OpeningHours::default(),
        staff: vec![staff(PROVIDER, Role::Provider), staff(DESK, Role::FrontDesk)],
        devices: vec![Device {
            id: LASER,
            maker: "Lutronic".into(),
            model: "Clarity II".into(),
            handpieces: vec![Handpiece { id: HANDPIECE, name: "755".into(), template: TEMPLATE, retired: false }],
            retired: false,
            version: 1,
        }],
        templates: vec![Template {
            id: TEMPLATE,
            version: 1,
            name: "Alexandrite".into(),
            fields: vec![number("fluence", true, 60), number("pulse", false, 100)],
            source: String::new(),
        }],
        packages: vec![Package {
            id: PACKAGE,
            name: "LHR".into(),
            price_minor: 180_000,
            sessions: 3,
            interval_days: 42,
            procedures: vec![Procedure { id: ProcedureId(id(12)), name: "Legs".into(), minutes: 45, template: None }],
            consents: vec![],
            view_sets: vec![],
            retired: false,
            version: 1,
        }],
        rooms: vec![],
        consent_forms: vec![],
        spacing: vec![],
        view_sets: vec![],
        maintenance_percent: 15,
    }
}

pub(crate) const PACKAGE: PackageId = PackageId(Uuid::from_u128(11));

pub(crate) const PLAN: PlanId = PlanId(Uuid::from_u128(10));

pub(crate) fn session(number: u16) -> SessionId {
    SessionId(id(100 + u128::from(number)))
}

pub(crate) fn chart(sessions: u16) -> Chart {
    let day = Day::new(2026, 1, 1).unwrap();
    let mut chart = Chart::new(Client {
        id: ClientId(id(20)),
        name: "Maya Chen".into(),
        birth_date: Day::new(1991, 3, 14).unwrap(),
        skin_type: None,
        allergies: String::new(),
        contact: Contact::default(),
    });
    chart.plans.push(Plan {
        id: PLAN,
        package: PackageId(id(11)),
        name: "LHR".into(),
        price_minor: 180_000,
        interval_days: 42,
        sold_on: day,
        sold_by: None,
        paid_before_minor: 180_000,
        procedures: vec![],
        events: vec![],
    });
    chart.sessions = (1..=sessions)
        .map(|n| Session {
            id: session(n),
            plan: PLAN,
            number: n,
            appointments: (n == 1).then(|| appointment(50, "1970-01-01T00:00:00Z")).into_iter().collect(),
            past_bookings: vec![],
            signed: None,
            addenda: vec![],
            co_signed: None,
            followed_up: None,
            photos_skipped: None,
            reports: vec![],
        })
        .collect();
    chart
}

fn appointment(n: u128, starts: &str) -> Appointment {
    Appointment {
        id: AppointmentId(id(n)),
        provider: PROVIDER,
        starts: at(starts),
        minutes: 30,
        room: None,
        device: None,
        procedures: vec![],
        despite: None,
        arrived: None,
    }
}

pub(crate) fn by(staff: StaffId, at: i64) -> Author {
    Author { staff, at: Moment::from_millis(at) }
}

fn cheek(side: Side) -> Area {
    Area::new("cheek", Some(side))
}

pub(crate) fn record(chart: &Chart, n: u16, fluence: i64) -> Record {
    let mut treatment = chart.new_treatment(Some(session(n)), LASER, HANDPIECE, &[cheek(Side::Left)], &catalogue()).unwrap();
    treatment.enter("fluence", Value::Number(Amount::whole(fluence)));
    treatment.confirm_all();
    Record { treatments: vec![treatment], ..Record::default() }
}

pub(crate) fn sign(n: u16, record: Record) -> Change {
    Change::SignSession { session: session(n), record, rest: None }
}

fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}

fn time(starts: &str) -> Time {
    Time { provider: PROVIDER, starts: at(starts), minutes: 45, room: None, device: None }
}

pub(crate) fn change_plan(event: u128, action: PlanAction) -> Change {
    Change::ChangePlan { plan: PLAN, event: PlanEventId(id(event)), action, reason: "asked for it".into() }
}

#[test]
fn a_session_carries_the_last_settings_forward_and_must_be_confirmed() {
    let chart = chart(6);
    let mut first = record(&chart, 1, 18);
    first.treatments[0].areas[0].pulses = Some(40);
    let chart = chart.apply(&sign(1, first), by(PROVIDER, 1), &catalogue()).unwrap();

    let mut opened = chart.opening_record(session(2), &catalogue());
    let reading = opened.treatments[0].reading("fluence").unwrap();
    assert_eq!(reading.value, Value::Number(Amount::whole(18)));
    assert_eq!(reading.carried.as_ref().unwrap().session, session(1));
    assert_eq!(opened.treatments[0].areas[0].last_pulses, Some(40));

    let refused = chart.apply(&sign(2, opened.clone()), by(PROVIDER, 2), &catalogue());
    assert_eq!(refused, Err(Rejection::Unconfirmed { field: "fluence".into() }));
    opened.treatments[0].confirm_all();
    let chart = chart.apply(&sign(2, opened), by(PROVIDER, 2), &catalogue()).unwrap();
    assert_eq!(chart.balance(PLAN).sentence("Maya"), "Maya has 4 of 6 sessions remaining. Next session is #3.");
    assert_eq!(chart.balance(PLAN).sentence_to_client(), "You have 4 of 6 sessions remaining. Next session is #3.");
}

#[test]
fn another_area_carries_its_own_settings() {
    let chart = chart(6).apply(&sign(1, record(&chart(6), 1, 18)), by(PROVIDER, 1), &catalogue()).unwrap();
    let chin = Area::new("chin", None);
    let mut treatment = chart.new_treatment(None, LASER, HANDPIECE, std::slice::from_ref(&chin), &catalogue()).unwrap();
    assert!(treatment.readings.is_empty());
    chart.toggle_area(&mut treatment, &cheek(Side::Left), &catalogue());
    assert_eq!(treatment.reading("fluence").unwrap().value, Value::Number(Amount::whole(18)));
    // What somebody typed stays when the areas change again.
    treatment.enter("fluence", Value::Number(Amount::whole(22)));
    chart.toggle_area(&mut treatment, &cheek(Side::Left), &catalogue());
    assert_eq!(treatment.reading("fluence").unwrap().value, Value::Number(Amount::whole(22)));
    treatment.clear("fluence");
    assert!(!treatment.reading("fluence").unwrap().confirmed);
}

#[test]
fn the_note_stands_until_settled_and_applies_once() {
    let chart = chart(6);
    let mut first = record(&chart, 1, 18);
    let change = SuggestedChange { areas: vec![cheek(Side::Left), cheek(Side::Right)], field: "fluence".into(), by: Amount::whole(2) };
    first.note = Some(NoteForNext { text: "Raise fluence by 2 J/cm² on cheeks.".into(), change: Some(change) });
    let chart = chart.apply(&sign(1, first), by(PROVIDER, 1), &catalogue()).unwrap();

    let standing = chart.standing_notes(PLAN).remove(0);
    let mut second = chart.opening_record(session(2), &catalogue());
    second.apply_note(&standing);
    second.apply_note(&standing);
    let reading = second.treatments[0].reading("fluence").unwrap();
    assert_eq!(reading.value, Value::Number(Amount::whole(20)));
    assert!(reading.confirmed && reading.is_changed());
    assert_eq!(second.note_decision(session(1)), Some(NoteOutcome::Applied));

    let mut not_today = second.clone();
    not_today.settle_note(session(1), NoteOutcome::NotToday);
    let left = chart.apply(&sign(2, not_today), by(PROVIDER, 2), &catalogue()).unwrap();
    assert_eq!(left.standing_notes(PLAN).len(), 1);
    let settled = chart.apply(&sign(2, second), by(PROVIDER, 2), &catalogue()).unwrap();
    assert_eq!(settled.standing_notes(PLAN).len(), 0);
}

#[test]
fn beyond_the_hard_limit_is_refused_and_says_which() {
    let chart = chart(1);
    let refused = chart.apply(&sign(1, record(&chart, 1, 200)), by(PROVIDER, 1), &catalogue()).unwrap_err();
    assert_eq!(refused.to_string(), "fluence: 200 ms is beyond the hard limit of 60 ms.");
}

#[test]
fn a_second_charting_is_set_aside_and_a_person_decides() {
    let chart = chart(2);
    let first = chart.apply(&sign(1, record(&chart, 1, 18)), by(PROVIDER, 1), &catalogue()).unwrap();
    let late = sign(1, record(&chart, 1, 20));
    let rejection = first.apply(&late, by(PROVIDER, 2), &catalogue()).unwrap_err();
    assert!(matches!(rejection, Rejection::AlreadySigned { by: PROVIDER, .. }));
    let item = SetAside { command: CommandId(id(70)), change: late, by: PROVIDER, at: Moment::from_millis(2), rejection, decided: None };
    let waiting = first.with_set_aside(item);
    let decide = |decision| Change::Decide { command: CommandId(id(70)), decision };

    let kept = waiting.apply(&decide(Decision::Keep { addendum: AddendumId(id(71)) }), by(PROVIDER, 3), &catalogue()).unwrap();
    assert_eq!(kept.sessions[0].signed, first.sessions[0].signed);
    assert_eq!(kept.sessions[0].addenda[0].at, Moment::from_millis(2));
    assert_eq!(kept.undecided().count(), 0);

    let discard = |reason: &str| decide(Decision::Discard { reason: reason.into() });
    assert_eq!(waiting.apply(&discard("  "), by(PROVIDER, 3), &catalogue()), Err(Rejection::Empty));
    assert_eq!(waiting.apply(&discard("twice"), by(DESK, 3), &catalogue()), Err(Rejection::NotAllowed));
    let discarded = waiting.apply(&discard("typed twice"), by(PROVIDER, 3), &catalogue()).unwrap();
    assert_eq!(discarded.apply(&discard("again"), by(PROVIDER, 4), &catalogue()), Err(Rejection::AlreadyDecided));
}

#[test]
fn the_desk_cannot_sign_and_a_stale_phone_number_overwrites_nothing() {
    let chart = chart(1);
    assert_eq!(chart.apply(&sign(1, record(&chart, 1, 18)), by(DESK, 1), &catalogue()), Err(Rejection::NotAllowed));
    let correct = |phone: &str| Change::CorrectContact { based_on: 0, phone: phone.into(), email: String::new() };
    let corrected = chart.apply(&correct("1"), by(DESK, 1), &catalogue()).unwrap();
    assert_eq!(corrected.apply(&correct("2"), by(DESK, 2), &catalogue()), Err(Rejection::Stale));
}

#[test]
fn a_combined_visit_counts_against_both_series() {
    let mut chart = chart(2);
    let other = PlanId(id(80));
    let ipl = SessionId(id(81));
    chart.plans.push(Plan { id: other, name: "IPL".into(), ..chart.plans[0].clone() });
    chart.sessions.push(Session { id: ipl, plan: other, appointments: vec![], ..chart.sessions[0].clone() });
    let mut both = record(&chart, 1, 18);
    let mut second = both.treatments[0].clone();
    second.counts_for = Some(ipl);
    second.areas = vec![TreatedArea { area: Area::new("chest", Some(Side::Left)), pulses: None, last_pulses: None }];
    both.treatments.push(second);
    let chart = chart.apply(&sign(1, both.clone()), by(PROVIDER, 1), &catalogue()).unwrap();
    assert_eq!(chart.balance(PLAN).delivered, 1);
    assert_eq!(chart.balance(other).remaining(), 0);

    // Never the same session twice, whichever visit claims it.
    both.treatments[0].counts_for = Some(session(2));
    assert_eq!(chart.apply(&sign(2, both), by(PROVIDER, 2), &catalogue()), Err(Rejection::AlreadyDelivered { number: 1 }));
}

#[test]
fn a_director_co_signs_what_somebody_else_signed_once() {
    let mut catalogue = catalogue();
    let (director, owner) = (StaffId(id(31)), StaffId(id(32)));
    let staff = |id, role| Staff { id, name: "Dr Vera Winter".into(), role, active: true };
    catalogue.staff.extend([staff(director, Role::MedicalDirector), staff(owner, Role::Owner)]);
    let chart = chart(2);
    let co_sign = Change::CoSign { session: session(1) };
    assert_eq!(chart.apply(&co_sign, by(director, 1), &catalogue), Err(Rejection::NotSigned));
    let signed = chart.apply(&sign(1, record(&chart, 1, 18)), by(PROVIDER, 1), &catalogue).unwrap();
    for other in [PROVIDER, DESK, owner] {
        assert_eq!(signed.apply(&co_sign, by(other, 2), &catalogue), Err(Rejection::NotAllowed));
    }
    let both = signed.apply(&co_sign, by(director, 2), &catalogue).unwrap();
    assert_eq!(both.sessions[0].co_signed, Some(by(director, 2)));
    assert_eq!(both.apply(&co_sign, by(director, 3), &catalogue), Err(Rejection::AlreadyDecided));
    // Nobody stands beside oneself; and the owner directs a clinic that has no director.
    let own = chart.apply(&sign(1, record(&chart, 1, 18)), by(director, 1), &catalogue).unwrap();
    assert_eq!(own.apply(&co_sign, by(director, 2), &catalogue), Err(Rejection::NotAllowed));
    catalogue.staff.retain(|staff| staff.id != director);
    assert!(signed.apply(&co_sign, by(owner, 2), &catalogue).is_ok());
}

#[test]
fn a_grave_reaction_waits_for_a_provider() {
    let chart = chart(1);
    let mut bad = record(&chart, 1, 18);
    bad.response.adverse = Some(crate::skin::AdverseEvent { grade: 2, text: "blister".into() });
    let chart = chart.apply(&sign(1, bad), by(PROVIDER, 1), &catalogue()).unwrap();
    assert!(chart.sessions[0].needs_follow_up());
    let close = Change::CloseFollowUp { session: session(1), text: "Healed.".into() };
    let chart = chart.apply(&close, by(PROVIDER, 2), &catalogue()).unwrap();
    assert!(!chart.sessions[0].needs_follow_up());
}

#[derive(Clone, Debug)]
enum Step {
    Sign(u16, i64, bool),
    Addendum(u16, u128),
    Contact(u32),
    Pin(u128),
    Unpin(u128),
    Keep(u128),
    Discard(u128),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (1..8_u16, 0..80_i64, any::<bool>()).prop_map(|(n, fluence, confirmed)| Step::Sign(n, fluence, confirmed)),
        (1..8_u16, 0..5_u128).prop_map(|(n, a)| Step::Addendum(n, a)),
        (0..4_u32).prop_map(Step::Contact),
        (0..3_u128).prop_map(Step::Pin),
        (0..3_u128).prop_map(Step::Unpin),
        (0..40_u128).prop_map(Step::Keep),
        (0..40_u128).prop_map(Step::Discard),
    ];
    prop::collection::vec(step, 0..40)
}

proptest! {
    /// Whatever is tried in whatever order: a signed session never changes, an addendum never disappears,
    /// a session is delivered once at most, everything rejected is still there, and what other systems keep is theirs.
    #[test]
    fn the_record_only_grows(steps in steps()) {
        let catalogue = catalogue();
        let mut chart = chart(6);
        chart.elsewhere.push(Elsewhere {
            system: "Booker".into(),
            starts: by(PROVIDER, 5).at,
            state: BookingState::Booked,
            changed: by(PROVIDER, 0).at,
            belongs: Belongs::Unsaid,
            session: Some(session(2)),
            unsaid: false,
        });
        for (n, step) in steps.into_iter().enumerate() {
            let n = n as u128;
            let change = match step {
                Step::Sign(number, fluence, confirmed) => {
                    let mut record = record(&chart, number, fluence);
                    record.treatments[0].readings[0].confirmed = confirmed;
                    sign(number, record)
                }
                Step::Addendum(number, a) => Change::AddAddendum { session: session(number), addendum: AddendumId(id(a)), text: "x".into() },
                Step::Contact(based_on) => Change::CorrectContact { based_on, phone: n.to_string(), email: String::new() },
                Step::Pin(a) => Change::PinDeviceNote { note: DeviceNoteId(id(a)), device: LASER, text: "x".into() },
                Step::Unpin(a) => Change::UnpinDeviceNote { note: DeviceNoteId(id(a)) },
                Step::Keep(a) => Change::Decide { command: CommandId(id(a)), decision: Decision::Keep { addendum: AddendumId(id(1000 + n)) } },
                Step::Discard(a) => Change::Decide { command: CommandId(id(a)), decision: Decision::Discard { reason: "x".into() } },
            };
            let author = by(PROVIDER, n as i64);
            let next = match chart.apply(&change, author, &catalogue) {
                Ok(next) => next,
                Err(rejection) => {
                    let item = SetAside { command: CommandId(id(n)), change, by: PROVIDER, at: author.at, rejection, decided: None };
                    chart.with_set_aside(item)
                }
            };
            for (before, after) in chart.sessions.iter().zip(&next.sessions) {
                prop_assert!(before.signed.is_none() || before.signed == after.signed);
                prop_assert!(after.addenda.starts_with(&before.addenda));
            }
            prop_assert!(next.set_aside.len() >= chart.set_aside.len());
            prop_assert_eq!(&next.elsewhere, &chart.elsewhere);
            let balance = next.balance(PLAN);
            prop_assert!(balance.delivered <= balance.purchased && balance.delivered >= chart.balance(PLAN).delivered);
            chart = next;
        }
        let encoded = crate::sync::encode(&chart);
        prop_assert_eq!(crate::sync::decode::<Chart>(&encoded).unwrap(), chart);
    }
}
