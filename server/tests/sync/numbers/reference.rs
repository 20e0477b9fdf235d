//! The same numbers by the domain's own functions, chart by chart: slowly, and without any SQL.

use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::{
        elsewhere::BookingState,
        facts::{Beside, Delivered, Facts},
        policy::Policies,
        times::local,
        touch_state::{Punctuality, is_mature, punctuality},
    },
    ids::{ClientId, PackageId, SessionId},
    numbers::{AT_RISK_BEFORE_DAYS, ApartBecause, DROPPED_AFTER_DAYS, DropOff, OfMonth, SeriesCount},
    plan::{Plan, PlanAction, Standing},
    session::Session,
    skin::AdverseEvent,
    time::{Day, Moment},
};
use server::store::follow_up::{
    elsewhere::{Key, Placed, Told},
    touch::TouchRow,
};
use std::collections::{BTreeMap, HashMap};

pub struct Reference<'a> {
    pub charts: &'a [Chart],
    pub catalogue: &'a Catalogue,
    pub policies: &'a Policies,
    pub followed_since: Moment,
    /// What other systems keep of each client, and all they ever told of a booking.
    pub elsewhere: &'a HashMap<ClientId, Vec<Placed>>,
    pub told: &'a HashMap<Key, Vec<Told>>,
    pub now: Moment,
}

/// The numbers keep to what is charted here.
fn charted(delivered: Option<Delivered>) -> Option<Delivered> {
    delivered.filter(|delivered| delivered.signed.is_some())
}

