//! Booking a session: when, with whom, and what became of it.

use crate::{
    catalogue::Catalogue,
    chart::{Author, Chart, checked},
    ids::{AppointmentId, DeviceId, ProcedureId, RoomId, SessionId, StaffId},
    note::LONGEST_NOTE,
    rejection::Rejection,
    session::{Appointment, EARLY_MILLIS, Remark},
    time::{Day, Moment},
};
use serde::{Deserialize, Serialize};

/// A time that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    pub provider: StaffId,
    pub starts: Moment,
    pub minutes: u16,
    #[serde(default)]
    pub room: Option<RoomId>,
    #[serde(default)]
    pub device: Option<DeviceId>,
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

/// A client cancels by herself so long before; later the clinic has to be called.
const CLIENTS_NOTICE_MILLIS: i64 = 24 * 60 * 60 * 1000;

pub fn clients_may_cancel(starts: Moment, now: Moment) -> bool {
    starts.millis() >= now.millis() + CLIENTS_NOTICE_MILLIS
}

impl Appointment {
    pub fn ends(&self) -> Moment {
        Moment::from_millis(self.starts.millis() + i64::from(self.minutes) * 60_000)
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.time().overlaps(other.time())
    }

    pub fn time(&self) -> Time {
        let Self { provider, starts, minutes, room, device, .. } = *self;
        Time { provider, starts, minutes, room, device }
    }
}

impl Time {
    pub fn ends(self) -> Moment {
        Moment::from_millis(self.starts.millis() + i64::from(self.minutes) * 60_000)
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.starts < other.ends() && other.starts < self.ends()
    }

    /// Both want the same person, room or device at the same time.
    pub fn collides(self, other: Self) -> bool {
        let same_room = self.room.is_some() && self.room == other.room;
        let same_device = self.device.is_some() && self.device == other.device;
        self.overlaps(other) && (self.provider == other.provider || same_room || same_device)
    }
}

/// What somebody asks to be booked.
pub(crate) struct Wish<'a> {
    pub session: SessionId,
    pub id: AppointmentId,
    pub time: Time,
    /// Empty is all that is not booked yet.
    pub procedures: &'a [ProcedureId],
    pub despite: &'a str,
}

impl Chart {
    pub(crate) fn book(&mut self, wish: Wish<'_>, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        let session = wish.session;
        let open: Vec<_> = self.unbooked(session).into_iter().map(|procedure| procedure.id).collect();
        let known = self.session(session).ok_or(Rejection::UnknownSession)?;
        let plan = self.plan(known.plan).ok_or(Rejection::UnknownPlan)?;
        if self.sessions.iter().any(|other| other.booking(wish.id).is_some()) {
            return Err(Rejection::Exists);
        }
        if plan.standing().is_over() {
            return Err(Rejection::PlanEnded { name: plan.name.clone() });
        }
        if self.is_done(session) {
            return Err(Rejection::AlreadyDelivered { number: known.number });
        }
        // A plan without procedures is booked as a whole.
        let whole_is_booked = plan.procedures.is_empty() && !known.appointments.is_empty();
        let all_booked = !plan.procedures.is_empty() && open.is_empty();
        if all_booked || whole_is_booked || wish.procedures.iter().any(|procedure| !open.contains(procedure)) {
            return Err(Rejection::AlreadyBooked);
        }
        let part: Vec<_> = open.into_iter().filter(|id| wish.procedures.is_empty() || wish.procedures.contains(id)).collect();
        let procedures = if part.len() == plan.procedures.len() { Vec::new() } else { part };
        let appointment = self.possible(&wish, procedures, author, catalogue)?;
        let appointments = &mut self.session_mut(session)?.appointments;
        appointments.push(appointment);
        // One order on every device, whichever booking arrived first.
        appointments.sort_by_key(|booked| booked.id);
        Ok(())
    }

    /// Moves a booking; the id says which one was looked at.
    pub(crate) fn move_booking(&mut self, wish: Wish<'_>, author: Author, catalogue: &Catalogue) -> Result<(), Rejection> {
        let old = self.session(wish.session).ok_or(Rejection::UnknownSession)?.booking(wish.id).ok_or(Rejection::Stale)?.clone();
        if self.is_done(wish.session) || self.session(wish.session).is_some_and(|session| session.is_held(&old)) {
            return Err(Rejection::AlreadyDelivered { number: self.number_of(wish.session) });
        }
        let appointment = self.possible(&wish, old.procedures.clone(), author, catalogue)?;
        if old.time() == appointment.time() {
            return Err(Rejection::AlreadyDecided);
        }
        self.end_booking(wish.session, wish.id, BookingEnd::Moved, String::new(), author)?;
        let appointments = &mut self.session_mut(wish.session)?.appointments;
        appointments.push(appointment);
        appointments.sort_by_key(|booked| booked.id);
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
        let booked = self.session(session).ok_or(Rejection::UnknownSession)?;
        let appointment = booked.booking(id).ok_or(Rejection::Stale)?;
        // A session that was delivered earlier than it was booked for leaves a time that somebody else can have.
        let is_ahead = appointment.starts.millis() > author.at.millis() + EARLY_MILLIS;
        if booked.is_held(appointment) || (self.is_done(session) && !is_ahead) {
            return Err(Rejection::AlreadyDelivered { number: booked.number });
        }
        let end = if no_show { BookingEnd::NoShow } else { BookingEnd::Cancelled };
        self.end_booking(session, id, end, text, author)
    }

