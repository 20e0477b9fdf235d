//! What the device keeps, in IndexedDB.
//!
//! Pages are stored as they came (many charts each: single rows take seconds). Everything a person typed is JSON, so that
//! any later version of the app can read it. Within a transaction all requests are issued first and only its completion
//! is awaited: WebKit ends a transaction that waits for anything else.

mod connection;
mod error;
pub mod photos;
mod seal;

use app::{
    api::SignedIn,
    ports::{Along, Cursor, Draft, LocalStore, NewPage, Queued, Saved, StoreError, WaitingPhoto},
};
use async_trait::async_trait;
use connection::{Connection, DRAFTS, META, OUTBOX, PAGES, PICTURES, THUMBNAILS, WAITING};
use domain::{
    ids::{InstallationId, SessionId},
    sync::Outcome,
};
use error::{failed, unreadable};
use indexed_db_futures::{
    BuildPrimitive,
    object_store::ObjectStore,
    query_source::QuerySource,
    transaction::{Transaction, TransactionDurability},
};
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::BroadcastChannel;

thread_local! {
    // One object for telling and listening: what it tells, it does not hear itself.
    static OTHER_TABS: Option<BroadcastChannel> = BroadcastChannel::new("cadence-outbox").ok();
}

/// Where tabs of this browser tell each other that outbox or drafts are not what they were.
pub fn other_tabs() -> Option<BroadcastChannel> {
    OTHER_TABS.with(Clone::clone)
}

const INSTALLATION: &str = "installation";
const SIGNED_IN: &str = "signed-in";
const CURSOR: &str = "cursor";

pub struct Browser {
    connection: Connection,
}

/// A command as it lies in the outbox.
#[derive(Serialize, Deserialize)]
struct Entry {
    text: String,
    answer: Option<Outcome>,
}

impl Browser {
    pub async fn open() -> Result<Self, StoreError> {
        let connection = Connection::open().await?;
        ask_to_persist();
        Ok(Self { connection })
    }

    /// Other tabs take up what this one wrote; those that miss it find it at their next start.
    fn tell_other_tabs(&self) {
        if let Some(channel) = other_tabs() {
            let _ = channel.post_message(&JsValue::NULL);
        }
    }
}

/// Home-screen apps are kept by the browser; a page in a tab may be cleared away unless it asks.
fn ask_to_persist() {
    if let Some(window) = web_sys::window() {
        // Whatever the answer, there is nothing else to do.
        let _ = window.navigator().storage().persist();
    }
}

fn store<'a>(tx: &'a Transaction<'_>, name: &str) -> Result<ObjectStore<'a>, StoreError> {
    tx.object_store(name).map_err(failed)
}

fn put(store: &ObjectStore<'_>, key: JsValue, value: JsValue) -> Result<(), StoreError> {
    store.put(value).with_key(key).primitive().map(drop).map_err(failed)
}

fn delete(store: &ObjectStore<'_>, key: JsValue) -> Result<(), StoreError> {
    store.delete::<JsValue, JsValue>(key).primitive().map(drop).map_err(failed)
}

fn json(value: &impl Serialize) -> Result<JsValue, StoreError> {
    serde_json::to_string(value).map(|text| JsValue::from_str(&text)).map_err(unreadable)
}

fn from_json<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    value.as_string().and_then(|text| serde_json::from_slice(text.as_bytes()).ok())
}

/// Versions and running numbers lie far within what a double holds exactly.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn key(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "written by `key`")]
fn number(key: &JsValue) -> u64 {
    key.as_f64().unwrap_or_default() as u64
}

/// All entries of a store, ascending by key.
async fn all(tx: &Transaction<'_>, name: &str) -> Result<Vec<(JsValue, JsValue)>, StoreError> {
    let store = store(tx, name)?;
    let keys = store.get_all_keys::<JsValue>().primitive().map_err(failed)?;
    let values = store.get_all::<JsValue>().primitive().map_err(failed)?;
    let keys = keys.await.map_err(failed)?;
    let values = values.await.map_err(failed)?;
    keys.zip(values).map(|(key, value)| Ok((key.map_err(failed)?, value.map_err(failed)?))).collect()
}

fn queued((key, value): &(JsValue, JsValue)) -> Option<Queued> {
    let Entry { text, answer } = from_json(value)?;
    Some(Queued { number: number(key), text, answer })
}

