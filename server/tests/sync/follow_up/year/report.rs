//! What the year was like. A simulation: the clients' answers are assumed.

use super::{
    DAY, DAYS,
    carrier::Line,
    people::{AT_CHECKOUT, AT_SALE, BY_HERSELF, People},
    servers::Servers,
};
use crate::{
    clinic::{CLINIC, SESSIONS},
    follow_up::desk::Desk,
};
use domain::time::Moment;
use server::store;
use sqlx::Row;
use std::{collections::BTreeMap, fmt};

pub struct Report {
    plans: u128,
    series: usize,
    seed: u64,
    messages: usize,
    ended: usize,
    said: BTreeMap<&'static str, u64>,
    did: BTreeMap<&'static str, u64>,
    states: Vec<(String, i64)>,
    on_time: i64,
    due: i64,
    mature: usize,
    complete: usize,
    /// Of the mature series, how many had so many sessions.
    delivered: Vec<usize>,
}

impl Report {
    pub async fn of(desk: &Desk, line: &Line, people: &People, servers: &Servers, plans: u128, seed: u64, start: Moment) -> Self {
        let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
        let rows = sqlx::query("select state, count(*) as n from touch group by state order by n desc").fetch_all(&mut *tx).await.unwrap();
        let states = rows.iter().map(|row| (row.get("state"), row.get("n"))).collect();
        let end = jiff::Timestamp::from_millisecond(start.millis() + DAYS * DAY).expect("an instant").to_string();
        let row = sqlx::query(
            "select count(*) as due, count(*) filter (where accepted_at <= due_at + interval '5 minutes') as on_time
             from touch where due_at <= $1::timestamptz and retry_of is null and not (state = 'suppressed' and since <= due_at) and state <> 'merged'",
        )
        .bind(end)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        let (due, on_time) = (row.get("due"), row.get("on_time"));
        let matures = (i64::from(SESSIONS) - 1) * 42 + 60;
        let mature: Vec<_> = people
            .all
            .iter()
            .filter(|person| !person.left && person.bought.is_some_and(|at| at + matures * DAY <= start.millis() + DAYS * DAY))
            .collect();
        let sessions = usize::from(SESSIONS);
        let delivered = (0..=sessions).map(|n| mature.iter().filter(|person| person.delivered == n).count()).collect();
        Self {
            plans,
            series: people.all.len(),
            seed,
            messages: line.taken(),
            ended: servers.ended,
            said: line.said.lock().unwrap().iter().map(|(what, n)| (*what, *n)).collect(),
            did: people.did.iter().map(|(what, n)| (*what, *n)).collect(),
            states,
            on_time,
            due,
            mature: mature.len(),
            complete: mature.iter().filter(|person| person.delivered == sessions).count(),
            delivered,
        }
    }

    /// Otherwise nothing was looked at.
    pub fn is_no_empty_year(&self) {
        assert!(self.messages > usize::try_from(self.plans).expect("a small number") * 5, "{} messages", self.messages);
        assert!(self.ended > 0, "no server ended");
        for what in [
            "booked",
            "booked elsewhere",
            "events new",
            "events old or repeated",
            "delivered",
            "cancelled",
            "did not come",
            "worried",
            "acted just as she was being asked",
            "acted while the carrier was called",
        ] {
            assert!(self.did.contains_key(what), "nobody {what}");
        }
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plans, seed, messages, ended, mature, complete, due, on_time, .. } = self;
        writeln!(
            f,
            "A SIMULATED YEAR: {plans} clients with {} series over {DAYS} days, seed {seed}. What clients do is assumed, not measured:",
            self.series
        )?;
        writeln!(f, "  of a thousand, {AT_SALE} book at the sale, {AT_CHECKOUT} at checkout, {BY_HERSELF} later by themselves.")?;
        let list = |list: &BTreeMap<&'static str, u64>| list.iter().map(|(what, n)| format!("{what} {n}")).collect::<Vec<_>>().join(", ");
        writeln!(f, "  clients: {}", list(&self.did))?;
        writeln!(f, "  messages taken by the carrier: {messages}; servers that ended in the midst: {ended}; {}", list(&self.said))?;
        let states: Vec<_> = self.states.iter().map(|(state, n)| format!("{state} {n}")).collect();
        writeln!(f, "  touches: {}", states.join(", "))?;
        writeln!(
            f,
            "  accepted within five minutes of their time: {on_time} of {due} (without a server for three days five times, for hours often)"
        )?;
        let sum: usize = self.delivered.iter().enumerate().map(|(n, series)| n * series).sum();
        writeln!(
            f,
            "  mature series: {mature}; complete: {complete} ({:.1} %); sessions delivered of sold: {:.1} %",
            percent(*complete, *mature),
            percent(sum, mature * usize::from(SESSIONS))
        )?;
        let still = |n: usize| self.delivered[n..].iter().sum::<usize>();
        let left: Vec<_> =
            (1..self.delivered.len() - 1).map(|n| format!("{n}→{}: {:.1} %", n + 1, percent(self.delivered[n], still(n)))).collect();
        write!(f, "  stopped coming between: {}", left.join(", "))
    }
}
