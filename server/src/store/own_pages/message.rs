//! What was written to clients.

use crate::store::{Result, Tx};
use app::api::messages::Channel;
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
    /// Whole, with a link's token where it has one: not for the eyes of the staff.
    pub text: String,
    pub made_at: Moment,
    /// `None`: the client asked for it.
    pub made_by: Option<StaffId>,
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
        "insert into message (clinic_id, id, client_id, channel, address, text, made_at, made_by, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'simulated')",
        clinic.0,
        id,
        client.0,
        channel_name(message.channel),
        message.address,
        message.text,
        message.made_at.timestamp().to_sqlx() as _,
        message.made_by.map(|staff| staff.0),
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
        r#"select message.channel, address, case when $4 or touch.kind is distinct from $5 then text else $6 end as "text!",
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
    let message = |row: (String, String, String, Timestamp, Option<Uuid>)| Message {
        channel: if row.0 == channel_name(Channel::Sms) { Channel::Sms } else { Channel::Email },
        address: row.1,
        text: row.2,
        made_at: Moment::new(row.3.to_jiff()),
        made_by: row.4.map(StaffId),
    };
    Ok(rows.into_iter().map(|row| message((row.channel, row.address, row.text, row.made_at, row.made_by))).collect())
}
