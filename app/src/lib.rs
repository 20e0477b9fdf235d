//! What people see, and what they need from the two outer rooms.
//!
//! The browser and the server each implement the traits in [`ports`] and [`api`]; this room knows
//! neither IndexedDB nor Postgres.

pub mod api;
pub mod ports;
pub mod sync;
