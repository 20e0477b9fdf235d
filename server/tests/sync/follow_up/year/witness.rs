//! Looks at everything the carrier has, by other means than the engine's, and at what became of every touch.

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

/// The touch a message belongs to.
struct Of {
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
    /// Of each touch, by which channels it went.
    went: HashMap<Uuid, Vec<Channel>>,
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
                people.heard.push((owner(&message.to), of.kind));
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
        if settled {
            let now = self.desk.clinics.host.now().millis();
            for (what, sql) in [
                ("touches whose turn has come were not looked at", "select count(*) from touch where look_at <= to_timestamp($1 / 1000.0)"),
                ("touches lie between two states", "select count(*) from touch where state in ('claimed', 'attempted') and $1 > 0"),
                (
                    "touches that ask for a booking outlive it",
                    "select count(*) from touch join appointment booked on booked.clinic_id = touch.clinic_id and booked.session_id = touch.session_id
                        where state in ('planned', 'claimed') and booked.starts_at > to_timestamp($1 / 1000.0)
                        and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag')",
                ),
            ] {
                if self.count(sql, now).await > 0 {
                    self.broken.push(format!("{what} at {}", self.desk.clinics.host.now().timestamp()));
                }
            }
        }
    }

    fn judge(&mut self, message: &Taken, of: &Of, people: &People) {
        let (at, whose) = (message.at.millis(), owner(&message.to));
        let quiet_now = || people.told.quiet.get(&of.plan).into_iter().flatten().any(|span| span.contains(message.order));
        let booked = || people.told.booked.get(&of.session).into_iter().flatten().any(|span| span.contains(message.order));
        let booked_elsewhere = || people.told.booked_elsewhere.get(&of.plan).into_iter().flatten().any(|span| span.contains(message.order));
        let hour = || Timestamp::from_millisecond(at).expect("an instant").to_zoned(self.zone.clone()).hour();
        let by = self.went.entry(of.root).or_default();
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
             select token, root, plan_id, session_id, kind, day_0::text, (extract(epoch from due_at) * 1000)::bigint as due,
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
        let of = |row: &sqlx::postgres::PgRow| Of {
            root: row.get("root"),
            plan: PlanId(row.get("plan_id")),
            session: SessionId(row.get("session_id")),
            kind: row.get::<String, _>("kind").parse().expect("a kind"),
            day_0: row.get("day_0"),
            due: row.get("due"),
            expires: row.get("expires"),
            overtaken: row.get("overtaken"),
            again_after_unknown: row.get("again_after_unknown"),
        };
        rows.iter().map(|row| (row.get("token"), of(row))).collect()
    }

    /// A person calls who came to the call list.
    async fn look_at_flags(&mut self, people: &mut People) {
        let mut tx = store::begin(&self.desk.clinics.pool, CLINIC).await.unwrap();
        let rows = sqlx::query(
            "select client_id, (extract(epoch from accepted_at) * 1000)::bigint as at from touch
             where kind = 'flag' and accepted_at > to_timestamp($1 / 1000.0)",
        )
        .bind(self.flags_seen)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        for row in rows {
            self.flags_seen = self.flags_seen.max(row.get("at"));
            people.heard.push((ClientId(row.get("client_id")), Kind::Flag));
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

    /// At the end: no rule was broken, and of every touch it can be said what became of it, and why.
    pub async fn finds_nothing(&mut self, end: i64, servers: &Servers) {
        self.look_at_the_uncertain(servers).await;
        for number in self.line.tried_again.lock().unwrap().drain(..) {
            self.broken.push(format!("tried again although the carrier had said that she opted out: {number}"));
        }
        for (what, sql) in [
            (
                "planned touches whose time is over",
                "select count(*) from touch where state = 'planned' and due_at <= to_timestamp($1 / 1000.0) and look_at <= to_timestamp($1 / 1000.0)",
            ),
            (
                "touches whose last step is not their state",
                "select count(*) from touch t where $1 > 0 and state is distinct from (select state from touch_step s
                    where s.clinic_id = t.clinic_id and s.touch_id = t.id order by number desc limit 1)",
            ),
            ("tries without an outcome", "select count(*) from attempt where $1 > 0 and outcome is null"),
            (
                // Where the server ended before it could, nobody knows the words.
                "messages that were taken and not kept",
                "select count(*) from attempt a where $1 > 0 and outcome = 'accepted' and finished_at <= started_at + interval '1 minute'
                    and not exists (select from message m where m.clinic_id = a.clinic_id and m.attempt = a.token)",
            ),
            (
                "touches that went and have no try",
                "select count(*) from touch t where $1 > 0 and state in ('accepted', 'delivered', 'bounced') and kind <> 'flag'
                    and not exists (select from attempt a where a.clinic_id = t.clinic_id and a.touch_id = t.id)",
            ),
        ] {
            match self.count(sql, end).await {
                0 => {}
                many => self.broken.push(format!("{many} {what}")),
            }
        }
        let many = self.broken.len();
        assert!(many == 0, "{many} times a rule was broken:\n{}", self.broken[..many.min(30)].join("\n"));
    }
}
