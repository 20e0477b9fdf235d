//! Consents: signed by finger or pencil, shown with their documents, withdrawn.

mod sign;

pub use sign::SignConsentPage;
