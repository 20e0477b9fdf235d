//! The numbers: what the database computes is what the rules say that run everywhere else.

mod demo;
mod lapses;
mod reference;
