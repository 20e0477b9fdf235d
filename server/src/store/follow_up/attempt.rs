//! Tries to hand a touch to a carrier.

use crate::store::{self, Result, Tx, chart::Stamp};
use app::api::messages::Channel;
use domain::{
    ids::{ClientId, ClinicId, PlanId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use serde::Serialize;
use sqlx::{PgPool, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

/// A try that is about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// What the carrier is told, and tells back. Never used twice.
    pub token: Uuid,
    pub channel: Channel,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    Refused,
    OptedOut,
    /// The carrier has not taken it, and can be asked again.
    Later,
    /// Nothing was handed over after all.
    Withheld,
    Unknown,
}

/// What a carrier told later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    Delivered,
    Bounced,
}

impl Became {
    pub fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
        }
    }
}

impl Outcome {
    pub const ALL: [Self; 6] = [Self::Accepted, Self::Refused, Self::OptedOut, Self::Later, Self::Withheld, Self::Unknown];

    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::OptedOut => "opted_out",
            Self::Later => "later",
            Self::Withheld => "withheld",
            Self::Unknown => "unknown",
        }
    }
}

pub(crate) fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email",
        Channel::Sms => "Sms",
    }
}

pub(crate) fn channel_of(name: &str) -> Channel {
    if name == channel_name(Channel::Sms) { Channel::Sms } else { Channel::Email }
}

