//! Touches: the schedule, and what became of it.

use crate::store::{Result, Tx, chart::Stamp};
use domain::{
    follow_up::{
        facts::Lapse,
        kind::Kind,
        planner::{Identity, Touch},
        reconcile::Kept,
        touch_state::{State, Why},
    },
    ids::{ClientId, ClinicId, PlanId, SessionId},
    time::{Day, Moment},
};
use jiff_sqlx::{Timestamp, ToSqlx};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::types::Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A row of its table; field names are column names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TouchRow {
    pub clinic_id: ClinicId,
    pub id: Uuid,
    pub client_id: ClientId,
    pub plan_id: PlanId,
    pub session_id: SessionId,
    pub kind: Kind,
    pub appointment: Option<Stamp>,
    pub retry_of: Option<Uuid>,
    pub channel: Option<app::api::messages::Channel>,
    pub due_at: Stamp,
    pub expires_at: Option<Stamp>,
    pub day_0: Option<Day>,
    pub rung: Option<u8>,
    pub epoch: i64,
    pub state: StateCode,
    pub since: Stamp,
    pub why: Option<Why>,
    pub merged_into: Option<Uuid>,
    pub look_at: Option<Stamp>,
    pub tried_at: Option<Stamp>,
    pub accepted_at: Option<Stamp>,
}

/// A state by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateCode(pub State);

impl Serialize for StateCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl<'de> Deserialize<'de> for StateCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        State::by_code(&code).map(Self).ok_or_else(|| serde::de::Error::custom("not a state of a touch"))
    }
}

impl TouchRow {
    /// A touch that is to be kept from now on, as planned.
    pub fn new(clinic: ClinicId, id: Uuid, touch: &Touch, epoch: i64, now: Moment) -> Self {
        let Identity { plan, session, kind, appointment } = touch.identity;
        Self {
            clinic_id: clinic,
            id,
            client_id: touch.client,
            plan_id: plan,
            session_id: session,
            kind,
            appointment: appointment.map(Stamp),
            retry_of: None,
            channel: None,
            due_at: Stamp(touch.due),
            expires_at: touch.expires.map(Stamp),
            day_0: touch.lapse.map(|lapse| lapse.day_0),
            rung: kind.rung(),
            epoch,
            state: StateCode(State::Planned),
            since: Stamp(now),
            why: None,
            merged_into: None,
            look_at: Some(Stamp(touch.due)),
            tried_at: None,
            accepted_at: None,
        }
    }

    pub fn identity(&self) -> Identity {
        let appointment = self.appointment.map(|Stamp(at)| at);
        Identity { plan: self.plan_id, session: self.session_id, kind: self.kind, appointment }
    }

    pub fn lapse(&self) -> Option<Lapse> {
        self.day_0.map(|day_0| Lapse { plan: self.plan_id, session: self.session_id, day_0 })
    }

    pub fn kept(&self) -> Kept {
        let (identity, expires) = (self.identity(), self.expires_at.map(|Stamp(at)| at));
        Kept { identity, state: self.state.0, may_have_gone: self.may_have_gone(), due: self.due_at.0, expires }
    }

    /// It went out, or may have: also what was ended while a server had it, and had been tried.
    pub fn may_have_gone(&self) -> bool {
        let ended = matches!(self.state.0, State::Suppressed | State::Merged);
        self.state.0.may_have_gone() || (ended && self.tried_at.is_some())
    }

    /// Another state from now on, and nothing more to look at.
    pub fn become_(&mut self, state: State, now: Moment) {
        self.state = StateCode(state);
        self.since = Stamp(now);
        self.why = None;
        self.merged_into = None;
        self.look_at = None;
    }

    /// Planned, to be looked at then.
    pub fn plan(&mut self, look_at: Moment, now: Moment) {
        self.become_(State::Planned, now);
        self.look_at = Some(Stamp(look_at));
    }

    pub fn suppress(&mut self, why: Why, now: Moment) {
        self.become_(State::Suppressed, now);
        self.why = Some(why);
    }
}

