//! What the planner has to know of a plan, drawn from the chart by the rules that count, space and list everywhere else.

use super::{
    elsewhere::{BookingState, Elsewhere},
    policy::Policies,
    times::local,
};
use crate::{
    booking::BookingEnd,
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, PackageId, PlanId, SessionId},
    ledger::Performances,
    plan::{Plan, PlanAction, Standing},
    record::Record,
    session::{Appointment, EARLY_MILLIS, Session},
    skin::AdverseEvent,
    time::{ClinicClock, Day, Moment},
};

/// One plan of a client, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub client: ClientId,
    pub plan: PlanId,
    pub package: PackageId,
    /// The day it was sold.
    pub enrolled: Day,
    pub interval_days: u16,
    /// Days after the due date in which a session still is in its window.
    pub tolerance_days: u16,
    pub standing: Standing,
    /// The last time a pause of it ended.
    pub resumed: Option<Moment>,
    pub concern: Concern,
    /// When she last told a person that she does not want to go on.
    pub declined: Option<Moment>,
    /// Nothing that was due before is planned: the plan was not followed up here then.
    pub followed_since: Moment,
    /// By number.
    pub sessions: Vec<SessionFacts>,
    /// What the sessions not delivered are worth, in minor units of the clinic's currency; nothing of a plan that is over.
    pub stranded_minor: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    pub session: SessionId,
    /// 1 for the first of the series.
    pub number: u16,
    pub delivered: Option<Delivered>,
    /// When it is due, or was: its interval after the session before. `None` while that one is still to come.
    pub due: Option<Day>,
    /// Bookings still to be held, the first one first.
    pub bookings: Vec<Booking>,
    /// Appointments she did not come to, the first one first.
    pub missed: Vec<Booking>,
    /// When the last booking of it came to nothing.
    pub free_since: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// When the visit was.
    pub at: Moment,
    /// When it was charted; aftercare waits for it, since it is written from the record. `None`: another system says that the visit was,
    /// and nobody has charted it here.
    pub signed: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    pub starts: Moment,
    /// When it was booked for that time; `None`: nobody knows.
    pub made: Option<Moment>,
    /// Another system keeps it.
    pub elsewhere: bool,
}

/// Whether something keeps the clinic from promoting: a worried reply, a complaint, an adverse event that is not followed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Concern {
    #[default]
    None,
    Open,
    /// All are settled, the last one then.
    Closed(Moment),
}

/// A plan whose window was missed with nothing booked. These three tell one from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lapse {
    pub plan: PlanId,
    pub session: SessionId,
    /// The end of the window: the due date and its tolerance, or a later missed appointment.
    pub day_0: Day,
}

/// What stands beside the chart and matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Of worried replies and complaints.
    pub concern: Concern,
    /// Plans she told a person she does not want to go on with, and when.
    pub declined: Vec<(PlanId, Moment)>,
    /// Since when the clinic follows up with Cadence; a plan of before is followed up from there. `None`: always.
    pub followed_since: Option<Moment>,
}

/// The first session is due so soon after the sale, or after an interval that is shorter. Own judgement: a test spot comes one to two
/// weeks before.
pub const FIRST_DUE_DAYS: u16 = 14;

/// A booking whose time has passed and that nobody charted, checked in or called missed counts as missed from the second day after.
/// Own judgement: a provider without a network charts within a day.
pub const UNSAID_DAYS: i32 = 2;

/// Whether a booking at that time counts as missed if nobody has said anything of it.
pub(super) fn is_long_past(starts: Moment, clock: &ClinicClock, now: Moment) -> bool {
    clock.day(now).since(clock.day(starts)) >= UNSAID_DAYS
}

impl Concern {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Open, _) | (_, Self::Open) => Self::Open,
            (Self::Closed(one), Self::Closed(two)) => Self::Closed(one.max(two)),
            (Self::Closed(at), Self::None) | (Self::None, Self::Closed(at)) => Self::Closed(at),
            (Self::None, Self::None) => Self::None,
        }
    }
}

