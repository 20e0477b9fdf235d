//! Photographs: taking them the same way every time, keeping them until the clinic has them, and looking at them side by side.

mod address;
mod album;
mod capture;
mod compare;
mod due;
mod panel;
mod picture;
mod release;
mod retake;
mod session_photos;
mod sharing;
mod upload;
mod waiting;
mod why;

pub use address::{capture_address, compare_address};
pub use album::{Album, use_album};
pub use capture::CapturePage;
pub use compare::ComparePage;
pub use due::{PHOTOS_DUE, PhotosDue, due_in};
pub use panel::{Pair, PhotoPanel, SeriesInPictures, Taken, pairs, taken};
pub use picture::Thumbnail;
pub use session_photos::SessionPhotos;
pub use sharing::SharedPictures;
pub use waiting::WaitingPictures;
