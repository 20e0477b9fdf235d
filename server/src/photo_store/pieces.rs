//! Pictures that are still arriving: pieces of one length, each under the offset at which it begins. Which of them are there is
//! all that is known of an upload, so that any server process goes on where another left off.

use super::{PhotoStore, Result, folder, found};
use app::api::photos::PIECE_BYTES;
use bytes::Bytes;
use domain::ids::{ClinicId, PhotoId};
use futures::{StreamExt, TryStreamExt};
use object_store::{ObjectStore, ObjectStoreExt, path::Path};

/// Pieces fetched at a time when a picture is put together.
const FETCHED_TOGETHER: usize = 4;

impl PhotoStore {
    /// How many bytes of a file of that length are here, from its beginning without a gap.
    pub async fn received(&self, clinic: ClinicId, photo: PhotoId, bytes: u32) -> Result<u32> {
        let found: Vec<_> = self.store.list(Some(&pieces(clinic, photo))).try_collect().await?;
        let is_there = |begins: u32| {
            let key = piece(clinic, photo, begins);
            found.iter().any(|found| found.location == key && found.size == u64::from(piece_bytes(begins, bytes)))
        };
        let gap = offsets(bytes).find(|begins| !is_there(*begins));
        Ok(gap.unwrap_or(bytes))
    }

    /// Keeps a piece.
    pub async fn put_piece(&self, clinic: ClinicId, photo: PhotoId, begins: u32, body: Bytes) -> Result<()> {
        self.store.put(&piece(clinic, photo, begins), body.into()).await?;
        Ok(())
    }

    /// All pieces of a file of that length, one after the other; `None` when one is missing.
    pub async fn assembled(&self, clinic: ClinicId, photo: PhotoId, bytes: u32) -> Result<Option<Vec<u8>>> {
        let fetch = |begins| async move {
            match found(self.store.get(&piece(clinic, photo, begins)).await)? {
                Some(found) => Result::Ok(Some(found.bytes().await?)),
                None => Ok(None),
            }
        };
        let mut fetched = futures::stream::iter(offsets(bytes).map(fetch)).buffered(FETCHED_TOGETHER);
        let mut whole = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
        while let Some(piece) = fetched.try_next().await? {
            let Some(piece) = piece else { return Ok(None) };
            whole.extend_from_slice(&piece);
        }
        Ok(Some(whole))
    }

    pub async fn drop_pieces(&self, clinic: ClinicId, photo: PhotoId) -> Result<()> {
        let found: Vec<_> = self.store.list(Some(&pieces(clinic, photo))).try_collect().await?;
        self.drop_all(found.into_iter().map(|found| found.location).collect()).await
    }

    /// Photographs of which pieces are here.
    pub async fn arriving(&self) -> Result<Vec<(ClinicId, PhotoId)>> {
        let mut all = Vec::new();
        for clinic in self.clinics().await? {
            let found = self.store.list_with_delimiter(Some(&folder(clinic, "pieces"))).await?;
            let photos = found.common_prefixes.iter().filter_map(|path| path.filename()?.parse().ok());
            all.extend(photos.map(|photo| (clinic, PhotoId(photo))));
        }
        Ok(all)
    }
}

/// Where the pieces of a file of that length begin.
fn offsets(bytes: u32) -> impl Iterator<Item = u32> {
    (0..bytes).step_by(usize::try_from(PIECE_BYTES).unwrap_or(usize::MAX))
}

/// How long the piece that begins there has to be, in a file of that length; zero where none begins.
pub fn piece_bytes(begins: u32, bytes: u32) -> u32 {
    if begins.is_multiple_of(PIECE_BYTES) { bytes.saturating_sub(begins).min(PIECE_BYTES) } else { 0 }
}

fn pieces(clinic: ClinicId, photo: PhotoId) -> Path {
    folder(clinic, "pieces").join(photo.0.to_string())
}

fn piece(clinic: ClinicId, photo: PhotoId, begins: u32) -> Path {
    pieces(clinic, photo).join(format!("{begins:010}"))
}
