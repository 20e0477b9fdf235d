//! Bookings that another system keeps: which session of a chart each of them is of.
//!
//! Nothing of this is kept as a decision: it follows from the bookings as they stand and from the chart, so that it does not matter in
//! which order they were heard of, or how often. The clinic's server looks it up and writes it beside the chart, for the devices; no
//! change that anybody makes reaches it.

use super::facts::{SessionFacts, is_long_past};
use crate::{
    chart::Chart,
    ids::{PackageId, PlanId, SessionId},
    plan::Plan,
    session::Session,
    time::{ClinicClock, Day, Moment},
};
use serde::{Deserialize, Serialize};

/// How a booking of another system stands, in the order of its life: of two that are told of one instant the later one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BookingState {
    Booked,
    Cancelled,
    Missed,
    Completed,
}

impl BookingState {
    pub const ALL: [Self; 4] = [Self::Booked, Self::Cancelled, Self::Missed, Self::Completed];

    /// As the database and the other system know it. Never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::Missed => "missed",
            Self::Completed => "completed",
        }
    }

    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Booked => "Booked",
            Self::Cancelled => "Cancelled",
            Self::Missed => "Did not come",
            Self::Completed => "Completed",
        }
    }
}

/// Of which series a booking is, as far as anybody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Belongs {
    /// Nobody said: her only open one.
    Unsaid,
    /// Its service is that of this package.
    Package(PackageId),
    /// A person has picked it.
    Plan(PlanId),
    /// Its service is of no series: a consultation, a visit that is sold by itself.
    NoSeries,
}

/// A booking of one client that another system keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// As the clinic calls the system that keeps it.
    pub system: String,
    pub starts: Moment,
    pub state: BookingState,
    /// When it came to be so, by the other system's clock.
    pub changed: Moment,
    pub belongs: Belongs,
    /// The session it is of, as [`Chart::place_elsewhere`] found. `None`: of none.
    pub session: Option<SessionId>,
    /// As [`Elsewhere::is_unsaid`] was then: it counts as missed.
    pub unsaid: bool,
}

/// Why a booking of another system is of no session here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unplaced {
    /// No client has that e-mail address or phone number.
    NobodyKnown,
    /// Several clients have it.
    SeveralClients,
    NotASeries,
    NoOpenSeries,
    SeveralSeries,
    NoSessionLeft,
}

impl Unplaced {
    pub const ALL: [Self; 6] =
        [Self::NobodyKnown, Self::SeveralClients, Self::NotASeries, Self::NoOpenSeries, Self::SeveralSeries, Self::NoSessionLeft];

    /// As the database knows it. Never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::NobodyKnown => "nobody_known",
            Self::SeveralClients => "several_clients",
            Self::NotASeries => "not_a_series",
            Self::NoOpenSeries => "no_open_series",
            Self::SeveralSeries => "several_series",
            Self::NoSessionLeft => "no_session_left",
        }
    }

    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unplaced| unplaced.code() == code)
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Self::NobodyKnown => "No client has this e-mail address or phone number.",
            Self::SeveralClients => "Several clients have this e-mail address or phone number.",
            Self::NotASeries => "Its service is of no series.",
            Self::NoOpenSeries => "She has no open series it could be of.",
            Self::SeveralSeries => "She has several open series.",
            Self::NoSessionLeft => "All sessions of the series are delivered or booked.",
        }
    }
}

/// A session as far as it matters where a booking belongs.
struct Spot {
    session: SessionId,
    /// When it was charted here.
    visit: Option<Day>,
    /// Bookings here that are still to be held.
    here: Vec<Day>,
    /// A booking of another system is of it already.
    taken: bool,
}

impl Spot {
    /// Whether it was still to come on that day.
    fn was_to_come(&self, on: Day) -> bool {
        self.visit.is_none_or(|visit| visit >= on)
    }

    fn fits(&self, on: Day, is_ahead: bool) -> bool {
        // Both systems know the same visit.
        let same = self.here.contains(&on);
        let other = self.here.iter().any(|here| is_ahead || *here < on);
        !self.taken && self.was_to_come(on) && (same || !other)
    }
}

impl Elsewhere {
    /// Its time has passed, and nobody said what became of it: as of bookings here.
    pub fn is_unsaid(&self, clock: &ClinicClock, now: Moment) -> bool {
        self.state == BookingState::Booked && is_long_past(self.starts, clock, now)
    }

    /// She comes then, or was there: it is in the day's list.
    pub fn is_of_its_day(&self) -> bool {
        matches!(self.state, BookingState::Booked | BookingState::Completed)
    }

    /// It is to be held.
    pub fn is_ahead(&self) -> bool {
        self.state == BookingState::Booked && !self.unsaid
    }
}