    /// The client is here; or is not, after all.
    pub(crate) fn check_in(
        &mut self,
        session: SessionId,
        id: AppointmentId,
        arrived: bool,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<(), Rejection> {
        let booked = self.session_mut(session)?.appointments.iter_mut().find(|booked| booked.id == id).ok_or(Rejection::Stale)?;
        if catalogue.clock.day(booked.starts) != catalogue.clock.day(author.at) {
            return Err(Rejection::NotToday);
        }
        if booked.arrived.is_some() == arrived {
            return Err(Rejection::AlreadyDecided);
        }
        booked.arrived = arrived.then_some(author.at);
        Ok(())
    }

    fn number_of(&self, session: SessionId) -> u16 {
        self.session(session).map_or(0, |session| session.number)
    }

    /// Gives the time of bookings free in which nothing will be done any more, now that `reason`.
    pub(crate) fn end_idle_bookings(&mut self, session: SessionId, reason: &str, author: Author) -> Result<(), Rejection> {
        let Some(booked) = self.session(session) else { return Ok(()) };
        let (begun, open) = (self.delivered_in(session).is_some(), self.outstanding(session));
        let is_idle = |appointment: &&Appointment| {
            let nothing_left = if appointment.procedures.is_empty() {
                open.is_empty()
            } else {
                !open.iter().any(|procedure| appointment.procedures.contains(&procedure.id))
            };
            // What has passed is history, unless nothing ever came of it.
            nothing_left && !booked.is_held(appointment) && (!begun || appointment.starts > author.at)
        };
        let idle: Vec<_> = booked.appointments.iter().filter(is_idle).map(|appointment| appointment.id).collect();
        for appointment in idle {
            self.end_booking(session, appointment, BookingEnd::Cancelled, reason.to_owned(), author)?;
        }
        Ok(())
    }

    pub(crate) fn end_booking(
        &mut self,
        session: SessionId,
        id: AppointmentId,
        end: BookingEnd,
        text: String,
        author: Author,
    ) -> Result<(), Rejection> {
        let booked = self.session_mut(session)?;
        // Somebody moved or cancelled it meanwhile.
        let place = booked.appointments.iter().position(|appointment| appointment.id == id).ok_or(Rejection::Stale)?;
        let appointment = booked.appointments.remove(place);
        booked.past_bookings.push(PastBooking { appointment, end, remark: Remark { by: author.staff, at: author.at, text } });
        Ok(())
    }

    /// Whether this can be held then, as far as chart and catalogue know; whether provider, room and device are free, the
    /// database knows.
    fn possible(
        &self,
        wish: &Wish<'_>,
        procedures: Vec<ProcedureId>,
        author: Author,
        catalogue: &Catalogue,
    ) -> Result<Appointment, Rejection> {
        let Time { provider, starts, minutes, room, device } = wish.time;
        let session = self.session(wish.session).ok_or(Rejection::UnknownSession)?;
        let plan = self.plan(session.plan).ok_or(Rejection::UnknownPlan)?;
        if plan.standing().is_over() {
            return Err(Rejection::PlanEnded { name: plan.name.clone() });
        }
        catalogue.providers().find(|staff| staff.id == provider).ok_or(Rejection::UnknownProvider)?;
        if room.is_some_and(|room| catalogue.room(room).is_none_or(|room| room.retired)) {
            return Err(Rejection::UnknownRoom);
        }
        if device.is_some_and(|device| catalogue.device(device).is_none_or(|device| device.retired)) {
            return Err(Rejection::UnknownDevice);
        }
        if !(5..=480).contains(&minutes) {
            return Err(Rejection::Unfit { field: "Length of the booking".to_owned() });
        }
        if starts < author.at {
            return Err(Rejection::Past);
        }
        if !catalogue.hours.covers(&catalogue.clock, provider, starts, minutes) {
            return Err(Rejection::Closed);
        }
        let mut elsewhere = self.sessions.iter().flat_map(|other| &other.appointments).filter(|other| other.id != wish.id);
        if elsewhere.any(|other| other.time().overlaps(wish.time)) {
            return Err(Rejection::ClientBusy);
        }
        let despite = wish.despite.trim();
        if despite.len() > LONGEST_NOTE {
            return Err(Rejection::TooMuch { what: "text in one note".to_owned() });
        }
        let intended = self.intended_part(plan.id, &procedures);
        let concern = self.spacing_concerns(&intended, catalogue.clock.day(starts), catalogue).into_iter().next();
        if let Some(concern) = concern.as_ref().filter(|_| despite.is_empty()) {
            return Err(Rejection::TooSoon { concern: concern.sentence() });
        }
        let despite = concern.map(|_| despite.to_owned());
        Ok(Appointment { id: wish.id, provider, starts, minutes, room, device, procedures, despite, arrived: None })
    }
}

/// Times on that day at which that person, room and device are free for so long. `taken` are all bookings of the days around.
pub fn free_times(catalogue: &Catalogue, taken: &[Time], wanted: Time, day: Day, now: Moment) -> Vec<Moment> {
    let spans = catalogue.hours.of(wanted.provider, day);
    let first = |from: u16| from.div_ceil(GRID_MINUTES) * GRID_MINUTES;
    let minutes = spans.into_iter().filter(|span| span.to >= wanted.minutes).flat_map(|span| {
        let last = span.to - wanted.minutes;
        (first(span.from)..=last).step_by(usize::from(GRID_MINUTES))
    });
    let free = |starts: &Moment| {
        let wanted = Time { starts: *starts, ..wanted };
        *starts >= now && !taken.iter().any(|other| other.collides(wanted))
    };
    // On the morning clocks go forward, some quarter hours do not exist.
    minutes.filter_map(|minute| catalogue.clock.instant(day, minute)).filter(free).collect()
}
