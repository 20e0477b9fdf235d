//! Signing in with a passkey: the challenge, and what the key answers.

use super::{
    Edge, cookie,
    second_step::{signed_in, status_of},
    sign_in,
};
use crate::passkeys;
use axum::{
    Form, Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Answered {
    challenge: String,
    answer: String,
    #[serde(default)]
    next: String,
}

pub async fn options(State(edge): State<Edge>) -> Response {
    match passkeys::begin_sign_in(&edge.clinics, &edge.ways_in).await {
        Ok(challenge) => ([(header::CACHE_CONTROL, "no-store")], Json(challenge)).into_response(),
        Err(error) => status_of(&error).into_response(),
    }
}

pub async fn receive(State(edge): State<Edge>, headers: HeaderMap, Form(answered): Form<Answered>) -> Response {
    let replaced = cookie::read(&headers, edge.cookie_name, cookie::Purpose::SignIn);
    match passkeys::sign_in(&edge.clinics, &edge.ways_in, &answered.challenge, &answered.answer, replaced.as_deref()).await {
        Ok(token) => signed_in(&edge, &token, &answered.next),
        Err(error) => {
            let mut response = sign_in::page(&edge, String::new(), &answered.next, Some(error.to_string())).await;
            *response.status_mut() = status_of(&error);
            response
        }
    }
}
