//! From the facts of a plan to all touches it should have. Nothing here asks what time it is: the same facts give the same touches
//! today and in a year, so planning anew changes nothing that was planned before.

use super::{
    facts::{Booking, Concern, Delivered, Facts, Lapse, SessionFacts},
    kind::{Consent, Expiry, Kind, Step},
    policy::{Policies, Policy},
    times::{Clocks, after_quiet, before_quiet, hours_after, local},
    touch_state::Why,
};
use crate::{
    ids::{ClientId, PlanId, SessionId},
    plan::Standing,
    time::{ClinicClock, Day, Moment},
};

/// Which touch it is: what is the same by this is sent at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    pub plan: PlanId,
    /// The session that was delivered; of a nudge, the one that is to be booked.
    pub session: SessionId,
    pub kind: Kind,
    /// Of an appointment's reminder, the time that is booked; of a nudge, the appointment she missed, after which it all began anew.
    pub appointment: Option<Moment>,
}

/// A touch a plan should have, or would have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    pub identity: Identity,
    pub client: ClientId,
    pub due: Moment,
    /// From then on it makes no sense any more; `None`: it always does.
    pub expires: Option<Moment>,
    /// Of a nudge, the lapse it is to prevent or to end.
    pub lapse: Option<Lapse>,
    pub fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// To be sent when it is due.
    Send,
    Suppressed(Why),
    /// That one, within 20 hours of it, says enough.
    Merged {
        into: Identity,
    },
}

/// Hours that lie between two messages to one client.
pub const REST_HOURS: i64 = 20;

/// A midpoint says nothing new so soon after the check-in.
const MIDPOINT_AFTER_CHECK_IN: i32 = 7;

const NUDGES: [Kind; 6] = [
    Kind::RebookingPrompt,
    Kind::Reminder,
    Kind::Recovery(Step::Soft),
    Kind::Recovery(Step::Value),
    Kind::Recovery(Step::Last),
    Kind::Flag,
];

/// All touches of all plans of one client, at rest from each other. The order of the plans does not matter. `never_came`: nobody knew of
/// that touch while there was time for it.
pub fn schedule<'a>(
    facts: &[Facts],
    policies: &Policies,
    clocks: impl Into<Clocks<'a>>,
    never_came: impl Fn(&Touch) -> bool,
) -> Vec<Touch> {
    let clocks = clocks.into();
    merge(facts.iter().flat_map(|facts| plan_touches(facts, policies.of(facts.package), clocks)).collect(), never_came)
}

/// All touches of one plan, by the time they are due: those to come, those that have been, and those that are not to go.
pub fn plan_touches<'a>(facts: &Facts, policy: &Policy, clocks: impl Into<Clocks<'a>>) -> Vec<Touch> {
    let Clocks { clinic, client } = clocks.into();
    let planner = Planner { facts, policy, clock: clinic, hers: client };
    let mut touches = Vec::new();
    for session in &facts.sessions {
        if let Some(delivered) = session.delivered {
            touches.extend(planner.aftercare(session, delivered));
            touches.push(planner.check_in(session, delivered));
            touches.extend(planner.midpoint(session, delivered));
        }
        // Of what another system keeps that one reminds her: where she could change it, nobody knows here.
        let here = session.missed.iter().chain(&session.bookings).filter(|booking| !booking.elsewhere);
        touches.extend(here.map(|booking| planner.appointment(session, *booking)));
        touches.extend(planner.nudges(session));
    }
    touches.extend(planner.close_out());
    // A plan that stalled before is a person's concern all the same.
    let stalls = |touch: &Touch| touch.identity.kind == Kind::Flag && touch.is_to_send();
    touches.retain(|touch| touch.due >= facts.followed_since || stalls(touch));
    touches.sort_by_key(|touch| (touch.due, touch.identity));
    touches
}

