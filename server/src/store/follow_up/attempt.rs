//! Tries to hand a touch to a carrier.

use crate::store::{Result, Tx};
use app::api::messages::Channel;
use domain::{
    ids::{ClientId, ClinicId, PlanId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
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

impl Outcome {
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
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'simulated', $9)",
        clinic.0,
        id,
        client.0,
        channel_name(message.channel),
        message.address,
        message.subject,
        message.text,
        message.at.timestamp().to_sqlx() as _,
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
    pub answer: Option<String>,
    /// What was written, where something went out.
    pub text: Option<String>,
}

/// All tries of a plan's touches, oldest first.
pub async fn of_plan(tx: &mut Tx, clinic: ClinicId, plan: PlanId) -> Result<Vec<Tried>> {
    let rows = sqlx::query!(
        r#"select touch_id, token, attempt.channel, started_at as "started_at: Timestamp", outcome, answer, message.text as "text?"
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
