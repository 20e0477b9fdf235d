//! Charts: rows of several tables, and a snapshot of each in the encoding devices read.

mod read;
mod rows;
mod snapshot;
mod write;

pub use read::{rebuild, rebuild_outdated};
pub use rows::{Stamp, area, area_code};
pub use snapshot::{any_after, load, load_all, page, total};
pub use write::{add, save};
