//! The server functions: everything a browser asks of the server.
//!
//! Each has an explicit endpoint. Generated addresses change when a module moves, and an iPad that was
//! installed months ago would then call into nothing.

mod backend;
mod error;
mod raw;

pub use backend::{Backend, Numbered, PUSH_BATCH, PullRequest, PushRequest, SignedIn};
pub use error::ApiError;
pub use raw::Raw;

use domain::{
    catalogue::Device,
    package::Package,
    sync::{Body, Outcome},
    template::Template,
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

/// Adds a device, or saves an edited one. `device.version` is the version the edit was based on, 0 for a new device.
#[server(prefix = "/api", endpoint = "save-device", input = Json, output = Json)]
pub async fn save_device(device: Device) -> Result<(), ApiError> {
    backend().save_device(device).await
}

/// Adds a version of a template. `template.version` is the version the edit was based on, 0 for a new template.
#[server(prefix = "/api", endpoint = "save-template", input = Json, output = Json)]
pub async fn save_template(template: Template) -> Result<(), ApiError> {
    backend().save_template(template).await
}

/// Adds a package, or saves an edited one. `package.version` is the version the edit was based on, 0 for a new package.
#[server(prefix = "/api", endpoint = "save-package", input = Json, output = Json)]
pub async fn save_package(package: Package) -> Result<(), ApiError> {
    backend().save_package(package).await
}
