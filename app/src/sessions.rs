//! All sessions of all series: what is still to be booked, what is coming, and what has passed.

mod list;
mod model;
mod row;
mod view;

pub use list::SessionsPage;
pub use view::SessionPage;
