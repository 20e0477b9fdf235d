//! The server functions: everything a browser asks of the server.
//!
//! Each has an explicit endpoint. Generated addresses change when a module moves, and an iPad that was
//! installed months ago would then call into nothing.

mod backend;
mod error;
pub mod photos;
mod raw;

pub use backend::{Backend, CatalogueEdit, DocumentFacts, Numbered, PUSH_BATCH, PullRequest, PushRequest, SignedIn};
pub use error::ApiError;
pub use raw::Raw;

use domain::{
    ids::{ClientId, ConsentFormId},
    sync::{Body, Outcome},
    time::Moment,
};
use leptos::{prelude::*, server_fn::codec::Json};

/// The backend of the request being answered.
#[cfg(feature = "ssr")]
fn backend() -> std::sync::Arc<dyn Backend> {
    expect_context()
}

#[server(prefix = "/api", endpoint = "sign-out", input = Json, output = Json)]
pub async fn sign_out() -> Result<(), ApiError> {
    backend().sign_out().await
}

/// Who is signed in here, as the server sees it.
#[server(prefix = "/api", endpoint = "who", input = Json, output = Json)]
pub async fn who() -> Result<SignedIn, ApiError> {
    backend().who().await
}

/// Hands in commands, in the order in which they were made. One answer for each, in the same order.
#[server(prefix = "/api", endpoint = "push", input = Json, output = Json)]
pub async fn push(request: PushRequest) -> Result<Vec<Outcome>, ApiError> {
    backend().push(request).await
}

/// One [`domain::sync::Page`] of what changed, encoded.
#[server(prefix = "/api", endpoint = "pull", input = Json, output = Raw)]
pub async fn pull(request: PullRequest) -> Result<Body, ApiError> {
    backend().pull(request).await
}

/// Saves an edit of the catalogue, if it still is what the edit was based on.
#[server(prefix = "/api", endpoint = "edit-catalogue", input = Json, output = Json)]
pub async fn edit_catalogue(edit: CatalogueEdit) -> Result<(), ApiError> {
    backend().edit_catalogue(edit).await
}

/// The fingerprint of a signed consent's document, as it lies at the clinic.
#[server(prefix = "/api", endpoint = "signed-document", input = Json, output = Json)]
pub async fn signed_document(client: ClientId, form: ConsentFormId, signed_at: Moment) -> Result<Option<DocumentFacts>, ApiError> {
    backend().signed_document(client, form, signed_at).await
}
