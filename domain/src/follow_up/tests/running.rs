//! A client with two series over many months, and a server that sends what is due, is down, and comes back. Whatever she and the
//! clinic do in whatever order: what reaches her keeps to the rules.

use super::*;
use crate::{
    follow_up::{
        kind::{Kind, MOST_RUNGS},
        planner::{Fate, Identity, REST_HOURS, merge, schedule},
        policy::{Channel, Policies, Policy},
        recheck::{Decision, Line, Reach, Sent, Situation, decide},
        reconcile::{Change, Kept, never_came, reconcile},
        times::{HOUR, QUIET_FROM, QUIET_UNTIL},
        touch_state::State,
    },
    ids::{PlanId, SessionId},
};
use proptest::prelude::*;
use std::collections::HashSet;

#[derive(Clone, Copy, Debug)]
enum Event {
    Book { days: i64 },
    Cancel,
    NoShow,
    Deliver,
    Pause,
    Resume,
    Concern,
    Settle,
    End,
    Decline,
    EditPolicy { tolerance: u16, minute: u16 },
    Stop,
    Outage { hours: i64 },
}

/// What happens, to which of the two series, and how many hours later.
type Step = (Event, bool, i64);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let event = prop_oneof![
        8 => (0..40_i64).prop_map(|days| Event::Book { days }),
        3 => Just(Event::Cancel),
        4 => Just(Event::NoShow),
        8 => Just(Event::Deliver),
        1 => Just(Event::Pause),
        2 => Just(Event::Resume),
        1 => Just(Event::Concern),
        2 => Just(Event::Settle),
        1 => Just(Event::Decline),
        2 => (1..30_u16, 480..1260_u16).prop_map(|(tolerance, minute)| Event::EditPolicy { tolerance, minute }),
        4 => (1..400_i64).prop_map(|hours| Event::Outage { hours }),
    ];
    let rare = prop_oneof![30 => event, 1 => Just(Event::End), 1 => Just(Event::Stop)];
    prop::collection::vec((rare, any::<bool>(), 0..700_i64), 1..40)
}

/// A policy within the limits, and hours before an appointment that come to lie at night.
fn policy() -> impl Strategy<Value = Policy> {
    prop::collection::vec(any::<prop::sample::Index>(), Kind::ALL.len()).prop_map(|places| {
        let mut policy = Policy::standard();
        for (rule, place) in policy.rules.iter_mut().zip(places) {
            let range = rule.kind.timing().range;
            let offsets: Vec<_> = range.collect();
            rule.offset = *place.get(&offsets);
        }
        policy
    })
}

struct World {
    facts: [Facts; 2],
    policies: Policies,
    reach: Reach,
    clock: ClinicClock,
    now: Moment,
    sent: Vec<Sent>,
    /// What went for which lapse.
    rungs: Vec<(PlanId, SessionId, Day)>,
    called: HashSet<Identity>,
    /// As a database keeps them.
    rows: Vec<Kept>,
}

impl World {
    fn new(policy: Policy, intervals: [u16; 2]) -> Self {
        let mut facts = [series(&[]), series(&[])];
        facts[1].plan = PlanId(id(11));
        for (facts, interval) in facts.iter_mut().zip(intervals) {
            (facts.interval_days, facts.tolerance_days) = (interval, policy.tolerance(interval));
        }
        for session in &mut facts[1].sessions {
            session.session = SessionId(id(500 + u128::from(session.number)));
        }
        let line = Line { works: true, came_back: false, reminders: true, offers: true };
        Self {
            facts,
            policies: Policies { usual: policy, ..Policies::standard() },
            reach: Reach { sms: line, email: line, opted_out: false },
            clock: chicago(),
            now: at("2026-09-01T16:00:00Z"),
            sent: vec![],
            rungs: vec![],
            called: HashSet::new(),
            rows: vec![],
        }
    }

    fn schedule(&self) -> Vec<Touch> {
        schedule(&self.facts, &self.policies, &self.clock, never_came(&self.rows, self.now))
    }

