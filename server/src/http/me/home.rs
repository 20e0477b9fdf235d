//! The first page, and her choice of messages.

use super::{
    document::{self, ask as asking},
    failed, go_home, visitor,
};
use crate::{
    http::Edge,
    own_pages::{SignedInClient, own},
    store::{self, Result, own_pages::choice},
};
use app::{
    api::messages::MessageChoices,
    me::{AskSays, Home, HomePage, SaidAtHome, home},
};
use axum::{
    Extension, Form,
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
    let choices = choice::of_client(&mut tx, who.clinic, who.client).await?;
    Ok(Some(home(&own.chart, &own.catalogue, choices, edge.clinics.host.now())))
}

/// What is ticked; a browser sends nothing for the rest.
#[derive(Deserialize)]
pub struct Ticked {
    email_reminders: Option<String>,
    email_offers: Option<String>,
    sms_reminders: Option<String>,
    sms_offers: Option<String>,
}

pub async fn choose(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>, Form(ticked): Form<Ticked>) -> Response {
    let choices = MessageChoices {
        email_reminders: ticked.email_reminders.is_some(),
        email_offers: ticked.email_offers.is_some(),
        sms_reminders: ticked.sms_reminders.is_some(),
        sms_offers: ticked.sms_offers.is_some(),
    };
    let saved = async {
        let mut tx = store::begin(&edge.clinics.pool, who.clinic).await?;
        choice::save(&mut tx, who.clinic, who.client, choices, edge.clinics.host.now()).await?;
        Ok(tx.commit().await?)
    };
    match saved.await {
        Ok(()) => go_home(SaidAtHome::Chosen),
        Err(error) => failed(&edge, &error),
    }
}
