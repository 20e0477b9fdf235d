//! Photographs at the clinic: arriving in pieces, kept, and shown outside while the consent holds.

mod arrival;
mod drawing;
pub mod shared;
pub mod sweep;
pub mod upload;

pub use drawing::Drawing;

use crate::{photo_store::PhotoStoreError, store::StoreError};

/// Something that is nobody's fault who asked. Logged once, at the edge.
#[derive(Debug, thiserror::Error)]
pub enum PhotosError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    PhotoStore(#[from] PhotoStoreError),
    /// The photo store lacks what the database says it has.
    #[error("the photo store has lost {0}")]
    Lost(String),
    #[error("a picture could not be drawn: {0}")]
    Drawing(#[from] picture::NoPicture),
}

pub type Result<T> = std::result::Result<T, PhotosError>;

impl From<sqlx::Error> for PhotosError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