    fn decision(&self, identity: &Identity, schedule: &[Touch]) -> Decision {
        let Self { policies, reach, sent, clock, now, .. } = self;
        decide(identity, &Situation { schedule, policy: &policies.usual, reach: *reach, by: None, sent, clock, now: *now })
    }

    /// The server runs until then.
    fn run(&mut self, until: Moment) -> Result<(), TestCaseError> {
        let schedule = self.schedule();
        let again: Vec<Touch> = merge(schedule.clone(), never_came(&self.rows, self.now));
        prop_assert_eq!(&again, &schedule, "planning anew changes nothing");
        let [one, other] = &self.facts;
        prop_assert_eq!(
            &super::super::planner::schedule(&[other.clone(), one.clone()], &self.policies, &self.clock, never_came(&self.rows, self.now)),
            &schedule,
            "the order of plans changes nothing"
        );
        self.check_rest(&schedule)?;
        self.reconcile(&schedule)?;
        let mut waiting: Vec<(Moment, Identity)> = schedule.iter().map(|touch| (touch.due.max(self.now), touch.identity)).collect();
        while let Some(next) = (0..waiting.len()).min_by_key(|n| waiting[*n]).filter(|n| waiting[*n].0 <= until) {
            let (at, identity) = waiting.swap_remove(next);
            self.now = self.now.max(at);
            let touch = *schedule.iter().find(|touch| touch.identity == identity).unwrap();
            match self.decision(&identity, &schedule) {
                Decision::Send(channels) => self.send(&touch, &channels)?,
                Decision::Wait(at) => {
                    prop_assert!(at > self.now, "waiting ends");
                    waiting.push((at, identity));
                }
                Decision::Call => {
                    self.called.insert(identity);
                }
                Decision::Suppress(_) | Decision::Merge { .. } | Decision::Expire => {}
            }
        }
        self.now = self.now.max(until);
        Ok(())
    }

    /// Rows follow the plan, in one go; and what may have left the clinic stays what it is.
    fn reconcile(&mut self, schedule: &[Touch]) -> Result<(), TestCaseError> {
        for sent in &self.sent {
            for row in self.rows.iter_mut().filter(|row| row.identity == sent.identity) {
                (row.state, row.may_have_gone) = (State::Accepted, true);
            }
        }
        for change in reconcile(&self.rows, schedule, self.now) {
            let (identity, state) = match change {
                Change::Insert(Touch { identity, fate, .. }) => {
                    let row = schedule.iter().find(|touch| touch.identity == identity).unwrap();
                    prop_assert!(self.rows.iter().all(|row| row.identity != identity));
                    self.rows.push(Kept { identity, state: State::Planned, may_have_gone: false, due: row.due, expires: row.expires });
                    let state = match fate {
                        Fate::Send => State::Planned,
                        Fate::Suppressed(_) => State::Suppressed,
                        Fate::Merged { .. } => State::Merged,
                    };
                    (identity, state)
                }
                Change::Plan(touch) => (touch.identity, State::Planned),
                Change::Suppress(identity, _) => (identity, State::Suppressed),
                Change::Merge(identity, _) => (identity, State::Merged),
            };
            let row = self.rows.iter_mut().find(|row| row.identity == identity).unwrap();
            prop_assert!(row.state == state || row.state.may_become(state), "{:?} becomes {state:?}", row.state);
            row.state = state;
            if let Change::Plan(touch) = change {
                (row.due, row.expires) = (touch.due, touch.expires);
            }
        }
        prop_assert_eq!(reconcile(&self.rows, schedule, self.now), vec![], "once is enough");
        Ok(())
    }

    fn check_rest(&self, schedule: &[Touch]) -> Result<(), TestCaseError> {
        let never_came = never_came(&self.rows, self.now);
        let goes = |touch: &&Touch| touch.is_to_send() && !never_came(touch);
        let mut dues: Vec<_> = schedule.iter().filter(goes).filter(|t| t.identity.kind.is_message()).map(|t| t.due.millis()).collect();
        dues.sort_unstable();
        prop_assert!(dues.windows(2).all(|pair| pair[1] - pair[0] >= REST_HOURS * HOUR), "planned at rest");
        for touch in schedule {
            if let Fate::Merged { into } = touch.fate {
                prop_assert!(schedule.iter().filter(goes).any(|other| other.identity == into), "merged into what goes");
            }
            let minute = self.clock.minute(touch.due);
            let night = !(QUIET_UNTIL..QUIET_FROM).contains(&minute);
            prop_assert!(!night || touch.identity.kind == Kind::Aftercare, "{} planned at {minute}", touch.identity.kind);
        }
        Ok(())
    }

