//! Handing out what changed.

use crate::{
    clinic::Clinics,
    store::{self, Result, chart, clinic},
};
use app::api::PullRequest;
use domain::{
    ids::ClinicId,
    sync::{Body, PAGE_FORMAT, Page, encode},
};

/// The next page for a device, read in one snapshot of the database.
pub async fn page(clinics: &Clinics, clinic: ClinicId, request: PullRequest) -> Result<Page> {
    let mut tx = clinics.pool.begin().await?;
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
    store::enter(&mut tx, clinic).await?;
    let current = clinic::read_version(&mut tx, clinic).await?;
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
    Ok(Page { format: PAGE_FORMAT, epoch: current.epoch, from: since, to, latest, total, charts, catalogue })
}
