//! Pages that stand before any of the program has arrived: drawn here, around the app's own forms.

use super::Edge;
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::{ElementChild, IntoView, Owner, RenderHtml, view};

/// The shell's own head, which also begins to fetch the program, around what is drawn. Nobody keeps a copy.
pub async fn draw<V: IntoView>(edge: &Edge, title: &str, make: impl FnOnce() -> V) -> Response {
    let Ok(shell) = tokio::fs::read_to_string(edge.site.join("index.html")).await else {
        tracing::error!("the app's folder holds no index.html");
        return (StatusCode::INTERNAL_SERVER_ERROR, "Cadence is not built completely on this server.").into_response();
    };
    let head = shell.split_once("<body").map_or(shell.as_str(), |(head, _)| head);
    let head = head.replace("<title>Cadence", &format!("<title>{title} · Cadence"));
    let body = Owner::new().with(|| view! { <body>{make()}</body> }.to_html());
    ([(header::CACHE_CONTROL, "no-store")], Html(format!("{head}{body}</html>"))).into_response()
}
