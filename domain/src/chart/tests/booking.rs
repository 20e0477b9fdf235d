//! Booking: what one chart can know about it, and which times are offered.

use super::*;
use crate::{
    booking::{BookingEnd, free_times},
    hours::Open,
    status::SessionStatus,
};

pub(super) fn open(from: u16, to: u16, closed: &str) -> OpeningHours {
    OpeningHours { week: std::array::from_fn(|_| vec![Open { from, to }]), closures: vec![closed.parse().unwrap()], staff: vec![] }
}

#[test]
fn a_session_is_booked_moved_and_cancelled_and_nothing_of_it_is_forgotten() {
    let mut catalogue = catalogue();
    catalogue.hours = open(480, 1080, "2026-12-25");
    let mut chart = chart(3);
    for session in &mut chart.sessions {
        session.appointments.clear();
    }
    let now = Author { staff: DESK, at: at("2026-11-22T09:00:00Z") };
    let apply = |chart: &Chart, change: &Change| chart.apply(change, now, &catalogue);
    let book = |n, appointment, time| Change::BookSession {
        session: session(n),
        appointment: AppointmentId(id(appointment)),
        time,
        procedures: vec![],
        despite: String::new(),
    };
    let booked = apply(&chart, &book(1, 700, time("2026-12-01T10:00:00Z"))).unwrap();
    assert_eq!(booked.listed()[0].status, SessionStatus::Booked);
    assert_eq!(apply(&booked, &book(1, 701, time("2026-12-02T10:00:00Z"))), Err(Rejection::AlreadyBooked));
    assert_eq!(apply(&booked, &book(2, 701, time("2026-12-01T10:30:00Z"))), Err(Rejection::ClientBusy));
    assert_eq!(apply(&booked, &book(2, 701, time("2026-11-22T08:59:00Z"))), Err(Rejection::Past));
    assert_eq!(apply(&booked, &book(2, 701, time("2026-12-25T10:00:00Z"))), Err(Rejection::Closed));
    assert_eq!(apply(&booked, &book(2, 701, time("2026-12-01T17:30:00Z"))), Err(Rejection::Closed));
    let nobody = Time { provider: DESK, ..time("2026-12-02T10:00:00Z") };
    assert_eq!(apply(&booked, &book(2, 701, nobody)), Err(Rejection::UnknownProvider));

    let moving = |appointment, starts| Change::MoveBooking {
        session: session(1),
        appointment: AppointmentId(id(appointment)),
        time: time(starts),
        despite: String::new(),
    };
    let moved = apply(&booked, &moving(700, "2026-12-01T10:15:00Z")).unwrap();
    assert_eq!(apply(&moved, &moving(999, "2026-12-01T11:00:00Z")), Err(Rejection::Stale));
    let cancel = |reason: &str| Change::CancelBooking {
        session: session(1),
        appointment: AppointmentId(id(700)),
        no_show: false,
        reason: reason.into(),
    };
    assert_eq!(apply(&moved, &cancel(" ")), Err(Rejection::Empty));
    let cancelled = apply(&moved, &cancel("ill")).unwrap();
    let past = &cancelled.session(session(1)).unwrap().past_bookings;
    assert_eq!(past.iter().map(|past| past.end).collect::<Vec<_>>(), [BookingEnd::Moved, BookingEnd::Cancelled]);
    assert_eq!(past[1].appointment.starts, at("2026-12-01T10:15:00Z"));
    assert_eq!(cancelled.listed()[0].status, SessionStatus::AwaitingBooking);
}

#[test]
fn free_times_leave_out_what_anybody_room_or_device_is_taken_for() {
    let mut catalogue = catalogue();
    catalogue.hours = open(540, 720, "2026-12-02");
    let taken = [Time { minutes: 60, ..time("2026-12-01T10:00:00Z") }];
    let day = "2026-12-01".parse().unwrap();
    let now = at("2026-12-01T09:20:00Z");
    let wanted = time("2026-12-01T00:00:00Z");
    assert_eq!(free_times(&catalogue, &taken, wanted, day, now), [at("2026-12-01T11:00:00Z"), at("2026-12-01T11:15:00Z")]);
    assert_eq!(free_times(&catalogue, &taken, wanted, day.plus(1), now), []);
    // Somebody else is free all the time, unless both want the laser.
    let other = Time { provider: DESK, ..wanted };
    assert_eq!(free_times(&catalogue, &taken, other, day, now).len(), 8);
    let kept = [Time { device: Some(LASER), ..taken[0] }];
    let wanting = Time { device: Some(LASER), ..other };
    assert_eq!(free_times(&catalogue, &kept, wanting, day, now).len(), 2);
}

