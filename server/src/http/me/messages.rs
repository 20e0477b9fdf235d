//! Her choice of messages.

use super::{document, failed, go_home};
use crate::{
    http::Edge,
    own_pages::{SignedInClient, choices},
};
use app::{
    api::messages::MessageChoices,
    me::{MessagesPage, SaidAtHome},
};
use axum::{Extension, Form, extract::State, http::StatusCode, response::Response};
use leptos::prelude::{IntoAny, view};
use serde::Deserialize;

pub async fn show(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>) -> Response {
    match choices::to_choose(&edge.clinics, who).await {
        Ok(Some(to_choose)) => document::page(&edge, StatusCode::OK, "Messages to me", || view! { <MessagesPage to_choose /> }.into_any()),
        Ok(None) => document::not_there(&edge),
        Err(error) => failed(&edge, &error),
    }
}

/// What is ticked and chosen; a browser sends nothing for what is not ticked.
#[derive(Deserialize)]
pub struct Chosen {
    email_reminders: Option<String>,
    email_offers: Option<String>,
    sms_reminders: Option<String>,
    sms_offers: Option<String>,
    detail_by_sms: Option<String>,
    #[serde(default)]
    language: String,
    #[serde(default)]
    zone: String,
}

pub async fn choose(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>, Form(chosen): Form<Chosen>) -> Response {
    let named = |name: String| Some(name).filter(|name| !name.is_empty());
    let choices = MessageChoices {
        email_reminders: chosen.email_reminders.is_some(),
        email_offers: chosen.email_offers.is_some(),
        sms_reminders: chosen.sms_reminders.is_some(),
        sms_offers: chosen.sms_offers.is_some(),
        language: named(chosen.language),
        zone: named(chosen.zone),
        detail_by_sms: chosen.detail_by_sms.is_some(),
    };
    match choices::save(&edge.clinics, who, choices).await {
        Ok(()) => go_home(SaidAtHome::Chosen),
        Err(error) => failed(&edge, &error),
    }
}
