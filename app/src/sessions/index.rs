//! All sessions of the clinic, as far as the list needs them to be found and sorted. A chart is gone through again only
//! when it has changed: with 100,000 sessions that is the difference between one chart's work and the clinic's.

use crate::clients::fold;
use domain::{
    billing::Billing,
    chart::Chart,
    ids::{ClientId, PlanId, SessionId, StaffId},
    status::{Listed, SessionStatus},
    time::Moment,
};
use std::{collections::HashMap, sync::Arc};

/// One session. What else a row shows is read when it is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub client: ClientId,
    pub session: SessionId,
    pub plan: PlanId,
    pub status: SessionStatus,
    pub at: Option<Moment>,
    pub provider: Option<StaffId>,
    pub billing: Option<Billing>,
    /// Client and series, folded, each word with a space before it; shared by a plan's sessions.
    pub words: Arc<str>,
}

impl Entry {
    /// Its date has passed, done or not.
    pub fn is_past(&self, now: Moment) -> bool {
        self.status == SessionStatus::Completed || self.at.is_some_and(|at| at < now)
    }
}

/// Who holds a session: with whom it is booked next, or else who signed it.
pub fn provider(listed: &Listed<'_>) -> Option<StaffId> {
    let signed = || listed.visit.and_then(|visit| visit.signed.as_ref()).map(|signed| signed.by);
    if listed.status == SessionStatus::Completed {
        return signed();
    }
    let next = listed.session.appointments.iter().find(|booked| Some(booked.starts) == listed.at);
    next.map(|booked| booked.provider).or_else(signed)
}

#[derive(Default)]
pub struct Index {
    charts: HashMap<ClientId, Indexed>,
    /// Raised whenever something is different.
    version: u64,
    round: u64,
}

struct Indexed {
    chart: Arc<Chart>,
    entries: Vec<Arc<Entry>>,
    /// The last round in which the chart was there.
    seen: u64,
}

impl Index {
    /// Looks at all charts, and goes through those that are new or have changed. Says at which version it is now.
    pub fn take_in<'a>(&mut self, charts: impl Iterator<Item = &'a Arc<Chart>>) -> u64 {
        self.round += 1;
        let (round, mut changed, mut seen) = (self.round, false, 0);
        for chart in charts {
            seen += 1;
            match self.charts.get_mut(&chart.client.id) {
                Some(known) if Arc::ptr_eq(&known.chart, chart) => known.seen = round,
                _ => {
                    changed = true;
                    self.charts.insert(chart.client.id, Indexed { chart: chart.clone(), entries: entries(chart), seen: round });
                }
            }
        }
        if self.charts.len() > seen {
            changed = true;
            self.charts.retain(|_, indexed| indexed.seen == round);
        }
        self.version += u64::from(changed);
        self.version
    }

    /// Every session, in no order.
    pub fn all(&self) -> Vec<Arc<Entry>> {
        self.charts.values().flat_map(|indexed| &indexed.entries).cloned().collect()
    }
}

fn entries(chart: &Chart) -> Vec<Arc<Entry>> {
    struct OfPlan {
        words: Arc<str>,
        billing: Vec<(SessionId, Billing)>,
    }
    let mut plans: Vec<(PlanId, OfPlan)> = Vec::with_capacity(chart.plans.len());
    let mut entries = Vec::with_capacity(chart.sessions.len());
    for listed in chart.listed() {
        let id = listed.plan.id;
        let place = plans.iter().position(|(plan, _)| *plan == id).unwrap_or_else(|| {
            let words = searchable(&[&chart.client.name, &listed.plan.name]).into();
            plans.push((id, OfPlan { words, billing: chart.session_billing(id) }));
            plans.len() - 1
        });
        let of_plan = &plans[place].1;
        entries.push(Arc::new(Entry {
            client: chart.client.id,
            session: listed.session.id,
            plan: id,
            status: listed.status,
            at: listed.at,
            provider: provider(&listed),
            billing: of_plan.billing.iter().find(|(session, _)| *session == listed.session.id).map(|(_, billing)| *billing),
            words: of_plan.words.clone(),
        }));
    }
    entries
}

fn searchable(texts: &[&str]) -> String {
    let mut words = String::new();
    for text in texts {
        for word in fold(text).split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty()) {
            words.push(' ');
            words.push_str(word);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn only_a_chart_that_has_changed_is_gone_through_again() {
        let maya = Arc::new(sample::chart(4));
        let mut other = sample::chart(2);
        other.client = sample::client(21, "Jonas Weber");
        let jonas = Arc::new(other);
        let mut index = Index::default();
        let first = index.take_in([&maya, &jonas].into_iter());
        let entry = |index: &Index, client: ClientId| index.charts[&client].entries[0].clone();
        let before = entry(&index, jonas.client.id);
        assert_eq!(index.take_in([&maya, &jonas].into_iter()), first);
        let signed = Arc::new(sample::signed(&maya, &sample::catalogue(), 1, 18));
        assert_eq!(index.take_in([&signed, &jonas].into_iter()), first + 1);
        assert_eq!(entry(&index, maya.client.id).status, SessionStatus::Completed);
        assert!(Arc::ptr_eq(&before, &entry(&index, jonas.client.id)));
        // A mirror that starts anew has fewer charts.
        assert_eq!(index.take_in([&signed].into_iter()), first + 2);
        assert_eq!(index.all().len(), 4);
    }

    #[test]
    fn whoever_is_booked_next_holds_it_and_whoever_signed_held_it() {
        let mut chart = sample::signed(&sample::chart(2), &sample::catalogue(), 1, 18);
        chart.sessions[1].appointments = sample::booked("2026-04-01T09:00:00Z");
        chart.sessions[1].appointments[0].provider = sample::OTHER;
        let providers: Vec<_> = entries(&chart).iter().map(|entry| entry.provider).collect();
        assert_eq!(providers, [Some(sample::PROVIDER), Some(sample::OTHER)]);
    }
}