/// Tries that are about to be made, each with its touch.
pub async fn add(tx: &mut Tx, clinic: ClinicId, server: Uuid, at: Moment, tries: &[(Uuid, Try)]) -> Result<()> {
    let touches: Vec<_> = tries.iter().map(|(touch, _)| *touch).collect();
    let tokens: Vec<_> = tries.iter().map(|(_, one)| one.token).collect();
    let channels: Vec<_> = tries.iter().map(|(_, one)| channel_name(one.channel).to_owned()).collect();
    sqlx::query!(
        "insert into attempt (clinic_id, token, touch_id, channel, server, started_at)
         select $1, token, touch, channel, $2, $3 from unnest($4::uuid[], $5::uuid[], $6::text[]) as new (token, touch, channel)",
        clinic.0,
        server,
        at.timestamp().to_sqlx() as _,
        &tokens,
        &touches,
        &channels,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Tries of which nobody has said what came of them, oldest first: of which of these touches, and when they began.
pub async fn open(tx: &mut Tx, clinic: ClinicId, touches: &[Uuid]) -> Result<Vec<(Uuid, Try, Moment)>> {
    let rows = sqlx::query!(
        r#"select touch_id, token, channel, started_at as "started_at: Timestamp" from attempt
           where clinic_id = $1 and touch_id = any($2) and outcome is null order by started_at, token"#,
        clinic.0,
        touches,
    )
    .fetch_all(&mut **tx)
    .await?;
    let one = |token, channel: &str| Try { token, channel: channel_of(channel) };
    Ok(rows.into_iter().map(|row| (row.touch_id, one(row.token, &row.channel), Moment::new(row.started_at.to_jiff()))).collect())
}

/// By what a touch was tried last that nobody knows about, and when.
pub async fn last_unknown(tx: &mut Tx, clinic: ClinicId, touch: Uuid) -> Result<Option<(Channel, Moment)>> {
    let row = sqlx::query!(
        r#"select channel, started_at as "started_at: Timestamp" from attempt
           where clinic_id = $1 and touch_id = $2 and outcome = 'unknown' order by started_at desc, token limit 1"#,
        clinic.0,
        touch,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (channel_of(&row.channel), Moment::new(row.started_at.to_jiff()))))
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    pub token: Uuid,
    pub outcome: Outcome,
    /// In the carrier's words, where it said any.
    pub answer: Option<String>,
    /// The carrier's own number for the message.
    pub id: Option<String>,
    /// Where it did not arrive.
    pub address: Option<String>,
}

impl Finished {
    /// Without anything said.
    pub fn as_(outcome: Outcome, token: Uuid) -> Self {
        Self { token, outcome, answer: None, id: None, address: None }
    }
}

/// Says what came of tries.
pub async fn finish(tx: &mut Tx, clinic: ClinicId, finished: &[Finished], at: Moment) -> Result<()> {
    if finished.is_empty() {
        return Ok(());
    }
    let tokens: Vec<_> = finished.iter().map(|one| one.token).collect();
    let outcomes: Vec<_> = finished.iter().map(|one| one.outcome.code().to_owned()).collect();
    let answers: Vec<_> = finished.iter().map(|one| one.answer.clone()).collect();
    let ids: Vec<_> = finished.iter().map(|one| one.id.clone()).collect();
    let addresses: Vec<_> = finished.iter().map(|one| one.address.clone()).collect();
    sqlx::query!(
        "update attempt set outcome = new.outcome, answer = new.answer, carrier_id = new.id, address = new.address, finished_at = $2
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) as new (token, outcome, answer, id, address)
         where attempt.clinic_id = $1 and attempt.token = new.token and attempt.token = any($3)", // by the index, whatever is known of the table
        clinic.0,
        at.timestamp().to_sqlx() as _,
        &tokens,
        &outcomes,
        &answers as _,
        &ids as _,
        &addresses as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was sent, as it is written down beside the try by which it went. Field names are column names.
#[derive(Clone, Debug, Serialize)]
pub struct MessageRow {
    pub clinic_id: ClinicId,
    pub id: Uuid,
    pub client_id: ClientId,
    pub channel: Channel,
    pub address: String,
    pub subject: String,
    pub text: String,
    pub made_at: Stamp,
    pub state: &'static str,
    pub attempt: Uuid,
}

pub async fn add_messages(tx: &mut Tx, messages: &[MessageRow]) -> Result<()> {
    if !messages.is_empty() {
        sqlx::query!(
            "insert into message (clinic_id, id, client_id, channel, address, subject, text, made_at, state, attempt)
             select clinic_id, id, client_id, channel, address, subject, text, made_at, state, attempt
             from jsonb_populate_recordset(null::message, $1)",
            Json(messages) as _
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Whose try that is, for a carrier that knows only its token. The transaction is its clinic's.
pub async fn named(pool: &PgPool, token: Uuid) -> Result<Option<(Tx, ClinicId, Whose)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.attempt_token', $1, true)", token.to_string()).fetch_one(&mut *tx).await?;
    let clinic = sqlx::query_scalar!("select clinic_id from attempt where token = $1", token).fetch_optional(&mut *tx).await?;
    let Some(clinic) = clinic.map(ClinicId) else { return Ok(None) };
    store::enter(&mut tx, clinic).await?;
    let row = sqlx::query!(
        "select touch_id, client_id, attempt.channel from attempt
         join touch on touch.clinic_id = attempt.clinic_id and touch.id = attempt.touch_id
         where attempt.clinic_id = $1 and token = $2",
        clinic.0,
        token,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(Some((tx, clinic, Whose { touch: row.touch_id, client: ClientId(row.client_id), channel: channel_of(&row.channel) })))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    pub touch: Uuid,
    pub client: ClientId,
    pub channel: Channel,
}

/// How a try stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands {
    pub token: Uuid,
    pub channel: Channel,
    pub started: Moment,
    /// `None`: it is being tried.
    pub outcome: Option<Outcome>,
    pub became: Option<Became>,
}

/// All tries of a touch, oldest first.
pub async fn of_touch(tx: &mut Tx, clinic: ClinicId, touch: Uuid) -> Result<Vec<Stands>> {
    let rows = sqlx::query!(
        r#"select token, channel, started_at as "started_at: Timestamp", outcome, became from attempt
           where clinic_id = $1 and touch_id = $2 order by started_at, token"#,
        clinic.0,
        touch,
    )
    .fetch_all(&mut **tx)
    .await?;
    let became = |code: &str| if code == Became::Delivered.code() { Became::Delivered } else { Became::Bounced };
    let stands = rows.into_iter().map(|row| Stands {
        token: row.token,
        channel: channel_of(&row.channel),
        started: Moment::new(row.started_at.to_jiff()),
        outcome: row.outcome.as_deref().and_then(Outcome::by_code),
        became: row.became.as_deref().map(became),
    });
    Ok(stands.collect())
}

/// The carrier has it after all, under that number of its own.
pub async fn was_accepted(tx: &mut Tx, clinic: ClinicId, token: Uuid, id: Option<&str>, at: Moment) -> Result<()> {
    sqlx::query!(
        "update attempt set outcome = 'accepted', answer = null, carrier_id = coalesce($3, carrier_id), finished_at = $4
         where clinic_id = $1 and token = $2",
        clinic.0,
        token,
        id,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Something that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameBack {
    pub channel: Channel,
    pub at: Moment,
    /// In the carrier's words.
    pub said: String,
}

/// More of one address does not matter.
const MOST_CAME_BACK: i64 = 10;

/// What came back from these clients' addresses since each last got something there; the latest first. Whoever it was for: people share
/// telephones.
pub async fn came_back_from(
    tx: &mut Tx,
    clinic: ClinicId,
    addresses: &[(ClientId, String)],
    since: Moment,
) -> Result<HashMap<ClientId, Vec<CameBack>>> {
    let clients: Vec<_> = addresses.iter().map(|(client, _)| client.0).collect();
    let addresses: Vec<_> = addresses.iter().map(|(_, address)| address.clone()).collect();
    let rows = sqlx::query!(
        r#"select client as "client!", channel as "channel!", started_at as "started_at!: Timestamp", said as "said!"
           from unnest($2::uuid[], $3::text[]) as on_file (client, on_file)
           cross join lateral (
               select channel, started_at, coalesce(became_why, answer, '') as said from attempt tried
               where clinic_id = $1 and address = on_file and started_at > $4
                   and not exists (select 1 from message join attempt later on later.clinic_id = message.clinic_id and later.token = message.attempt
                       where message.clinic_id = $1 and message.client_id = client and message.address = tried.address
                           and later.channel = tried.channel and later.became = 'delivered' and later.started_at > tried.started_at)
               order by started_at desc limit $5
           ) came_back
           order by started_at desc"#,
        clinic.0,
        &clients,
        &addresses,
        since.timestamp().to_sqlx() as _,
        MOST_CAME_BACK,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut came_back: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let one = CameBack { channel: channel_of(&row.channel), at: Moment::new(row.started_at.to_jiff()), said: row.said };
        came_back.entry(ClientId(row.client)).or_default().push(one);
    }
    Ok(came_back)
}

pub async fn become_(tx: &mut Tx, clinic: ClinicId, token: Uuid, became: Became, why: Option<&str>, at: Moment) -> Result<()> {
    sqlx::query!(
        "update attempt set became = $3, became_why = $4, became_at = $5,
             address = case when $3 = 'bounced'
                 then (select address from message where message.clinic_id = $1 and message.attempt = $2 and message.channel = attempt.channel) end
         where clinic_id = $1 and token = $2",
        clinic.0,
        token,
        became.code(),
        why,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Of these numbers of a carrier those of which we know which message they are.
pub async fn known_ids(tx: &mut Tx, clinic: ClinicId, ids: &[String]) -> Result<Vec<String>> {
    let rows = sqlx::query_scalar!(
        r#"select carrier_id as "id!" from attempt where clinic_id = $1 and carrier_id = any($2)
           union select carrier_id from message where clinic_id = $1 and carrier_id = any($2)"#,
        clinic.0,
        ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows)
}

/// A try as it is looked at later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub touch: Uuid,
    pub token: Uuid,
    pub channel: Channel,
    pub started: Moment,
    /// As the database knows it; `None`: it is being tried.
    pub outcome: Option<String>,
    /// In the carrier's words; of what came back, those it came back with.
    pub answer: Option<String>,
    /// What was written, where something went out.
    pub text: Option<String>,
}

/// All tries of a plan's touches, oldest first.
pub async fn of_plan(tx: &mut Tx, clinic: ClinicId, plan: PlanId) -> Result<Vec<Tried>> {
    let rows = sqlx::query!(
        r#"select touch_id, token, attempt.channel, started_at as "started_at: Timestamp", outcome, coalesce(became_why, answer) as answer,
               message.text as "text?"
           from attempt join touch on touch.clinic_id = attempt.clinic_id and touch.id = attempt.touch_id
           left join message on message.clinic_id = attempt.clinic_id and message.attempt = attempt.token
           where attempt.clinic_id = $1 and touch.plan_id = $2 order by started_at, token"#,
        clinic.0,
        plan.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Tried {
            touch: row.touch_id,
            token: row.token,
            channel: channel_of(&row.channel),
            started: Moment::new(row.started_at.to_jiff()),
            outcome: row.outcome,
            answer: row.answer,
            text: row.text,
        })
        .collect())
}
