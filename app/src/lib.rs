//! What people see, and what they need from the two outer rooms.
//!
//! The browser and the server each implement the traits in [`ports`] and [`api`]; this room knows
//! neither IndexedDB nor Postgres.

#![recursion_limit = "1024"]

pub mod api;
pub mod attention;
pub mod audit;
pub mod billing;
pub mod body_map;
pub mod booking;
pub mod calendar;
pub mod calls;
pub mod charting;
pub mod clients;
pub mod consent;
pub mod half_typed;
pub mod icon;
pub mod lock;
pub mod long_list;
pub mod me;
pub mod numbers;
pub mod page_script;
pub mod photos;
pub mod ports;
pub mod problem;
mod recording;
pub mod search_box;
pub mod sessions;
pub mod settings;
pub mod sheet;
pub mod shell;
pub mod sign_in;
pub mod signed_record;
pub mod still_fetching;
pub mod sync;
pub mod this_tab;
pub mod timeline;
pub mod today;
pub mod words;
pub mod workspace;
