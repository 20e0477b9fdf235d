//! Photographs: taking them the same way every time, keeping them until the clinic has them, and looking at them side by side.

mod address;
mod album;
mod capture;
mod compare;
mod due;
mod panel;
mod picture;
mod retake;
mod sharing;
mod upload;
mod waiting;

pub use address::{capture_address, compare_address};
pub use album::{Album, use_album};
pub use capture::CapturePage;
pub use compare::ComparePage;
pub use due::{PHOTOS_DUE, PhotosDue, due_in};
pub use panel::{PhotoPanel, SeriesInPictures};
pub use sharing::SharedPictures;
pub use waiting::WaitingPictures;
