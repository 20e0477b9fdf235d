//! The real sync engine of the device against the real server and a real Postgres. Only the wire and the device's disk are
//! stand-ins, so that both can fail on purpose.

mod audit;
mod clients_pages;
mod clinic;
mod consents;
mod device;
mod editing;
mod follow_up;
mod installations;
mod interleavings;
mod isolation;
mod least;
mod people;
mod photos;
mod races;
mod refusals;
mod routes;
mod second_factor;
mod sign_in;
mod transfers;
mod upgrade;
