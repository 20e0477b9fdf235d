//! Finding clients by what somebody typed, before anybody has a clinic.

use crate::store::{Result, Tx};
use domain::ids::{ClientId, ClinicId};
use sqlx::PgPool;

/// More people do not share an address.
const MOST: i64 = 10;

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnFile {
    pub clinic: String,
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// What is looked for: one form for all ways to type an address. `None` for what is neither e-mail nor phone.
pub async fn key(pool: &PgPool, typed: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!("select client_address_key($1)", typed).fetch_one(pool).await?)
}

/// Everybody who has it on file, at whichever clinic.
pub async fn find(pool: &PgPool, key: &str) -> Result<Vec<(ClinicId, ClientId)>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.client_address', $1, true)", key).fetch_one(&mut *tx).await?;
    let rows = sqlx::query!("select clinic_id, client_id from client_address where address = $1 order by 1, 2 limit $2", key, MOST)
        .fetch_all(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| (ClinicId(row.clinic_id), ClientId(row.client_id))).collect())
}

pub async fn on_file(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Option<OnFile>> {
    let row = sqlx::query!(
        "select clinic.name as clinic, client.name, email, phone from client join clinic using (clinic_id)
         where client.clinic_id = $1 and client.id = $2",
        clinic.0,
        client.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| OnFile { clinic: row.clinic, name: row.name, email: row.email, phone: row.phone }))
}
