use super::*;
use crate::signed_record::sample;
use domain::{
    catalogue::Room,
    hours::{Open, OpeningHours, StaffHours},
    ids::RoomId,
    package::Procedure,
    spacing::SpacingRule,
    time::{ClinicClock, Moment},
};
use uuid::Uuid;

const NOW: &str = "2026-11-20T12:00:00Z";

fn room(id: u128) -> RoomId {
    RoomId(Uuid::from_u128(id))
}

fn clinic() -> Catalogue {
    let mut week: domain::hours::Week = std::array::from_fn(|_| vec![Open { from: 480, to: 1080 }]);
    week[6] = Vec::new();
    let mornings = StaffHours { staff: sample::OTHER, week: std::array::from_fn(|_| vec![Open { from: 480, to: 720 }]) };
    let rooms = (1..=2).map(|id| Room { id: room(id), name: format!("Room {id}"), retired: false, version: 1 }).collect();
    Catalogue { hours: OpeningHours { week, closures: vec![], staff: vec![mornings] }, rooms, ..sample::catalogue() }
}

/// Session 1 booked at nine on Saturday the 21st, in room 1.
fn chart() -> Chart {
    let mut chart = sample::chart(3);
    chart.sessions[0].appointments = sample::booked("2026-11-21T09:00:00Z");
    chart.sessions[0].appointments[0].room = Some(room(1));
    chart
}

fn moved(chart: &Chart) -> Appointment {
    chart.sessions[0].appointments[0].clone()
}

fn at(holder: Holder, day: &str) -> (Holder, Day) {
    (holder, sample::day(day))
}

/// Jonas, in room 2.
fn jonas(at: &str, provider: domain::ids::StaffId) -> Other {
    let time = Time { provider, starts: sample::moment(at), minutes: 30, room: Some(room(2)), device: None };
    Other { appointment: AppointmentId(Uuid::from_u128(99)), name: "Jonas Weber".into(), time }
}

fn dropped(chart: &Chart, column: (Holder, Day), minute: u16, all: &[Other], catalogue: &Catalogue) -> Verdict {
    let moved = moved(chart);
    let taken: Vec<_> = all.iter().map(|other| other.time).collect();
    match time_in(catalogue, column, minute, moved.time(), &taken) {
        Ok(wanted) => drop_verdict(chart, sample::session(1), &moved, wanted, all, catalogue, sample::by(sample::DESK, NOW)),
        Err(words) => Verdict::Refused(words),
    }
}

fn refused(words: &str) -> Verdict {
    Verdict::Refused(words.to_owned())
}

const OSEI: Holder = Holder::Provider(sample::PROVIDER);
const LIND: Holder = Holder::Provider(sample::OTHER);

#[test]
fn a_free_slot_takes_it_with_what_it_had() {
    let (catalogue, chart) = (clinic(), chart());
    let saturday = at(OSEI, "2026-11-21");
    assert_eq!(dropped(&chart, saturday, 540, &[], &catalogue), Verdict::Same);
    let wanted = Time { starts: sample::moment("2026-11-21T10:15:00Z"), ..moved(&chart).time() };
    assert_eq!(dropped(&chart, saturday, 615, &[], &catalogue), Verdict::Free(wanted));
    assert_eq!(place(wanted, Some(moved(&chart).time()), &catalogue), "10:15, A. Osei");
    // It may overlap where it was.
    assert!(matches!(dropped(&chart, saturday, 555, &[], &catalogue), Verdict::Free(_)));
}

#[test]
fn closed_past_and_off_hours_are_told_apart() {
    let (catalogue, chart) = (clinic(), chart());
    let drop = |holder, day, minute| dropped(&chart, at(holder, day), minute, &[], &catalogue);
    assert_eq!(drop(OSEI, "2026-11-21", 465), refused("The clinic is closed at that time."));
    assert_eq!(drop(OSEI, "2026-11-21", 1065), refused("The clinic is closed at that time."));
    assert_eq!(drop(OSEI, "2026-11-22", 540), refused("The clinic is closed at that time."));
    assert_eq!(drop(LIND, "2026-11-21", 705), refused("S. Lind does not work at that time."));
    assert_eq!(drop(OSEI, "2026-11-20", 540), refused("This time has passed."));
}

#[test]
fn whoever_has_the_time_is_named() {
    let (catalogue, chart) = (clinic(), chart());
    let with_osei = [jonas("2026-11-21T10:00:00Z", sample::PROVIDER)];
    let with_lind = [jonas("2026-11-21T10:00:00Z", sample::OTHER)];
    let saturday = at(OSEI, "2026-11-21");
    assert_eq!(dropped(&chart, saturday, 615, &with_osei, &catalogue), refused("A. Osei has Jonas Weber from 10:00 to 10:30."));
    assert!(matches!(dropped(&chart, saturday, 630, &with_osei, &catalogue), Verdict::Free(_)));
    assert!(matches!(dropped(&chart, saturday, 600, &with_lind, &catalogue), Verdict::Free(_)));
    let second = at(Holder::Room(room(2)), "2026-11-21");
    assert_eq!(dropped(&chart, second, 600, &with_lind, &catalogue), refused("Room 2 is taken by Jonas Weber from 10:00 to 10:30."));
}