/// Clocks in Chicago: forward on 14 March 2027 at 02:00, back on 7 November at 02:00.
fn chicago() -> Catalogue {
    let mut catalogue = catalogue();
    let offsets = [("2026-11-01T07:00:00Z", -6), ("2027-03-14T08:00:00Z", -5), ("2027-11-07T07:00:00Z", -6)];
    let offsets = offsets.into_iter().map(|(from, hours)| (at(from), hours * 3600)).collect();
    catalogue.clock = ClinicClock { zone: "America/Chicago".into(), offsets };
    catalogue
}

fn night(catalogue: &Catalogue, day: &str, minutes: u16) -> Vec<(String, Moment)> {
    let mut catalogue = catalogue.clone();
    catalogue.hours = open(60, 240, "2026-12-25");
    let wanted = Time { minutes, ..time("2027-01-01T00:00:00Z") };
    let free = free_times(&catalogue, &[], wanted, day.parse().unwrap(), at("2027-01-01T00:00:00Z"));
    free.into_iter().map(|starts| (catalogue.clock.time(starts), starts)).collect()
}

#[test]
fn an_hour_that_is_left_out_is_not_offered_and_one_that_comes_twice_is_offered_once() {
    let catalogue = chicago();
    let shown = |day, minutes| night(&catalogue, day, minutes).into_iter().map(|(shown, _)| shown).collect::<Vec<_>>();
    let spring = shown("2027-03-14", 60);
    assert_eq!(spring, ["01:00", "01:15", "01:30", "01:45", "03:00"]);
    let autumn = night(&catalogue, "2027-11-07", 60);
    assert_eq!(autumn.iter().map(|(shown, _)| shown.as_str()).collect::<Vec<_>>()[..5], ["01:00", "01:15", "01:30", "01:45", "02:00"]);
    // The first time it is half past one; two o'clock is an hour and a half later.
    assert_eq!((autumn[2].1, autumn[4].1), (at("2027-11-07T06:30:00Z"), at("2027-11-07T08:00:00Z")));
    assert_eq!(shown("2027-06-01", 60).len(), 9);
}

#[test]
fn a_booking_across_a_change_of_the_clocks_is_as_long_as_it_says() {
    let mut catalogue = chicago();
    catalogue.hours = open(60, 360, "2026-12-25");
    let mut chart = chart(2);
    chart.sessions[0].appointments.clear();
    let now = Author { staff: DESK, at: at("2027-01-01T00:00:00Z") };
    for (day, from, ends) in [("2027-03-14", 105, "03:45"), ("2027-11-07", 105, "01:45")] {
        let starts = catalogue.clock.instant(day.parse().unwrap(), from).unwrap();
        let time = Time { minutes: 60, ..time("2027-01-01T00:00:00Z") };
        let book = |n, appointment, starts| Change::BookSession {
            session: session(n),
            appointment: AppointmentId(id(appointment)),
            time: Time { starts, ..time },
            procedures: vec![],
            despite: String::new(),
        };
        let booked = chart.apply(&book(1, 700, starts), now, &catalogue).unwrap();
        let appointment = &booked.sessions[0].appointments[0];
        assert_eq!(appointment.ends().millis() - starts.millis(), 60 * 60_000);
        assert_eq!(catalogue.clock.time(appointment.ends()), ends);
        // Taken to the last minute, and no longer.
        let until = |minutes: i64| Moment::from_millis(starts.millis() + minutes * 60_000);
        assert_eq!(booked.apply(&book(2, 701, until(45)), now, &catalogue), Err(Rejection::ClientBusy));
        assert!(booked.apply(&book(2, 701, until(60)), now, &catalogue).is_ok(), "{day}");
        let taken = [Time { starts, ..time }];
        let free = free_times(&catalogue, &taken, time, day.parse().unwrap(), now.at);
        assert!(free.iter().all(|free| *free >= until(60) || *free <= until(-60)), "{day}");
    }
}
