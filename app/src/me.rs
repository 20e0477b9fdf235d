//! A client's own pages, on her phone. Drawn by the server and complete as they come: every button is a form, and nothing waits for
//! a script. What they show is computed here, from her chart, by the functions that compute it for the staff.

mod at;
mod book;
mod consent;
mod facts;
mod frame;
mod getting_in;
mod home;
mod messages;
mod photos;
// Drawn by the server only: what moves on it is a program of its own.
#[cfg(feature = "ssr")]
mod photos_page;

pub use at::{AtBookedPage, AtGonePage, AtPage, AtSays};
pub use book::{BookPage, BookProblem};
pub use consent::{ConsentPage, SignProblem, ToSign, is_own_name, to_sign};
pub use facts::{Booked, Fares, Home, Offer, Offers, SaidAtHome, Series, chosen, home, offers};
pub use frame::WordsPage;
pub use getting_in::{AskPage, AskSays, OpenPage};
pub use home::HomePage;
pub use messages::{MessagesPage, ToChoose};
pub use photos::{Pictures, pictures};
#[cfg(feature = "ssr")]
pub use photos_page::PhotosPage;

use domain::ids::{AppointmentId, ConsentFormId, PhotoId, PlanId, SessionId};

/// Where they are.
pub const ME: &str = "/me";
pub const ASK: &str = "/me/ask";
pub const SIGN_OUT: &str = "/me/sign-out";
pub const CHOICES: &str = "/me/messages";
pub const PHOTOS: &str = "/me/photos";

/// What a message leads to.
pub fn link_address(token: &str) -> String {
    format!("{ME}/link/{token}")
}

/// Free times for a session.
pub fn book_address(session: SessionId) -> String {
    format!("{ME}/book/{session}")
}

pub fn cancel_address(appointment: AppointmentId) -> String {
    format!("{ME}/cancel/{appointment}")
}

/// Free times for one session, to whoever has the link.
pub fn at_address(token: &str) -> String {
    format!("{ME}/at/{token}")
}

/// How she fares since a session.
pub fn report_address(session: SessionId) -> String {
    format!("{ME}/report/{session}")
}

pub fn photo_address(photo: PhotoId) -> String {
    format!("{PHOTOS}/{photo}")
}

pub fn thumbnail_address(photo: PhotoId) -> String {
    format!("{PHOTOS}/{photo}/thumbnail")
}

/// A form to sign for a series.
pub fn consent_address(plan: PlanId, form: ConsentFormId) -> String {
    format!("{ME}/consent/{plan}/{form}")
}
