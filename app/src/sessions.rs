//! All sessions of all series: what is still to be booked, what is coming, and what has passed.

mod filters;
mod index;
mod list;
mod menu;
mod model;
mod parts;
mod row;
mod view;

pub use list::SessionsPage;
pub use view::SessionPage;
