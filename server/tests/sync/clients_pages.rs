//! The clients' own pages, over real HTTP: getting in by a link, seeing what is one's own and nothing else, and booking.

mod booking;
mod consents;
mod getting_in;
mod own;
pub mod phone;
mod photos;
