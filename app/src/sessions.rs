//! All sessions of all series: what is still to be booked, what is coming, and what has passed.

mod filters;
mod index;
mod list;
mod menu;
mod model;
mod order;
mod parts;
mod row;
mod view;

pub use list::{SessionsPage, prepare_list};
pub use view::SessionPage;
