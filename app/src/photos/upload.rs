//! Sends one picture to the clinic, piece by piece, from wherever it was left.

use crate::{
    api::{
        ApiError,
        photos::{PIECE_BYTES, Upload},
    },
    ports::{PhotoServer, PhotoStore, Size, StoreError, Trouble, WaitingPhoto},
};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    AtClinic,
    /// The clinic does not know the photograph yet: its record is still on its way.
    NotYet,
    /// Only a person can help.
    Trouble(Trouble),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A piece or a whole picture that arrives damaged is sent again so often; then it waits for better times.
const MOST_REPEATS: u32 = 5;

/// Returns once the clinic has the picture durably, or says why not. It may be cut off anywhere: the next call goes on.
/// `sha256` is what the record names; `told` hears how many bytes the clinic has.
pub async fn send(
    waiting: &WaitingPhoto,
    sha256: &str,
    store: &dyn PhotoStore,
    server: &dyn PhotoServer,
    told: impl Fn(u32),
) -> Result<Sent, UploadError> {
    let photo = waiting.photo;
    let Some(picture) = store.picture(photo, Size::Whole).await? else { return trouble(store, waiting, Trouble::Damaged).await };
    let mut state = server.upload(photo).await?;
    for repeats in 0.. {
        let Some(known) = state else { return Ok(Sent::NotYet) };
        let offset = match known {
            Upload::Done => {
                store.sent(photo).await?;
                return Ok(Sent::AtClinic);
            }
            Upload::NotAPicture => return trouble(store, waiting, Trouble::NotAPicture).await,
            // Either it was damaged on the way, or it lies damaged here; then no repeat helps.
            Upload::OtherPicture if store.hash(photo).await?.as_deref() != Some(sha256) => {
                return trouble(store, waiting, Trouble::Damaged).await;
            }
            Upload::OtherPicture => 0,
            Upload::Received(offset) | Upload::DamagedPiece(offset) => offset,
        };
        told(offset);
        if repeats > MOST_REPEATS {
            return Err(ApiError::Unreachable.into());
        }
        state = send_from(offset, &picture, waiting, server, &told).await?;
    }
    unreachable!("the loop ends by returning")
}

/// Sends piece after piece for as long as each is taken in.
async fn send_from(
    mut offset: u32,
    picture: &[u8],
    waiting: &WaitingPhoto,
    server: &dyn PhotoServer,
    told: &impl Fn(u32),
) -> Result<Option<Upload>, ApiError> {
    loop {
        let rest = picture.get(offset as usize..).unwrap_or_default();
        let piece = &rest[..rest.len().min(PIECE_BYTES as usize)];
        match server.send(waiting.photo, offset, piece).await? {
            // An answer that does not go on would go round for ever.
            Some(Upload::Received(next)) if next > offset => {
                offset = next;
                told(offset);
            }
            other => return Ok(other),
        }
    }
}

async fn trouble(store: &dyn PhotoStore, waiting: &WaitingPhoto, trouble: Trouble) -> Result<Sent, UploadError> {
    if waiting.trouble != Some(trouble) {
        store.note_trouble(waiting.photo, trouble).await?;
    }
    Ok(Sent::Trouble(trouble))
}
