//! The last look at a touch, at the moment of sending: with the facts of now, under the locks under which it is sent.

use super::{
    kind::{Consent, Kind, MOST_RUNGS},
    planner::{Fate, Identity, REST_HOURS, Touch},
    policy::{Channel, Policy, Rule},
    times::{after_quiet, hours_after},
    touch_state::Why,
};
use crate::time::{ClinicClock, Moment};

/// What is known at the moment of sending.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// All touches of the client, as [`schedule`](super::planner::schedule) gives them for the facts of now.
    pub schedule: &'a [Touch],
    /// Of the touch's plan.
    pub policy: &'a Policy,
    pub reach: Reach,
    /// The one way a retry takes, whatever the policy names.
    pub by: Option<Channel>,
    /// What went to the client, or may have, of all her plans; see [`State::may_have_gone`](super::touch_state::State::may_have_gone).
    pub sent: &'a [Sent],
    /// Of where the client is: her quiet hours are kept.
    pub clock: &'a ClinicClock,
    pub now: Moment,
}

/// A message that went out, or may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub identity: Identity,
    /// When it was tried.
    pub at: Moment,
}

/// How a client can be written to, and wants to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub sms: Line,
    pub email: Line,
    /// She answered STOP, or the carrier says that she opted out. No SMS at all, and no other way for what she does not need.
    pub opted_out: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// A number or address is on file and has not turned out to be dead.
    pub works: bool,
    /// It is on file, and dead: what is sent there comes back.
    pub came_back: bool,
    pub reminders: bool,
    pub offers: bool,
}

/// What is to be done with a touch whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// By these, all at once; it is one touch. Never empty.
    Send(Vec<Channel>),
    /// Put the plan on the call list.
    Call,
    /// Back to the planned ones, until then.
    Wait(Moment),
    Suppress(Why),
    Merge {
        into: Identity,
    },
    Expire,
}

/// What is to be done with a touch that was tried and nobody knows with what success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterCrash {
    /// The carrier may still tell, or be asked.
    Ask { until: Moment },
    /// By the other channel: better twice than never.
    Send(Channel),
    /// It is given up, and stays uncertain in the record.
    Drop,
}

/// How long a carrier is asked what became of a try. Own judgement: callbacks come within seconds, lists are complete within minutes.
pub const ASK_MINUTES: i64 = 15;

impl Reach {
    /// By what a touch of that kind reaches her, in the rule's order; or why by nothing. Where all the rule names is dead, by the way that
    /// is left, as after a bounce.
    pub fn channels(&self, rule: &Rule) -> Result<Vec<Channel>, Why> {
        let mut open = self.open(rule);
        let came_back = rule.channels.iter().any(|channel| self.line(*channel).came_back);
        if open == Err(Why::NoAddress)
            && came_back
            && let Some(other) = self.after_bounce(rule, &rule.channels)
        {
            open = Ok(vec![other]);
        }
        open
    }

    fn line(&self, channel: Channel) -> Line {
        match channel {
            Channel::Sms => self.sms,
            Channel::Email => self.email,
        }
    }

    /// Of the ways the rule names.
    fn open(&self, rule: &Rule) -> Result<Vec<Channel>, Why> {
        let consent = rule.kind.consent();
        if self.opted_out && rule.kind.is_promotional() {
            return Err(Why::OptedOut);
        }
        let stopped = |channel: Channel| channel == Channel::Sms && self.opted_out;
        let working: Vec<_> = rule.channels.iter().copied().filter(|channel| self.line(*channel).works).collect();
        let wanted = working.iter().copied().filter(|channel| match consent {
            Consent::Care => true,
            Consent::Reminders => self.line(*channel).reminders,
            Consent::Offers => self.line(*channel).offers,
        });
        let mut open: Vec<_> = wanted.clone().filter(|channel| !stopped(*channel)).collect();
        if !rule.by_all {
            open.truncate(1);
        }
        match (working.is_empty(), wanted.count(), open.is_empty()) {
            (_, _, false) => Ok(open),
            (true, ..) => Err(Why::NoAddress),
            (false, 0, true) => Err(Why::NotWanted),
            (false, _, true) => Err(Why::OptedOut),
        }
    }