    fn send(&mut self, touch: &Touch, channels: &[Channel]) -> Result<(), TestCaseError> {
        let (identity, now, kind) = (touch.identity, self.now, touch.identity.kind);
        let facts = self.facts.iter().find(|facts| facts.plan == identity.plan).unwrap();
        let session = facts.sessions.iter().find(|session| session.session == identity.session).unwrap();
        prop_assert!(!channels.is_empty() && kind.is_message());
        prop_assert!(touch.due <= now && !touch.is_expired(now), "in its time");
        prop_assert!(self.sent.iter().all(|sent| sent.identity != identity), "once");
        if kind != Kind::Aftercare {
            prop_assert!((QUIET_UNTIL..QUIET_FROM).contains(&self.clock.minute(now)), "not at night");
            let last = self.sent.iter().map(|sent| sent.at.millis()).max();
            prop_assert!(last.is_none_or(|last| now.millis() - last >= REST_HOURS * HOUR), "at rest");
        }
        if kind.is_promotional() {
            prop_assert!(facts.standing == Standing::Active && facts.concern != Concern::Open && !self.reach.opted_out, "not now");
        }
        if kind.is_nudge() {
            prop_assert!(session.bookings.is_empty() && session.delivered.is_none(), "nothing is booked");
        }
        self.sent.push(Sent { identity, at: now });
        if kind.rung().is_some() {
            let lapse = touch.lapse.unwrap();
            self.rungs.push((lapse.plan, lapse.session, lapse.day_0));
            let of_lapse = self.rungs.iter().filter(|rung| **rung == (lapse.plan, lapse.session, lapse.day_0)).count();
            let of_gap =
                self.sent.iter().filter(|sent| sent.identity.is_same_gap(&identity) && sent.identity.kind.rung().is_some()).count();
            prop_assert!(of_lapse.max(of_gap) <= usize::from(MOST_RUNGS), "never a fifth");
        }
        Ok(())
    }

