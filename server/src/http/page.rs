//! Pages, and what the browser lets them do: only scripts that carry the page's own nonce run, and what those load.

use super::Edge;
use app::page_script::Nonce;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::{AnyView, ElementChild, IntoView, Owner, RenderHtml, provide_context, view};
use std::fmt::Display;

pub const NO_STORE: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

pub const NOT_FOR_SEARCH: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow, noarchive, noimageindex"));

/// Of whatever is no page: a worker is ruled by the policy it comes with.
pub const POLICY_OF_FILES: &str =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Stands in the built `index.html` where a nonce belongs.
const NONCE_PLACE: &str = "drawn-for-each-page";

/// The staff app: it draws itself. A copy that is kept by the app's worker keeps its nonce, in the page and in its policy.
pub async fn shell(edge: &Edge) -> Response {
    let nonce = draw_nonce(edge);
    match read_shell(edge, &nonce).await {
        Ok(shell) => ([(header::CONTENT_SECURITY_POLICY, policy_of_app(&nonce))], Html(shell)).into_response(),
        Err(response) => response,
    }
}

/// A page that stands before any of the program has arrived: the shell's own head, which also begins to fetch the program, around
/// what is drawn here.
pub async fn draw<V: IntoView>(edge: &Edge, title: &str, make: impl FnOnce() -> V) -> Response {
    let nonce = draw_nonce(edge);
    let shell = match read_shell(edge, &nonce).await {
        Ok(shell) => shell,
        Err(response) => return response,
    };
    let head = shell.split_once("<body").map_or(shell.as_str(), |(head, _)| head);
    let head = head.replace("<title>Cadence", &format!("<title>{title} · Cadence"));
    let body = html(&nonce, || view! { <body>{make()}</body> });
    let headers = [NO_STORE, policy_header(policy_of_app(&nonce))];
    (headers, Html(format!("{head}{body}</html>"))).into_response()
}

/// What moves on a page that the server drew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    Nothing,
    /// What `islands.js` takes over: it fetches a program.
    Islands,
}

/// A page of its own for a browser that has nothing of the app, whole in one answer, whatever the line is like.
pub fn alone(edge: &Edge, status: StatusCode, title: &str, style: &str, moves: Moves, make: impl FnOnce() -> AnyView) -> Response {
    let nonce = draw_nonce(edge);
    let body = html(&nonce, make);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1, viewport-fit=cover\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <style nonce=\"{nonce}\">{style}</style></head><body>{body}</body></html>"
    );
    let program = match moves {
        Moves::Nothing => "",
        Moves::Islands => " 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'",
    };
    let policy = format!(
        "default-src 'none'; img-src 'self'; script-src 'nonce-{nonce}'{program}; style-src 'nonce-{nonce}'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    (status, [NO_STORE, NOT_FOR_SEARCH, policy_header(policy)], Html(page)).into_response()
}

fn draw_nonce(edge: &Edge) -> String {
    let mut nonce = [0; 16];
    edge.clinics.host.fill(&mut nonce);
    hex::encode(nonce)
}

fn policy_header(policy: String) -> (HeaderName, HeaderValue) {
    // Letters, digits and quotes only.
    (header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'")))
}

/// What a script makes of text goes through the one policy that `boot.js` sets.
fn policy_of_app(nonce: impl Display) -> String {
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; worker-src 'self'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types default"
    )
}

async fn read_shell(edge: &Edge, nonce: &str) -> Result<String, Response> {
    match tokio::fs::read_to_string(edge.site.join("index.html")).await {
        Ok(shell) => Ok(shell.replace(NONCE_PLACE, nonce)),
        Err(error) => {
            tracing::error!(%error, "the app's folder holds no index.html");
            Err((StatusCode::INTERNAL_SERVER_ERROR, "Cadence is not built completely on this server.").into_response())
        }
    }
}

/// Drawn here and nowhere else, so that whatever it keeps while it is drawn is let go.
fn html<V: IntoView>(nonce: &str, make: impl FnOnce() -> V) -> String {
    Owner::new().with(|| {
        provide_context(Nonce(nonce.to_owned()));
        make().into_view().to_html()
    })
}
