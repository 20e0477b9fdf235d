use super::*;
use crate::{
    booking::Time,
    catalogue::Catalogue,
    chart::{
        Author,
        tests::{DESK, PACKAGE, PLAN, PROVIDER, catalogue, chart, id, record, session},
    },
    command::Change,
    follow_up::{
        facts::{Beside, Booking, Delivered, Facts},
        kind::Kind,
        planner::{Fate, schedule},
        policy::Policies,
        tests::{at, chicago, day, in_time},
        touch_state::Why,
    },
    ids::{AppointmentId, PlanEventId},
    plan::PlanAction,
    rejection::Rejection,
    status::SessionStatus,
};
use BookingState::{Booked, Cancelled, Completed, Missed};

fn clinic() -> Catalogue {
    Catalogue { clock: chicago(), ..catalogue() }
}

/// Sold on 1 January 2026, six sessions, 42 days apart.
fn six() -> Chart {
    let mut chart = chart(6);
    chart.sessions[0].appointments.clear();
    chart
}

fn one(state: BookingState, starts: &str) -> Elsewhere {
    let changed = at("2026-01-05T16:00:00Z");
    Elsewhere { system: "Booker".into(), starts: at(starts), state, changed, belongs: Belongs::Unsaid, session: None, unsaid: false }
}

fn with(chart: &Chart, elsewhere: &[&Elsewhere]) -> Chart {
    Chart { elsewhere: elsewhere.iter().copied().cloned().collect(), ..chart.clone() }
}

fn apply(chart: &Chart, staff: crate::ids::StaffId, when: &str, change: Change) -> Chart {
    chart.apply(&change, Author { staff, at: at(when) }, &clinic()).unwrap()
}

fn sign(chart: &Chart, number: u16, when: &str) -> Chart {
    let record = record(chart, number, 18);
    apply(chart, PROVIDER, when, Change::SignSession { session: session(number), record, rest: None })
}

fn book(chart: &Chart, number: u16, starts: &str) -> Chart {
    let time = Time { provider: PROVIDER, starts: at(starts), minutes: 45, room: None, device: None };
    let appointment = AppointmentId(id(600));
    let change = Change::BookSession { session: session(number), appointment, time, procedures: vec![], despite: String::new() };
    apply(chart, DESK, "2026-01-02T16:00:00Z", change)
}

fn places(chart: &Chart, elsewhere: &[&Elsewhere], now: &str) -> Vec<Result<u16, Unplaced>> {
    let number = |session| chart.session(session).unwrap().number;
    with(chart, elsewhere).places(&chicago(), at(now)).into_iter().map(|place| place.map(number)).collect()
}

fn facts(chart: &Chart, elsewhere: &[&Elsewhere], now: &str) -> Facts {
    with(chart, elsewhere).follow_up_facts(&clinic(), &Policies::standard(), &Beside::default(), at(now)).remove(0)
}

const NOW: &str = "2026-01-06T16:00:00Z";

#[test]
fn bookings_are_of_the_sessions_to_come_in_the_order_of_their_times() {
    let chart = six();
    let (first, second) = (one(Booked, "2026-01-20T16:00:00Z"), one(Booked, "2026-03-03T16:00:00Z"));
    assert_eq!(places(&chart, &[&first, &second], NOW), [Ok(1), Ok(2)]);
    assert_eq!(places(&chart, &[&second, &first], NOW), [Ok(2), Ok(1)]);
    // What was cancelled or missed leaves the session to the next.
    for state in [Cancelled, Missed] {
        assert_eq!(places(&chart, &[&one(state, "2026-01-10T16:00:00Z"), &first, &second], NOW), [Ok(1), Ok(1), Ok(2)]);
    }
    let done = one(Completed, "2026-01-04T16:00:00Z");
    assert_eq!(places(&chart, &[&done, &first], NOW), [Ok(1), Ok(2)]);
    // One nobody spoke of is missed, as here.
    let later = "2026-02-06T16:00:00Z";
    assert_eq!(places(&chart, &[&first, &second], later), [Ok(1), Ok(1)]);
    let many: Vec<_> = (1..=7).map(|month| one(Booked, &format!("2026-0{month}-20T16:00:00Z"))).collect();
    assert_eq!(places(&chart, &many.iter().collect::<Vec<_>>(), NOW)[5..], [Ok(6), Err(Unplaced::NoSessionLeft)]);
}

