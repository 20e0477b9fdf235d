//! What everybody was told is so: from when to when, in the order of all that happened.

use domain::ids::{ClientId, PlanId, SessionId};
use std::collections::{HashMap, HashSet};

#[derive(Clone, Copy, Debug)]
pub struct Span {
    from: u64,
    to: Option<u64>,
}

impl Span {
    fn contains(&self, order: u64) -> bool {
        order > self.from && self.to.is_none_or(|to| order < to)
    }
}

/// What is so of something, time and again.
#[derive(Debug)]
pub struct Spans<K>(HashMap<K, Vec<Span>>);

impl<K> Default for Spans<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: std::hash::Hash + Eq> Spans<K> {
    /// From now on, if it is not so already.
    pub fn begin(&mut self, key: K, order: u64) {
        let spans = self.0.entry(key).or_default();
        if spans.last().is_none_or(|span| span.to.is_some()) {
            spans.push(Span { from: order, to: None });
        }
    }

    /// No longer from now on.
    pub fn end(&mut self, key: &K, order: u64) {
        if let Some(last) = self.0.get_mut(key).and_then(|spans| spans.last_mut()) {
            last.to.get_or_insert(order);
        }
    }

    pub fn holds(&self, key: &K, order: u64) -> bool {
        self.0.get(key).into_iter().flatten().any(|span| span.contains(order))
    }
}

#[derive(Default)]
pub struct Told {
    pub booked: Spans<SessionId>,
    /// Another system has told of a booking, and has its answer.
    pub booked_elsewhere: Spans<PlanId>,
    /// Something about this session worries her. It keeps quiet all her series.
    pub worried: Spans<(ClientId, SessionId)>,
    /// A series that is paused, or has ended.
    pub paused: Spans<PlanId>,
    pub stopped: HashMap<ClientId, u64>,
    /// Whose last booking came by a path of which following up knows nothing: nothing was planned anew for it yet.
    pub past_the_planner: HashSet<ClientId>,
}

impl Told {
    /// Nothing promotional of that series is to go.
    pub fn is_quiet(&self, client: ClientId, plan: PlanId, order: u64) -> bool {
        let mut worried = self.worried.0.iter().filter(|((whose, _), _)| *whose == client).flat_map(|(_, spans)| spans);
        self.paused.holds(&plan, order) || worried.any(|span| span.contains(order))
    }
}
