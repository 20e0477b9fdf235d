//! The real sync engine of the device against the real server and a real Postgres. Only the wire and the device's disk are
//! stand-ins, so that both can fail on purpose.

mod clinic;
mod consents;
mod device;
mod editing;
mod interleavings;
mod photos;
mod races;
mod refusals;
mod transfers;
mod upgrade;