    fn happen(&mut self, event: Event, second: bool) -> Result<(), TestCaseError> {
        let (now, today) = (self.now, self.clock.day(self.now));
        // As the facts are drawn from a chart: what nobody spoke of is missed from the second day on.
        for facts in &mut self.facts {
            for session in facts.sessions.iter_mut() {
                let (missed, kept): (Vec<Booking>, Vec<Booking>) =
                    session.bookings.iter().partition(|booked| today.since(self.clock.day(booked.starts)) >= 2);
                session.free_since = session.free_since.max(missed.last().map(|missed| missed.starts));
                session.missed.extend(missed);
                session.bookings = kept;
            }
        }
        let facts = &mut self.facts[usize::from(second)];
        let (interval, over) = (i32::from(facts.interval_days), facts.standing.is_over());
        let next = facts.sessions.iter().position(|session| session.delivered.is_none());
        match (event, next) {
            (Event::Book { days }, Some(n)) if !over && facts.sessions[n].bookings.is_empty() => {
                let starts = Moment::from_millis(now.millis() + days * 24 * HOUR + HOUR);
                facts.sessions[n].bookings.push(Booking { starts, made: Some(now), elsewhere: false });
                let session = facts.sessions[n].session;
                let left = self.schedule().into_iter().filter(|touch| touch.identity.session == session && touch.is_to_send());
                prop_assert!(left.filter(|touch| touch.identity.kind.is_nudge()).count() == 0, "a booking leaves no nudge");
            }
            (Event::Cancel, Some(n)) if facts.sessions[n].bookings.iter().any(|booked| booked.starts > now) => {
                facts.sessions[n].bookings.clear();
                facts.sessions[n].free_since = Some(now);
            }
            (Event::NoShow, Some(n)) if facts.sessions[n].bookings.iter().any(|booked| booked.starts <= now) => {
                let session = &mut facts.sessions[n];
                session.missed.append(&mut session.bookings);
                session.free_since = Some(now);
            }
            (Event::Deliver, Some(n)) if !over => {
                facts.sessions[n].delivered = Some(Delivered { at: now, signed: Some(now) });
                facts.sessions[n].bookings.clear();
                if let Some(following) = facts.sessions.get_mut(n + 1) {
                    following.due = Some(today.plus(interval));
                }
            }
            (Event::Pause, _) if !over => facts.standing = Standing::Frozen { until: None },
            (Event::Resume, next) if matches!(facts.standing, Standing::Frozen { .. }) => {
                (facts.standing, facts.resumed) = (Standing::Active, Some(now));
                if let Some(n) = next {
                    facts.sessions[n].due = facts.sessions[n].due.max(Some(today));
                }
            }
            (Event::End, _) => {
                facts.standing = Standing::Voided;
                facts.sessions.iter_mut().for_each(|session| session.bookings.clear());
            }
            (Event::Decline, _) => facts.declined = Some(now),
            (Event::Concern, _) => self.facts.iter_mut().for_each(|facts| facts.concern = Concern::Open),
            (Event::Settle, _) if facts.concern == Concern::Open => {
                self.facts.iter_mut().for_each(|facts| facts.concern = Concern::Closed(now));
            }
            (Event::EditPolicy { tolerance, minute }, _) => {
                (self.policies.usual.tolerance_days, self.policies.usual.minute) = (Some(tolerance), minute);
                self.facts.iter_mut().for_each(|facts| facts.tolerance_days = tolerance);
            }
            (Event::Stop, _) => self.reach.opted_out = true,
            (Event::Outage { hours }, _) => self.now = Moment::from_millis(now.millis() + hours * HOUR),
            _ => {}
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_reaches_her_keeps_to_the_rules(
        steps in steps(),
        policy in policy(),
        intervals in (7..120_u16, 7..120_u16),
    ) {
        prop_assert_eq!(policy.faults(), Vec::<String>::new());
        let mut world = World::new(policy, intervals.into());
        for (event, second, hours) in steps {
            world.happen(event, second)?;
            let until = Moment::from_millis(world.now.millis() + hours * HOUR + 7 * 60_000);
            world.run(until)?;
        }
    }
}

/// The same without chance: she comes once and never again. What she gets, and that a person is told.
#[test]
fn a_client_who_stays_away_gets_four_reminders_and_a_call() {
    let mut world = World::new(Policy::standard(), [42, 42]);
    world.facts[1].standing = Standing::Voided;
    world.now = at("2026-10-06T15:00:00Z");
    world.happen(Event::Deliver, false).unwrap();
    world.run(at("2027-06-01T16:00:00Z")).unwrap();
    let second = |identity: &&Identity| identity.session == session(2);
    let kinds: Vec<_> = world.sent.iter().map(|sent| &sent.identity).filter(second).map(|identity| identity.kind.code()).collect();
    assert_eq!(kinds, ["rebooking_prompt", "reminder", "recovery_soft", "recovery_value", "recovery_last"]);
    assert_eq!(world.called.iter().filter(second).count(), 1);
    // And one who comes back after an outage of a month hears of the newest only.
    let mut world = World::new(Policy::standard(), [42, 42]);
    world.facts[1].standing = Standing::Voided;
    world.now = at("2026-10-06T15:00:00Z");
    world.happen(Event::Deliver, false).unwrap();
    world.run(at("2026-11-10T17:00:00Z")).unwrap();
    let before = world.sent.len();
    world.now = at("2026-12-02T18:00:00Z");
    world.run(at("2026-12-03T18:00:00Z")).unwrap();
    let after: Vec<_> = world.sent[before..].iter().map(|sent| sent.identity.kind.code()).collect();
    assert_eq!(after, ["recovery_value"]);
}
