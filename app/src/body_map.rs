//! The face and body maps.

mod outline;
