//! What the device keeps, in IndexedDB.
//!
//! Pages are stored as they came (many charts each: single rows take seconds). Everything a person typed is JSON, so that
//! any later version of the app can read it; both sealed (`vault/seal.rs`). What lies open is what opens nothing: numbers, ids, the
//! cursor, and the names of those who may open it. Within a transaction all requests are issued first and only its completion
//! is awaited: WebKit ends a transaction that waits for anything else.

pub mod before_sealing;
pub mod connection;
pub mod error;
pub mod photos;

use crate::vault::seal::{self, Under};
use app::{
    api::SignedIn,
    ports::{Along, Cursor, Draft, DraftKey, LocalStore, NewPage, Queued, QueuedLook, Saved, StoreError, WaitingPhoto},
};
use async_trait::async_trait;
use connection::{ANSWERS, Connection, DRAFTS, LOOKS, META, OUTBOX, PAGES, PICTURES, THUMBNAILS, TYPED, WAITING};
use domain::{
    ids::{InstallationId, LookId},
    sync::Outcome,
};
use error::{failed, unreadable};
use futures::future::join_all;
use indexed_db_futures::{
    BuildPrimitive,
    object_store::ObjectStore,
    query_source::QuerySource,
    transaction::{Transaction, TransactionDurability},
};
use js_sys::{ArrayBuffer, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};
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

pub const INSTALLATION: &str = "installation";
pub const SIGNED_IN: &str = "signed-in";
const CURSOR: &str = "cursor";

thread_local! {
    static WRITING: Cell<u32> = const { Cell::new(0) };
    static TURNS: RefCell<HashMap<String, u64>> = RefCell::default();
}

/// Something typed is on its way to the disk for as long as this lives; whoever ends the page waits for it.
///
/// Sealing takes a moment, and two that began one after the other may end the other way round: only the last one about a thing is
/// written.
struct Writing {
    about: String,
    turn: u64,
}

impl Writing {
    fn begin(about: String) -> Self {
        WRITING.set(WRITING.get() + 1);
        Self { turn: next_turn(&about), about }
    }

    fn is_last(&self) -> bool {
        TURNS.with_borrow(|turns| turns.get(&self.about) == Some(&self.turn))
    }
}

fn next_turn(about: &str) -> u64 {
    TURNS.with_borrow_mut(|turns| {
        let turn = turns.entry(about.to_owned()).or_default();
        *turn += 1;
        *turn
    })
}

impl Drop for Writing {
    fn drop(&mut self) {
        WRITING.set(WRITING.get() - 1);
    }
}

pub fn is_writing() -> bool {
    WRITING.get() > 0
}

pub struct Browser {
    connection: Connection,
}

impl Browser {
    pub async fn open() -> Result<Self, StoreError> {
        Ok(Self { connection: Connection::open().await? })
    }

    /// Other tabs take up what this one wrote; those that miss it find it at their next start.
    fn tell_other_tabs(&self) {
        if let Some(channel) = other_tabs() {
            let _ = channel.post_message(&JsValue::NULL);
        }
    }
}

/// Home-screen apps are kept by the browser; a page in a tab may be cleared away unless it asks.
pub fn ask_to_persist() {
    if let Some(window) = web_sys::window() {
        // Whatever the answer, there is nothing else to do.
        let _ = window.navigator().storage().persist();
    }
}

pub fn store<'a>(tx: &'a Transaction<'_>, name: &str) -> Result<ObjectStore<'a>, StoreError> {
    tx.object_store(name).map_err(failed)
}

pub fn put(store: &ObjectStore<'_>, key: JsValue, value: JsValue) -> Result<(), StoreError> {
    store.put(value).with_key(key).primitive().map(drop).map_err(failed)
}

pub fn delete(store: &ObjectStore<'_>, key: JsValue) -> Result<(), StoreError> {
    store.delete::<JsValue, JsValue>(key).primitive().map(drop).map_err(failed)
}

pub fn json(value: &impl Serialize) -> Result<JsValue, StoreError> {
    serde_json::to_string(value).map(|text| JsValue::from_str(&text)).map_err(unreadable)
}

pub fn from_json<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    value.as_string().and_then(|text| serde_json::from_slice(text.as_bytes()).ok())
}

/// Versions and running numbers lie far within what a double holds exactly.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
pub fn key(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "written by `key`")]
pub fn number(key: &JsValue) -> u64 {
    key.as_f64().unwrap_or_default() as u64
}

/// All entries of a store, ascending by key.
pub async fn all(tx: &Transaction<'_>, name: &str) -> Result<Vec<(JsValue, JsValue)>, StoreError> {
    let store = store(tx, name)?;
    let keys = store.get_all_keys::<JsValue>().primitive().map_err(failed)?;
    let values = store.get_all::<JsValue>().primitive().map_err(failed)?;
    let keys = keys.await.map_err(failed)?;
    let values = values.await.map_err(failed)?;
    keys.zip(values).map(|(key, value)| Ok((key.map_err(failed)?, value.map_err(failed)?))).collect()
}

