//! The numbers and the follow-up as files.

use super::{Edge, status_of};
use crate::{
    audit::{self, Entry},
    numbers::{
        self,
        csv::{self, Lines},
    },
    store::{self, numbers::names::Names},
};
use app::api::SignedIn;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    audit::Action,
    ids::{ClientId, ClinicId},
    numbers::{Span, Table},
};
use futures::TryStreamExt;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    table: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Asked {
    fn span(&self) -> Span {
        Span { from: self.from.parse().ok(), until: self.to.parse().ok() }
    }
}

fn file(name: &str, body: Vec<u8>) -> Response {
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"cadence-{name}.csv\"")),
    ];
    (head, body).into_response()
}

/// One table of the numbers.
pub async fn table(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>, Query(asked): Query<Asked>) -> Response {
    let Some(table) = Table::by_code(&asked.table) else { return StatusCode::NOT_FOUND.into_response() };
    let read = async {
        let (mut tx, of, catalogue) = numbers::begin(&edge.clinics, signed_in.clinic, asked.span()).await?;
        let numbers = store::numbers::read(&mut tx, &of).await?;
        let names = Names::of(&mut tx, signed_in.clinic, &numbers).await?;
        tx.commit().await?;
        let body = csv::table(table, &numbers, &names, &catalogue)?;
        let entry = Entry::by_staff(signed_in.staff, Action::ReadNumbers).word("table", table.code());
        audit::note(&edge.clinics, signed_in.clinic, entry).await?;
        store::Result::Ok(body)
    };
    match read.await {
        Ok(body) => file(table.code(), body),
        Err(error) => status_of(&error, "the numbers could not be written").into_response(),
    }
}

/// Every touch of the clinic that was due in these days.
pub async fn touches(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>, Query(asked): Query<Asked>) -> Response {
    let entry = Entry::by_staff(signed_in.staff, Action::ReadTouches);
    match written(&edge, signed_in.clinic, asked.span(), None, entry).await {
        Ok(body) => file("follow-up", body),
        Err(error) => status_of(&error, "the follow-up could not be written").into_response(),
    }
}

/// Every touch of one client. Whoever works here may see them on her page, too.
pub async fn touches_of_client(
    State(edge): State<Edge>,
    Extension(signed_in): Extension<SignedIn>,
    Path(client): Path<uuid::Uuid>,
) -> Response {
    let client = ClientId(client);
    let entry = Entry::by_staff(signed_in.staff, Action::ReadTouches).about(client);
    let known = async {
        let mut tx = store::begin(&edge.clinics.pool, signed_in.clinic).await?;
        store::chart::load(&mut tx, signed_in.clinic, client).await
    };
    match known.await {
        Ok(Some(_)) => {}
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return status_of(&error, "a chart could not be read").into_response(),
    }
    match written(&edge, signed_in.clinic, Span::default(), Some(client), entry).await {
        Ok(body) => file("follow-up-of-client", body),
        Err(error) => status_of(&error, "the follow-up could not be written").into_response(),
    }
}

async fn written(edge: &Edge, clinic: ClinicId, span: Span, client: Option<ClientId>, entry: Entry) -> store::Result<Vec<u8>> {
    let (mut tx, asked, catalogue) = numbers::begin(&edge.clinics, clinic, span).await?;
    let mut lines = Lines::new(&csv::TOUCHES_HEAD)?;
    let mut count = 0;
    {
        let mut found = std::pin::pin!(store::numbers::timeline::lines(&mut tx, &asked, client));
        while let Some(line) = found.try_next().await? {
            lines.add(csv::touch(line, &catalogue.clock))?;
            count += 1;
        }
    }
    tx.commit().await?;
    audit::note(&edge.clinics, clinic, entry.count("lines", count)).await?;
    lines.body()
}
