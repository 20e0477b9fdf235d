//! Looks at everything the carrier has, by other means than the engine's, and at what became of every touch.

mod charts;
mod rows;
mod tries;

use super::{
    carrier::{Line, Taken, owner, phone},
    people::People,
    servers::Servers,
};
use crate::{clinic::CLINIC, follow_up::desk::Desk};
use app::api::messages::Channel;
use domain::{
    follow_up::kind::Kind,
    ids::{ClientId, PlanId, SessionId},
};
use jiff::{Timestamp, tz::TimeZone};
use server::store;
use sqlx::Row;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

const HOUR: i64 = 60 * 60 * 1000;
const REST: i64 = 20 * HOUR;
const MINUTE: i64 = 60 * 1000;

fn phone_of(client: ClientId) -> String {
    phone(client.0.as_u128() - crate::clinic::client(0).0.as_u128())
}

/// What is the same by this is one touch, however many rows there are.
type Which = (PlanId, SessionId, Kind, Option<String>);

/// The touch a message belongs to.
struct Of {
    which: Which,
    /// The one it is a retry of, or itself.
    root: Uuid,
    plan: PlanId,
    session: SessionId,
    kind: Kind,
    day_0: Option<String>,
    due: i64,
    expires: Option<i64>,
    /// A later one of the same gap was due as well.
    overtaken: bool,
    /// It is a retry of one of which nobody knows whether it went.
    again_after_unknown: bool,
}

pub struct Witness {
    desk: Arc<Desk>,
    line: Arc<Line>,
    zone: TimeZone,
    /// Nothing that was due before is to go.
    followed_since: i64,
    seen: usize,
    flags_seen: i64,
    touches: i64,
    looks: u64,
    /// Until then tries that were not made are explained.
    explained: i64,
    /// Of each touch, by which channels it went.
    went: HashMap<Which, Vec<Channel>>,
    /// Of each lapse, which touches went.
    of_lapse: HashMap<(PlanId, SessionId, String), HashSet<Uuid>>,
    last: HashMap<ClientId, (Uuid, i64)>,
    /// Rules, each with what broke it.
    broken: Vec<String>,
}

impl Witness {
    pub fn new(desk: Arc<Desk>, line: Arc<Line>, followed_since: i64) -> Self {
        let zone = TimeZone::get("America/Chicago").expect("the zone of the clinic is known");
        Self {
            desk,
            line,
            zone,
            followed_since,
            seen: 0,
            flags_seen: 0,
            touches: 0,
            looks: 0,
            explained: 0,
            went: HashMap::new(),
            of_lapse: HashMap::new(),
            last: HashMap::new(),
            broken: Vec::new(),
        }
    }

    /// At what is new since the last look. `settled`: nothing that is due may lie about.
    pub async fn look(&mut self, people: &mut People, settled: bool) {
        let new = self.line.taken_since(self.seen);
        self.seen += new.len();
        if !new.is_empty() {
            let touches = self.touches_of(&new).await;
            for message in &new {
                let of = touches.get(&message.token).unwrap_or_else(|| panic!("nobody wrote down {message:?}"));
                self.judge(message, of, people);
                people.heard.push((of.plan, of.kind));
            }
        }
        self.look_at_flags(people).await;
        self.looks += 1;
        // All of them are read, and there are many.
        if !self.looks.is_multiple_of(8) {
            return;
        }
        let touches = self.count("select count(*) from touch where $1 > 0", 1).await;
        if touches < self.touches {
            self.broken.push("a touch was deleted".to_owned());
        }
        self.touches = touches;
        let now = self.desk.clinics.host.now().millis();
        self.keeps_to(rows::ALWAYS, now).await;
        self.broken.extend(tries::unexplained(&self.desk, &self.line, self.explained, now).await);
        self.explained = now;
        if settled {
            self.keeps_to(rows::SETTLED, now).await;
            let clients = people.next_to_look_at();
            let faults = charts::faults(&self.desk, &clients).await;
            self.broken.extend(faults.into_iter().map(|fault| format!("{fault}, at {}", self.desk.clinics.host.now().timestamp())));
        }
    }