impl Chart {
    /// What another system has booked of a session, or says was held; of several the first.
    pub fn kept_elsewhere(&self, session: SessionId) -> Option<&Elsewhere> {
        let of_session = self.elsewhere.iter().filter(|one| one.session == Some(session));
        of_session.filter(|one| one.is_ahead() || one.state == BookingState::Completed).min_by_key(|one| one.starts)
    }

    /// The session of a plan that is to be booked next: neither delivered here, nor held by what another system says.
    pub fn next_to_book(&self, plan: PlanId) -> Option<&Session> {
        let next = self.next_session(plan)?;
        let held = |session: &Session| self.kept_elsewhere(session.id).is_some_and(|kept| kept.state == BookingState::Completed);
        let open = self.sessions.iter().filter(|session| session.plan == plan && session.number >= next.number);
        open.filter(|session| !held(session) && self.delivered_in(session.id).is_none()).min_by_key(|session| session.number)
    }

    /// Looks up anew of which sessions they are, and which count as missed. Of each its session, or why it is of none.
    pub fn place_elsewhere(&mut self, clock: &ClinicClock, now: Moment) -> Vec<Result<SessionId, Unplaced>> {
        let places = self.places(clock, now);
        for (one, place) in self.elsewhere.iter_mut().zip(&places) {
            one.session = place.ok();
            one.unsaid = one.is_unsaid(clock, now);
        }
        places
    }

    /// Of each booking elsewhere its session, in their order; those of one instant have to come in a fixed order.
    pub fn places(&self, clock: &ClinicClock, now: Moment) -> Vec<Result<SessionId, Unplaced>> {
        let elsewhere = &self.elsewhere;
        if elsewhere.is_empty() {
            return Vec::new();
        }
        let mut open: Vec<&Plan> = self.plans.iter().filter(|plan| !plan.standing().is_over()).collect();
        open.sort_by_key(|plan| (plan.sold_on, plan.id));
        let mut series: Vec<(&Plan, Vec<Spot>)> = open.into_iter().map(|plan| (plan, self.spots(plan, clock, now))).collect();
        let mut order: Vec<usize> = (0..elsewhere.len()).collect();
        order.sort_by_key(|n| elsewhere[*n].starts);
        let mut places = vec![Err(Unplaced::NoOpenSeries); elsewhere.len()];
        for n in order {
            places[n] = place(&mut series, &elsewhere[n], clock, now);
        }
        places
    }

    fn spots(&self, plan: &Plan, clock: &ClinicClock, now: Moment) -> Vec<Spot> {
        let mut sessions: Vec<_> = self.sessions.iter().filter(|session| session.plan == plan.id).collect();
        sessions.sort_by_key(|session| session.number);
        let spot = |session: &Session| {
            let delivered = self.delivered_in(session.id).and_then(Session::visited);
            let here: SessionFacts = session.booking_facts(delivered, None, clock, now);
            Spot {
                session: session.id,
                visit: delivered.map(|delivered| clock.day(delivered.at)),
                here: here.bookings.iter().map(|booking| clock.day(booking.starts)).collect(),
                taken: false,
            }
        };
        sessions.into_iter().map(spot).collect()
    }
}

fn place(series: &mut [(&Plan, Vec<Spot>)], booking: &Elsewhere, clock: &ClinicClock, now: Moment) -> Result<SessionId, Unplaced> {
    let day = clock.day(booking.starts);
    let is_ahead = booking.state == BookingState::Booked && !booking.is_unsaid(clock, now);
    let fits = |(plan, spots): &(&Plan, Vec<Spot>)| {
        // What was before the sale is of another series.
        let goes_on = || plan.sold_on <= day && spots.iter().any(|spot| spot.was_to_come(day));
        match booking.belongs {
            Belongs::Unsaid => goes_on(),
            Belongs::Package(package) => plan.package == package && goes_on(),
            Belongs::Plan(picked) => plan.id == picked,
            Belongs::NoSeries => false,
        }
    };
    if booking.belongs == Belongs::NoSeries {
        return Err(Unplaced::NotASeries);
    }
    let mut fitting: Vec<_> = series.iter_mut().filter(|one| fits(one)).collect();
    match (fitting.len(), booking.belongs) {
        (0, _) => return Err(Unplaced::NoOpenSeries),
        (2.., Belongs::Unsaid) => return Err(Unplaced::SeveralSeries),
        _ => {}
    }
    let mut spots = fitting.iter_mut().flat_map(|(_, spots)| spots.iter_mut());
    let spot = spots.find(|spot| spot.fits(day, is_ahead)).ok_or(Unplaced::NoSessionLeft)?;
    // One that was cancelled or missed leaves the session to the next one.
    spot.taken = is_ahead || booking.state == BookingState::Completed;
    Ok(spot.session)
}

#[cfg(test)]
mod tests;
