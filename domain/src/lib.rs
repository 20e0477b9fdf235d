//! The clinic's rules.
//!
//! Pure: nothing here reads a clock, draws a random number, waits, or touches a disk. The same code
//! runs on the iPad, where it answers at once, and on the server, where it decides.
//!
//! Start at [`Chart::apply`](chart::Chart::apply): the one place where a change is decided.

pub mod amount;
pub mod area;
pub mod audit;
pub mod billing;
pub mod booking;
pub mod carry_forward;
pub mod catalogue;
pub mod chart;
pub mod client;
pub mod command;
pub mod consent;
pub mod follow_up;
pub mod hours;
pub mod ids;
mod json_inside;
pub mod ledger;
pub mod money;
pub mod note;
pub mod numbers;
pub mod package;
pub mod people;
pub mod photo;
pub mod plan;
pub mod record;
pub mod rejection;
pub mod report;
pub mod session;
pub mod skin;
pub mod spacing;
pub mod status;
pub mod sync;
pub mod template;
pub mod time;
pub mod view;
