//! The clinic's server: it keeps the record in Postgres, takes in what devices hand in, and tells them what is new.

pub mod accounts;
pub mod backend;
pub mod clinic;
mod consent_pdf;
pub mod consents;
pub mod database;
pub mod demo;
pub mod editing;
pub mod host;
pub mod http;
pub mod password;
pub mod photo_store;
pub mod photos;
pub mod private_postgres;
pub mod seed;
pub mod store;
pub mod sync;
