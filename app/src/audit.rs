//! Who looked at a client's chart, and what they did: for those who answer for it. It is the clinic's own list and not on the device.

mod lines;
mod page;

pub use page::AuditPage;