    async fn keeps_to(&mut self, rules: &rows::Rules, now: i64) {
        for (what, sql) in rules {
            match self.count(sql, now).await {
                0 => {}
                many => self.broken.push(format!("{many}: {what}, at {}", self.desk.clinics.host.now().timestamp())),
            }
        }
    }

    fn judge(&mut self, message: &Taken, of: &Of, people: &People) {
        let (at, whose) = (message.at.millis(), owner(&message.to));
        let quiet_now = || people.told.is_quiet(whose, of.plan, message.order);
        let booked = || people.told.booked.holds(&of.session, message.order);
        let booked_elsewhere = || people.told.booked_elsewhere.holds(&of.plan, message.order);
        let hour = || Timestamp::from_millisecond(at).expect("an instant").to_zoned(self.zone.clone()).hour();
        let by = self.went.entry(of.which.clone()).or_default();
        let twice = by.contains(&message.channel);
        by.push(message.channel);
        let of_lapse = of.kind.rung().map(|_| {
            let of_lapse = self.of_lapse.entry((of.plan, of.session, of.day_0.clone().unwrap_or_default())).or_default();
            of_lapse.insert(of.root);
            of_lapse.len()
        });
        let last = self.last.insert(whose, (of.root, at));
        let promotional = of.kind.is_promotional();
        let stopped = people.told.stopped.get(&whose).is_some_and(|since| message.order > *since)
            || self.line.told_opted_out.lock().unwrap().get(&phone_of(whose)).is_some_and(|told| message.at > *told);
        let broken = [
            ("after an acknowledged booking", of.kind.is_nudge() && booked()),
            ("after a booking another system has told of", of.kind.is_nudge() && booked_elsewhere()),
            ("twice by the same channel", twice),
            ("as a fifth touch of one lapse", of_lapse.is_some_and(|many| many > 4)),
            ("as a rung without a lapse", of.kind.rung().is_some() && of.day_0.is_none()),
            ("in quiet hours", promotional && !(8..21).contains(&hour())),
            ("while a concern was open, or the series paused or ended", promotional && quiet_now()),
            ("after STOP", stopped && (promotional || message.channel == Channel::Sms)),
            ("before the clinic followed anybody up", of.due < self.followed_since),
            ("although a later one was due as well", of.kind.is_nudge() && of.overtaken),
            ("once more although nobody knows whether it went", of.kind != Kind::Aftercare && of.again_after_unknown),
            ("after it made sense", of.expires.is_some_and(|expires| at >= expires)),
            // Aftercare never waits: the skin does not either.
            (
                "within 20 hours of another",
                of.kind != Kind::Aftercare && last.is_some_and(|(other, before)| other != of.root && at - before < REST),
            ),
        ];
        for (rule, _) in broken.iter().filter(|(_, broken)| *broken) {
            self.broken.push(format!("{rule}: {:?} by {:?} to {} at {}", of.kind, message.channel, message.to, message.at.timestamp()));
        }
    }

