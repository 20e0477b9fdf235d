//! The audit's rows, and where each clinic's chain ends.

use super::{Result, Tx};
use crate::audit::chain::{NOTHING, Row};
use app::api::audit::AuditAsked;
use domain::ids::{ClientId, ClinicId, LookId};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use std::collections::HashSet;
use uuid::Uuid;

/// The last row of a clinic's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub clinic: ClinicId,
    /// Zero while there is none.
    pub number: i64,
    pub hash: Vec<u8>,
}

/// Locks the end of the chain to the end of the transaction.
pub async fn lock_head(tx: &mut Tx, clinic: ClinicId) -> Result<Head> {
    loop {
        let row =
            sqlx::query!("select number, hash from audit_head where clinic_id = $1 for update", clinic.0).fetch_optional(&mut **tx).await?;
        if let Some(row) = row {
            return Ok(Head { clinic, number: row.number, hash: row.hash });
        }
        // The clinic's first. Somebody else may do the same now: then this waits for them, and finds theirs.
        sqlx::query!(
            "insert into audit_head (clinic_id, number, hash) values ($1, 0, $2) on conflict do nothing",
            clinic.0,
            NOTHING.as_slice()
        )
        .execute(&mut **tx)
        .await?;
    }
}

/// Adds rows after the end of the chain, which this transaction has locked, and moves it to the last of them.
pub async fn append(tx: &mut Tx, clinic: ClinicId, rows: Vec<Row>) -> Result<()> {
    let Some((end, hash)) = rows.last().map(|last| (last.number, last.hash.clone())) else { return Ok(()) };
    let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
    let at: Vec<_> = rows.iter().map(|row| row.at.to_sqlx()).collect();
    let received_at: Vec<_> = rows.iter().map(|row| row.received_at.to_sqlx()).collect();
    let who: Vec<_> = rows.iter().map(|row| row.who.clone()).collect();
    let who_id: Vec<_> = rows.iter().map(|row| row.who_id).collect();
    let action: Vec<_> = rows.iter().map(|row| row.action.clone()).collect();
    let client: Vec<_> = rows.iter().map(|row| row.client).collect();
    let previous: Vec<_> = rows.iter().map(|row| row.previous.clone()).collect();
    let hashes: Vec<_> = rows.iter().map(|row| row.hash.clone()).collect();
    let detail: Vec<_> = rows.into_iter().map(|row| row.detail).collect();
    sqlx::query!(
        "with added as (
            insert into audit (clinic_id, number, at, received_at, who, who_id, action, client_id, detail, previous, hash)
            select $1, new.* from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::uuid[], $7::text[], $8::uuid[],
                $9::jsonb[], $10::bytea[], $11::bytea[]) as new
        )
        update audit_head set number = $12, hash = $13 where clinic_id = $1",
        clinic.0,
        &numbers,
        &at as _,
        &received_at as _,
        &who,
        &who_id as &[Option<Uuid>],
        &action,
        &client as &[Option<Uuid>],
        &detail,
        &previous,
        &hashes,
        end,
        hash,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Where the clinic's chain ends, if it has begun.
pub async fn head(tx: &mut Tx, clinic: ClinicId) -> Result<Option<Head>> {
    let row = sqlx::query!("select number, hash from audit_head where clinic_id = $1", clinic.0).fetch_optional(&mut **tx).await?;
    Ok(row.map(|row| Head { clinic, number: row.number, hash: row.hash }))
}

/// The same of every clinic: for whoever looks after all of them, on behalf of none.
pub async fn heads(pool: &PgPool) -> Result<Vec<Head>> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('cadence.every_head', 'on', true)").fetch_one(&mut *tx).await?;
    let rows =
        sqlx::query!("select clinic_id, number, hash from audit_head where number > 0 order by clinic_id").fetch_all(&mut *tx).await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| Head { clinic: ClinicId(row.clinic_id), number: row.number, hash: row.hash }).collect())
}

/// The hash of one row.
pub async fn hash(tx: &mut Tx, clinic: ClinicId, number: i64) -> Result<Option<Vec<u8>>> {
    let hash = sqlx::query_scalar!("select hash from audit where clinic_id = $1 and number = $2", clinic.0, number)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(hash)
}

pub async fn count(tx: &mut Tx, clinic: ClinicId) -> Result<i64> {
    let count =
        sqlx::query_scalar!(r#"select count(*) as "count!" from audit where clinic_id = $1"#, clinic.0).fetch_one(&mut **tx).await?;
    Ok(count)
}

/// Rows by number, from the one after `after`.
pub async fn page(tx: &mut Tx, clinic: ClinicId, after: i64, most: i64) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Stored,
        "select clinic_id, number, at, received_at, who, who_id, action, client_id, detail, previous, hash
         from audit where clinic_id = $1 and number > $2 order by number limit $3",
        clinic.0,
        after,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// What is about one client, the newest first.
pub async fn of_client(tx: &mut Tx, clinic: ClinicId, asked: AuditAsked, most: usize) -> Result<Vec<Row>> {
    let (before, number) = match asked.before {
        Some(cursor) => (cursor.at.timestamp(), i64::try_from(cursor.number).unwrap_or(i64::MAX)),
        None => (jiff::Timestamp::MAX, i64::MAX),
    };
    let rows = sqlx::query_as!(
        Stored,
        "select clinic_id, number, at, received_at, who, who_id, action, client_id, detail, previous, hash
         from audit where clinic_id = $1 and client_id = $2 and (at, number) < ($3, $4) order by at desc, number desc limit $5",
        clinic.0,
        asked.client.0,
        before.to_sqlx() as _,
        number,
        i64::try_from(most).unwrap_or(i64::MAX),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// Which of these are clients of the clinic.
pub async fn clients(tx: &mut Tx, clinic: ClinicId, of: impl IntoIterator<Item = ClientId>) -> Result<HashSet<ClientId>> {
    let of: Vec<_> = of.into_iter().map(|client| client.0).collect();
    let found =
        sqlx::query_scalar!("select id from client where clinic_id = $1 and id = any($2)", clinic.0, &of).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().map(ClientId).collect())
}

/// Which of these looks were told before.
pub async fn known_looks(tx: &mut Tx, clinic: ClinicId, of: impl IntoIterator<Item = LookId>) -> Result<HashSet<LookId>> {
    let of: Vec<_> = of.into_iter().map(|look| look.to_string()).collect();
    let found = sqlx::query_scalar!(
        r#"select detail ->> 'look' as "look!" from audit where clinic_id = $1 and detail ? 'look' and detail ->> 'look' = any($2)"#,
        clinic.0,
        &of
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(found.iter().filter_map(|look| look.parse().ok()).collect())
}

struct Stored {
    clinic_id: Uuid,
    number: i64,
    at: jiff_sqlx::Timestamp,
    received_at: jiff_sqlx::Timestamp,
    who: String,
    who_id: Option<Uuid>,
    action: String,
    client_id: Option<Uuid>,
    detail: serde_json::Value,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl From<Stored> for Row {
    fn from(row: Stored) -> Self {
        Self {
            clinic: ClinicId(row.clinic_id),
            number: row.number,
            at: row.at.to_jiff(),
            received_at: row.received_at.to_jiff(),
            who: row.who,
            who_id: row.who_id,
            action: row.action,
            client: row.client_id,
            detail: row.detail,
            previous: row.previous,
            hash: row.hash,
        }
    }
}
