//! The first page.

use super::{
    document::{self, ask as asking},
    failed, visitor,
};
use crate::{
    http::Edge,
    own_pages::{SignedInClient, own},
    store::{self, Result},
};
use app::me::{AskSays, Home, HomePage, SaidAtHome, home};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use leptos::prelude::{IntoAny, view};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    said: String,
}

/// Her first page; to nobody, the form to ask for a link.
pub async fn show(State(edge): State<Edge>, headers: HeaderMap, Query(said): Query<Said>) -> Response {
    let found = async {
        let Some(who) = visitor(&edge, &headers).await? else { return Ok(None) };
        read(&edge, who).await
    };
    match found.await {
        Ok(Some(home)) => {
            let said = SaidAtHome::from_key(&said.said);
            document::page(&edge, StatusCode::OK, "My sessions", || view! { <HomePage home said /> }.into_any())
        }
        Ok(None) => asking(&edge, StatusCode::OK, AskSays::Nothing),
        Err(error) => failed(&edge, &error),
    }
}

async fn read(edge: &Edge, who: SignedInClient) -> Result<Option<Home>> {
    let mut tx = store::begin(&edge.clinics.pool, who.clinic).await?;
    let Some(own) = own(&edge.clinics, &mut tx, who).await? else { return Ok(None) };
    Ok(Some(home(&own.chart, &own.catalogue, edge.clinics.host.now())))
}
