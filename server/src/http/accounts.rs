//! The list for the accountant, as CSV.

use super::{Edge, status_of};
use crate::{
    accounts::{self, Span},
    audit::{self, Entry},
    store::{self, StoreError, chart, clinic},
};
use app::api::SignedIn;
use axum::{
    Extension,
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{audit::Action, chart::Chart, ids::ClinicId, sync::decode};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

pub async fn list(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>, Query(asked): Query<Asked>) -> Response {
    let span = Span { from: asked.from.parse().ok(), to: asked.to.parse().ok() };
    let list = async {
        let (body, lines) = written(&edge, signed_in.clinic, span).await?;
        let entry = Entry::by_staff(signed_in.staff, Action::ReadAccounts).count("lines", lines);
        audit::note(&edge.clinics, signed_in.clinic, entry).await?;
        store::Result::Ok(body)
    };
    match list.await {
        Ok(body) => {
            let head = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"cadence-accounts.csv\""),
            ];
            (head, body).into_response()
        }
        Err(error) => status_of(&error, "the accounts could not be written").into_response(),
    }
}

/// All charts, page by page, in one snapshot of the record; and how many lines they gave.
async fn written(edge: &Edge, clinic: ClinicId, span: Span) -> store::Result<(Vec<u8>, usize)> {
    let mut tx = edge.clinics.pool.begin().await?;
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
    store::enter(&mut tx, clinic).await?;
    let version = clinic::read_version(&mut tx, clinic).await?;
    let catalogue = edge.clinics.catalogue(&mut tx, clinic, version.catalogue).await?;
    let mut lines = csv::Writer::from_writer(Vec::new());
    let unwritten = |error: csv::Error| StoreError::Unreadable(error.to_string());
    lines.write_record(accounts::HEAD).map_err(unwritten)?;
    let (mut since, mut written) = (0, 0);
    loop {
        let page = chart::page(&mut tx, clinic, since).await?;
        let Some(last) = page.last() else { break };
        since = last.version.cast_signed();
        for row in &page {
            let chart: Chart = decode(&row.body.0).map_err(|error| StoreError::Unreadable(error.to_string()))?;
            for line in accounts::lines(&chart, &catalogue, span) {
                lines.write_record(&line).map_err(unwritten)?;
                written += 1;
            }
        }
        // Others are served between two pages.
        tokio::task::yield_now().await;
    }
    let body = lines.into_inner().map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok((body, written))
}
