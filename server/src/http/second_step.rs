//! The second step of signing in, on a page of its own: whoever stands there gave the right password a moment ago, and nothing else.

use super::{
    Edge,
    cookie::{self, Purpose},
    page,
};
use crate::{
    backend,
    getting_in::{self, StepError},
};
use app::sign_in::{SIGN_IN, SecondStepPage, safe_next};
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::view;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Typed {
    code: String,
    #[serde(default)]
    next: String,
}

pub async fn show(State(edge): State<Edge>, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Response {
    page(&edge, &headers, &wanted.next, None).await
}

pub async fn receive(State(edge): State<Edge>, headers: HeaderMap, Form(typed): Form<Typed>) -> Response {
    let presented = |purpose| cookie::read(&headers, edge.cookie_name, purpose);
    let (step, replaced) = (presented(Purpose::Step), presented(Purpose::SignIn));
    match getting_in::take_step(&edge.clinics, &edge.ways_in, step.as_deref(), &typed.code, replaced.as_deref()).await {
        Ok(token) => signed_in(&edge, &token, &typed.next),
        Err(StepError::Over) => Redirect::to(SIGN_IN).into_response(),
        Err(error) => {
            let (status, words) = (status_of(&error), error.to_string());
            let mut response = page(&edge, &headers, &typed.next, Some(words)).await;
            *response.status_mut() = status;
            response
        }
    }
}

/// Leads on, with the sign-in's cookie.
pub fn signed_in(edge: &Edge, token: &str, next: &str) -> Response {
    let next = HeaderValue::from_str(safe_next(next)).unwrap_or(HeaderValue::from_static("/"));
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, next)]).into_response();
    let signed_in = cookie::value(edge.cookie_name, Purpose::SignIn, token, backend::SIGN_IN_SECONDS);
    for cookie in [signed_in, cookie::removal(edge.cookie_name, Purpose::Step)] {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Logs what is the server's fault.
pub fn status_of(error: &StepError) -> StatusCode {
    match error {
        StepError::WrongCode | StepError::WrongPassword | StepError::WrongKey | StepError::Over => StatusCode::UNAUTHORIZED,
        StepError::Unconfirmed | StepError::LastOne => StatusCode::CONFLICT,
        StepError::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
        StepError::Store(error) => super::status_of(error, "a sign-in failed"),
    }
}

async fn page(edge: &Edge, headers: &HeaderMap, next: &str, problem: Option<String>) -> Response {
    let step = cookie::read(headers, edge.cookie_name, Purpose::Step);
    match getting_in::look(&edge.clinics, step.as_deref()).await {
        Ok(Some(factors)) => {
            let (has_app, has_passkey, next) = (factors.totp.is_some(), factors.passkeys > 0, safe_next(next).to_owned());
            page::draw(edge, "Sign in", || view! { <SecondStepPage has_app has_passkey next problem /> }).await
        }
        Ok(None) => Redirect::to(&app::sign_in::address(safe_next(next))).into_response(),
        Err(error) => status_of(&StepError::Store(error)).into_response(),
    }
}
