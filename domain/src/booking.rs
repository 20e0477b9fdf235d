//! Booking a session: when, with whom, and what became of it.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    ids::{AppointmentId, SessionId, StaffId},
    plan::Standing,
    rejection::Rejection,
    session::{Appointment, Remark},
    time::{Day, Moment},
};
use serde::{Deserialize, Serialize};

/// A time that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    pub provider: StaffId,
    pub starts: Moment,
    pub minutes: u16,
}

/// A booking that is no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastBooking {
    pub appointment: Appointment,
    pub end: BookingEnd,
    /// Who, when, and the reason; of a move the reason is empty.
    pub remark: Remark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BookingEnd {
    Moved,
    Cancelled,
    /// The client did not come.
    NoShow,
}

impl BookingEnd {
    pub fn label(self) -> &'static str {
        match self {
            Self::Moved => "Moved",
            Self::Cancelled => "Cancelled",
            Self::NoShow => "Did not come",
        }
    }
}

/// Bookings begin at the quarter hours.
pub const GRID_MINUTES: u16 = 15;

impl Appointment {
    pub fn ends(&self) -> Moment {
        Moment::from_millis(self.starts.millis() + i64::from(self.minutes) * 60_000)
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts < other.ends() && other.starts < self.ends()
    }
}

impl Chart {
    pub(crate) fn book(
        &mut self,
        session: SessionId,
        id: AppointmentId,
        time: Time,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<(), Rejection> {
        let appointment = self.possible(session, id, time, author, catalogue)?;
        if self.sessions.iter().any(|other| other.appointment.is_some_and(|booked| booked.id == id)) {
            return Err(Rejection::Exists);
        }
        let booked = self.session_mut(session)?;
        if booked.appointment.is_some() {
            return Err(Rejection::AlreadyBooked);
        }
        booked.appointment = Some(appointment);
        Ok(())
    }

    /// Moves a booking; `id` says which one was looked at.
    pub(crate) fn move_booking(
        &mut self,
        session: SessionId,
        id: AppointmentId,
        time: Time,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<(), Rejection> {
        let appointment = self.possible(session, id, time, author, catalogue)?;
        let old = self.end_booking(session, id, BookingEnd::Moved, String::new(), author)?;
        if old == appointment {
            return Err(Rejection::AlreadyDecided);
        }
        self.session_mut(session)?.appointment = Some(appointment);
        Ok(())
    }

    pub(crate) fn cancel_booking(
        &mut self,
        session: SessionId,
        id: AppointmentId,
        no_show: bool,
        reason: &str,
        author: Author,
    ) -> Result<(), Rejection> {
        let text = checked(reason)?;
        if self.delivered_in(session).is_some() {
            return Err(Rejection::AlreadyDelivered { number: self.session(session).map_or(0, |session| session.number) });
        }
        let end = if no_show { BookingEnd::NoShow } else { BookingEnd::Cancelled };
        self.end_booking(session, id, end, text, author).map(drop)
    }

    fn end_booking(
        &mut self,
        session: SessionId,
        id: AppointmentId,
        end: BookingEnd,
        text: String,
        author: Author,
    ) -> Result<Appointment, Rejection> {
        let booked = self.session_mut(session)?;
        // Somebody moved or cancelled it meanwhile.
        let appointment = booked.appointment.filter(|appointment| appointment.id == id).ok_or(Rejection::Stale)?;
        booked.appointment = None;
        booked.past_bookings.push(PastBooking { appointment, end, remark: Remark { by: author.staff, at: author.at, text } });
        Ok(appointment)
    }

    /// Whether this session can be held then, as far as chart and catalogue know; whether the provider is free, the
    /// database knows.
    fn possible(
        &self,
        session: SessionId,
        id: AppointmentId,
        time: Time,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<Appointment, Rejection> {
        let Time { provider, starts, minutes } = time;
        let booked = self.session(session).ok_or(Rejection::UnknownSession)?;
        if self.delivered_in(session).is_some() {
            return Err(Rejection::AlreadyDelivered { number: booked.number });
        }
        if let Some(plan) = self.plan(booked.plan).filter(|plan| plan.standing() == Standing::Voided) {
            return Err(Rejection::PlanEnded { name: plan.name.clone() });
        }
        catalogue.staff_member(provider).filter(|staff| staff.active && staff.role.charts()).ok_or(Rejection::UnknownProvider)?;
        if !(5..=480).contains(&minutes) {
            return Err(Rejection::Unfit { field: "Length of the booking".to_owned() });
        }
        if starts < author.at {
            return Err(Rejection::Past);
        }
        if !catalogue.hours.covers(&catalogue.clock, starts, minutes) {
            return Err(Rejection::Closed);
        }
        let appointment = Appointment { id, provider, starts, minutes };
        let elsewhere = self.sessions.iter().filter(|other| other.id != session).filter_map(|other| other.appointment);
        if elsewhere.into_iter().any(|other| other.overlaps(&appointment)) {
            return Err(Rejection::ClientBusy);
        }
        Ok(appointment)
    }
}

/// Times on that day at which somebody is free for so long. `taken` are all the provider's appointments, of any day.
pub fn free_times(catalogue: &Catalogue, taken: &[Appointment], provider: StaffId, day: Day, minutes: u16, now: Moment) -> Vec<Moment> {
    let Some(open) = catalogue.hours.on(day) else { return Vec::new() };
    let last = open.to.saturating_sub(minutes);
    let starts = (open.from..=last).step_by(usize::from(GRID_MINUTES));
    let free = |starts: Moment| {
        let wanted = Appointment { id: AppointmentId(uuid::Uuid::nil()), provider, starts, minutes };
        starts >= now && !taken.iter().any(|other| other.provider == provider && other.overlaps(&wanted))
    };
    // On the morning clocks go forward, some quarter hours do not exist.
    starts.filter_map(|minute| catalogue.clock.instant(day, minute)).filter(|starts| free(*starts)).collect()
}

/// The next `count` free times with a provider, at the interval and after, one a day: what is offered right after a session.
pub fn offers(catalogue: &Catalogue, taken: &[Appointment], time: Time, from: Day, now: Moment, count: usize) -> Vec<Moment> {
    const SEARCHED_DAYS: i32 = 28;
    let preferred = catalogue.clock.minute(time.starts);
    let on = |day| {
        let free = free_times(catalogue, taken, time.provider, day, time.minutes, now);
        // As near as possible to the hour the client comes at.
        free.into_iter().min_by_key(|at| catalogue.clock.minute(*at).abs_diff(preferred))
    };
    (0..SEARCHED_DAYS).filter_map(|days| on(from.plus(days))).take(count).collect()
}
