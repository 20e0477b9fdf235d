//! The arithmetic of clinical photographs: how a photograph lies on an earlier one of the same view, how the two differ in light and
//! sharpness, and the gains that make them comparable.
//!
//! Pure: no clock, no randomness, no I/O, no threads; the same result natively and in the browser. Nothing here decides what is
//! stored or shown, and no picture is ever changed.

mod brightness;
mod coarse;
mod consensus;
mod fft;
mod field;
pub mod jpeg;
mod luma;
mod picture;
mod quality;
mod refine;
mod register;
mod similarity;
mod tones;
mod verify;

pub use brightness::{Gains, brightness_match};
pub use luma::Luma;
pub use picture::{BadPicture, Picture};
pub use quality::{Cast, Differences, Exposure, Photo, TOO_BRIGHT, TOO_DARK, differences};
pub use register::{Evidence, Registration, Unregistered, register, register_roughly};
#[doc(hidden)]
pub use register::{Guess, guess};
pub use similarity::Similarity;
pub use tones::Tones;
