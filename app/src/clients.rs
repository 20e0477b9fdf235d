//! Everyone the clinic treats: found in a moment, and each with one page.

mod choose_client;
mod client_page;
mod contact;
mod find;
mod fold;
mod follow_up;
mod index;
mod list;
mod messages;
mod offer;
mod plan_card;
mod plan_change;
mod plan_facts;
mod row;
mod sell;
mod unknown;

pub use choose_client::ChooseClient;
pub use client_page::ClientPage;
pub use fold::fold;
pub use list::ClientsPage;
pub use offer::{Offer, SessionOffer};
pub use unknown::UnknownClient;
