//! Keeping a device and the clinic's server in step.
//!
//! [`Replica`] is what the device knows, and changes without waiting for anything. [`Engine`] moves it
//! between the local store and the server.

mod diary;
mod engine;
mod replica;

pub use diary::Booked;
pub use engine::{Engine, Found, Pulled, Pushed, RecordError, SyncError};
pub use replica::{Attention, Mirrored, Pending, Replica};
