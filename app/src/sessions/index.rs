//! All sessions of the clinic, as far as the list needs them to be found and sorted. A chart is gone through again only
//! when it has changed: with 100,000 sessions that is the difference between one chart's work and the clinic's.

use super::order::{Ordered, Places, Sorting, in_order};
use crate::clients::fold;
use domain::{
    billing::Billing,
    chart::Chart,
    ids::{ClientId, PlanId, SessionId, StaffId},
    status::{Listed, SessionStatus},
    time::Moment,
};
use std::{collections::HashMap, sync::Arc};

/// One session. What else a row shows is read when it is on the screen. Without a pointer: 100,000 of them are gone through
/// at every keystroke, and quickly only where they lie side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub client: ClientId,
    pub session: SessionId,
    pub plan: PlanId,
    pub status: SessionStatus,
    pub at: Option<Moment>,
    pub provider: Option<StaffId>,
    pub billing: Option<Billing>,
    /// Which of the [`Words`] beside it are its series'.
    pub words: u32,
}

/// Client and series, folded, each word with a space before it.
pub type Words = Arc<str>;

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
    /// At which revision of the device's charts all were looked at last.
    revision: Option<u64>,
    /// The orders asked for since the last change, and the names' places they were drawn up with.
    orders: Vec<(Sorting, Arc<Ordered>)>,
    places: Places,
}

/// So many charts are gone through ahead of time in one round: some milliseconds, so that no frame is late.
const AT_ONCE: usize = 200;

/// A chart, gone through.
pub struct Indexed {
    chart: Arc<Chart>,
    /// One for each series.
    pub words: Vec<Words>,
    pub entries: Vec<Entry>,
    /// Billing exceptions that are open.
    exceptions: usize,
    /// The last round in which the chart was there.
    seen: u64,
}

impl Indexed {
    fn new(chart: &Arc<Chart>, seen: u64) -> Self {
        let (words, entries) = entries(chart);
        Self { chart: chart.clone(), words, entries, exceptions: chart.exceptions().len(), seen }
    }
}

impl Index {
    /// Looks at all charts of a revision, and goes through those that are new or have changed. Says at which version it is now.
    pub fn take_in<'a>(&mut self, revision: u64, charts: impl Iterator<Item = &'a Arc<Chart>>) -> u64 {
        if self.revision.replace(revision) == Some(revision) {
            return self.version;
        }
        self.round += 1;
        let (round, mut changed, mut seen) = (self.round, false, 0);
        for chart in charts {
            seen += 1;
            match self.charts.get_mut(&chart.client.id) {
                Some(known) if Arc::ptr_eq(&known.chart, chart) => known.seen = round,
                _ => {
                    changed = true;
                    self.charts.insert(chart.client.id, Indexed::new(chart, round));
                }
            }
        }
        if self.charts.len() > seen {
            changed = true;
            self.charts.retain(|_, indexed| indexed.seen == round);
        }
        if changed {
            self.version += 1;
            self.orders.clear();
        }
        self.version
    }

    /// Goes through some of the charts ahead of time, as far as they are not known yet: all of them in as many rounds as it
    /// takes until there was nothing left to look at.
    pub fn prepare(&mut self, charts: &[Arc<Chart>], round: usize) -> bool {
        let Some(some) = charts.chunks(AT_ONCE).nth(round) else { return false };
        for chart in some {
            self.charts.entry(chart.client.id).or_insert_with(|| {
                self.version += 1;
                self.orders.clear();
                Indexed::new(chart, self.round)
            });
        }
        true
    }

    /// Every session.
    pub fn all(&mut self, sorting: Sorting, places: &Places) -> Arc<Ordered> {
        if self.places != *places {
            self.places.clone_from(places);
            self.orders.clear();
        }
        if let Some((_, known)) = self.orders.iter().find(|(known, _)| *known == sorting) {
            return known.clone();
        }
        let ordered = Arc::new(in_order(self.charts.values(), sorting, places));
        self.orders.push((sorting, ordered.clone()));
        ordered
    }

    /// Billing exceptions that are open, in all charts.
    pub fn exceptions(&self) -> usize {
        self.charts.values().map(|indexed| indexed.exceptions).sum()
    }
}