    /// By what the same touch goes after it bounced: a way that was not tried, and in which there is something to say, even where the
    /// policy names only the one that is dead. STOP is no bounce; see [`Self::opted_out`].
    pub fn after_bounce(&self, rule: &Rule, tried: &[Channel]) -> Option<Channel> {
        let untried = Channel::ALL.into_iter().filter(|channel| !tried.contains(channel) && rule.says_by(*channel));
        let rest = Rule { channels: untried.collect(), by_all: false, ..rule.clone() };
        self.open(&rest).ok()?.first().copied()
    }
}

/// What becomes of a touch whose turn it is.
pub fn decide(identity: &Identity, situation: &Situation<'_>) -> Decision {
    let Situation { schedule, policy, reach, by, sent, clock, now } = *situation;
    let kind = identity.kind;
    let Some(touch) = schedule.iter().find(|touch| touch.identity == *identity) else {
        return Decision::Suppress(Why::NoLongerPlanned);
    };
    let same_gap = || sent.iter().filter(|sent| sent.identity.is_same_gap(identity));
    let rungs = same_gap().filter(|sent| sent.identity.kind.rung().is_some()).count();
    if sent.iter().any(|sent| sent.identity == *identity) {
        return Decision::Suppress(Why::AlreadySent);
    }
    match touch.fate {
        Fate::Suppressed(why) => return Decision::Suppress(why),
        Fate::Merged { into } => return Decision::Merge { into },
        Fate::Send => {}
    }
    if now < touch.due {
        return Decision::Wait(touch.due);
    }
    // Only the newest goes after an outage, and none after a later one has gone.
    let is_newer = |other: &Touch| is_later_nudge(&other.identity, identity) && other.is_to_send() && other.due <= now;
    let overtaken = schedule.iter().any(|other| is_newer(other) && !other.is_expired(now))
        || same_gap().any(|sent| is_later_nudge(&sent.identity, identity));
    if touch.is_expired(now) || (kind.is_message() && overtaken) {
        return Decision::Expire;
    }
    if kind == Kind::Flag {
        return Decision::Call;
    }
    if kind.rung().is_some() && rungs >= usize::from(MOST_RUNGS) {
        return Decision::Suppress(Why::FourSent);
    }
    let Some(rule) = policy.rule(kind) else { return Decision::Suppress(Why::NotInPolicy) };
    let open = match by {
        Some(channel) => reach.open(&Rule { channels: vec![channel], by_all: false, ..rule.clone() }),
        None => reach.channels(rule),
    };
    let channels = match open {
        Ok(channels) => channels,
        Err(why) => return Decision::Suppress(why),
    };
    match rest_until(kind, sent, clock, now) {
        None => Decision::Send(channels),
        Some((until, _)) if touch.expires.is_none_or(|expires| expires > until) => Decision::Wait(until),
        Some((_, Some(last))) => Decision::Merge { into: last },
        Some((_, None)) => Decision::Expire,
    }
}

/// When a client may be written to, if not now; and because of which message. Aftercare never waits: the skin does not either.
fn rest_until(kind: Kind, sent: &[Sent], clock: &ClinicClock, now: Moment) -> Option<(Moment, Option<Identity>)> {
    if !kind.keeps_quiet_hours() {
        return None;
    }
    let last = sent.iter().max_by_key(|sent| (sent.at, sent.identity));
    let resting = last.filter(|last| hours_after(last.at, REST_HOURS) > now);
    let rested = resting.map_or(now, |last| hours_after(last.at, REST_HOURS));
    let until = after_quiet(clock, rested);
    (until > now).then(|| (until, resting.map(|last| last.identity)))
}

/// Of the same gap, and later in the sequence.
fn is_later_nudge(other: &Identity, than: &Identity) -> bool {
    // The kinds stand in the order of a plan's life.
    other.is_same_gap(than) && other.kind.is_message() && other.kind > than.kind
}

/// What becomes of a touch that was `tried` by a channel at `started` when the server ended, and of which the carrier has told nothing.
/// Never the same once more: a nag is given up, and aftercare takes the other channel.
pub fn after_crash(touch: &Touch, rule: &Rule, reach: Reach, tried: Channel, started: Moment, now: Moment) -> AfterCrash {
    let until = Moment::from_millis(started.millis() + ASK_MINUTES * 60_000);
    if now < until {
        return AfterCrash::Ask { until };
    }
    if touch.identity.kind != Kind::Aftercare || touch.is_expired(now) {
        return AfterCrash::Drop;
    }
    reach.after_bounce(rule, &[tried]).map_or(AfterCrash::Drop, AfterCrash::Send)
}

#[cfg(test)]
mod tests;
