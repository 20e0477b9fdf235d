//! Charts in the encoding devices read.

use super::read::rebuild;
use crate::store::{Result, StoreError, Tx};
use domain::{
    chart::Chart,
    ids::{ClientId, ClinicId},
    sync::{Body, PAGE_FORMAT, PageChart, decode, encode},
};

const FORMAT: i16 = PAGE_FORMAT.cast_signed();

/// A page holds about so many bytes of charts before compression.
const PAGE_BYTES: i64 = 768 * 1024;

pub async fn save(tx: &mut Tx, clinic: ClinicId, charts: impl Iterator<Item = (i64, &Chart)>) -> Result<()> {
    let (mut clients, mut versions, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for (version, chart) in charts {
        clients.push(chart.client.id.0);
        versions.push(version);
        bodies.push(encode(chart));
    }
    sqlx::query!(
        "insert into chart_snapshot (clinic_id, client_id, version, format, body)
         select $1, client_id, version, $2, body from unnest($3::uuid[], $4::bigint[], $5::bytea[]) as new (client_id, version, body)
         on conflict (clinic_id, client_id) do update set version = excluded.version, format = excluded.format, body = excluded.body",
        clinic.0,
        FORMAT,
        &clients,
        &versions,
        &bodies,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A chart as it stands in this transaction.
pub async fn load(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Option<Chart>> {
    let row = sqlx::query!("select format, body from chart_snapshot where clinic_id = $1 and client_id = $2", clinic.0, client.0)
        .fetch_optional(&mut **tx)
        .await?;
    match row {
        Some(row) if row.format == FORMAT => Ok(Some(decode(&row.body).map_err(|error| StoreError::Unreadable(error.to_string()))?)),
        Some(_) => Ok(rebuild(tx, clinic, &[client]).await?.pop()),
        None => Ok(None),
    }
}

/// The next page of charts that changed after `since`, in the order in which they did.
pub async fn page(tx: &mut Tx, clinic: ClinicId, since: i64) -> Result<Vec<PageChart>> {
    let rows = sqlx::query!(
        r#"select client_id as "client_id!", version as "version!", body as "body!" from (
             select client_id, version, body, sum(length(body)) over (order by version) - length(body) as before
             from (select client_id, version, body from chart_snapshot where clinic_id = $1 and version > $2 order by version limit 1000) chart
           ) chart where before < $3 order by version"#,
        clinic.0,
        since,
        PAGE_BYTES,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| PageChart { client: ClientId(row.client_id), version: row.version.unsigned_abs(), body: Body(row.body) })
        .collect())
}

/// Charts there are.
pub async fn total(tx: &mut Tx, clinic: ClinicId) -> Result<u32> {
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from chart_snapshot where clinic_id = $1"#, clinic.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Whether anything changed after this version.
pub async fn any_after(tx: &mut Tx, clinic: ClinicId, version: i64) -> Result<bool> {
    let any = sqlx::query_scalar!(
        r#"select exists (select from chart_snapshot where clinic_id = $1 and version > $2) as "any!""#,
        clinic.0,
        version
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(any)
}
