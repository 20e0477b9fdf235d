//! What a client may change herself.

use super::*;
use crate::{
    consent::{ConsentForm, ConsentKind, ConsentVersion, ELEMENTS, PhotoScope, PhotoTerms, Signing},
    plan::PlanAction,
    report::MOST_REPORTS,
};

const FORM: ConsentFormId = ConsentFormId(Uuid::from_u128(60));
const PHOTOS: ConsentFormId = ConsentFormId(Uuid::from_u128(61));
/// Tuesday, 6 January 2026, 10:00 UTC.
const NOW: i64 = 1_767_693_600_000;
const HOUR: i64 = 3_600_000;

/// Nothing of it is booked yet.
fn unbooked() -> Chart {
    let mut chart = chart(3);
    chart.sessions[0].appointments.clear();
    chart
}

fn herself(hours: i64) -> Author {
    Author::client(Moment::from_millis(NOW + hours * HOUR))
}

fn time(hours: i64) -> Time {
    Time { provider: PROVIDER, starts: Moment::from_millis(NOW + hours * HOUR), minutes: 45, room: None, device: None }
}

fn booking(number: u16, hours: i64) -> Change {
    Change::BookSession {
        session: session(number),
        appointment: AppointmentId(id(700)),
        time: time(hours),
        procedures: vec![],
        despite: String::new(),
    }
}

fn cancelling(no_show: bool) -> Change {
    Change::CancelBooking { session: session(1), appointment: AppointmentId(id(700)), no_show, reason: "on her own pages".into() }
}

fn with_forms() -> Catalogue {
    let mut catalogue = catalogue();
    let version = |number| ConsentVersion {
        number,
        elements: ELEMENTS.map(str::to_owned),
        material: true,
        published_at: Moment::from_millis(0),
        published_by: PROVIDER,
    };
    let form = |id, kind| ConsentForm {
        id,
        kind,
        name: "Laser".into(),
        draft: ELEMENTS.map(str::to_owned),
        versions: vec![version(1), version(2)],
        retired: false,
        edits: 1,
    };
    catalogue.consent_forms = vec![form(FORM, ConsentKind::Treatment), form(PHOTOS, ConsentKind::Photo)];
    catalogue.packages[0].consents = vec![FORM];
    catalogue
}

fn signing() -> Signing {
    Signing { form: FORM, version: 2, plan: Some(PLAN), signer: None, photo: None, ink: vec![vec![(1, 1), (9, 9)]] }
}

#[test]
fn she_books_the_next_session_and_cancels_a_day_before() {
    let catalogue = catalogue();
    let before = unbooked();
    let booked = before.apply(&booking(1, 100), herself(0), &catalogue).expect("it is the next");
    assert_eq!(booked.apply(&booking(1, 100), herself(0), &catalogue), Err(Rejection::Exists));
    assert_eq!(before.apply(&booking(2, 100), herself(0), &catalogue), Err(Rejection::NotAllowed));
    assert_eq!(before.apply(&booking(1, -1), herself(0), &catalogue), Err(Rejection::Past));
    assert_eq!(booked.apply(&cancelling(false), herself(77), &catalogue), Err(Rejection::NotAllowed));
    let cancelled = booked.apply(&cancelling(false), herself(76), &catalogue).expect("a day before");
    assert_eq!(cancelled.sessions[0].past_bookings[0].remark.by, StaffId::CLIENT);
    assert_eq!(catalogue.staff_name(StaffId::CLIENT), "the client");
    // Of a paused series nothing.
    let pause = Change::ChangePlan {
        plan: PLAN,
        event: PlanEventId(id(800)),
        action: PlanAction::Freeze { until: None },
        reason: "travels".into(),
    };
    let staff = Author { staff: DESK, at: Moment::from_millis(NOW) };
    let paused = before.apply(&pause, staff, &catalogue).expect("it can be paused");
    assert_eq!(paused.apply(&booking(1, 100), herself(0), &catalogue), Err(Rejection::NotAllowed));
}

#[test]
fn she_signs_what_is_asked_in_her_own_name() {
    let catalogue = with_forms();
    let chart = chart(3);
    let signed = chart.apply(&Change::SignConsent(signing()), herself(0), &catalogue).expect("it is asked for");
    assert_eq!((signed.consents[0].by, signed.asked(PLAN, &catalogue).len()), (StaffId::CLIENT, 0));
    let photo = Some(PhotoTerms { scopes: vec![PhotoScope::Advertising], until: None });
    let others = [
        Signing { version: 1, ..signing() },
        Signing { signer: Some("Somebody".into()), ..signing() },
        Signing { form: PHOTOS, plan: None, photo: photo.clone(), ..signing() },
        Signing { photo, ..signing() },
        Signing { plan: None, ..signing() },
    ];
    for other in others {
        assert_eq!(chart.apply(&Change::SignConsent(other.clone()), herself(0), &catalogue), Err(Rejection::NotAllowed), "{other:?}");
    }
    assert_eq!(chart.apply(&Change::SignConsent(Signing { ink: vec![], ..signing() }), herself(0), &catalogue), Err(Rejection::NoInk));
}