impl Facts {
    /// The session that comes next.
    pub fn next(&self) -> Option<&SessionFacts> {
        self.sessions.iter().find(|session| session.delivered.is_none() && session.due.is_some())
    }

    /// All delivered, and at least one was there to be.
    pub fn is_complete(&self) -> bool {
        !self.standing.is_over() && !self.sessions.is_empty() && self.sessions.iter().all(|session| session.delivered.is_some())
    }

    /// When the last session was delivered.
    pub fn last_delivered(&self) -> Option<(&SessionFacts, Delivered)> {
        let delivered = self.sessions.iter().filter_map(|session| Some((session, session.delivered?)));
        delivered.max_by_key(|(session, delivered)| (delivered.at, session.number))
    }

    /// Day 0 of the lapse that opens, or would, after the appointment she missed then; `None`: after none.
    pub fn day_0(&self, session: &SessionFacts, missed: Option<Moment>, clock: &ClinicClock) -> Option<Day> {
        let window_end = session.due?.plus(i32::from(self.tolerance_days));
        Some(missed.map_or(window_end, |missed| window_end.max(clock.day(missed))))
    }

    /// The lapse that is open: the window of the next session has ended, and nothing is booked.
    pub fn lapse(&self, clock: &ClinicClock, now: Moment) -> Option<Lapse> {
        let next = self.next().filter(|next| self.standing == Standing::Active && next.bookings.is_empty())?;
        let day_0 = self.day_0(next, next.missed.last().map(|missed| missed.starts), clock)?;
        (day_0 <= clock.day(now)).then_some(Lapse { plan: self.plan, session: next.session, day_0 })
    }
}

impl Chart {
    /// The facts of all plans. `now` decides only which bookings nobody said anything about count as missed.
    pub fn follow_up_facts(&self, catalogue: &Catalogue, policies: &Policies, beside: &Beside, now: Moment) -> Vec<Facts> {
        let done = self.all_performances();
        let concern = self.sessions.iter().map(Session::concern).fold(beside.concern, Concern::and);
        let places = self.places(&catalogue.clock, now);
        let placed: Vec<_> = places.into_iter().zip(&self.elsewhere).filter_map(|(place, one)| Some((place.ok()?, one))).collect();
        self.plans
            .iter()
            .map(|plan| {
                let policy = policies.of(plan.package);
                let worths = self.worth_of_sessions(plan.id).into_iter();
                let left = worths.filter(|(session, ..)| done.of(*session).is_empty()).map(|(.., worth)| worth);
                let declined = beside.declined.iter().filter(|(declined, _)| *declined == plan.id).map(|(_, at)| *at).max();
                let sold = local(&catalogue.clock, plan.sold_on, 0);
                Facts {
                    client: self.client.id,
                    plan: plan.id,
                    package: plan.package,
                    enrolled: plan.sold_on,
                    interval_days: plan.interval_days,
                    tolerance_days: policy.tolerance(plan.interval_days),
                    standing: plan.standing(),
                    resumed: plan.resumed(),
                    concern,
                    declined,
                    followed_since: beside.followed_since.map_or(sold, |since| since.max(sold)),
                    sessions: self.session_facts(plan, &done, &placed, catalogue, now),
                    stranded_minor: if plan.standing().is_over() { 0 } else { left.sum() },
                }
            })
            .collect()
    }

