//! Photographs travel by addresses of their own: pieces up, pictures down.

use domain::ids::PhotoId;
use serde::{Deserialize, Serialize};

/// A photograph is sent in pieces of so many bytes; the last may be shorter.
pub const PIECE_BYTES: u32 = 256 * 1024;

/// Header of a piece: its SHA-256 in lower-case hexadecimal digits.
pub const PIECE_HASH: &str = "x-piece-sha256";

/// How the upload of a photograph stands: the answer to every question about it, as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Upload {
    /// So many bytes from the beginning are kept durably; the next piece begins there.
    Received(u32),
    /// The clinic has the picture, durably: the device may let it go.
    Done,
    /// The piece was not what its hash says; what came before it is kept.
    DamagedPiece(u32),
    /// All pieces are there and are not the photograph the record names. They were dropped; it begins anew.
    OtherPicture,
    /// It is what the record names, but no picture the clinic can keep.
    NotAPicture,
}

/// Asks for the state (GET).
pub fn upload_address(photo: PhotoId) -> String {
    format!("/photos/{photo}/upload")
}

/// Takes the piece that begins there (PUT).
pub fn piece_address(photo: PhotoId, offset: u32) -> String {
    format!("/photos/{photo}/upload/{offset}")
}

/// The picture as it is kept.
pub fn picture_address(photo: PhotoId) -> String {
    format!("/photos/{photo}")
}

/// Its thumbnail: a JPEG whose longer side has [`domain::photo::THUMBNAIL_SIDE`] pixels.
pub fn thumbnail_address(photo: PhotoId) -> String {
    format!("/photos/{photo}/thumbnail")
}

/// Where people outside the clinic see a shared picture.
pub fn shared_address(token: &str) -> String {
    format!("/shared/{token}")
}