#[test]
fn she_tells_how_she_fares_and_a_worry_waits_for_a_provider() {
    let catalogue = catalogue();
    let chart = chart(3);
    let report = |n: u128, worried, text: &str| Change::ReportAfterSession {
        session: session(1),
        report: ReportId(id(n)),
        worried,
        text: text.into(),
    };
    assert_eq!(chart.apply(&report(1, true, "it itches"), herself(0), &catalogue), Err(Rejection::NotSigned));
    let staff = Author { staff: PROVIDER, at: Moment::from_millis(NOW) };
    let held = chart.apply(&sign(1, record(&chart, 1, 18)), staff, &catalogue).expect("signed");
    assert_eq!(held.apply(&report(1, true, "not mine"), staff, &catalogue), Err(Rejection::NotAllowed));
    let well = held.apply(&report(1, false, " "), herself(0), &catalogue).expect("told");
    assert!(!well.sessions[0].needs_follow_up());
    let worried = well.apply(&report(2, true, " it blisters "), herself(0), &catalogue).expect("told");
    assert!(worried.sessions[0].needs_follow_up() && worried.sessions[0].reports[1].text == "it blisters");
    // The front desk learns nothing of it.
    assert!(worried.for_desk().sessions[0].reports.is_empty());
    let close = Change::CloseFollowUp { session: session(1), text: "Called her. It is dry skin.".into() };
    let closed = worried.apply(&close, staff, &catalogue).expect("closed");
    assert!(!closed.sessions[0].needs_follow_up() && closed.sessions[0].followed_up.is_none());
    assert!(closed.sessions[0].reports[0].answered.is_none() && closed.sessions[0].reports[1].answered.is_some());
    // It begins anew.
    let again = closed.apply(&report(3, true, "worse"), herself(0), &catalogue).expect("told");
    assert!(again.sessions[0].needs_follow_up());
    let full = (4..=u128::try_from(MOST_REPORTS).unwrap())
        .fold(again, |chart, n| chart.apply(&report(n, false, ""), herself(0), &catalogue).expect("room"));
    assert!(matches!(full.apply(&report(99, true, ""), herself(0), &catalogue), Err(Rejection::TooMuch { .. })));
}

#[test]
fn everything_else_is_the_clinics() {
    let catalogue = with_forms();
    let staff = Author { staff: DESK, at: Moment::from_millis(NOW) };
    let chart = unbooked().apply(&booking(1, 100), staff, &catalogue).expect("booked");
    let appointment = AppointmentId(id(700));
    let of_plan = |action| Change::ChangePlan { plan: PLAN, event: PlanEventId(id(800)), action, reason: "wanted".into() };
    let changes = [
        Change::SignSession { session: session(1), record: Record::default(), rest: None },
        Change::CoSign { session: session(1) },
        Change::AddAddendum { session: session(1), addendum: AddendumId(id(1)), text: "mine".into() },
        Change::PinDeviceNote { note: DeviceNoteId(id(1)), device: LASER, text: "mine".into() },
        Change::UnpinDeviceNote { note: DeviceNoteId(id(1)) },
        Change::CloseFollowUp { session: session(1), text: "fine".into() },
        Change::CorrectContact { based_on: 0, phone: "1".into(), email: "e".into() },
        Change::Decide { command: CommandId(id(1)), decision: Decision::Discard { reason: "no".into() } },
        Change::SellPackage {
            plan: PlanId(id(900)),
            package: PACKAGE,
            sessions: (0..3).map(|n| SessionId(id(910 + n))).collect(),
            price_minor: 0,
            paid: None,
        },
        of_plan(PlanAction::Refund { minor: 180_000 }),
        of_plan(PlanAction::Extend { sessions: vec![SessionId(id(950))] }),
        of_plan(PlanAction::Resume),
        Change::BookSession {
            session: session(1),
            appointment: AppointmentId(id(701)),
            time: time(200),
            procedures: vec![ProcedureId(id(12))],
            despite: String::new(),
        },
        Change::BookSession {
            session: session(1),
            appointment: AppointmentId(id(701)),
            time: time(200),
            procedures: vec![],
            despite: "I want to".into(),
        },
        Change::MoveBooking { session: session(1), appointment, time: time(200), despite: String::new() },
        cancelling(true),
        Change::CheckIn { session: session(1), appointment, arrived: true },
        Change::WithdrawConsent { form: FORM, signed_at: Moment::from_millis(0), reason: "no".into() },
        Change::SkipPhotos { session: session(1), reason: "no".into() },
    ];
    for change in changes {
        assert_eq!(chart.apply(&change, herself(0), &catalogue), Err(Rejection::NotAllowed), "{change:?}");
    }
}
