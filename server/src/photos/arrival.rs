//! The last piece is there: what was sent is checked against the record, looked at, kept, and only then noted in the chart.

use super::{PhotosError, Result, upload};
use crate::{
    clinic::Clinics,
    photo_store::Item,
    store::{
        self, chart, clinic,
        photo::{Filed, Recorded},
    },
};
use app::api::{SignedIn, photos::Upload};
use bytes::Bytes;
use domain::{
    ids::PhotoId,
    photo::{PhotoFile, THUMBNAIL_SIDE},
};
use picture::{Kept, NoPicture};
use sha2::{Digest, Sha256};

/// What the pieces turned out to be.
enum Found {
    Picture {
        kept: Kept,
        filed: Filed,
    },
    /// Not what the record names.
    Other,
}

/// Puts the pieces together. Two devices may do so at once: both come to the same, and one of them notes it.
pub(super) async fn arrive(clinics: &Clinics, signed_in: &SignedIn, photo: PhotoId, recorded: &Recorded) -> Result<Upload> {
    let place = signed_in.clinic;
    let turn = clinics.drawing.turn().await;
    let Some(file) = clinics.photos.assembled(place, photo, recorded.file.bytes).await? else {
        // Somebody else has put them together meanwhile, or found that they are another picture.
        return stands_now(clinics, signed_in, photo, recorded.file.bytes).await;
    };
    let expected = recorded.file.clone();
    let (kept, filed) = match turn.run(move || look(file.into(), &expected)).await {
        Ok(Found::Picture { kept, filed }) => (kept, filed),
        Ok(Found::Other) => {
            clinics.photos.drop_pieces(place, photo).await?;
            return Ok(Upload::OtherPicture);
        }
        Err(error @ NoPicture::Unwritable(_)) => return Err(error.into()),
        Err(_) => {
            clinics.photos.drop_pieces(place, photo).await?;
            return Ok(Upload::NotAPicture);
        }
    };
    tokio::try_join!(
        clinics.photos.put(place, Item::Picture(photo), kept.picture),
        clinics.photos.put(place, Item::Thumbnail(photo), kept.thumbnail),
    )?;
    note(clinics, signed_in, photo, recorded, &filed).await?;
    if let Err(error) = clinics.photos.drop_pieces(place, photo).await {
        // The picture is safe; what is left over is swept away later.
        tracing::warn!(%error, "the pieces of a photograph that has arrived are still there");
    }
    Ok(Upload::Done)
}

async fn stands_now(clinics: &Clinics, signed_in: &SignedIn, photo: PhotoId, bytes: u32) -> Result<Upload> {
    if upload::find(clinics, signed_in, photo).await?.is_some_and(|recorded| recorded.arrived) {
        return Ok(Upload::Done);
    }
    let received = clinics.photos.received(signed_in.clinic, photo, bytes).await?;
    Ok(Upload::Received(received))
}

fn look(file: Bytes, expected: &PhotoFile) -> std::result::Result<Found, NoPicture> {
    let sent = hex::encode(Sha256::digest(&file));
    if sent != expected.sha256 || u32::try_from(file.len()) != Ok(expected.bytes) {
        return Ok(Found::Other);
    }
    let kept = picture::keep(file, (expected.width, expected.height), THUMBNAIL_SIDE)?;
    let bytes = |bytes: &Bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let drawn_anew = hex::encode(Sha256::digest(&kept.picture));
    let filed = Filed { sha256: drawn_anew, bytes: bytes(&kept.picture), thumbnail_bytes: bytes(&kept.thumbnail) };
    Ok(Found::Picture { kept, filed })
}

/// The chart says from now on that the clinic has the picture, and every device hears of it.
async fn note(clinics: &Clinics, signed_in: &SignedIn, photo: PhotoId, recorded: &Recorded, filed: &Filed) -> Result<()> {
    let place = signed_in.clinic;
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, place).await?;
    let version = clinic::lock_version(&mut tx, place).await?;
    let lost = || PhotosError::Lost(format!("the chart of photograph {photo}"));
    let before = chart::load(&mut tx, place, recorded.client).await?.ok_or_else(lost)?;
    if before.photo(photo).ok_or_else(lost)?.arrived.is_some() {
        return Ok(());
    }
    let after = before.with_arrived(photo, now).ok_or_else(lost)?;
    let next = version.version + 1;
    store::photo::file(&mut tx, place, photo, filed).await?;
    chart::save(&mut tx, place, next, &before, &after).await?;
    let change = clinic::Change { client: Some(recorded.client), command: None, by: Some(signed_in.staff), at: now };
    clinic::raise_version(&mut tx, place, next, change).await?;
    tx.commit().await?;
    Ok(())
}
