//! The sign-in page: drawn here, around the app's own form, so that it stands before any of the program has arrived.

use super::{
    Edge,
    cookie::{self, Purpose},
    page,
    second_step::signed_in,
};
use crate::{
    backend::{self, Began, SignInError},
    getting_in::STEP_SECONDS,
};
use app::sign_in::{SECOND_STEP, SIGN_IN, SignInPage, safe_next};
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::view;
use serde::Deserialize;

#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Typed {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn show(State(edge): State<Edge>, Query(wanted): Query<Wanted>) -> Response {
    page(&edge, String::new(), &wanted.next, None).await
}

/// Signs in and leads on; or shows the form again, with what was typed but for the password.
pub async fn receive(State(edge): State<Edge>, headers: HeaderMap, Form(typed): Form<Typed>) -> Response {
    let replaced = cookie::read(&headers, edge.cookie_name, Purpose::SignIn);
    match backend::sign_in(&edge.clinics, &typed.email, &typed.password, replaced.as_deref()).await {
        Ok(Began::SignedIn(token)) => signed_in(&edge, &token, &typed.next),
        Ok(Began::SecondStep(step)) => {
            let cookie = cookie::value(edge.cookie_name, Purpose::Step, &step, STEP_SECONDS);
            let address = app::sign_in::address(safe_next(&typed.next)).replacen(SIGN_IN, SECOND_STEP, 1);
            ([(header::SET_COOKIE, cookie)], Redirect::to(&address)).into_response()
        }
        Err(error) => {
            let status = match &error {
                SignInError::WrongPassword => StatusCode::UNAUTHORIZED,
                SignInError::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
                SignInError::Store(error) => super::status_of(error, "a sign-in failed"),
            };
            let mut response = page(&edge, typed.email, &typed.next, Some(error.to_string())).await;
            *response.status_mut() = status;
            if status == StatusCode::TOO_MANY_REQUESTS {
                response.headers_mut().insert(header::RETRY_AFTER, backend::TRIES_SECONDS.into());
            }
            response
        }
    }
}

/// The form, with what was typed but for the password.
pub async fn page(edge: &Edge, email: String, next: &str, problem: Option<String>) -> Response {
    let next = safe_next(next).to_owned();
    page::draw(edge, "Sign in", || view! { <SignInPage email next problem /> }).await
}
