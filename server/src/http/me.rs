//! The clients' own pages over HTTP: drawn here from the app's components, forms in and redirects out, nothing kept by any cache.

mod at;
mod book;
mod consent;
mod document;
mod getting_in;
mod home;
mod messages;
mod photos;
mod report;

pub use at::{book as book_at, look as look_at};
pub use book::{book, cancel, times};
pub use consent::{show as sheet, sign};
pub use document::signed_out;
pub use getting_in::{ask, follow, open, sign_out};
pub use home::show;
pub use messages::{choose, show as choices};
pub use photos::{list as photos, picture, thumbnail};
pub use report::tell;

use super::{Edge, cookie, page::NO_STORE};
use crate::{
    own_pages::{SignedInClient, getting_in as own},
    store::StoreError,
};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Which client's browser this is.
pub async fn visitor(edge: &Edge, headers: &HeaderMap) -> Result<Option<SignedInClient>, StoreError> {
    match cookie::read(headers, edge.cookie_name, cookie::Purpose::Client) {
        Some(token) => own::signed_in(&edge.clinics, &token).await,
        None => Ok(None),
    }
}

/// After a form: another page, asked for anew.
fn go_to(address: &str) -> Response {
    let address = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static(app::me::ME));
    (StatusCode::SEE_OTHER, [(header::LOCATION, address), NO_STORE]).into_response()
}

/// After a form, back to the first page, which says what became of it.
fn go_home(said: app::me::SaidAtHome) -> Response {
    go_to(&format!("{}?said={}", app::me::ME, said.key()))
}

fn failed(edge: &Edge, error: &StoreError) -> Response {
    match super::status_of(error, "a page of a client could not be drawn") {
        status @ StatusCode::BAD_REQUEST => {
            document::problem(edge, status, "Something in this cannot be kept here. Please write it in other words.")
        }
        status => document::problem(edge, status, "Something went wrong here, and it was noted. Please try again in a moment."),
    }
}
