//! Consents: signed by finger or pencil, shown with their documents, withdrawn.

mod address;
mod document;
mod facts;
mod ink;
mod missing;
mod of_client;
mod pad;
mod sheet;
mod sign;
mod signature;
mod terms;

pub use address::sign_address;
#[cfg(test)]
pub(crate) use facts::example;
pub use facts::{AskedLine, asked};
pub use missing::{Missing, missing};
pub use of_client::Consents;
pub use sign::SignConsentPage;