#[test]
fn what_is_booked_or_charted_here_is_not_counted_twice() {
    let chart = book(&six(), 1, "2026-01-20T16:00:00Z");
    // The same visit, which both systems know; and another one.
    assert_eq!(places(&chart, &[&one(Booked, "2026-01-20T18:00:00Z")], NOW), [Ok(1)]);
    assert_eq!(places(&chart, &[&one(Booked, "2026-01-15T16:00:00Z")], NOW), [Ok(2)]);
    // She missed it, and booked again here.
    assert_eq!(places(&chart, &[&one(Missed, "2026-01-05T16:00:00Z")], NOW), [Ok(1)]);
    let charted = sign(&six(), 1, "2026-01-15T17:00:00Z");
    let (held, booked) = (one(Completed, "2026-01-15T16:00:00Z"), one(Booked, "2026-03-03T16:00:00Z"));
    let elsewhere = [&held, &booked];
    assert_eq!(places(&charted, &elsewhere, "2026-01-16T16:00:00Z"), [Ok(1), Ok(2)]);
    let facts = facts(&charted, &elsewhere, "2026-01-16T16:00:00Z");
    let delivered = Delivered { at: at("2026-01-15T16:00:00Z"), signed: Some(at("2026-01-15T17:00:00Z")) };
    assert_eq!((facts.sessions[0].delivered, facts.next().unwrap().number), (Some(delivered), 2));
}

#[test]
fn the_series_is_the_packages_the_one_picked_or_the_only_open_one() {
    let mut chart = six();
    let booking = one(Booked, "2026-01-20T16:00:00Z");
    let of = |belongs| Elsewhere { belongs, ..booking.clone() };
    assert_eq!(places(&chart, &[&of(Belongs::Package(PACKAGE))], NOW), [Ok(1)]);
    assert_eq!(places(&chart, &[&of(Belongs::Package(PackageId(id(9_999))))], NOW), [Err(Unplaced::NoOpenSeries)]);
    assert_eq!(places(&chart, &[&of(Belongs::NoSeries)], NOW), [Err(Unplaced::NotASeries)]);
    assert_eq!(places(&chart, &[&one(Booked, "2025-12-20T16:00:00Z")], NOW), [Err(Unplaced::NoOpenSeries)]);
    let mut other = chart.plans[0].clone();
    other.id = PlanId(id(9_000));
    let mut sessions: Vec<_> = chart.sessions.iter().take(2).cloned().collect();
    for (n, session) in sessions.iter_mut().enumerate() {
        (session.plan, session.id) = (other.id, SessionId(id(9_001 + u128::try_from(n).unwrap())));
    }
    chart.plans.push(other);
    chart.sessions.extend(sessions);
    assert_eq!(places(&chart, &[&booking], NOW), [Err(Unplaced::SeveralSeries)]);
    let found = |chart: &Chart, belongs| with(chart, &[&of(belongs)]).places(&chicago(), at(NOW));
    assert_eq!(found(&chart, Belongs::Plan(PlanId(id(9_000)))), [Ok(SessionId(id(9_001)))]);
    assert_eq!(found(&chart, Belongs::Package(PACKAGE)), [Ok(session(1))]);
    let ended = Change::ChangePlan { plan: PLAN, event: PlanEventId(id(700)), action: PlanAction::Void, reason: "moved away".into() };
    let chart = apply(&chart, DESK, "2026-01-03T16:00:00Z", ended);
    assert_eq!(found(&chart, Belongs::Unsaid), [Ok(SessionId(id(9_001)))]);
}

#[test]
fn they_are_facts_as_bookings_here_are() {
    let chart = six();
    let booked = facts(&chart, &[&one(Booked, "2026-01-20T16:00:00Z")], NOW);
    let booking = Booking { starts: at("2026-01-20T16:00:00Z"), made: Some(at("2026-01-05T16:00:00Z")), elsewhere: true };
    assert_eq!(booked.sessions[0].bookings, [booking]);
    let why = |facts: &Facts| {
        let touches = schedule(std::slice::from_ref(facts), &Policies::standard(), &chicago(), in_time);
        touches.into_iter().find(|touch| touch.identity.kind == Kind::Reminder && touch.identity.appointment.is_none()).unwrap().fate
    };
    let touches = schedule(std::slice::from_ref(&booked), &Policies::standard(), &chicago(), in_time);
    assert!(touches.iter().all(|touch| touch.identity.kind != Kind::Appointment));
    assert_eq!(why(&booked), Fate::Suppressed(Why::BookedElsewhere { starts: booking.starts }));
    let cancelled = facts(&chart, &[&one(Cancelled, "2026-01-20T16:00:00Z")], NOW);
    assert_eq!((cancelled.sessions[0].bookings.len(), cancelled.sessions[0].free_since), (0, Some(booking.made.unwrap())));
    assert_eq!(why(&cancelled), Fate::Send);
    let missed = facts(&chart, &[&one(Missed, "2026-01-04T16:00:00Z")], NOW);
    assert_eq!(missed.sessions[0].missed[0].starts, at("2026-01-04T16:00:00Z"));
    // As long as nobody has charted it, it counts as delivered, without the aftercare that is written from the record.
    let done = facts(&chart, &[&one(Completed, "2026-01-04T16:00:00Z")], NOW);
    assert_eq!(done.sessions[0].delivered, Some(Delivered { at: at("2026-01-04T16:00:00Z"), signed: None }));
    assert_eq!((done.next().unwrap().number, done.next().unwrap().due), (2, Some(day("2026-02-15"))));
    assert_eq!(done.stranded_minor, 180_000);
    let touches = schedule(&[done], &Policies::standard(), &chicago(), in_time);
    assert!(touches.iter().all(|touch| touch.identity.kind != Kind::Aftercare));
    assert!(touches.iter().any(|touch| touch.identity.kind == Kind::CheckIn));
}

