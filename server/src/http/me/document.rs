//! A whole page around what the app draws.

use crate::http::{
    Edge,
    page::{self, Moves},
};
use app::me::{AskPage, AskSays, WordsPage};
use axum::{http::StatusCode, response::Response};
use leptos::prelude::{AnyView, IntoAny, view};

/// In the page itself: one request shows it, whatever the line is like.
const STYLE: &str = concat!(include_str!("../../../../style/tokens.css"), include_str!("../../../../style/me.css"));

/// What `body` draws, as a page.
pub fn page(edge: &Edge, status: StatusCode, title: &str, body: impl FnOnce() -> AnyView) -> Response {
    page::alone(edge, status, title, STYLE, Moves::Nothing, body)
}

/// One on which the app's islands move.
pub fn page_that_moves(edge: &Edge, title: &str, body: impl FnOnce() -> AnyView) -> Response {
    page::alone(edge, StatusCode::OK, title, STYLE, Moves::Islands, body)
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
