//! The sign-in page: drawn here, around the app's own form, so that it stands before any of the program has arrived.

use super::{Edge, cookie};
use crate::backend;
use app::{
    api::ApiError,
    sign_in::{SignInPage, safe_next},
};
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::{ElementChild, Owner, RenderHtml, view};
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
    let replaced = cookie::read(&headers, edge.cookie_name);
    match backend::sign_in(&edge.clinics, &typed.email, &typed.password, replaced.as_deref()).await {
        Ok(token) => {
            let cookie = cookie::value(edge.cookie_name, &token, backend::SIGN_IN_SECONDS);
            let next = HeaderValue::from_str(safe_next(&typed.next)).unwrap_or(HeaderValue::from_static("/"));
            (StatusCode::SEE_OTHER, [(header::LOCATION, next), (header::SET_COOKIE, cookie)]).into_response()
        }
        Err(error) => {
            let status = if error == ApiError::WrongPassword { StatusCode::UNAUTHORIZED } else { StatusCode::INTERNAL_SERVER_ERROR };
            let mut response = page(&edge, typed.email, &typed.next, Some(error.to_string())).await;
            *response.status_mut() = status;
            response
        }
    }
}

/// The shell's own head, which also begins to fetch the program, around the form.
async fn page(edge: &Edge, email: String, next: &str, problem: Option<String>) -> Response {
    let Ok(shell) = tokio::fs::read_to_string(edge.site.join("index.html")).await else {
        tracing::error!("the app's folder holds no index.html");
        return (StatusCode::INTERNAL_SERVER_ERROR, "Cadence is not built completely on this server.").into_response();
    };
    let head = shell.split_once("<body").map_or(shell.as_str(), |(head, _)| head).replace("<title>Cadence", "<title>Sign in · Cadence");
    let next = safe_next(next).to_owned();
    let form = Owner::new().with(|| view! { <body><SignInPage email next problem /></body> }.to_html());
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (no_store, Html(format!("{head}{form}</html>"))).into_response()
}
