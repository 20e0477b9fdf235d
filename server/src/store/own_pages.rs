//! The clients' own pages: addresses they are found by, links, sign-ins, messages, and which of those they want.

pub mod address;
pub mod booking_link;
pub mod choice;
pub mod diary;
pub mod link;
pub mod message;
pub mod sign_in;