#[test]
fn a_booking_here_for_what_another_system_completed_is_the_visit_after() {
    // The chart does not know that the first was held, so the desk booked it once more.
    let chart = book(&six(), 1, "2026-02-15T16:00:00Z");
    let facts = facts(&chart, &[&one(Completed, "2026-01-04T16:00:00Z")], NOW);
    assert_eq!(facts.next().unwrap().number, 2);
    assert_eq!(facts.next().unwrap().bookings.iter().map(|booking| booking.starts).collect::<Vec<_>>(), [at("2026-02-15T16:00:00Z")]);
    assert_eq!(facts.lapse(&chicago(), at("2026-03-20T16:00:00Z")), None);
    // Nobody says that she came: as of any booking, she did not.
    let later = self::facts(&chart, &[&one(Completed, "2026-01-04T16:00:00Z")], "2026-03-20T16:00:00Z");
    assert_eq!((later.next().unwrap().bookings.len(), later.next().unwrap().missed.len()), (0, 1));
    assert!(later.lapse(&chicago(), at("2026-03-20T16:00:00Z")).is_some());
}

/// The chart as devices have it.
fn placed(chart: &Chart, elsewhere: &[&Elsewhere], now: &str) -> Chart {
    let mut chart = with(chart, elsewhere);
    chart.place_elsewhere(&chicago(), at(now));
    chart
}

#[test]
fn a_session_booked_elsewhere_is_listed_as_booked_until_that_counts_as_missed() {
    let listed = |elsewhere: &[&Elsewhere], now| {
        let chart = placed(&six(), elsewhere, now);
        let listed = chart.listed_session(&chart.sessions[0]).unwrap();
        (listed.status, listed.at, listed.elsewhere.is_some())
    };
    let booking = one(Booked, "2026-01-20T16:00:00Z");
    assert_eq!(listed(&[&booking], NOW), (SessionStatus::Booked, Some(booking.starts), true));
    assert_eq!(listed(&[&booking], "2026-01-21T16:00:00Z"), (SessionStatus::Booked, Some(booking.starts), true));
    let open = (SessionStatus::AwaitingBooking, None, false);
    assert_eq!(listed(&[&booking], "2026-01-22T16:00:00Z"), open);
    assert_eq!(listed(&[&one(Cancelled, "2026-01-20T16:00:00Z")], NOW), open);
    assert_eq!(listed(&[&one(Missed, "2026-01-05T16:00:00Z")], NOW), open);
    // It was held, and is to be charted.
    let held = one(Completed, "2026-01-05T16:00:00Z");
    assert_eq!(listed(&[&held], NOW), (SessionStatus::Booked, Some(held.starts), true));
    let charted = sign(&placed(&six(), &[&held], NOW), 1, "2026-01-06T17:00:00Z");
    assert_eq!(charted.listed_session(&charted.sessions[0]).unwrap().status, SessionStatus::Completed);
}

#[test]
fn a_client_books_what_comes_after_and_not_what_is_booked() {
    let book = |chart: &Chart, number| {
        let time = Time { provider: PROVIDER, starts: at("2026-03-03T16:00:00Z"), minutes: 45, room: None, device: None };
        let (session, appointment) = (session(number), AppointmentId(id(600)));
        let change = Change::BookSession { session, appointment, time, procedures: vec![], despite: String::new() };
        chart.apply(&change, Author::client(at(NOW)), &clinic()).map(|_| ())
    };
    assert_eq!(book(&six(), 1), Ok(()));
    let booked = placed(&six(), &[&one(Booked, "2026-01-20T16:00:00Z")], NOW);
    assert_eq!(book(&booked, 1), Err(Rejection::NotAllowed));
    assert_eq!(booked.next_to_book(PLAN).map(|next| next.number), Some(1));
    let held = placed(&six(), &[&one(Completed, "2026-01-05T16:00:00Z")], NOW);
    assert_eq!(held.next_to_book(PLAN).map(|next| next.number), Some(2));
    assert_eq!((book(&held, 1), book(&held, 2)), (Err(Rejection::NotAllowed), Ok(())));
}
