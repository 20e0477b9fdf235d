//! The pictures on the device.

use super::{Connection, PICTURES, THUMBNAILS, WAITING, all, delete, failed, from_json, json, put, store};
use crate::vault::seal::{self, Under};
use app::ports::{PhotoStore, Size, StoreError, Trouble, WaitingPhoto};
use async_trait::async_trait;
use domain::ids::PhotoId;
use indexed_db_futures::{BuildPrimitive, query_source::QuerySource, transaction::TransactionDurability};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Url};

/// A connection of its own, opened when photographs are first needed.
pub struct Pictures {
    connection: Connection,
}

fn key(photo: PhotoId) -> JsValue {
    JsValue::from_str(&photo.to_string())
}

fn place(size: Size) -> &'static str {
    match size {
        Size::Thumbnail => THUMBNAILS,
        Size::Whole => PICTURES,
    }
}

impl Pictures {
    pub async fn open() -> Result<Self, StoreError> {
        Ok(Self { connection: Connection::open().await? })
    }

    async fn buffer(&self, photo: PhotoId, size: Size) -> Result<Option<ArrayBuffer>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[place(size)])?;
        let found = store(&tx, place(size))?.get::<JsValue, JsValue, _>(key(photo)).primitive().map_err(failed)?.await.map_err(failed)?;
        match found.and_then(|value| value.dyn_into::<ArrayBuffer>().ok()) {
            Some(sealed) => seal::open(&sealed).await.map(Some),
            None => Ok(None),
        }
    }
}

#[async_trait(?Send)]
impl PhotoStore for Pictures {
    async fn waiting(&self) -> Result<Vec<WaitingPhoto>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[WAITING])?;
        // Ids begin with the time: the order of the keys is that of taking.
        Ok(all(&tx, WAITING).await?.iter().filter_map(|(_, value)| from_json(value)).collect())
    }

    async fn picture(&self, photo: PhotoId, size: Size) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.buffer(photo, size).await?.map(|buffer| Uint8Array::new(&buffer).to_vec()))
    }

    async fn hash(&self, photo: PhotoId) -> Result<Option<String>, StoreError> {
        let Some(buffer) = self.buffer(photo, Size::Whole).await? else { return Ok(None) };
        darkroom::sha256(&buffer).await.map(Some).map_err(|_| StoreError::Failed("no hash".to_owned()))
    }

    async fn address(&self, photo: PhotoId, size: Size) -> Result<Option<String>, StoreError> {
        let Some(buffer) = self.buffer(photo, size).await? else { return Ok(None) };
        let kind = BlobPropertyBag::new();
        kind.set_type("image/jpeg");
        let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(&buffer), &kind);
        let address = blob.and_then(|blob| Url::create_object_url_with_blob(&blob));
        address.map(Some).map_err(|_| StoreError::Failed("no address".to_owned()))
    }

    async fn sent(&self, photo: PhotoId) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[WAITING], TransactionDurability::Strict)?;
        delete(&store(&tx, WAITING)?, key(photo))?;
        self.connection.commit(tx).await
    }

    async fn note_trouble(&self, photo: PhotoId, trouble: Trouble) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[WAITING], TransactionDurability::Strict)?;
        let waiting = store(&tx, WAITING)?;
        let found = waiting.get::<JsValue, JsValue, _>(key(photo)).primitive().map_err(failed)?.await.map_err(failed)?;
        if let Some(mut entry) = found.as_ref().and_then(from_json::<WaitingPhoto>) {
            entry.trouble = Some(trouble);
            put(&waiting, key(photo), json(&entry)?)?;
        }
        self.connection.commit(tx).await
    }

    async fn let_go(&self, photo: PhotoId) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[WAITING, PICTURES, THUMBNAILS], TransactionDurability::Strict)?;
        for name in [WAITING, PICTURES, THUMBNAILS] {
            delete(&store(&tx, name)?, key(photo))?;
        }
        self.connection.commit(tx).await
    }

    async fn keep(&self, photo: PhotoId, size: Size, bytes: Vec<u8>) -> Result<(), StoreError> {
        let sealed = seal::seal(Under::Mirror, &bytes).await?;
        let database = self.connection.usable().await?;
        // Only a copy: it may be fetched anew.
        let tx = self.connection.write(&database, &[place(size)], TransactionDurability::Relaxed)?;
        put(&store(&tx, place(size))?, key(photo), sealed.into())?;
        self.connection.commit(tx).await
    }

    async fn whole_copies(&self) -> Result<Vec<PhotoId>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[PICTURES, WAITING])?;
        let pictures = store(&tx, PICTURES)?.get_all_keys::<JsValue>().primitive().map_err(failed)?;
        let waiting = store(&tx, WAITING)?.get_all_keys::<JsValue>().primitive().map_err(failed)?;
        let waiting: Vec<_> = waiting.await.map_err(failed)?.filter_map(Result::ok).collect();
        let copies = pictures.await.map_err(failed)?.filter_map(Result::ok).filter(|key| !waiting.contains(key));
        Ok(copies.filter_map(|key| key.as_string()?.parse().ok()).collect())
    }

    async fn drop_copies(&self, photos: &[PhotoId]) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[PICTURES, WAITING], TransactionDurability::Relaxed)?;
        let (pictures, waiting) = (store(&tx, PICTURES)?, store(&tx, WAITING)?);
        let waiting = waiting.get_all_keys::<JsValue>().primitive().map_err(failed)?.await.map_err(failed)?;
        let waiting: Vec<_> = waiting.filter_map(Result::ok).collect();
        for photo in photos.iter().map(|photo| key(*photo)).filter(|key| !waiting.contains(key)) {
            delete(&pictures, photo)?;
        }
        self.connection.commit(tx).await
    }

    async fn drop_all_copies(&self) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[PICTURES, THUMBNAILS, WAITING], TransactionDurability::Strict)?;
        let keys = |name: &str| store(&tx, name)?.get_all_keys::<JsValue>().primitive().map_err(failed);
        let (waiting, pictures, thumbnails) = (keys(WAITING)?, keys(PICTURES)?, keys(THUMBNAILS)?);
        let waiting: Vec<_> = waiting.await.map_err(failed)?.filter_map(Result::ok).collect();
        for (name, keys) in [(PICTURES, pictures), (THUMBNAILS, thumbnails)] {
            let keys: Vec<_> = keys.await.map_err(failed)?.filter_map(Result::ok).collect();
            for photo in keys.into_iter().filter(|key| !waiting.contains(key)) {
                delete(&store(&tx, name)?, photo)?;
            }
        }
        self.connection.commit(tx).await
    }
}