/// What a person typed, or what came of it.
pub async fn sealed(value: &impl Serialize) -> Result<JsValue, StoreError> {
    let text = serde_json::to_vec(value).map_err(unreadable)?;
    Ok(seal::seal(Under::Unsent, &text).await?.into())
}

/// What is sealed in a value; nothing if it cannot be opened, and then it stays where it lies.
pub async fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    let opened = seal::open(value.dyn_ref::<ArrayBuffer>()?).await.ok()?;
    Some(Uint8Array::new(&opened).to_vec())
}

async fn opened<T: DeserializeOwned>(values: &[(JsValue, JsValue)]) -> Vec<(JsValue, T)> {
    let open = |(key, value): &(JsValue, JsValue)| {
        let (key, value) = (key.clone(), value.clone());
        async move { Some((key, serde_json::from_slice(&bytes(&value).await?).ok()?)) }
    };
    join_all(values.iter().map(open)).await.into_iter().flatten().collect()
}

async fn queued(outbox: &[(JsValue, JsValue)], answers: &[(JsValue, JsValue)]) -> Vec<Queued> {
    let answers: Vec<(JsValue, Outcome)> = opened(answers).await;
    let answer = |key: &JsValue| answers.iter().find(|(answered, _)| answered == key).map(|(_, outcome)| outcome.clone());
    let commands: Vec<(JsValue, String)> = opened(outbox).await;
    commands.into_iter().map(|(key, text)| Queued { number: number(&key), text, answer: answer(&key) }).collect()
}

fn draft_key(draft: DraftKey) -> String {
    format!("{}/{}", draft.session, draft.by)
}