    async fn touches_of(&self, messages: &[Taken]) -> HashMap<Uuid, Of> {
        let tokens: Vec<Uuid> = messages.iter().map(|message| message.token).collect();
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let rows = sqlx::query(
            "with recursive origin (id, root) as (
                select id, id from touch where retry_of is null
                union all select touch.id, origin.root from touch join origin on touch.retry_of = origin.id
             )
             select token, root, plan_id, session_id, kind, appointment::text, day_0::text, (extract(epoch from due_at) * 1000)::bigint as due,
                (extract(epoch from expires_at) * 1000)::bigint as expires,
                exists (select from touch later where later.clinic_id = touch.clinic_id and later.plan_id = touch.plan_id
                    and later.session_id = touch.session_id and later.appointment is not distinct from touch.appointment
                    and later.kind in ('reminder', 'recovery_soft', 'recovery_value', 'recovery_last') and later.retry_of is null
                    and later.due_at > touch.due_at and later.due_at <= started_at
                    and later.state not in ('suppressed', 'merged', 'expired')) as overtaken,
                coalesce((select first.state = 'uncertain' from touch first
                    where first.clinic_id = touch.clinic_id and first.id = touch.retry_of), false) as again_after_unknown
             from attempt join touch on touch.clinic_id = attempt.clinic_id and touch.id = touch_id join origin on origin.id = touch.id
             where token = any($1)",
        )
        .bind(tokens)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        let of = |row: &sqlx::postgres::PgRow| {
            let (plan, session) = (PlanId(row.get("plan_id")), SessionId(row.get("session_id")));
            let kind = row.get::<String, _>("kind").parse().expect("a kind");
            Of {
                which: (plan, session, kind, row.get("appointment")),
                root: row.get("root"),
                plan,
                session,
                kind,
                day_0: row.get("day_0"),
                due: row.get("due"),
                expires: row.get("expires"),
                overtaken: row.get("overtaken"),
                again_after_unknown: row.get("again_after_unknown"),
            }
        };
        rows.iter().map(|row| (row.get("token"), of(row))).collect()
    }

    /// A person calls who came to the call list.
    async fn look_at_flags(&mut self, people: &mut People) {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let rows = sqlx::query(
            "select plan_id, (extract(epoch from accepted_at) * 1000)::bigint as at from touch
             where kind = 'flag' and accepted_at > to_timestamp($1 / 1000.0)",
        )
        .bind(self.flags_seen)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        for row in rows {
            self.flags_seen = self.flags_seen.max(row.get("at"));
            people.heard.push((PlanId(row.get("plan_id")), Kind::Flag));
        }
    }

    async fn count(&self, sql: &'static str, now: i64) -> i64 {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        sqlx::query_scalar(sql).bind(now).fetch_one(&mut *tx).await.unwrap()
    }

    /// What nobody knows has to have a reason; and where the carrier lists it, it is to be known.
    async fn look_at_the_uncertain(&mut self, servers: &Servers) {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let tries: Vec<(Uuid, Uuid, i64, bool)> = sqlx::query_as(
            "select touch_id, token, (extract(epoch from started_at) * 1000)::bigint, retry_of is not null from attempt
                join touch on touch.clinic_id = attempt.clinic_id and touch.id = touch_id
                where touch.state = 'uncertain' and outcome = 'unknown'",
        )
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        let troubled = self.line.troubled.lock().unwrap();
        let taken = self.line.taken_since(0);
        for (touch, token, started, is_retry) in tries {
            if !troubled.contains(&started) {
                self.broken.push(format!("nobody knows what became of {touch}, and no server ended nor a line broke at {started}"));
            }
            let Some(message) = taken.iter().find(|message| message.token == token && message.channel == Channel::Sms) else { continue };
            let near = |other: &&Taken| other.to == message.to && (0..=5 * MINUTE).contains(&(other.at.millis() - started));
            // Of several nobody could say which it is. And somebody has to be there to ask, and not to end meanwhile.
            let is_asked =
                servers.are_up(started, started + HOUR) && !troubled.iter().any(|at| (1..=20 * MINUTE).contains(&(at - started)));
            // Of a retry nobody asks; its callback may still tell.
            if taken.iter().filter(near).count() == 1 && is_asked && !is_retry {
                self.broken.push(format!("nobody knows what became of {touch}, and the carrier lists it"));
            }
        }
    }

    /// Touches go from state to state as they may.
    async fn look_at_steps(&mut self, end: i64) {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let steps: Vec<(Option<String>, String, bool, i64)> = sqlx::query_as(rows::STEPS).bind(end).fetch_all(&mut *tx).await.unwrap();
        for (before, state, is_moved, many) in steps {
            if !rows::may_follow(before.as_deref(), &state, is_moved) {
                self.broken.push(format!("{many} times {state} came after {before:?}"));
            }
        }
    }

    /// At the end: no rule was broken, and of every touch it can be said what became of it, and why.
    pub async fn finds_nothing(&mut self, end: i64, servers: &Servers) {
        self.look_at_the_uncertain(servers).await;
        for number in self.line.tried_again.lock().unwrap().drain(..) {
            self.broken.push(format!("tried again although the carrier had said that she opted out: {number}"));
        }
        self.keeps_to(rows::AT_THE_END, end).await;
        self.look_at_steps(end).await;
        let many = self.broken.len();
        assert!(many == 0, "{many} times a rule was broken:\n{}", self.broken[..many.min(30)].join("\n"));
    }
}
