//! A whole page around what the app draws.

use super::NO_STORE;
use crate::http::Edge;
use app::me::{AskPage, AskSays, WordsPage};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::{AnyView, IntoAny, Owner, RenderHtml, view};

/// In the page itself: one request shows it, whatever the line is like.
const STYLE: &str = concat!(include_str!("../../../../style/tokens.css"), include_str!("../../../../style/me.css"));

const NOT_FOR_SEARCH: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow, noarchive"));
const NO_REFERRER: (HeaderName, HeaderValue) = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));

/// What `body` draws, as a page. It is drawn here and nowhere else, so that whatever it keeps while it is drawn is let go.
pub fn page(edge: &Edge, status: StatusCode, title: &str, body: impl FnOnce() -> AnyView) -> Response {
    let body = Owner::new().with(|| body().to_html());
    let mut nonce = [0; 16];
    edge.clinics.host.fill(&mut nonce);
    let nonce = hex::encode(nonce);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1, viewport-fit=cover\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <style nonce=\"{nonce}\">{STYLE}</style></head><body>{body}</body></html>"
    );
    let policy = format!(
        "default-src 'none'; img-src 'self'; script-src 'self'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    (status, [NOT_FOR_SEARCH, NO_REFERRER, NO_STORE], [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

/// The form to ask for a link, below whatever there is to be said.
pub fn ask(edge: &Edge, status: StatusCode, says: AskSays) -> Response {
    page(edge, status, "Your own pages", || view! { <AskPage says /> }.into_any())
}

/// To nobody who asks for somebody's page.
pub fn signed_out(edge: &Edge) -> Response {
    ask(edge, StatusCode::UNAUTHORIZED, AskSays::SignedOut)
}

/// A page that says only this.
pub fn problem(edge: &Edge, status: StatusCode, words: &'static str) -> Response {
    page(edge, status, "Your own pages", || view! { <WordsPage words /> }.into_any())
}

/// The same for what is not there and what is somebody else's.
pub fn not_there(edge: &Edge) -> Response {
    problem(edge, StatusCode::NOT_FOUND, "This is not here any more.")
}