#[async_trait(?Send)]
impl LocalStore for Browser {
    async fn load(&self) -> Result<Saved, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[META, PAGES, OUTBOX, ANSWERS, DRAFTS, TYPED, WAITING])?;
        let meta = all(&tx, META).await?;
        let pages = all(&tx, PAGES).await?;
        let (outbox, answers) = (all(&tx, OUTBOX).await?, all(&tx, ANSWERS).await?);
        let (drafts, typed) = (all(&tx, DRAFTS).await?, all(&tx, TYPED).await?);
        let photos_waiting = all(&tx, WAITING).await?.len();
        let meta = |name: &str| meta.iter().find(|(key, _)| key.as_string().as_deref() == Some(name)).map(|(_, value)| value);
        // All at once: the browser opens them beside this thread.
        let opened_pages = join_all(pages.iter().map(|(_, value)| bytes(value))).await;
        let whole = opened_pages.iter().all(Option::is_some);
        let pages = pages.iter().zip(opened_pages).filter_map(|((key, _), bytes)| Some((number(key), bytes?)));
        Ok(Saved {
            installation: meta(INSTALLATION).and_then(from_json),
            signed_in: meta(SIGNED_IN).and_then(from_json),
            // A mirror with a page that cannot be opened has a gap: it is fetched anew.
            cursor: meta(CURSOR).and_then(from_json).filter(|_| whole),
            pages: pages.collect(),
            outbox: queued(&outbox, &answers).await,
            drafts: opened(&drafts).await.into_iter().map(|(_, draft)| draft).collect(),
            typed: opened(&typed).await.into_iter().filter_map(|(key, text)| Some((key.as_string()?, text))).collect(),
            photos_waiting,
        })
    }

    async fn outbox(&self) -> Result<Vec<Queued>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[OUTBOX, ANSWERS])?;
        let (outbox, answers) = (all(&tx, OUTBOX).await?, all(&tx, ANSWERS).await?);
        Ok(queued(&outbox, &answers).await)
    }

    async fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[DRAFTS])?;
        let drafts = all(&tx, DRAFTS).await?;
        Ok(opened(&drafts).await.into_iter().map(|(_, draft)| draft).collect())
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
            Along::Photo(taken) => {
                Some((seal::seal(Under::Unsent, &taken.picture).await?, seal::seal(Under::Unsent, &taken.thumbnail).await?))
            }
            Along::Nothing | Along::Draft(_) => None,
        };
        let entry = sealed(&command).await?;
        let database = self.connection.usable().await?;
        let stores: &[&str] = if pictures.is_some() { &[OUTBOX, WAITING, PICTURES, THUMBNAILS] } else { &[OUTBOX, DRAFTS] };
        let tx = self.connection.write(&database, stores, TransactionDurability::Strict)?;
        let added = store(&tx, OUTBOX)?.add(entry).with_key_type::<JsValue>().primitive().map_err(failed)?;
        if let Along::Draft(draft) = along {
            next_turn(&draft_key(draft));
            delete(&store(&tx, DRAFTS)?, draft_key(draft).into())?;
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
        let sealing = answers.iter().map(|(n, outcome)| async move { Ok((key(*n), sealed(outcome).await?)) });
        let sealing: Vec<_> = join_all(sealing).await.into_iter().collect::<Result<_, StoreError>>()?;
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[OUTBOX, ANSWERS], TransactionDurability::Strict)?;
        let (outbox, kept) = (store(&tx, OUTBOX)?, store(&tx, ANSWERS)?);
        let mut waiting = Vec::new();
        for (key, outcome) in sealing {
            let found = outbox.get_key::<JsValue, _>(key.clone()).primitive().map_err(failed)?;
            waiting.push((key, outcome, found));
        }
        for (key, outcome, found) in waiting {
            // Another tab may have settled it already; it is not brought back.
            if found.await.map_err(failed)?.is_some() {
                put(&kept, key, outcome)?;
            }
        }
        self.connection.commit(tx).await
    }

    async fn dismiss(&self, n: u64) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[OUTBOX, ANSWERS], TransactionDurability::Strict)?;
        delete(&store(&tx, OUTBOX)?, key(n))?;
        delete(&store(&tx, ANSWERS)?, key(n))?;
        self.connection.commit(tx).await
    }

    async fn add_page(&self, page: NewPage<'_>) -> Result<(), StoreError> {
        let durability = if page.settled.is_empty() { TransactionDurability::Relaxed } else { TransactionDurability::Strict };
        let sealed = seal::seal(Under::Mirror, page.bytes).await?;
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[META, PAGES, OUTBOX, ANSWERS], durability)?;
        let (meta, pages, outbox, answers) = (store(&tx, META)?, store(&tx, PAGES)?, store(&tx, OUTBOX)?, store(&tx, ANSWERS)?);
        let stored = meta.get::<JsValue, JsValue, _>(JsValue::from_str(CURSOR)).primitive().map_err(failed)?.await.map_err(failed)?;
        let stored: Option<Cursor> = stored.as_ref().and_then(from_json);
        let same_mirror = stored.filter(|stored| stored.epoch == page.cursor.epoch);
        // Another tab may be ahead; its mirror holds this page already.
        if same_mirror.is_none_or(|stored| stored.version < page.cursor.version) {
            if same_mirror.is_none() {
                pages.clear().map_err(failed)?;
            }
            put(&pages, key(page.cursor.version), sealed.into())?;
            put(&meta, CURSOR.into(), json(&page.cursor)?)?;
        }
        for number in page.settled {
            delete(&outbox, key(*number))?;
            delete(&answers, key(*number))?;
        }
        self.connection.commit(tx).await
    }

    async fn merge_pages(&self, merged: &[u64], page: Vec<u8>) -> Result<(), StoreError> {
        let sealed = seal::seal(Under::Mirror, &page).await?;
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[PAGES], TransactionDurability::Relaxed)?;
        let pages = store(&tx, PAGES)?;
        for version in merged {
            delete(&pages, key(*version))?;
        }
        if let Some(last) = merged.last() {
            put(&pages, key(*last), sealed.into())?;
        }
        self.connection.commit(tx).await
    }

    async fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        let writing = Writing::begin(draft_key(draft.key()));
        let body = sealed(draft).await?;
        if !writing.is_last() {
            return Ok(());
        }
        // Relaxed: it survives the tab, at every keystroke; signing is strict.
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[DRAFTS], TransactionDurability::Relaxed)?;
        put(&store(&tx, DRAFTS)?, draft_key(draft.key()).into(), body)?;
        self.connection.commit(tx).await?;
        self.tell_other_tabs();
        Ok(())
    }

    async fn drop_draft(&self, draft: DraftKey) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[DRAFTS], TransactionDurability::Strict)?;
        next_turn(&draft_key(draft));
        delete(&store(&tx, DRAFTS)?, draft_key(draft).into())?;
        self.connection.commit(tx).await?;
        self.tell_other_tabs();
        Ok(())
    }

    async fn save_typed(&self, about: &str, text: Option<&str>) -> Result<(), StoreError> {
        let writing = Writing::begin(about.to_owned());
        let body = match text {
            Some(text) => Some(sealed(&text).await?),
            None => None,
        };
        if !writing.is_last() {
            return Ok(());
        }
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[TYPED], TransactionDurability::Relaxed)?;
        let typed = store(&tx, TYPED)?;
        match body {
            Some(body) => put(&typed, about.into(), body)?,
            None => delete(&typed, about.into())?,
        }
        self.connection.commit(tx).await
    }

    async fn queue_look(&self, look: &QueuedLook) -> Result<(), StoreError> {
        let body = sealed(look).await?;
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[LOOKS], TransactionDurability::Strict)?;
        put(&store(&tx, LOOKS)?, look.look.id.to_string().into(), body)?;
        self.connection.commit(tx).await
    }

    async fn looks(&self) -> Result<Vec<QueuedLook>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[LOOKS])?;
        let looks = all(&tx, LOOKS).await?;
        Ok(opened(&looks).await.into_iter().map(|(_, look)| look).collect())
    }

    async fn drop_looks(&self, looks: &[LookId]) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[LOOKS], TransactionDurability::Strict)?;
        for look in looks {
            delete(&store(&tx, LOOKS)?, look.to_string().into())?;
        }
        self.connection.commit(tx).await
    }

    async fn save_sign_in(&self, signed_in: Option<&SignedIn>) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[META], TransactionDurability::Strict)?;
        put(&store(&tx, META)?, SIGNED_IN.into(), json(&signed_in)?)?;
        self.connection.commit(tx).await
    }
}
