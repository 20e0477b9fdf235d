//! Links that were sent to clients.

use crate::store::{self, Result, Tx};
use domain::{
    ids::{ClientId, ClinicId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

/// A link as it is kept: both secrets only by their SHA-256.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    pub client: ClientId,
    pub token_hash: &'a [u8],
    pub browser_hash: &'a [u8],
    pub made_at: Moment,
    pub ends_at: Moment,
}

/// How a link stands for whoever follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can be used here.
    Open,
    /// Another browser asked for it.
    OtherBrowser,
    /// Used, too old, or never made.
    Gone,
}

/// Keeps a link, and clears away this clinic's that have ended.
pub async fn add(tx: &mut Tx, clinic: ClinicId, link: &Link<'_>) -> Result<()> {
    sqlx::query!("delete from client_link where clinic_id = $1 and ends_at < $2", clinic.0, link.made_at.timestamp().to_sqlx() as _)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        "insert into client_link (clinic_id, token_hash, browser_hash, client_id, made_at, ends_at) values ($1, $2, $3, $4, $5, $6)",
        clinic.0,
        link.token_hash,
        link.browser_hash,
        link.client.0,
        link.made_at.timestamp().to_sqlx() as _,
        link.ends_at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Looks, and changes nothing.
pub async fn standing(pool: &PgPool, token_hash: &[u8], browser_hash: Option<&[u8]>, now: Moment) -> Result<Standing> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.link_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let row = sqlx::query!(
        "select browser_hash from client_link where token_hash = $1 and used_at is null and ends_at > $2",
        token_hash,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(match row {
        None => Standing::Gone,
        Some(row) if browser_hash == Some(row.browser_hash.as_slice()) => Standing::Open,
        Some(_) => Standing::OtherBrowser,
    })
}

/// Uses a link, in a transaction of its clinic that is left open for what follows from it. However many try at once, one does.
pub async fn redeem(pool: &PgPool, token_hash: &[u8], browser_hash: &[u8], now: Moment) -> Result<Option<(Tx, ClinicId, ClientId)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.link_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let clinic =
        sqlx::query_scalar!("select clinic_id from client_link where token_hash = $1", token_hash).fetch_optional(&mut *tx).await?;
    let Some(clinic) = clinic.map(ClinicId) else { return Ok(None) };
    store::enter(&mut tx, clinic).await?;
    let client = sqlx::query_scalar!(
        "update client_link set used_at = $4
         where clinic_id = $1 and token_hash = $2 and browser_hash = $3 and used_at is null and ends_at > $4
         returning client_id",
        clinic.0,
        token_hash,
        browser_hash,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(client.map(|client| (tx, clinic, ClientId(client))))
}
