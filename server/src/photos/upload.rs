//! Pieces of a photograph come in, in order. Each is durable before it is answered for, so a device goes on from the answer after
//! any interruption, with this server process or another.

use super::{Result, arrival::arrive};
use crate::{
    clinic::Clinics,
    photo_store::piece_bytes,
    store::{self, photo::Recorded},
};
use app::api::{SignedIn, photos::Upload};
use bytes::Bytes;
use domain::ids::PhotoId;
use sha2::{Digest, Sha256};

/// A piece as it came.
pub struct Piece {
    pub begins: u32,
    pub body: Bytes,
    /// What the device says its SHA-256 is.
    pub sha256: [u8; 32],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The clinic has no such photograph in any chart.
    Unknown,
    Stands(Upload),
    /// The piece is not the one that comes next.
    NotNext(Upload),
    /// No piece of this length begins there: it would reach beyond the end, or leave a gap before the next.
    Unfit,
}

/// How the upload stands. When all is there but was never put together, because the server ended in that moment, it is now.
pub async fn stand(clinics: &Clinics, signed_in: &SignedIn, photo: PhotoId) -> Result<Answer> {
    let Some(recorded) = find(clinics, signed_in, photo).await? else { return Ok(Answer::Unknown) };
    if recorded.arrived {
        return Ok(Answer::Stands(Upload::Done));
    }
    let received = clinics.photos.received(signed_in.clinic, photo, recorded.file.bytes).await?;
    proceed(clinics, signed_in, photo, &recorded, received).await
}

/// Takes a piece in. A repeated one changes nothing.
pub async fn receive(clinics: &Clinics, signed_in: &SignedIn, photo: PhotoId, piece: Piece) -> Result<Answer> {
    let Some(recorded) = find(clinics, signed_in, photo).await? else { return Ok(Answer::Unknown) };
    if recorded.arrived {
        return Ok(Answer::Stands(Upload::Done));
    }
    let Piece { begins, body, sha256 } = piece;
    let clinic = signed_in.clinic;
    let mut received = clinics.photos.received(clinic, photo, recorded.file.bytes).await?;
    if Sha256::digest(&body).as_slice() != sha256 {
        return Ok(Answer::Stands(Upload::DamagedPiece(received)));
    }
    let length = piece_bytes(begins, recorded.file.bytes);
    if length == 0 || u32::try_from(body.len()) != Ok(length) {
        return Ok(Answer::Unfit);
    }
    if begins > received {
        return Ok(Answer::NotNext(Upload::Received(received)));
    }
    if begins == received {
        clinics.photos.put_piece(clinic, photo, begins, body).await?;
        received = begins.saturating_add(length);
    }
    proceed(clinics, signed_in, photo, &recorded, received).await
}

async fn proceed(clinics: &Clinics, signed_in: &SignedIn, photo: PhotoId, recorded: &Recorded, received: u32) -> Result<Answer> {
    let whole = received == recorded.file.bytes;
    let upload = if whole { arrive(clinics, signed_in, photo, recorded).await? } else { Upload::Received(received) };
    Ok(Answer::Stands(upload))
}

pub(super) async fn find(clinics: &Clinics, signed_in: &SignedIn, photo: PhotoId) -> Result<Option<Recorded>> {
    let mut tx = store::begin(&clinics.pool, signed_in.clinic).await?;
    let found = store::photo::find(&mut tx, signed_in.clinic, photo).await?;
    tx.commit().await?;
    Ok(found)
}
