//! What devices hand in, and what they fetch.

pub mod live;
pub mod pull;
pub mod push;
