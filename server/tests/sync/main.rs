//! The real sync engine of the device against the real server and a real Postgres. Only the wire and the device's disk are
//! stand-ins, so that both can fail on purpose.

mod audit;
mod canaries;
mod clients_pages;
mod clinic;
mod consents;
mod device;
mod editing;
mod enumeration;
mod follow_up;
mod hostile;
mod installations;
mod interleavings;
mod isolation;
mod least;
mod numbers;
mod people;
mod photos;
mod races;
mod refusals;
mod restored;
mod roles;
mod routes;
mod second_factor;
mod sign_in;
mod transfers;
mod upgrade;
