//! What was written to clients.

use crate::store::{Result, Tx};
use app::api::messages::{Channel, Travel};
use domain::{
    follow_up::kind::Kind,
    ids::{ClientId, ClinicId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use uuid::Uuid;

/// A message as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub channel: Channel,
    /// Where it goes.
    pub address: String,
    /// Of an e-mail; otherwise empty.
    pub subject: String,
    /// While nothing carries it whole, with a link's token where it has one: not for the eyes of the staff.
    pub text: String,
    pub made_at: Moment,
    /// `None`: the client asked for it.
    pub made_by: Option<StaffId>,
    pub travel: Travel,
    /// The carrier's own number, of what is not of a series.
    pub carrier_id: Option<String>,
}

fn travel_code(travel: Travel) -> &'static str {
    match travel {
        Travel::Simulated => "simulated",
        Travel::Sent => "sent",
        Travel::Failed => "failed",
        Travel::Unknown => "unknown",
        Travel::Delivered => "delivered",
        Travel::Returned => "bounced",
    }
}

/// So many are looked at; what is older matters to nobody who asks now.
const MOST: i64 = 50;

fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email",
        Channel::Sms => "Sms",
    }
}

pub async fn add(tx: &mut Tx, clinic: ClinicId, id: Uuid, client: ClientId, message: &Message) -> Result<()> {
    sqlx::query!(
        "insert into message (clinic_id, id, client_id, channel, address, subject, text, made_at, made_by, state, carrier_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        clinic.0,
        id,
        client.0,
        channel_name(message.channel),
        message.address,
        message.subject,
        message.text,
        message.made_at.timestamp().to_sqlx() as _,
        message.made_by.map(|staff| staff.0),
        travel_code(message.travel),
        message.carrier_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stands in place of words that are for those who treat.
const WITHHELD: &str = "Aftercare. It names what was done and at which settings: those who treat can read it.";

/// The latest first. Without `clinical`, nothing of what was done stands in any of them.
pub async fn of_client(tx: &mut Tx, clinic: ClinicId, client: ClientId, clinical: bool) -> Result<Vec<Message>> {
    let rows = sqlx::query!(
        r#"select message.channel, message.address, subject, message.carrier_id, coalesce(attempt.became, message.state) as "travel!", case when $4 or touch.kind is distinct from $5 then text else $6 end as "text!",
               made_at as "made_at: Timestamp", made_by
           from message
           left join attempt on attempt.clinic_id = message.clinic_id and attempt.token = message.attempt
           left join touch on touch.clinic_id = attempt.clinic_id and touch.id = attempt.touch_id
           where message.clinic_id = $1 and message.client_id = $2 order by made_at desc, message.id desc limit $3"#,
        clinic.0,
        client.0,
        MOST,
        clinical,
        Kind::Aftercare.code(),
        WITHHELD,
    )
    .fetch_all(&mut **tx)
    .await?;
    let travel = |code: &str| Travel::ALL.into_iter().find(|travel| travel_code(*travel) == code).unwrap_or(Travel::Unknown);
    let messages = rows.into_iter().map(|row| Message {
        channel: if row.channel == channel_name(Channel::Sms) { Channel::Sms } else { Channel::Email },
        address: row.address,
        subject: row.subject,
        text: row.text,
        made_at: Moment::new(row.made_at.to_jiff()),
        made_by: row.made_by.map(StaffId),
        travel: travel(&row.travel),
        carrier_id: row.carrier_id,
    });
    Ok(messages.collect())
}