impl Reference<'_> {
    fn today(&self) -> Day {
        self.catalogue.clock.day(self.now)
    }

    fn facts(&self, chart: &Chart) -> Vec<Facts> {
        let beside = Beside { followed_since: Some(self.followed_since), ..Beside::default() };
        chart.follow_up_facts(self.catalogue, self.policies, &beside, self.now)
    }

    fn plans(&self) -> impl Iterator<Item = (&Chart, &Plan)> {
        self.charts.iter().flat_map(|chart| chart.plans.iter().map(move |plan| (chart, plan)))
    }

    pub fn apart(&self, chart: &Chart, plan: &Plan) -> Option<ApartBecause> {
        let concern = |session: &Session| {
            let charted = session.signed.iter().map(|signed| &signed.record);
            let added = session.addenda.iter().filter_map(|addendum| addendum.record.as_ref());
            let grave = |event: &AdverseEvent| event.grade >= AdverseEvent::FOLLOW_UP_FROM;
            charted.chain(added).any(|record| record.response.adverse.as_ref().is_some_and(grave))
                || session.reports.iter().any(|report| report.worried)
        };
        let stopped = || chart.sessions.iter().filter(|session| session.plan == plan.id).any(concern);
        match plan.standing() {
            Standing::Voided if stopped() => Some(ApartBecause::Stopped),
            _ if plan.events.iter().any(|event| matches!(event.action, PlanAction::Refund { .. })) => Some(ApartBecause::Refunded),
            Standing::Transferred => Some(ApartBecause::Transferred),
            _ => None,
        }
    }

    /// Sessions that were sold with a plan, by number.
    fn sold<'c>(&self, chart: &'c Chart, plan: &Plan) -> Vec<&'c Session> {
        let added = |session: SessionId| {
            plan.events.iter().any(|event| match &event.action {
                PlanAction::Extend { sessions } | PlanAction::Maintain { sessions, .. } => sessions.contains(&session),
                _ => false,
            })
        };
        let mut sold: Vec<_> = chart.sessions.iter().filter(|session| session.plan == plan.id && !added(session.id)).collect();
        sold.sort_by_key(|session| session.number);
        sold
    }

    pub fn series(&self) -> (Vec<SeriesCount>, u32) {
        let (mut counts, mut young) = (BTreeMap::<(u16, u16), u32>::new(), 0);
        for (chart, plan) in self.plans().filter(|(chart, plan)| self.apart(chart, plan).is_none()) {
            let sold = self.sold(chart, plan);
            let delivered = sold.iter().filter(|session| chart.delivered_in(session.id).is_some()).count();
            let (sold, delivered) = (u16::try_from(sold.len()).unwrap(), u16::try_from(delivered).unwrap());
            if is_mature(self.today().since(plan.sold_on), sold, plan.interval_days) {
                *counts.entry((sold, delivered)).or_default() += 1;
            } else {
                young += 1;
            }
        }
        (counts.into_iter().map(|((sold, delivered), series)| SeriesCount { sold, delivered, series }).collect(), young)
    }

    /// Whether another system had it booked at that time, and not for long before.
    fn is_kept_elsewhere(&self, chart: &Chart, session: SessionId, deadline: Day, end: Moment) -> bool {
        let of_client = self.elsewhere.get(&chart.client.id).into_iter().flatten();
        of_client.filter(|placed| placed.place == Ok(session)).any(|placed| {
            let until = self.told[&placed.key].iter().filter(|told| told.changed < end);
            until.max_by_key(|told| (told.changed, told.state)).is_some_and(|last| match last.state {
                BookingState::Booked => self.catalogue.clock.day(last.starts) > deadline.plus(-2),
                BookingState::Completed => true,
                BookingState::Cancelled | BookingState::Missed => false,
            })
        })
    }

    /// Whether a booking of the session stood at the end of that day, or it was held by then.
    fn is_kept(&self, chart: &Chart, session: &Session, held: Option<Day>, deadline: Day) -> bool {
        let clock = &self.catalogue.clock;
        if held.is_some_and(|held| held <= deadline) {
            return true;
        }
        let end = local(clock, deadline.plus(1), 0);
        if self.is_kept_elsewhere(chart, session.id, deadline, end) {
            return true;
        }
        let made = |id: uuid::Uuid| {
            let (seconds, nanos) = id.get_timestamp()?.to_unix();
            Some(Moment::from_millis(i64::try_from(seconds).unwrap() * 1000 + i64::from(nanos / 1_000_000)))
        };
        let stands = |from: Option<Moment>, until: Option<Moment>, starts: Moment| {
            from.is_none_or(|from| from < end) && until.is_none_or(|until| until >= end) && clock.day(starts) > deadline.plus(-2)
        };
        let past_of = |id| session.past_bookings.iter().filter(move |past| past.appointment.id == id);
        let now = session.appointments.iter().any(|booked| {
            let moved = past_of(booked.id).next_back().map(|past| past.remark.at);
            let from = moved.or_else(|| made(booked.id.0));
            stands(from, None, booked.starts) || booked.arrived.is_some() && from.is_none_or(|from| from < end)
        });
        let before = session.past_bookings.iter().enumerate().any(|(n, past)| {
            let id = past.appointment.id;
            let earlier = session.past_bookings[..n].iter().rfind(|other| other.appointment.id == id).map(|other| other.remark.at);
            stands(earlier.or_else(|| made(id.0)), Some(past.remark.at), past.appointment.starts)
        });
        now || before
    }

    /// After which sessions of a plan the time has passed, by number, and whether the next one was not booked by then.
    fn dropped(&self, chart: &Chart, plan: &Plan) -> Vec<(u16, bool)> {
        let facts = self.facts(chart).into_iter().find(|facts| facts.plan == plan.id).unwrap();
        let delivered = |id| facts.sessions.iter().find(|session| session.session == id).and_then(|session| session.delivered);
        let day = |delivered: Delivered| self.catalogue.clock.day(delivered.at);
        let mut dropped = Vec::new();
        for pair in self.sold(chart, plan).windows(2) {
            let Some(before) = charted(delivered(pair[0].id)).map(day) else { continue };
            let deadline = before.plus(i32::from(plan.interval_days + DROPPED_AFTER_DAYS));
            if deadline < self.today() {
                dropped.push((pair[0].number, !self.is_kept(chart, pair[1], delivered(pair[1].id).map(day), deadline)));
            }
        }
        dropped
    }

    pub fn drop_off(&self) -> Vec<DropOff> {
        let mut counts = BTreeMap::<u16, (u32, u32)>::new();
        for (chart, plan) in self.plans().filter(|(chart, plan)| self.apart(chart, plan).is_none()) {
            for (after, dropped) in self.dropped(chart, plan) {
                let count = counts.entry(after).or_default();
                count.0 += 1;
                count.1 += u32::from(dropped);
            }
        }
        counts.into_iter().map(|(after, (passed, dropped))| DropOff { after, passed, dropped }).collect()
    }

    pub fn months(&self) -> Vec<OfMonth> {
        let mut months = BTreeMap::<Day, OfMonth>::new();
        for (chart, plan) in self.plans().filter(|(chart, plan)| self.apart(chart, plan).is_none()) {
            let first = Day::new(plan.sold_on.0.year(), plan.sold_on.0.month(), 1).unwrap();
            let none = OfMonth { first, young: 0, mature: 0, complete: 0, sold: 0, delivered: 0, passed: 0, dropped: 0 };
            let month = months.entry(first).or_insert(none);
            let sold = self.sold(chart, plan);
            let (all, delivered) = (sold.len(), sold.iter().filter(|session| chart.delivered_in(session.id).is_some()).count());
            let [all, delivered] = [all, delivered].map(|n| u32::try_from(n).unwrap());
            if !is_mature(self.today().since(plan.sold_on), u16::try_from(all).unwrap(), plan.interval_days) {
                month.young += 1;
                continue;
            }
            month.mature += 1;
            month.complete += u32::from(delivered == all);
            month.sold += all;
            month.delivered += delivered;
            let second = self.dropped(chart, plan).into_iter().find(|(after, _)| *after == 2);
            month.passed += u32::from(second.is_some());
            month.dropped += u32::from(second.is_some_and(|(_, dropped)| dropped));
        }
        months.into_values().collect()
    }

    /// The sessions that come next, are due and not booked.
    pub fn at_risk(&self) -> Vec<SessionId> {
        let mut found = Vec::new();
        for chart in self.charts {
            for facts in self.facts(chart) {
                let plan = chart.plan(facts.plan).unwrap();
                let Some(next) = facts.next().filter(|_| facts.standing == Standing::Active && self.apart(chart, plan).is_none()) else {
                    continue;
                };
                let before = facts.sessions.iter().find(|session| session.number + 1 == next.number);
                let Some(delivered) = before.and_then(|before| charted(before.delivered)) else { continue };
                let due = self.catalogue.clock.day(delivered.at).plus(i32::from(facts.interval_days));
                let days = self.today().since(due);
                let range = -i32::from(AT_RISK_BEFORE_DAYS)..=i32::from(DROPPED_AFTER_DAYS);
                if range.contains(&days) && next.bookings.is_empty() {
                    found.push(next.session);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// What is not delivered, by package, of series that are not apart.
    pub fn stranded(&self) -> BTreeMap<PackageId, i64> {
        let mut stranded = BTreeMap::new();
        for chart in self.charts {
            for facts in self.facts(chart) {
                if self.apart(chart, chart.plan(facts.plan).unwrap()).is_none() {
                    *stranded.entry(facts.package).or_default() += facts.stranded_minor;
                }
            }
        }
        stranded
    }

    /// Lapses that are open and opened since the clinic follows up.
    pub fn open_lapses(&self) -> usize {
        let clock = &self.catalogue.clock;
        let of = |chart: &Chart| self.facts(chart).into_iter().filter_map(|facts| facts.lapse(clock, self.now)).collect::<Vec<_>>();
        self.charts.iter().flat_map(of).filter(|lapse| lapse.day_0 >= clock.day(self.followed_since)).count()
    }

    /// On time, and due.
    pub fn punctual(&self, touches: &[TouchRow]) -> (u32, u32) {
        let judged = touches.iter().filter(|row| row.retry_of.is_none() && row.kind.is_message());
        let judged = judged.map(|row| punctuality(row.state.0, row.since.0, row.due_at.0, row.accepted_at.map(|at| at.0), self.now));
        judged.fold((0, 0), |(on_time, due), judged| match judged {
            Punctuality::Beside => (on_time, due),
            Punctuality::OnTime => (on_time + 1, due + 1),
            Punctuality::Late => (on_time, due + 1),
        })
    }
}
