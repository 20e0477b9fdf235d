//! Links that book one session, once.

use super::super::{self as store, Result, Tx};
use domain::{
    ids::{ClientId, ClinicId, SessionId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use uuid::Uuid;

/// What a link books; kept under the SHA-256 of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingLink {
    pub client: ClientId,
    pub session: SessionId,
    /// In whose message it stands.
    pub touch: Uuid,
}

/// How a link stands for whoever follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open(ClinicId, BookingLink),
    /// The session was booked, by it or in another way.
    Booked,
    /// Too old, or never made.
    Gone,
}

/// Keeps links, each under the hash of its token, and clears away this clinic's that ended long ago: until then they say why they do
/// nothing any more.
pub async fn add(tx: &mut Tx, clinic: ClinicId, links: &[(Vec<u8>, BookingLink)], made_at: Moment, ends_at: Moment) -> Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let hashes: Vec<_> = links.iter().map(|(hash, _)| hash.clone()).collect();
    let clients: Vec<_> = links.iter().map(|(_, link)| link.client.0).collect();
    let sessions: Vec<_> = links.iter().map(|(_, link)| link.session.0).collect();
    let touches: Vec<_> = links.iter().map(|(_, link)| link.touch).collect();
    sqlx::query!(
        "delete from booking_link where clinic_id = $1 and ends_at < $2::timestamptz - interval '90 days'",
        clinic.0,
        made_at.timestamp().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into booking_link (clinic_id, token_hash, client_id, session_id, touch_id, made_at, ends_at)
         select $1, hash, client, session, touch, $2, $3
         from unnest($4::bytea[], $5::uuid[], $6::uuid[], $7::uuid[]) as new (hash, client, session, touch)",
        clinic.0,
        made_at.timestamp().to_sqlx() as _,
        ends_at.timestamp().to_sqlx() as _,
        &hashes,
        &clients,
        &sessions,
        &touches,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Looks, and changes nothing. The transaction is its clinic's, where there is one.
pub async fn standing(pool: &PgPool, token_hash: &[u8], now: Moment) -> Result<(Tx, Standing)> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.link_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let row = sqlx::query!(
        r#"select clinic_id, client_id, session_id, touch_id, booked_at is not null as "booked!", ends_at > $2 as "lasts!"
           from booking_link where token_hash = $1"#,
        token_hash,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok((tx, Standing::Gone)) };
    let clinic = ClinicId(row.clinic_id);
    store::enter(&mut tx, clinic).await?;
    let link = BookingLink { client: ClientId(row.client_id), session: SessionId(row.session_id), touch: row.touch_id };
    let standing = match (row.booked, row.lasts) {
        (true, _) => Standing::Booked,
        (false, true) => Standing::Open(clinic, link),
        (false, false) => Standing::Gone,
    };
    Ok((tx, standing))
}

/// Uses it. However many try at once, one does: `false` for the others.
pub async fn take(tx: &mut Tx, clinic: ClinicId, token_hash: &[u8], now: Moment) -> Result<bool> {
    let taken = sqlx::query!(
        "update booking_link set booked_at = $3 where clinic_id = $1 and token_hash = $2 and booked_at is null and ends_at > $3",
        clinic.0,
        token_hash,
        now.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}
