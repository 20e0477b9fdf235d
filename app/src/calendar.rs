//! Who is booked when: by provider, room or device, a day or a week at a time.

mod address;
mod board;
mod card;
mod column;
mod details;
mod drag;
mod ghost;
mod grid;
mod lanes;
mod model;
mod new_booking;
mod note;
mod page;
mod panel;
mod pointer;
mod state;
mod toolbar;

pub use page::CalendarPage;