fn entries(chart: &Chart) -> (Vec<Words>, Vec<Entry>) {
    let billing: Vec<_> = chart.plans.iter().flat_map(|plan| chart.session_billing(plan.id)).collect();
    let words = chart.plans.iter().map(|plan| searchable(&[&chart.client.name, &plan.name]).into()).collect();
    let entry = |listed: Listed<'_>| {
        let series = chart.plans.iter().zip(0..).find(|(plan, _)| plan.id == listed.plan.id);
        Entry {
            client: chart.client.id,
            session: listed.session.id,
            plan: listed.plan.id,
            status: listed.status,
            at: listed.at,
            provider: provider(&listed),
            billing: billing.iter().find(|(session, _)| *session == listed.session.id).map(|(_, billing)| *billing),
            words: series.map_or(0, |(_, number)| number),
        }
    };
    (words, chart.listed().into_iter().map(entry).collect())
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
    use crate::{sessions::model::Wanted, signed_record::sample};

    #[test]
    fn only_a_chart_that_has_changed_is_gone_through_again() {
        let maya = Arc::new(sample::chart(4));
        let mut other = sample::chart(2);
        other.client = sample::client(21, "Jonas Weber");
        let jonas = Arc::new(other);
        let mut index = Index::default();
        let first = index.take_in(1, [&maya, &jonas].into_iter());
        let words = |index: &Index, client: ClientId| index.charts[&client].words[0].clone();
        let before = words(&index, jonas.client.id);
        assert_eq!(index.take_in(2, [&maya, &jonas].into_iter()), first);
        let signed = Arc::new(sample::signed(&maya, &sample::catalogue(), 1, 18));
        assert_eq!(index.take_in(3, [&signed, &jonas].into_iter()), first + 1);
        assert_eq!(index.charts[&maya.client.id].entries[0].status, SessionStatus::Completed);
        assert!(Arc::ptr_eq(&before, &words(&index, jonas.client.id)));
        // A mirror that starts anew has fewer charts.
        assert_eq!(index.take_in(4, [&signed].into_iter()), first + 2);
        assert_eq!(all(&mut index).entries.len(), 4);
    }

    fn all(index: &mut Index) -> Arc<Ordered> {
        index.all(Wanted::default().sorting(), &Places::new())
    }

    #[test]
    fn what_was_prepared_is_not_gone_through_again_and_never_stands_for_what_is_newer() {
        let maya = Arc::new(sample::chart(4));
        let signed = Arc::new(sample::signed(&maya, &sample::catalogue(), 1, 18));
        let mut index = Index::default();
        assert!(index.prepare(&[signed.clone(), maya.clone()], 0));
        let before = all(&mut index);
        assert_eq!((before.entries.len(), index.exceptions()), (4, 1));
        index.take_in(5, [&signed].into_iter());
        assert!(Arc::ptr_eq(&before, &all(&mut index)));
        index.take_in(6, [&maya].into_iter());
        assert_eq!(all(&mut index).entries.iter().filter(|entry| entry.status == SessionStatus::Completed).count(), 0);
        assert_eq!(index.exceptions(), 0);
    }

    #[test]
    fn preparing_ends_with_the_last_chart_however_many_there_are() {
        for many in [0, 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE - 1] {
            let chart = |n: usize| {
                let mut chart = sample::chart(2);
                chart.client.id.0 = uuid::Uuid::from_u128(n as u128 + 1);
                Arc::new(chart)
            };
            let charts: Vec<_> = (0..many).map(chart).collect();
            let mut index = Index::default();
            let rounds = (0..).take_while(|round| index.prepare(&charts, *round)).count();
            assert_eq!((rounds, index.charts.len()), (many.div_ceil(AT_ONCE), many));
        }
    }

    #[test]
    fn whoever_is_booked_next_holds_it_and_whoever_signed_held_it() {
        let mut chart = sample::signed(&sample::chart(2), &sample::catalogue(), 1, 18);
        chart.sessions[1].appointments = sample::booked("2026-04-01T09:00:00Z");
        chart.sessions[1].appointments[0].provider = sample::OTHER;
        let providers: Vec<_> = entries(&chart).1.iter().map(|entry| entry.provider).collect();
        assert_eq!(providers, [Some(sample::PROVIDER), Some(sample::OTHER)]);
    }
}