#[test]
fn another_room_is_found_when_its_own_is_taken_and_told() {
    let (catalogue, mut chart) = (clinic(), chart());
    chart.sessions[0].appointments[0].room = Some(room(2));
    let with_lind = [jonas("2026-11-21T10:00:00Z", sample::OTHER)];
    let verdict = dropped(&chart, at(OSEI, "2026-11-21"), 600, &with_lind, &catalogue);
    let time = verdict.time().unwrap();
    assert_eq!((time.room, place(time, Some(moved(&chart).time()), &catalogue)), (Some(room(1)), "10:00, A. Osei, Room 1".into()));
    let both = [with_lind[0].clone(), Other { time: Time { room: Some(room(1)), ..with_lind[0].time }, ..with_lind[0].clone() }];
    assert_eq!(dropped(&chart, at(OSEI, "2026-11-21"), 600, &both, &catalogue), refused("All rooms are taken at that time."));
    let without = dropped(&chart, at(Holder::Without(By::Room), "2026-11-21"), 600, &both, &catalogue);
    assert_eq!(without.time().map(|time| time.room), Some(None));
}

#[test]
fn nobody_is_in_two_places() {
    let (catalogue, mut chart) = (clinic(), chart());
    chart.sessions[1].appointments = sample::booked("2026-11-21T11:00:00Z");
    chart.sessions[1].appointments[0].id.0 = Uuid::from_u128(51);
    let drop = dropped(&chart, at(LIND, "2026-11-21"), 675, &[], &catalogue);
    assert_eq!(drop, refused("The client has another booking at that time."));
}

#[test]
fn what_is_too_soon_asks_for_a_reason_unless_the_slot_is_taken_anyway() {
    let mut catalogue = clinic();
    let template = catalogue.devices[0].handpieces[0].template;
    let mut chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
    chart.sessions[1].appointments = sample::booked("2026-11-21T09:00:00Z");
    chart.plans[0].procedures = vec![Procedure { template: Some(template), ..procedure() }];
    catalogue.spacing = vec![SpacingRule { earlier: template, later: template, region: None, days: 28 }];
    let moved = chart.sessions[1].appointments[0].clone();
    let now = sample::by(sample::DESK, "2026-01-11T08:00:00Z");
    let verdict = |starts: &str, all: &[Other]| {
        let wanted = Time { starts: sample::moment(starts), ..moved.time() };
        drop_verdict(&chart, sample::session(2), &moved, wanted, all, &catalogue, now)
    };
    let soon = verdict("2026-01-20T09:00:00Z", &[]);
    assert!(matches!(&soon, Verdict::TooSoon { concern, .. } if concern.contains("10 days before; 28 are usual")), "{soon:?}");
    assert!(matches!(verdict("2026-02-20T09:00:00Z", &[]), Verdict::Free(_)));
    assert!(matches!(verdict("2026-01-20T09:00:00Z", &[jonas("2026-01-20T09:00:00Z", sample::PROVIDER)]), Verdict::Refused(_)));
}

fn procedure() -> Procedure {
    Procedure { id: domain::ids::ProcedureId(Uuid::from_u128(1)), name: "Legs".into(), minutes: 30, template: None }
}

#[test]
fn a_time_that_never_comes_is_refused() {
    let spring = sample::moment("2027-03-14T08:00:00Z");
    let clock = ClinicClock { zone: "America/Chicago".into(), offsets: vec![(Moment::from_millis(0), -6 * 3600), (spring, -5 * 3600)] };
    let catalogue = Catalogue { clock, hours: OpeningHours::default(), ..clinic() };
    let drop = dropped(&chart(), at(OSEI, "2027-03-14"), 135, &[], &catalogue);
    assert_eq!(drop, refused("This time never comes: clocks go forward over it."));
}

#[test]
fn a_session_is_booked_where_somebody_taps() {
    let (catalogue, chart) = (clinic(), chart());
    let time = Time { starts: sample::moment("2026-12-05T10:00:00Z"), ..moved(&chart).time() };
    let verdict = |session, all: &[Other]| {
        let new = AppointmentId(Uuid::from_u128(7));
        book_verdict(&chart, sample::session(session), time, all, &catalogue, sample::by(sample::DESK, NOW), new)
    };
    assert_eq!(verdict(2, &[]), Verdict::Free(time));
    assert_eq!(verdict(1, &[]), refused("This session is booked already."));
    assert!(matches!(verdict(2, &[jonas("2026-12-05T10:15:00Z", sample::PROVIDER)]), Verdict::Refused(_)));
    assert_eq!(place(time, None, &catalogue), "Sat 5 Dec, 10:00, A. Osei, Room 1");
}
