//! Who is booked when: by provider, room or device, a day or a week at a time.

mod page;

pub use page::CalendarPage;
