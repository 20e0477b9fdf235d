//! Handing out what changed.

use crate::{
    clinic::Clinics,
    store::{self, Result, StoreError, chart, clinic},
};
use app::api::PullRequest;
use domain::{
    catalogue::Role,
    chart::Chart,
    ids::{ClinicId, EpochId},
    sync::{Body, PAGE_FORMAT, Page, PageChart, decode, encode},
};
use uuid::Uuid;

/// The next page for a device, read in one snapshot of the database. Whoever does not treat gets charts without what is clinical.
pub async fn page(clinics: &Clinics, clinic: ClinicId, role: Role, request: PullRequest) -> Result<Page> {
    let mut tx = clinics.pool.begin().await?;
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
    store::enter(&mut tx, clinic).await?;
    let mut current = clinic::read_version(&mut tx, clinic).await?;
    if !role.charts() {
        current.epoch = without_clinical(current.epoch);
    }
    let latest = current.version.unsigned_abs();
    // Another epoch, or a version that never was: what the device has is of another database.
    let continues = request.epoch == Some(current.epoch) && request.since <= latest;
    let since = if continues { request.since } else { 0 };
    let from = i64::try_from(since).unwrap_or(i64::MAX);

    let charts = if since < latest { chart::page(&mut tx, clinic, from).await? } else { Vec::new() };
    let to = match charts.last() {
        Some(last) if chart::any_after(&mut tx, clinic, last.version.cast_signed()).await? => last.version,
        _ => latest,
    };
    let catalogue = if since == 0 || current.catalogue > from {
        let catalogue = clinics.catalogue(&mut tx, clinic, current.catalogue).await?;
        Some(Body(encode(catalogue.as_ref())))
    } else {
        None
    };
    let total = chart::total(&mut tx, clinic).await?;
    tx.commit().await?;
    let charts = if role.charts() { charts } else { charts.into_iter().map(for_desk).collect::<Result<_>>()? };
    Ok(Page { format: PAGE_FORMAT, epoch: current.epoch, from: since, to, latest, total, charts, catalogue })
}

/// The lesser copy is one of its own: a device that changes from one to the other drops what it has, and reads everything anew.
fn without_clinical(epoch: EpochId) -> EpochId {
    EpochId(Uuid::from_u128(epoch.0.as_u128() ^ 1))
}

fn for_desk(chart: PageChart) -> Result<PageChart> {
    let whole: Chart = decode(&chart.body.0).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok(PageChart { body: Body(encode(&whole.for_desk())), ..chart })
}
