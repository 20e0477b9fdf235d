//! Following up: what a client is told between the sessions of a series, and when somebody calls her.
//!
//! The sequence belongs to the plan, not to an appointment. Read in this order:
//!
//! 1. [`kind`]: the touches there are, and what distinguishes them.
//! 2. [`policy`]: what a clinic sends for a package, when and in which words ([`variable`], [`sms`], [`standard`]).
//! 3. [`replies`]: what clients write back.

pub mod kind;
pub mod policy;
pub mod replies;
pub mod sms;
pub mod standard;
pub mod times;
pub mod touch_state;
pub mod variable;

#[cfg(test)]
mod tests;
