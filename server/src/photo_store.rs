//! Where the pictures' bytes lie: a folder of the server's machine, or S3. What is put here is durable when the call returns.
//!
//! Keys are made of ids and say nothing about anybody:
//! `{clinic}/pictures/{photo}.jpg`, `{clinic}/thumbnails/{photo}.jpg`, `{clinic}/pieces/{photo}/{offset}`, `{clinic}/shared/{share}.jpg`,
//! `{clinic}/audit/{number}`.

mod anchor;
mod open;
mod pieces;
mod unfinished;

use bytes::Bytes;
use domain::ids::{ClinicId, PhotoId, ShareId};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use std::sync::Arc;

pub use open::Place;
pub use pieces::piece_bytes;

/// The store would not do what it was asked to. Logged once, at the edge.
#[derive(Debug, thiserror::Error)]
pub enum PhotoStoreError {
    #[error("the photo store: {0}")]
    Store(#[from] object_store::Error),
    #[error("the photo store: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the photo store at {place} cannot be used: {why}")]
    Unusable { place: String, why: String },
}

pub type Result<T> = std::result::Result<T, PhotoStoreError>;

/// One store for all clinics.
#[derive(Clone)]
pub struct PhotoStore {
    store: Arc<dyn ObjectStore>,
    /// Where it lies, if that is a folder.
    folder: Option<std::path::PathBuf>,
}

/// What is kept, besides the pieces of what is still arriving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Picture(PhotoId),
    Thumbnail(PhotoId),
    /// Drawn from two pictures, to be shown outside; can be drawn again.
    Shared(ShareId),
}

/// Something kept, on its way out.
pub struct Stored {
    pub bytes: u64,
    pub stream: BoxStream<'static, object_store::Result<Bytes>>,
}

impl PhotoStore {
    /// Keeps the item; what was there under the same name is replaced.
    pub async fn put(&self, clinic: ClinicId, item: Item, bytes: Bytes) -> Result<()> {
        self.store.put(&item.key(clinic), bytes.into()).await?;
        Ok(())
    }

    /// The item as a stream, so that nobody's picture waits in memory for a slow line.
    pub async fn open(&self, clinic: ClinicId, item: Item) -> Result<Option<Stored>> {
        let found = found(self.store.get(&item.key(clinic)).await)?;
        Ok(found.map(|found| Stored { bytes: found.meta.size, stream: found.into_stream() }))
    }

    /// The item, whole.
    pub async fn read(&self, clinic: ClinicId, item: Item) -> Result<Option<Bytes>> {
        match found(self.store.get(&item.key(clinic)).await)? {
            Some(found) => Ok(Some(found.bytes().await?)),
            None => Ok(None),
        }
    }

    /// Drops the item, if it is there.
    pub async fn delete(&self, clinic: ClinicId, item: Item) -> Result<()> {
        found(self.store.delete(&item.key(clinic)).await)?;
        Ok(())
    }

    /// Which shared pictures are kept.
    pub async fn shared(&self) -> Result<Vec<(ClinicId, ShareId)>> {
        let mut all = Vec::new();
        for clinic in self.clinics().await? {
            let keys: Vec<_> = self.store.list(Some(&folder(clinic, "shared"))).try_collect().await?;
            let shares = keys.iter().filter_map(|found| found.location.filename()?.strip_suffix(".jpg")?.parse().ok());
            all.extend(shares.map(|share| (clinic, ShareId(share))));
        }
        Ok(all)
    }

    /// Clinics that have anything here.
    async fn clinics(&self) -> Result<Vec<ClinicId>> {
        let found = self.store.list_with_delimiter(None).await?;
        Ok(found.common_prefixes.iter().filter_map(|path| path.filename()?.parse().ok().map(ClinicId)).collect())
    }

    async fn drop_all(&self, keys: Vec<Path>) -> Result<()> {
        let keys = futures::stream::iter(keys.into_iter().map(Ok)).boxed();
        let mut deleted = self.store.delete_stream(keys);
        while let Some(key) = deleted.next().await {
            found(key)?;
        }
        Ok(())
    }
}

impl Item {
    fn key(self, clinic: ClinicId) -> Path {
        let (kind, id) = match self {
            Self::Picture(photo) => ("pictures", photo.0),
            Self::Thumbnail(photo) => ("thumbnails", photo.0),
            Self::Shared(share) => ("shared", share.0),
        };
        folder(clinic, kind).join(format!("{id}.jpg"))
    }
}

fn folder(clinic: ClinicId, kind: &'static str) -> Path {
    Path::from_iter([clinic.0.to_string().as_str(), kind])
}

/// That something is not there is an answer.
fn found<T>(result: object_store::Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
