//! Clients' browsers that are signed in.

use crate::store::{self, Result, Tx};
use domain::{
    ids::{ClientId, ClinicId},
    time::Moment,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

/// Signs a browser in, and clears away this clinic's sign-ins that have ended.
pub async fn add(tx: &mut Tx, clinic: ClinicId, client: ClientId, token_hash: &[u8], since: Moment, ends_at: Moment) -> Result<()> {
    sqlx::query!("delete from client_sign_in where clinic_id = $1 and ends_at < $2", clinic.0, since.timestamp().to_sqlx() as _)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        "insert into client_sign_in (clinic_id, token_hash, client_id, since, ends_at) values ($1, $2, $3, $4, $5)",
        clinic.0,
        token_hash,
        client.0,
        since.timestamp().to_sqlx() as _,
        ends_at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whose browser presents this cookie, if it is still good.
pub async fn find(pool: &PgPool, token_hash: &[u8], now: Moment) -> Result<Option<(ClinicId, ClientId)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.client_token_hash', encode($1, 'hex'), true)", token_hash).fetch_one(&mut *tx).await?;
    let row = sqlx::query!(
        "select clinic_id, client_id from client_sign_in where token_hash = $1 and ends_at > $2",
        token_hash,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| (ClinicId(row.clinic_id), ClientId(row.client_id))))
}

pub async fn remove(pool: &PgPool, clinic: ClinicId, token_hash: &[u8]) -> Result<()> {
    let mut tx = store::begin(pool, clinic).await?;
    sqlx::query!("delete from client_sign_in where clinic_id = $1 and token_hash = $2", clinic.0, token_hash).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}