/// All of a client, locked in a fixed order: whoever changes several of them waits for whoever does. Not for whoever only refers to one of
/// them, as a server does that writes down what became of a retry, and that it would have to wait for.
pub async fn lock_of_client(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Vec<TouchRow>> {
    let rows = sqlx::query_scalar!(
        r#"select to_json(t) as "row!: Json<TouchRow>" from touch t where clinic_id = $1 and client_id = $2 order by id for no key update"#,
        clinic.0,
        client.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|Json(row)| row).collect())
}

/// All of a client, by when they are due.
pub async fn of_client(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Vec<TouchRow>> {
    of_clients(tx, clinic, &[client]).await
}

/// All of these clients, by when they are due.
pub async fn of_clients(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<Vec<TouchRow>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let rows = sqlx::query_scalar!(
        r#"select to_json(t) as "row!: Json<TouchRow>" from touch t where clinic_id = $1 and client_id = any($2) order by due_at, id"#,
        clinic.0,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|Json(row)| row).collect())
}

/// Takes those whose turn it is and that no other server is just looking at.
pub async fn take_due(tx: &mut Tx, clinic: ClinicId, now: Moment, most: usize) -> Result<Vec<TouchRow>> {
    let rows = sqlx::query_scalar!(
        r#"select to_json(t) as "row!: Json<TouchRow>" from touch t where clinic_id = $1 and look_at <= $2
           order by look_at limit $3 for update skip locked"#,
        clinic.0,
        now.timestamp().to_sqlx() as _,
        i64::try_from(most).unwrap_or(i64::MAX),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|Json(row)| row).collect())
}

/// Which kinds are kept to a pace when they are late.
fn promotional() -> Vec<String> {
    Kind::ALL.into_iter().filter(|kind| kind.is_promotional() && kind.is_message()).map(|kind| kind.code().to_owned()).collect()
}

/// How many promotional touches were begun since then, each so many minutes after it was due at least. Whoever asks after this waits until
/// this transaction has ended: what it begins is counted.
pub async fn late_begun(tx: &mut Tx, clinic: ClinicId, since: Moment, minutes: i64) -> Result<i64> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('late ' || $1::text, 0))::text as locked", clinic.0.to_string())
        .fetch_one(&mut **tx)
        .await?;
    let begun = sqlx::query_scalar!(
        r#"select count(distinct touch_id) as "begun!" from attempt join touch on touch.clinic_id = attempt.clinic_id and touch.id = touch_id
           where attempt.clinic_id = $1 and started_at > $2 and kind = any($3) and due_at < started_at - $4 * interval '1 minute'"#,
        clinic.0,
        since.timestamp().to_sqlx() as _,
        &promotional(),
        f64::from(i32::try_from(minutes).unwrap_or(i32::MAX)),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(begun)
}