    fn session_facts(
        &self,
        plan: &Plan,
        done: &Performances<'_>,
        placed: &[(SessionId, &Elsewhere)],
        catalogue: &Catalogue,
        now: Moment,
    ) -> Vec<SessionFacts> {
        let clock = &catalogue.clock;
        let elsewhere = |session: SessionId| placed.iter().filter(move |(place, _)| *place == session).map(|(_, one)| *one);
        // Another system says so. Money, sessions left and numbers keep to what is charted here: this is for following up alone.
        let completed = |session: SessionId| elsewhere(session).find(|one| one.state == BookingState::Completed).map(|one| one.starts);
        let mut sessions: Vec<_> = self.sessions.iter().filter(|session| session.plan == plan.id).collect();
        sessions.sort_by_key(|session| session.number);
        // Of a plan that is over, too: what was planned for it is told to have ended.
        let is_next = |session: &&&Session| done.of(session.id).is_empty() && completed(session.id).is_none();
        let next = sessions.iter().find(is_next).map(|next| next.id);
        let mut before: Option<Day> = None;
        let mut carried: (Vec<Booking>, Vec<Booking>) = Default::default();
        let mut facts = Vec::new();
        for session in sessions {
            let visit = done.of(session.id).first().map(|done| done.visit);
            let delivered = match (visit.and_then(Session::visited), completed(session.id)) {
                (Some(charted), Some(at)) => Some(charted.held_elsewhere(at, clock)),
                (Some(charted), None) => Some(charted),
                (None, completed) => completed.map(|at| Delivered { at, signed: None }),
            };
            let is_next = next == Some(session.id);
            let at_interval = || {
                let since_bought = |day: Day| day.plus(i32::from(plan.interval_days.min(FIRST_DUE_DAYS)));
                let due = before.map_or(since_bought(plan.sold_on), |before| before.plus(i32::from(plan.interval_days)));
                // Maintenance may be bought long after the session before.
                plan.added(session.id).map_or(due, |at| due.max(since_bought(clock.day(at))))
            };
            let due = (delivered.is_some() || is_next).then(at_interval).map(|due| match is_next {
                // Nothing was due while it was paused; and the skin needs its days after other treatments, too.
                true => self.clear_day(&self.intended(plan.id), plan.resumed().map_or(due, |at| due.max(clock.day(at))), catalogue),
                false => due,
            });
            let mut known = session.booking_facts(delivered, due, clock, now);
            if visit.is_some() && delivered.is_some() && plan.outstanding(session.id, done.of(session.id)).is_empty() {
                // Delivered in another visit: nothing will be done at this time.
                known.bookings.clear();
            }
            known.missed.append(&mut carried.0);
            known.bookings.append(&mut carried.1);
            if visit.is_none() && delivered.is_some() {
                // As far as the chart knows it still is to come: what is booked here for it is the visit after.
                let arrived = |at: Moment| session.appointments.iter().any(|booked| booked.starts == at && booked.arrived.is_some());
                carried = std::mem::take(&mut known.bookings)
                    .into_iter()
                    .filter(|booking| Some(clock.day(booking.starts)) > delivered.map(|delivered| clock.day(delivered.at)))
                    .partition(|booking| !arrived(booking.starts) && is_long_past(booking.starts, clock, now));
            }
            known.add(elsewhere(session.id), clock, now);
            facts.push(known);
            before = before.max(delivered.map(|delivered| clock.day(delivered.at)));
        }
        facts
    }
}

impl Delivered {
    /// Another system knows the time it was held at. What is charted later than usual is another visit.
    fn held_elsewhere(self, starts: Moment, clock: &ClinicClock) -> Self {
        let days = clock.day(self.at).since(clock.day(starts));
        Self { at: if (0..=UNSAID_DAYS).contains(&days) { starts.min(self.at) } else { self.at }, ..self }
    }
}

impl SessionFacts {
    /// With what other systems know of it.
    fn add<'a>(&mut self, elsewhere: impl Iterator<Item = &'a Elsewhere>, clock: &ClinicClock, now: Moment) {
        for one in elsewhere {
            let booking = Booking { starts: one.starts, made: Some(one.changed), elsewhere: true };
            match one.state {
                BookingState::Booked if self.delivered.is_some() => {}
                BookingState::Booked if one.is_unsaid(clock, now) => self.missed.push(booking),
                BookingState::Booked => self.bookings.push(booking),
                BookingState::Missed => {
                    self.missed.push(booking);
                    self.free_since = self.free_since.max(Some(one.changed));
                }
                BookingState::Cancelled => self.free_since = self.free_since.max(Some(one.changed)),
                BookingState::Completed => {}
            }
        }
        self.bookings.sort_by_key(|booking| booking.starts);
        self.missed.sort_by_key(|booking| booking.starts);
        self.missed.dedup_by_key(|booking| booking.starts);
        self.free_since = self.missed.iter().map(|missed| missed.starts).chain(self.free_since).max();
    }
}