/// Between two messages to one client lie 20 hours. Of two that are nearer the later one goes, and the other is merged into it; but a
/// message never takes the place of one that matters more, which might then be the one she never gets: aftercare, an appointment's
/// reminder, the check-in, what is about her series, offers. What `never_came` says nothing, so nothing gives way to it.
pub fn merge(mut touches: Vec<Touch>, never_came: impl Fn(&Touch) -> bool) -> Vec<Touch> {
    touches.sort_by_key(|touch| (touch.due, touch.identity));
    let takes_part = |touch: &Touch| touch.fate == Fate::Send && touch.identity.kind.is_message() && !never_came(touch);
    let mut order: Vec<usize> = (0..touches.len()).filter(|n| takes_part(&touches[*n])).collect();
    order.sort_by_key(|n| {
        let touch = &touches[*n];
        (Precedence::of(touch.identity.kind), std::cmp::Reverse((touch.due, touch.identity)))
    });
    let mut kept: Vec<(Moment, Identity)> = Vec::new();
    for n in order {
        let Touch { due, identity, .. } = touches[n];
        match kept.iter().find(|(other, _)| is_near(due, *other)) {
            Some((_, into)) => touches[n].fate = Fate::Merged { into: *into },
            None => kept.push((due, identity)),
        }
    }
    touches
}

pub(crate) fn is_near(one: Moment, other: Moment) -> bool {
    hours_after(one.min(other), REST_HOURS) > one.max(other)
}

/// What a client can do without least, first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    Aftercare,
    /// Somebody waits for her.
    Appointment,
    CheckIn,
    Series,
    Offer,
}

impl Precedence {
    fn of(kind: Kind) -> Self {
        match (kind, kind.consent()) {
            (Kind::Aftercare, _) => Self::Aftercare,
            (Kind::Appointment, _) => Self::Appointment,
            (_, Consent::Care) => Self::CheckIn,
            (_, Consent::Reminders) => Self::Series,
            (_, Consent::Offers) => Self::Offer,
        }
    }
}

struct Planner<'a> {
    facts: &'a Facts,
    policy: &'a Policy,
    clock: &'a ClinicClock,
    /// Of where she is.
    hers: &'a ClinicClock,
}

