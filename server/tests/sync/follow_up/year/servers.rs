//! Up to four servers at once, of which any may end at any step, and days and hours in which none runs.

use super::{
    DAY, PLANS,
    carrier::{Call, Line},
    dice::Dice,
};
use crate::{clinic::CLINIC, follow_up::desk::Desk};
use server::{
    follow_up::FollowUp,
    store::{self, follow_up as kept},
};
use std::{
    ops::Range,
    sync::{Arc, atomic::Ordering},
};
use tokio::sync::Notify;

const SERVERS: usize = 4;
/// Down for three days, so often in the year.
const OUTAGES: usize = 5;
/// How often, of a thousand times something is due, none runs just then, for some hours; and how often when it is a prompt, so that it is
/// late and the reminder of the next morning comes too soon after it. How often, of those, until the reminder is due, too, and only that
/// one is to go: at a large clinic, where some prompt is due each day, as often in the year as at the checks'.
const SHORT_OUTAGES: u64 = 15;
const AT_A_PROMPT: u64 = 400;
const OVER_THE_REMINDER: u64 = 500;
/// How often, of a thousand times, one of them takes its time between taking something and sending it.
const BETWEEN: u64 = 200;
const HOUR: i64 = 60 * 60 * 1000;

struct One {
    server: FollowUp,
    ends: Arc<Notify>,
}

pub struct Servers {
    desk: Arc<Desk>,
    line: Arc<Line>,
    all: Vec<One>,
    dice: Dice,
    outages: Vec<Range<i64>>,
    /// What a server that ended had taken is found after that.
    unsettled_until: i64,
    over_the_reminder: u64,
    pub ended: usize,
    follows_up: bool,
}

impl Servers {
    pub async fn new(desk: &Arc<Desk>, line: &Arc<Line>, plans: u128, seed: u64, follows_up: bool) -> Self {
        let mut all = Vec::new();
        for _ in 0..SERVERS {
            let ends = Arc::new(Notify::new());
            let call = Call { line: line.clone(), ends: ends.clone() };
            all.push(One { server: desk.server_with(Arc::new(call)).await, ends });
        }
        let mut dice = Dice::new(seed, 2);
        let start = desk.clinics.host.now().millis();
        let outage = |n: usize, dice: &mut Dice| {
            let first = 35 + i64::try_from(n).expect("a small number") * 70;
            let from = start + dice.within(first, first + 60) * DAY + dice.within(0, 23) * HOUR;
            from..from + 72 * HOUR
        };
        let outages = (0..OUTAGES).map(|n| outage(n, &mut dice)).collect();
        let times_larger = u64::try_from(plans / PLANS).expect("a small number").max(1);
        let over_the_reminder = OVER_THE_REMINDER / times_larger;
        Self { desk: desk.clone(), line: line.clone(), all, dice, outages, unsettled_until: 0, over_the_reminder, ended: 0, follows_up }
    }

    /// Some server is there all the time.
    pub fn are_up(&self, from: i64, until: i64) -> bool {
        !self.outages.iter().any(|outage| outage.start < until && from < outage.end)
    }

    fn is_calm(&self) -> bool {
        self.line.is_calm.load(Ordering::SeqCst)
    }

    fn is_down(&self, now: i64) -> bool {
        !self.follows_up || self.outages.iter().any(|outage| outage.contains(&now))
    }

    /// When a server has something to do.
    pub async fn next(&self, now: i64) -> Option<i64> {
        if !self.follows_up {
            return None;
        }
        if let Some(outage) = self.outages.iter().find(|outage| outage.contains(&now)) {
            return Some(outage.end);
        }
        let millis = kept::millis_until_next(&self.desk.clinics.pool, self.desk.clinics.host.now()).await.unwrap()?;
        Some(now + millis)
    }

    pub async fn run(&mut self, now: i64) {
        if self.follows_up && !self.is_calm() {
            let at_a_prompt = self.a_prompt_is_due(now).await;
            if self.dice.falls(if at_a_prompt { AT_A_PROMPT } else { SHORT_OUTAGES }) {
                let is_long = at_a_prompt && self.dice.falls(self.over_the_reminder);
                let hours = if is_long { 30 } else { self.dice.within(4, 10) };
                self.outages.push(now..now + hours * HOUR);
            }
        }
        if self.is_down(now) {
            return;
        }
        // One ends right after it has taken a batch.
        if !self.is_calm() && self.dice.falls(5) {
            let batch = self.all[0].server.claim(CLINIC).await.unwrap();
            if batch.taken > 0 {
                self.one_ended(now);
            }
        }
        if !self.is_calm() && self.dice.falls(BETWEEN) && self.takes_its_time().await {
            self.one_ended(now);
        }
        let looking = 1 + usize::try_from(self.dice.below(4)).expect("a small number");
        let ended = futures::future::join_all(self.all.iter().take(looking).map(|one| async {
            tokio::select! {
                did = one.server.once() => { did.unwrap(); false }
                () = one.ends.notified() => true,
            }
        }))
        .await;
        if ended.contains(&true) {
            self.one_ended(now);
        }
    }

    async fn a_prompt_is_due(&self, now: i64) -> bool {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        sqlx::query_scalar(
            "select exists (select from touch where kind = 'rebooking_prompt' and state = 'planned' and look_at <= to_timestamp($1 / 1000.0))",
        )
        .bind(now)
        .fetch_one(&mut *tx)
        .await
        .unwrap()
    }

    /// One server lets time pass between taking a batch and sending it, in which whoever is to be written to may act, and has her answer.
    /// Whether one ended.
    async fn takes_its_time(&self) -> bool {
        let mut has_ended = false;
        let server = &self.all[1].server;
        let batch = server.claim(CLINIC).await.unwrap();
        for ask in &batch.asks {
            server.ask(ask).await.unwrap();
        }
        for claimed in batch.claimed {
            if let Some(one) = claimed.tries.first() {
                self.line.lets_her_act(one.token).await;
            }
            tokio::select! {
                sent = server.send(&claimed) => drop(sent.unwrap()),
                () = self.all[1].ends.notified() => has_ended = true,
            }
        }
        has_ended
    }

    fn one_ended(&mut self, now: i64) {
        self.ended += 1;
        self.line.is_troubled();
        // What the carrier told it just then may have gone with it.
        self.line.told_opted_out.lock().unwrap().retain(|_, told| told.millis() < now);
        // Taken five minutes, asked about a quarter of an hour.
        self.unsettled_until = now + HOUR;
    }

    /// Nothing is due any more: everybody ran, and nobody ended in the midst of it lately.
    pub fn are_settled(&self, now: i64) -> bool {
        !self.is_down(now) && now >= self.unsettled_until
    }

    /// Lets everything come to rest.
    pub async fn end(&mut self, end: i64) {
        self.line.is_calm.store(true, Ordering::SeqCst);
        for outage in &mut self.outages {
            outage.end = outage.end.min(end);
        }
        for hour in 1..=3 {
            self.desk.clock.set_millis(end + hour * HOUR);
            self.run(end + hour * HOUR).await;
        }
    }
}
