//! The clinic's server: it keeps the record in Postgres, takes in what devices hand in, and tells them what is new.

pub mod accounts;
pub mod audit;
pub mod backend;
pub mod clinic;
mod consent_pdf;
pub mod consents;
pub mod database;
pub mod demo;
pub mod editing;
pub mod getting_in;
pub mod host;
pub mod http;
pub mod installations;
pub mod invitations;
pub mod own_pages;
pub mod passkeys;
pub mod password;
pub mod people;
pub mod photo_store;
pub mod photos;
pub mod private_postgres;
pub mod second_factor;
pub mod seed;
pub mod store;
pub mod sync;
pub mod token;
pub mod ways_in;
