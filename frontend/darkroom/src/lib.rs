//! The darkroom: a worker beside the page, so that no pixel is computed where it could hold up a frame.
//!
//! The page sends [`Order`]s with pictures beside them and gets [`Answer`]s. Pictures are handed over, not copied.

mod hash;
mod language;

#[cfg(feature = "worker")]
mod worker;

pub use hash::sha256;
pub use language::{Answer, Message, Order};
