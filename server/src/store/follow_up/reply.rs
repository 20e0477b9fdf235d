//! What clients wrote back.

use super::attempt::{channel_name, channel_of};
use crate::store::{Result, Tx};
use app::api::messages::Channel;
use domain::{
    follow_up::replies::{Reply, Wish},
    ids::{ClientId, ClinicId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use uuid::Uuid;

/// A message of a client as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub channel: Channel,
    pub address: String,
    /// The carrier's own number of it.
    pub carrier_id: String,
    pub text: String,
    pub at: Moment,
    pub says: Reply,
}

/// So many are looked at; as of what was written to her.
const MOST: i64 = 50;

/// Everybody at the clinic who has that number or address on file, in a fixed order.
pub async fn writers(tx: &mut Tx, clinic: ClinicId, address: &str) -> Result<Vec<ClientId>> {
    let rows = sqlx::query_scalar!(
        "select client_id from client_address where clinic_id = $1 and address = client_address_key($2) order by 1",
        clinic.0,
        address,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(ClientId).collect())
}

/// `false`: it was kept before.
pub async fn add(tx: &mut Tx, clinic: ClinicId, id: Uuid, client: ClientId, received: &Received) -> Result<bool> {
    let wish = received.says.wish.map(|wish| match wish {
        Wish::Stop => "stop",
        Wish::Start => "start",
    });
    let added = sqlx::query!(
        "insert into reply (clinic_id, id, client_id, channel, address, carrier_id, text, received_at, wish, worried)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (clinic_id, client_id, carrier_id) do nothing",
        clinic.0,
        id,
        client.0,
        channel_name(received.channel),
        received.address,
        received.carrier_id,
        received.text,
        received.at.timestamp().to_sqlx() as _,
        wish,
        received.says.worried,
    )
    .execute(&mut **tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// The latest first.
pub async fn of_client(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Vec<Received>> {
    let rows = sqlx::query!(
        r#"select channel, address, carrier_id, text, received_at as "received_at: Timestamp", wish, worried from reply
           where clinic_id = $1 and client_id = $2 order by received_at desc, id desc limit $3"#,
        clinic.0,
        client.0,
        MOST,
    )
    .fetch_all(&mut **tx)
    .await?;
    let wish = |word: &str| if word == "stop" { Wish::Stop } else { Wish::Start };
    let received = rows.into_iter().map(|row| Received {
        channel: channel_of(&row.channel),
        address: row.address,
        carrier_id: row.carrier_id,
        text: row.text,
        at: Moment::new(row.received_at.to_jiff()),
        says: Reply { wish: row.wish.as_deref().map(wish), worried: row.worried },
    });
    Ok(received.collect())
}