impl Plan {
    /// When a session came on top of those that were sold with it.
    fn added(&self, session: SessionId) -> Option<Moment> {
        self.events.iter().find_map(|event| match &event.action {
            PlanAction::Extend { sessions } | PlanAction::Maintain { sessions, .. } => {
                sessions.contains(&session).then_some(event.remark.at)
            }
            _ => None,
        })
    }

    fn resumed(&self) -> Option<Moment> {
        let resumed = self.events.iter().filter(|event| event.action == PlanAction::Resume);
        resumed.map(|event| event.remark.at).max()
    }
}

impl Session {
    /// An adverse event from the grade on that is followed up, or what worried her; see [`Session::needs_follow_up`].
    fn concern(&self) -> Concern {
        let of_concern =
            |record: &Record| record.response.adverse.as_ref().is_some_and(|event| event.grade >= AdverseEvent::FOLLOW_UP_FROM);
        let charted = self.signed.iter().map(|signed| &signed.record);
        let happened = charted.chain(self.addenda.iter().filter_map(|addendum| addendum.record.as_ref())).any(of_concern);
        if self.needs_follow_up() {
            return Concern::Open;
        }
        let followed_up = self.followed_up.iter().filter(|_| happened);
        let answered = self.reports.iter().filter(|report| report.worried).filter_map(|report| report.answered.as_ref());
        followed_up.chain(answered).map(|remark| remark.at).max().map_or(Concern::None, Concern::Closed)
    }

    /// When the visit was, and when it was charted: at the booked time it was held at, or when it was signed.
    pub(super) fn visited(&self) -> Option<Delivered> {
        let signed = self.chartings().next()?.0.at;
        let held = self.appointments.iter().map(|booked| booked.starts).filter(|starts| starts.millis() <= signed.millis() + EARLY_MILLIS);
        // Somebody treated a little before her time is charted before it, and was here when she was charted.
        Some(Delivered { at: held.max().map_or(signed, |starts| starts.min(signed)), signed: Some(signed) })
    }

    pub(super) fn booking_facts(&self, delivered: Option<Delivered>, due: Option<Day>, clock: &ClinicClock, now: Moment) -> SessionFacts {
        let unsaid = |booked: &Appointment| booked.arrived.is_none() && is_long_past(booked.starts, clock, now) && delivered.is_none();
        let booking = |booked: &Appointment| Booking { starts: booked.starts, made: self.made(booked), elsewhere: false };
        let open = || self.appointments.iter().filter(|booked| !self.is_held(booked));
        let mut bookings: Vec<_> = open().filter(|booked| !unsaid(booked)).map(booking).collect();
        bookings.sort_by_key(|booking| booking.starts);
        let said = self.past_bookings.iter().filter(|past| past.end == BookingEnd::NoShow).map(|past| booking(&past.appointment));
        let mut missed: Vec<_> = said.chain(open().filter(|booked| unsaid(booked)).map(booking)).collect();
        missed.sort_by_key(|booking| booking.starts);
        missed.dedup_by_key(|booking| booking.starts);
        // A move leaves no gap.
        let ended = self.past_bookings.iter().filter(|past| past.end != BookingEnd::Moved).map(|past| past.remark.at);
        let free_since = ended.chain(missed.iter().map(|missed| missed.starts)).max();
        SessionFacts { session: self.id, number: self.number, delivered, due, bookings, missed, free_since }
    }

    /// When a booking got its time: at its last move, or when its id was made.
    fn made(&self, booked: &Appointment) -> Option<Moment> {
        let moved = self.past_bookings.iter().filter(|past| past.appointment.id == booked.id && past.end == BookingEnd::Moved);
        let first = || {
            let (seconds, nanos) = booked.id.0.get_timestamp()?.to_unix();
            Some(Moment::from_millis(i64::try_from(seconds).ok()?.checked_mul(1000)? + i64::from(nanos / 1_000_000)))
        };
        moved.map(|past| past.remark.at).max().or_else(first)
    }
}

#[cfg(test)]
mod tests;
