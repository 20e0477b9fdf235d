//! Money: what was taken, what is owed, and what was delivered without either.

mod accountant;
mod amount;
mod exceptions;
mod link;
mod model;
mod paid;
mod settle;
mod settled;

pub use amount::{PaidNow, price, up_to};
pub use exceptions::BillingPage;
pub use link::BillingLink;
pub use paid::{HowPaid, PaidNowFields};
