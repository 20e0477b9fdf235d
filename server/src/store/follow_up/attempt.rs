//! Tries to hand a touch to a carrier.

use crate::store::{self, Result, Tx};
use app::api::messages::Channel;
use domain::{
    ids::{ClientId, ClinicId, PlanId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::PgPool;
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

pub async fn add(tx: &mut Tx, clinic: ClinicId, touch: Uuid, server: Uuid, at: Moment, tries: &[Try]) -> Result<()> {
    let tokens: Vec<_> = tries.iter().map(|one| one.token).collect();
    let channels: Vec<_> = tries.iter().map(|one| channel_name(one.channel).to_owned()).collect();
    sqlx::query!(
        "insert into attempt (clinic_id, token, touch_id, channel, server, started_at)
         select $1, token, $2, channel, $3, $4 from unnest($5::uuid[], $6::text[]) as new (token, channel)",
        clinic.0,
        touch,
        server,
        at.timestamp().to_sqlx() as _,
        &tokens,
        &channels,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Tries of a touch of which nobody has said what came of them, and when they began.
pub async fn open(tx: &mut Tx, clinic: ClinicId, touch: Uuid) -> Result<Vec<(Try, Moment)>> {
    let rows = sqlx::query!(
        r#"select token, channel, started_at as "started_at: Timestamp" from attempt
           where clinic_id = $1 and touch_id = $2 and outcome is null order by started_at, token"#,
        clinic.0,
        touch,
    )
    .fetch_all(&mut **tx)
    .await?;
    let one = |token, channel: &str, at: Timestamp| (Try { token, channel: channel_of(channel) }, Moment::new(at.to_jiff()));
    Ok(rows.into_iter().map(|row| one(row.token, &row.channel, row.started_at)).collect())
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

/// Says what came of a try, in the carrier's words.
pub async fn finish(tx: &mut Tx, clinic: ClinicId, token: Uuid, outcome: Outcome, said: Said<'_>, at: Moment) -> Result<()> {
    sqlx::query!(
        "update attempt set outcome = $3, answer = $4, carrier_id = $5, finished_at = $6 where clinic_id = $1 and token = $2",
        clinic.0,
        token,
        outcome.code(),
        said.answer,
        said.id,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a carrier said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said<'a> {
    pub answer: Option<&'a str>,
    /// Its own number for the message.
    pub id: Option<&'a str>,
}

/// Writes down what was sent, beside the try by which it went.
pub async fn add_message(tx: &mut Tx, clinic: ClinicId, id: Uuid, client: ClientId, message: &Written<'_>) -> Result<()> {
    sqlx::query!(
        "insert into message (clinic_id, id, client_id, channel, address, subject, text, made_at, state, attempt)
         values ($1, $2, $3, $4, $5, $6, $7, $8, case when $9 then 'simulated' else 'sent' end, $10)",
        clinic.0,
        id,
        client.0,
        channel_name(message.channel),
        message.address,
        message.subject,
        message.text,
        message.at.timestamp().to_sqlx() as _,
        message.simulated,
        message.token,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub struct Written<'a> {
    pub channel: Channel,
    pub address: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub at: Moment,
    pub token: Uuid,
    /// There is no carrier.
    pub simulated: bool,
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

/// It did not arrive there.
pub async fn came_back(tx: &mut Tx, clinic: ClinicId, token: Uuid, address: &str) -> Result<()> {
    sqlx::query!("update attempt set address = $3 where clinic_id = $1 and token = $2", clinic.0, token, address)
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

/// More does not matter.
const MOST_CAME_BACK: i64 = 10;

/// What came back from these addresses since the client last got something there; the latest first. Whoever it was for: people share
/// telephones.
pub async fn came_back_from(tx: &mut Tx, clinic: ClinicId, client: ClientId, addresses: [&str; 2], since: Moment) -> Result<Vec<CameBack>> {
    let addresses = addresses.map(str::to_owned);
    let rows = sqlx::query!(
        r#"select channel, started_at as "started_at: Timestamp", coalesce(became_why, answer, '') as "said!" from attempt tried
           where clinic_id = $1 and address = any($2) and started_at > $3
               and not exists (select 1 from message join attempt later on later.clinic_id = message.clinic_id and later.token = message.attempt
                   where message.clinic_id = $1 and message.client_id = $4 and message.address = tried.address
                       and later.channel = tried.channel and later.became = 'delivered' and later.started_at > tried.started_at)
           order by started_at desc limit $5"#,
        clinic.0,
        &addresses,
        since.timestamp().to_sqlx() as _,
        client.0,
        MOST_CAME_BACK,
    )
    .fetch_all(&mut **tx)
    .await?;
    let one = |channel: &str, at: Timestamp, said| CameBack { channel: channel_of(channel), at: Moment::new(at.to_jiff()), said };
    Ok(rows.into_iter().map(|row| one(&row.channel, row.started_at, row.said)).collect())
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
