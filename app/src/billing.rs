//! Money: what was delivered and is not paid.

mod exceptions;

pub use exceptions::BillingPage;
