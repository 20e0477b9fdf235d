//! Following up, against a real Postgres: what is planned, what is sent, and what is not, whoever comes in between.

mod booked;
mod calls;
mod carriers;
mod closing;
mod crashes;
mod dead;
pub mod desk;
mod elsewhere;
mod guards;
mod killed;
mod late;
mod manner;
mod meanwhile;
mod planned;
mod races;
mod sent;
pub mod year;