#[async_trait(?Send)]
impl LocalStore for Browser {
    async fn load(&self) -> Result<Saved, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[META, PAGES, OUTBOX, DRAFTS, WAITING])?;
        let meta = all(&tx, META).await?;
        let pages = all(&tx, PAGES).await?;
        let outbox = all(&tx, OUTBOX).await?;
        let drafts = all(&tx, DRAFTS).await?;
        let photos_waiting = all(&tx, WAITING).await?.len();
        let meta = |name: &str| meta.iter().find(|(key, _)| key.as_string().as_deref() == Some(name)).map(|(_, value)| value);
        let bytes = |value: &JsValue| value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
        Ok(Saved {
            installation: meta(INSTALLATION).and_then(from_json),
            signed_in: meta(SIGNED_IN).and_then(from_json),
            cursor: meta(CURSOR).and_then(from_json),
            pages: pages.iter().filter_map(|(key, value)| Some((number(key), bytes(value)?))).collect(),
            outbox: outbox.iter().filter_map(queued).collect(),
            drafts: drafts.iter().filter_map(|(_, value)| from_json(value)).collect(),
            photos_waiting,
        })
    }

    async fn outbox(&self) -> Result<Vec<Queued>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[OUTBOX])?;
        Ok(all(&tx, OUTBOX).await?.iter().filter_map(queued).collect())
    }

    async fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[DRAFTS])?;
        Ok(all(&tx, DRAFTS).await?.iter().filter_map(|(_, value)| from_json(value)).collect())
    }

    async fn save_installation(&self, installation: InstallationId) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[META], TransactionDurability::Strict)?;
        put(&store(&tx, META)?, INSTALLATION.into(), json(&installation)?)?;
        self.connection.commit(tx).await
    }

    async fn queue(&self, command: &str, along: Along<'_>) -> Result<u64, StoreError> {
        // Sealed first: a transaction waits for nothing.
        let pictures = match along {
            Along::Photo(taken) => Some((seal::seal(&taken.picture).await?, seal::seal(&taken.thumbnail).await?)),
            Along::Nothing | Along::Draft(_) => None,
        };
        let database = self.connection.usable().await?;
        let stores: &[&str] = if pictures.is_some() { &[OUTBOX, WAITING, PICTURES, THUMBNAILS] } else { &[OUTBOX, DRAFTS] };
        let tx = self.connection.write(&database, stores, TransactionDurability::Strict)?;
        let entry = json(&Entry { text: command.to_owned(), answer: None })?;
        let added = store(&tx, OUTBOX)?.add(entry).with_key_type::<JsValue>().primitive().map_err(failed)?;
        if let Along::Draft(session) = along {
            delete(&store(&tx, DRAFTS)?, session.to_string().into())?;
        }
        if let (Along::Photo(taken), Some((picture, thumbnail))) = (along, pictures) {
            let bytes = u32::try_from(taken.picture.len()).unwrap_or(u32::MAX);
            let waiting = WaitingPhoto { photo: taken.id, client: taken.client, bytes, trouble: None };
            let key = || JsValue::from_str(&taken.id.to_string());
            put(&store(&tx, WAITING)?, key(), json(&waiting)?)?;
            put(&store(&tx, PICTURES)?, key(), picture.into())?;
            put(&store(&tx, THUMBNAILS)?, key(), thumbnail.into())?;
        }
        let key = added.await.map_err(failed)?;
        self.connection.commit(tx).await?;
        self.tell_other_tabs();
        Ok(number(&key))
    }

    async fn answer(&self, answers: &[(u64, Outcome)]) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[OUTBOX], TransactionDurability::Strict)?;
        let outbox = store(&tx, OUTBOX)?;
        let mut waiting = Vec::new();
        for (n, outcome) in answers {
            let found = outbox.get::<JsValue, JsValue, _>(key(*n)).primitive().map_err(failed)?;
            waiting.push((*n, outcome, found));
        }
        for (n, outcome, found) in waiting {
            // Another tab may have settled it already; it is not brought back.
            if let Some(mut entry) = found.await.map_err(failed)?.as_ref().and_then(from_json::<Entry>) {
                entry.answer = Some(outcome.clone());
                put(&outbox, key(n), json(&entry)?)?;
            }
        }
        self.connection.commit(tx).await
    }

    async fn dismiss(&self, n: u64) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[OUTBOX], TransactionDurability::Strict)?;
        delete(&store(&tx, OUTBOX)?, key(n))?;
        self.connection.commit(tx).await
    }

    async fn add_page(&self, page: NewPage<'_>) -> Result<(), StoreError> {
        let durability = if page.settled.is_empty() { TransactionDurability::Relaxed } else { TransactionDurability::Strict };
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[META, PAGES, OUTBOX], durability)?;
        let (meta, pages, outbox) = (store(&tx, META)?, store(&tx, PAGES)?, store(&tx, OUTBOX)?);
        let stored = meta.get::<JsValue, JsValue, _>(JsValue::from_str(CURSOR)).primitive().map_err(failed)?.await.map_err(failed)?;
        let stored: Option<Cursor> = stored.as_ref().and_then(from_json);
        let same_mirror = stored.filter(|stored| stored.epoch == page.cursor.epoch);
        // Another tab may be ahead; its mirror holds this page already.
        if same_mirror.is_none_or(|stored| stored.version < page.cursor.version) {
            if same_mirror.is_none() {
                pages.clear().map_err(failed)?;
            }
            put(&pages, key(page.cursor.version), Uint8Array::from(page.bytes).into())?;
            put(&meta, CURSOR.into(), json(&page.cursor)?)?;
        }
        for number in page.settled {
            delete(&outbox, key(*number))?;
        }
        self.connection.commit(tx).await
    }

    async fn merge_pages(&self, merged: &[u64], page: Vec<u8>) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[PAGES], TransactionDurability::Relaxed)?;
        let pages = store(&tx, PAGES)?;
        for version in merged {
            delete(&pages, key(*version))?;
        }
        if let Some(last) = merged.last() {
            put(&pages, key(*last), Uint8Array::from(page.as_slice()).into())?;
        }
        self.connection.commit(tx).await
    }

    async fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        // Relaxed: it survives the tab, at every keystroke; signing is strict.
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[DRAFTS], TransactionDurability::Relaxed)?;
        put(&store(&tx, DRAFTS)?, draft.session.to_string().into(), json(draft)?)?;
        self.connection.commit(tx).await?;
        self.tell_other_tabs();
        Ok(())
    }

    async fn drop_draft(&self, session: SessionId) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[DRAFTS], TransactionDurability::Strict)?;
        delete(&store(&tx, DRAFTS)?, session.to_string().into())?;
        self.connection.commit(tx).await?;
        self.tell_other_tabs();
        Ok(())
    }

    async fn save_sign_in(&self, signed_in: Option<&SignedIn>) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[META], TransactionDurability::Strict)?;
        put(&store(&tx, META)?, SIGNED_IN.into(), json(&signed_in)?)?;
        self.connection.commit(tx).await
    }
}
