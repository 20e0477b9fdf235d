//! Following up: what a client is told between the sessions of a series, and when somebody calls her.
//!
//! The sequence belongs to the plan, not to an appointment. Read in this order:
//!
//! 1. [`kind`]: the touches there are, and what distinguishes them.
//! 2. [`policy`]: what a clinic sends for a package, when and in which words ([`variable`], [`sms`], [`standard`],
//!    [`language`], [`closing`]).
//! 3. [`facts`]: what is known of a plan, drawn from the chart; a [`Lapse`](facts::Lapse) among it. [`elsewhere`]: what
//!    bookings of another system add.
//! 4. [`planner`]: from facts and policy to all touches a plan should have; [`times`] puts them on the clinic's clock,
//!    and out of the client's night.
//! 5. [`touch_state`]: what becomes of a touch, and why one was not sent. [`reconcile`]: what planning anew changes.
//! 6. [`recheck`]: the last look, at the moment of sending.
//! 7. [`replies`]: what clients write back. [`returns`]: which addresses are dead. [`call_list`]: whom a person calls.
//!
//! None of it knows a row, a carrier or the time: the server keeps the touches, and the planner says what they should be.

pub mod call_list;
pub mod closing;
pub mod elsewhere;
pub mod facts;
pub mod kind;
pub mod language;
pub mod planner;
pub mod policy;
pub mod recheck;
pub mod reconcile;
pub mod replies;
pub mod returns;
pub mod sms;
pub mod standard;
pub mod times;
pub mod touch_state;
pub mod variable;

#[cfg(test)]
mod tests;