impl Planner<'_> {
    /// Written from the record, so there has to be one.
    fn aftercare(&self, session: &SessionFacts, delivered: Delivered) -> Option<Touch> {
        let due = hours_after(delivered.signed?, i64::from(self.offset(Kind::Aftercare)));
        let expires = self.expires(Kind::Aftercare, due, delivered.at);
        let late = expires.is_some_and(|expires| expires <= due).then_some(Why::ChartedLate);
        Some(self.touch(session, Kind::Aftercare, due, expires, late))
    }

    fn check_in(&self, session: &SessionFacts, delivered: Delivered) -> Touch {
        let due = self.on_day(self.check_in_day(delivered));
        let seen = self.delivered_between(delivered.at, due);
        self.touch(session, Kind::CheckIn, due, self.expires(Kind::CheckIn, due, delivered.at), seen)
    }

    fn check_in_day(&self, delivered: Delivered) -> Day {
        self.clock.day(delivered.at).plus(i32::from(self.offset(Kind::CheckIn)))
    }

    /// Only on the way to a session that comes next.
    fn midpoint(&self, session: &SessionFacts, delivered: Delivered) -> Option<Touch> {
        self.facts.sessions.iter().find(|other| other.number > session.number && other.due.is_some())?;
        let day = self.clock.day(delivered.at).plus(i32::from(self.facts.interval_days / 2));
        let due = self.on_day(day);
        let near = day.since(self.check_in_day(delivered)) < MIDPOINT_AFTER_CHECK_IN;
        let why = self.unpromotable(due).or(near.then_some(Why::NoRoom)).or_else(|| self.delivered_between(delivered.at, due));
        Some(self.touch(session, Kind::Midpoint, due, self.expires(Kind::Midpoint, due, delivered.at), why))
    }

    /// Of a booking that is ahead, and of one she missed.
    fn appointment(&self, session: &SessionFacts, booking: Booking) -> Touch {
        let kind = Kind::Appointment;
        // Never later than she should know.
        let due = before_quiet(self.hers, hours_after(booking.starts, -i64::from(self.offset(kind))));
        let expires = self.expires(kind, due, booking.starts);
        let late = booking.made.is_some_and(|made| made >= due) || expires.is_some_and(|expires| expires <= due);
        let touch = self.touch(session, kind, due, expires, late.then_some(Why::BookedLate));
        Touch { identity: Identity { appointment: Some(booking.starts), ..touch.identity }, ..touch }
    }

    /// Of a session that is to be booked: until the window ends, after it, and anew after each appointment she missed.
    fn nudges(&self, session: &SessionFacts) -> Vec<Touch> {
        let mut touches = Vec::new();
        let begins = std::iter::once(None).chain(session.missed.iter().map(|missed| Some(missed.starts)));
        for (n, missed) in begins.enumerate() {
            let Some(day_0) = self.facts.day_0(session, missed, self.clock) else { continue };
            let lapse = Lapse { plan: self.facts.plan, session: session.session, day_0 };
            let following = session.missed.get(n).map(|missed| missed.starts);
            for kind in NUDGES {
                let Some(due) = self.nudge_due(session, kind, day_0) else { continue };
                // What was due before she missed it was said before, or was not needed.
                if missed.is_some_and(|missed| due <= missed) {
                    continue;
                }
                let why = self.unpromotable(due).or_else(|| self.needless(session, due, following));
                let touch = self.touch(session, kind, due, self.expires(kind, due, due), why);
                touches.push(Touch { identity: Identity { appointment: missed, ..touch.identity }, lapse: Some(lapse), ..touch });
            }
        }
        touches
    }

    /// `None`: there is no room for it, since the session before was held too short a time ago.
    fn nudge_due(&self, session: &SessionFacts, kind: Kind, day_0: Day) -> Option<Moment> {
        let (due_day, offset) = (session.due?, self.offset(kind));
        let due = match (kind.rung(), kind) {
            (_, Kind::RebookingPrompt) => {
                let day = due_day.plus(-i32::from(offset));
                // So soon after the visit she was asked in person.
                let soon = self.before(session).is_some_and(|before| day.since(self.clock.day(before.at)) < 2);
                if soon {
                    return None;
                }
                self.on_day(day)
            }
            (_, Kind::Reminder) => hours_after(self.on_day(due_day), -i64::from(offset)),
            _ => self.on_day(day_0.plus(i32::from(offset))),
        };
        Some(after_quiet(self.hers, due))
    }

    /// Why a nudge of that session is not needed, or was not.
    fn needless(&self, session: &SessionFacts, due: Moment, following: Option<Moment>) -> Option<Why> {
        let before = self.before(session).map(|before| before.at);
        let declined = self.facts.declined.filter(|declined| before.is_none_or(|before| *declined > before));
        if session.delivered.is_some() {
            return Some(Why::Delivered { number: session.number });
        }
        if let Some(booking) = session.bookings.first() {
            let starts = booking.starts;
            return Some(if booking.elsewhere { Why::BookedElsewhere { starts } } else { Why::Booked { starts } });
        }
        if let Some(missed) = following.filter(|missed| *missed <= due) {
            return Some(Why::StartedAnew { missed });
        }
        if session.free_since.is_some_and(|since| due < since) {
            return Some(Why::WasBooked);
        }
        declined.map(|_| Why::DoesNotGoOn)
    }

    /// The visit before a session.
    fn before(&self, session: &SessionFacts) -> Option<Delivered> {
        let before = self.facts.sessions.iter().filter(|other| other.number < session.number);
        before.filter_map(|other| other.delivered).max_by_key(|delivered| delivered.at)
    }

    /// When all is delivered. It waits for the day after the check-in, whose answer may hold it, and for the end of concerns.
    fn close_out(&self) -> Option<Touch> {
        let kind = Kind::CloseOut;
        let (session, delivered) = self.facts.last_delivered().filter(|_| self.facts.is_complete())?;
        let mut day = self.clock.day(delivered.at).plus(i32::from(self.offset(kind)));
        if self.policy.rule(Kind::CheckIn).is_some() {
            day = day.max(self.check_in_day(delivered).plus(1));
        }
        // What was held goes on the morning after.
        let held = [self.facts.resumed, if let Concern::Closed(at) = self.facts.concern { Some(at) } else { None }];
        for at in held.into_iter().flatten() {
            if self.on_day(day) < at {
                day = self.clock.day(at).plus(1);
            }
        }
        let due = self.on_day(day);
        Some(self.touch(session, kind, due, self.expires(kind, due, delivered.at), self.unpromotable(due)))
    }

    /// Why nothing promotional of this plan goes, or went then.
    fn unpromotable(&self, due: Moment) -> Option<Why> {
        match (self.facts.standing, self.facts.concern) {
            (standing, _) if standing.is_over() => Some(Why::Ended),
            (Standing::Frozen { .. }, _) => Some(Why::Paused),
            (_, Concern::Open) => Some(Why::Concern),
            (_, Concern::Closed(at)) if due < at => Some(Why::Concern),
            _ if self.facts.resumed.is_some_and(|at| due < at) => Some(Why::Paused),
            _ => None,
        }
    }

    /// She was here again before a touch about an earlier visit was due.
    fn delivered_between(&self, after: Moment, due: Moment) -> Option<Why> {
        let later = self.facts.sessions.iter().filter_map(|other| Some((other.number, other.delivered?)));
        let (number, _) = later.filter(|(_, delivered)| delivered.at > after && delivered.at <= due).min_by_key(|(_, visit)| visit.at)?;
        Some(Why::Delivered { number })
    }

    fn offset(&self, kind: Kind) -> u16 {
        let own = self.policy.rules.iter().find(|rule| rule.kind == kind).map(|rule| rule.offset);
        own.unwrap_or_else(|| kind.timing().usual)
    }

    /// At the policy's time of day, or in her morning after it.
    fn on_day(&self, day: Day) -> Moment {
        // In the gap of a zone that skips hours it may come out late, too.
        after_quiet(self.hers, local(self.clock, day, self.policy.minute))
    }

    fn expires(&self, kind: Kind, due: Moment, anchor: Moment) -> Option<Moment> {
        match kind.expiry() {
            Expiry::HoursAfterDue(hours) => Some(hours_after(due, i64::from(hours))),
            Expiry::HoursAfterSession(hours) => Some(hours_after(anchor, i64::from(hours))),
            Expiry::HoursBeforeAppointment(hours) => Some(hours_after(anchor, -i64::from(hours))),
            Expiry::Never => None,
        }
    }

    fn touch(&self, session: &SessionFacts, kind: Kind, due: Moment, expires: Option<Moment>, why: Option<Why>) -> Touch {
        let off = self.policy.rule(kind).is_none().then_some(Why::NotInPolicy);
        Touch {
            identity: Identity { plan: self.facts.plan, session: session.session, kind, appointment: None },
            client: self.facts.client,
            due,
            expires,
            lapse: None,
            fate: off.or(why).map_or(Fate::Send, Fate::Suppressed),
        }
    }
}

impl Touch {
    /// Whether it still is to be sent.
    pub fn is_to_send(&self) -> bool {
        self.fate == Fate::Send
    }

    pub fn is_expired(&self, now: Moment) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl Identity {
    /// Both are of the same sequence of nudges: the same session, and the same missed appointment or none. Their rungs count together.
    pub fn is_same_gap(&self, other: &Self) -> bool {
        let gap = |identity: &Self| (identity.plan, identity.session, identity.appointment);
        self.kind.is_nudge() && other.kind.is_nudge() && gap(self) == gap(other)
    }
}

#[cfg(test)]
mod tests;
