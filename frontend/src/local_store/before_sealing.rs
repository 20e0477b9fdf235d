//! What a version before this one left open on the disk: what a person typed and photographed is taken over, sealed; the rest the
//! clinic has, and it is fetched anew. Then the old database is deleted, and with it every byte that lay open.

use super::{
    INSTALLATION, SIGNED_IN, all,
    connection::{ANSWERS, Connection, DRAFTS, META, OUTBOX, PICTURES, THUMBNAILS, TYPED, WAITING},
    error::failed,
    from_json, json, put, sealed, store,
};
use crate::vault::seal::{self, Under};
use app::{api::SignedIn, ports::StoreError};
use domain::{ids::InstallationId, sync::Outcome};
use indexed_db_futures::{
    Build,
    database::Database,
    transaction::{TransactionDurability, TransactionMode},
};
use js_sys::{ArrayBuffer, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

const OLD: &str = "cadence";
/// In the new database's meta: there is nothing left to take over.
const DONE: &str = "taken-over";
const TYPED_BEFORE: &str = "typed/";

/// A command as it lay there.
#[derive(Deserialize)]
struct Entry {
    text: String,
    answer: Option<Outcome>,
}

/// What the old database says of the browser; nothing of it needs a key.
pub struct Before {
    old: Database,
    pub installation: Option<InstallationId>,
    pub signed_in: Option<SignedIn>,
}

/// By the new database's meta: nothing of it is left.
pub fn is_done(meta: &[(JsValue, JsValue)]) -> bool {
    meta.iter().any(|(key, _)| key.as_string().as_deref() == Some(DONE))
}

/// The old database, if there is one.
pub async fn find(meta: &[(JsValue, JsValue)]) -> Result<Option<Before>, StoreError> {
    if is_done(meta) {
        return Ok(None);
    }
    let old = Database::open(OLD).await.map_err(|_| StoreError::Unavailable)?;
    if !old.object_store_names().any(|name| name == META) {
        old.close();
        return Ok(None);
    }
    let tx = old.transaction(META).with_mode(TransactionMode::Readonly).build().map_err(failed)?;
    let meta = all(&tx, META).await?;
    drop(tx);
    let meta = |name: &str| meta.iter().find(|(key, _)| key.as_string().as_deref() == Some(name)).map(|(_, value)| value);
    Ok(Some(Before { old, installation: meta(INSTALLATION).and_then(from_json), signed_in: meta(SIGNED_IN).and_then(from_json) }))
}

/// Takes over what is only here, in one transaction, and deletes the rest. The keys are there by now.
pub async fn take_over(connection: &Connection, before: Option<Before>) -> Result<(), StoreError> {
    let mut entries: Vec<(&'static str, JsValue, JsValue)> = Vec::new();
    if let Some(Before { old, signed_in, .. }) = before {
        let has = |name: &&str| old.object_store_names().any(|there| there == **name);
        let names: Vec<_> = [OUTBOX, DRAFTS, WAITING, PICTURES, THUMBNAILS].into_iter().filter(has).collect();
        let tx = old.transaction(names.as_slice()).with_mode(TransactionMode::Readonly).build().map_err(failed)?;
        let mut found = Vec::new();
        for name in names {
            found.push((name, all(&tx, name).await?));
        }
        drop(tx);
        let waiting: Vec<_> =
            found.iter().filter(|(name, _)| *name == WAITING).flat_map(|(_, rows)| rows).map(|(key, _)| key.clone()).collect();
        for (name, rows) in found {
            for (key, value) in rows {
                match name {
                    OUTBOX => {
                        let Some(Entry { text, answer }) = from_json(&value) else { continue };
                        if let Some(answer) = answer {
                            entries.push((ANSWERS, key.clone(), sealed(&answer).await?));
                        }
                        entries.push((OUTBOX, key, sealed(&text).await?));
                    }
                    DRAFTS => {
                        // Whoever was signed in has typed it.
                        let Some((mut draft, who)) = from_json::<serde_json::Value>(&value).zip(signed_in.as_ref()) else { continue };
                        draft["by"] = serde_json::json!(who.staff);
                        let key = format!("{}/{}", key.as_string().unwrap_or_default(), who.staff);
                        entries.push((DRAFTS, key.into(), sealed(&draft).await?));
                    }
                    WAITING => entries.push((WAITING, key, value)),
                    pictures if waiting.contains(&key) => {
                        let Some(picture) = value.dyn_ref::<ArrayBuffer>() else { continue };
                        let picture = Uint8Array::new(picture).to_vec();
                        entries.push((pictures, key, seal::seal(Under::Unsent, &picture).await?.into()));
                    }
                    _ => {}
                }
            }
        }
        old.close();
    }
    for (key, text) in typed_before() {
        entries.push((TYPED, key.trim_start_matches(TYPED_BEFORE).into(), sealed(&text).await?));
    }
    let database = connection.usable().await?;
    let stores = [META, OUTBOX, ANSWERS, DRAFTS, TYPED, WAITING, PICTURES, THUMBNAILS];
    let tx = connection.write(&database, &stores, TransactionDurability::Strict)?;
    for (name, key, value) in entries {
        put(&store(&tx, name)?, key, value)?;
    }
    put(&store(&tx, META)?, DONE.into(), json(&true)?)?;
    connection.commit(tx).await?;
    // Another tab that still has it open lets go of it, and it goes then.
    let _ = Database::delete_by_name(OLD);
    if let Some(storage) = storage() {
        for (key, _) in typed_before() {
            let _ = storage.remove_item(&key);
        }
    }
    Ok(())
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn typed_before() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|n| storage.key(n).ok().flatten());
    let typed = keys.filter(|key| key.starts_with(TYPED_BEFORE));
    typed.filter_map(|key| Some((key.clone(), storage.get_item(&key).ok().flatten()?))).collect()
}