/// How many of them wait for their turn after `now`, of those that were due before `late_before`.
pub async fn late_waiting(tx: &mut Tx, clinic: ClinicId, now: Moment, late_before: Moment) -> Result<i64> {
    let waiting = sqlx::query_scalar!(
        r#"select count(*) as "waiting!" from touch
           where clinic_id = $1 and look_at > $2 and due_at < $3 and state = 'planned' and kind = any($4)"#,
        clinic.0,
        now.timestamp().to_sqlx() as _,
        late_before.timestamp().to_sqlx() as _,
        &promotional(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(waiting)
}

pub async fn lock(tx: &mut Tx, clinic: ClinicId, id: Uuid) -> Result<Option<TouchRow>> {
    let row = sqlx::query_scalar!(
        r#"select to_json(t) as "row!: Json<TouchRow>" from touch t where clinic_id = $1 and id = $2 for update"#,
        clinic.0,
        id,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|Json(row)| row))
}

/// Locks these, in a fixed order as everywhere; whoever reads them afterwards reads what they have become.
pub async fn hold(tx: &mut Tx, clinic: ClinicId, ids: &[Uuid]) -> Result<()> {
    sqlx::query!("select id from touch where clinic_id = $1 and id = any($2) order by id for update", clinic.0, ids)
        .fetch_all(&mut **tx)
        .await?;
    Ok(())
}

pub async fn add(tx: &mut Tx, rows: &[TouchRow]) -> Result<()> {
    if !rows.is_empty() {
        sqlx::query!(
            "insert into touch (clinic_id, id, client_id, plan_id, session_id, kind, appointment, retry_of, channel, due_at, expires_at,
                day_0, rung, epoch, state, since, why, merged_into, look_at, tried_at, accepted_at)
             select clinic_id, id, client_id, plan_id, session_id, kind, appointment, retry_of, channel, due_at, expires_at,
                day_0, rung, epoch, state, since, why, merged_into, look_at, tried_at, accepted_at
             from jsonb_populate_recordset(null::touch, $1)",
            Json(rows) as _
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Writes rows that were locked before.
pub async fn save(tx: &mut Tx, rows: &[TouchRow]) -> Result<()> {
    if !rows.is_empty() {
        sqlx::query!(
            "update touch set due_at = new.due_at, expires_at = new.expires_at, day_0 = new.day_0, rung = new.rung, epoch = new.epoch,
                state = new.state, since = new.since, why = new.why, merged_into = new.merged_into, look_at = new.look_at,
                tried_at = new.tried_at, accepted_at = new.accepted_at
             from jsonb_populate_recordset(null::touch, $1) new where touch.clinic_id = new.clinic_id and touch.id = new.id",
            Json(rows) as _
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// The first booking of each of these sessions that is still to be held, as its table says; whatever the charts do.
pub async fn booked(tx: &mut Tx, clinic: ClinicId, sessions: &[SessionId], now: Moment) -> Result<HashMap<SessionId, Moment>> {
    let ids: Vec<_> = sessions.iter().map(|session| session.0).collect();
    let rows = sqlx::query!(
        r#"select session_id, min(starts_at) as "starts_at!: Timestamp" from appointment
           where clinic_id = $1 and session_id = any($2) and ends_at > $3 group by session_id"#,
        clinic.0,
        &ids,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SessionId(row.session_id), Moment::new(row.starts_at.to_jiff()))).collect())
}

/// One state a touch was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRow {
    pub touch: Uuid,
    pub state: State,
    pub at: Moment,
    pub why: Option<Why>,
    pub due: Moment,
}

/// All states the touches of a plan were in, oldest first.
pub async fn steps_of_plan(tx: &mut Tx, clinic: ClinicId, plan: PlanId) -> Result<Vec<StepRow>> {
    let rows = sqlx::query!(
        r#"select touch_id, step.state, step.at as "at: Timestamp", step.why as "why: Json<Why>", step.due_at as "due_at: Timestamp"
           from touch_step step join touch on touch.clinic_id = step.clinic_id and touch.id = step.touch_id
           where step.clinic_id = $1 and touch.plan_id = $2 order by touch_id, number"#,
        clinic.0,
        plan.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(StepRow {
                touch: row.touch_id,
                state: State::by_code(&row.state)?,
                at: Moment::new(row.at.to_jiff()),
                why: row.why.map(|Json(why)| why),
                due: Moment::new(row.due_at.to_jiff()),
            })
        })
        .collect())
}

/// All touches of a plan, by when they are due.
pub async fn of_plan(tx: &mut Tx, clinic: ClinicId, plan: PlanId) -> Result<Vec<TouchRow>> {
    let rows = sqlx::query_scalar!(
        r#"select to_json(t) as "row!: Json<TouchRow>" from touch t where clinic_id = $1 and plan_id = $2 order by due_at, id"#,
        clinic.0,
        plan.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|Json(row)| row).collect())
}

/// Every flag that came to the call list.
pub async fn flags(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<TouchRow>> {
    let rows = sqlx::query_scalar!(
        r#"select to_json(t) as "row!: Json<TouchRow>" from touch t
           where clinic_id = $1 and kind = 'flag' and state = 'accepted' order by client_id, due_at"#,
        clinic.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|Json(row)| row).collect())
}
