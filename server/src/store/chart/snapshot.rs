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
    Ok(load_all(tx, clinic, &[client]).await?.pop())
}

/// The charts of these clients as they stand in this transaction, in no order.
pub async fn load_all(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<Vec<Chart>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let rows =
        sqlx::query!("select client_id, format, body from chart_snapshot where clinic_id = $1 and client_id = any($2)", clinic.0, &ids)
            .fetch_all(&mut **tx)
            .await?;
    let (current, outdated): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.format == FORMAT);
    let read = |body: &[u8]| decode(body).map_err(|error| StoreError::Unreadable(error.to_string()));
    let mut charts = current.iter().map(|row| read(&row.body)).collect::<Result<Vec<Chart>>>()?;
    if !outdated.is_empty() {
        let outdated: Vec<_> = outdated.iter().map(|row| ClientId(row.client_id)).collect();
        charts.extend(rebuild(tx, clinic, &outdated).await?);
    }
    Ok(charts)
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
