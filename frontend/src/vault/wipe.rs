//! Emptying this browser because the clinic wants it: what is only here goes to the clinic first, as it lies, sealed; then
//! everything that opens or holds anything is destroyed.

use super::{Vault, worker};
use crate::{
    local_store::{
        self,
        connection::{DRAFTS, OUTBOX, PICTURES, TYPED, WAITING},
        error::failed,
    },
    panic,
    server::in_time,
};
use app::{
    api::{self, ApiError, installation::Unsent},
    ports::StoreError,
};
use gloo::timers::future::TimeoutFuture;
use indexed_db_futures::database::Database;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ServiceWorkerRegistration;

/// Small things go together; a picture goes alone.
const TOGETHER: usize = 50;
const AGAIN_AFTER_MS: u32 = 5_000;

impl Vault {
    /// Does not return to the page. Cut off, it begins anew at the next start.
    pub async fn wipe(&self) {
        worker::drop_keys().await;
        let unsent = self.unsent().await.unwrap_or_default();
        let all = unsent.len();
        let mut sent = 0;
        let mut rest = unsent.into_iter().peekable();
        while rest.peek().is_some() {
            panic::say("The clinic has this device emptied", &format!("What is only on it goes to the clinic first: {sent} of {all}."));
            let size = if rest.peek().is_some_and(|one| one.place == PICTURES) { 1 } else { TOGETHER };
            let batch: Vec<_> =
                std::iter::from_fn(|| rest.next_if(|one| size > 1 && one.place != PICTURES || size == 1)).take(size).collect();
            sent += batch.len();
            while let Err(error) = in_time(api::quarantine(self.installation, batch.clone())).await {
                if error == ApiError::NotAllowed {
                    // Nobody wants it empty any more.
                    return super::reload();
                }
                TimeoutFuture::new(AGAIN_AFTER_MS).await;
            }
        }
        // The keys are gone from here on, whatever the disk keeps of what they opened.
        let told = in_time(api::wiped(self.installation)).await;
        destroy().await;
        let words = "Everything that was on it is at the clinic. Ask the clinic’s owner if it should be used again.";
        panic::say("This device was emptied by the clinic", words);
        // Not told, the server asks once more, and finds nothing.
        drop(told);
    }

    /// What the clinic does not have, as it lies here.
    async fn unsent(&self) -> Result<Vec<Unsent>, StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.read(&database, &[OUTBOX, DRAFTS, TYPED, WAITING, PICTURES])?;
        let waiting: Vec<_> = local_store::all(&tx, WAITING).await?.into_iter().map(|(key, _)| key).collect();
        let mut unsent = Vec::new();
        for name in [OUTBOX, DRAFTS, TYPED] {
            for (key, value) in local_store::all(&tx, name).await? {
                unsent.extend(one(name, &key, &value));
            }
        }
        for key in waiting {
            use indexed_db_futures::{BuildPrimitive, query_source::QuerySource};
            let pictures = local_store::store(&tx, PICTURES)?;
            let found = pictures.get::<JsValue, JsValue, _>(key.clone()).primitive().map_err(failed)?.await.map_err(failed)?;
            unsent.extend(found.and_then(|value| one(PICTURES, &key, &value)));
        }
        Ok(unsent)
    }
}

fn one(place: &str, key: &JsValue, value: &JsValue) -> Option<Unsent> {
    let sealed = Uint8Array::new(value.dyn_ref::<ArrayBuffer>()?).to_vec();
    let key = key.as_string().unwrap_or_else(|| local_store::number(key).to_string());
    Some(Unsent { place: place.to_owned(), key, sealed })
}

/// Databases (with the browser's own key in them), caches, worker, whatever else this site has put down.
async fn destroy() {
    for name in local_store::connection::NAMES {
        if let Ok(deleting) = Database::delete_by_name(name) {
            let _ = deleting.await;
        }
    }
    let Some(window) = web_sys::window() else { return };
    for storage in [window.local_storage(), window.session_storage()].into_iter().flatten().flatten() {
        let _ = storage.clear();
    }
    if let Ok(caches) = window.caches()
        && let Ok(names) = JsFuture::from(caches.keys()).await
    {
        for name in js_sys::Array::from(&names).iter().filter_map(|name| name.as_string()) {
            let _ = JsFuture::from(caches.delete(&name)).await;
        }
    }
    let workers = window.navigator().service_worker();
    if !workers.is_undefined()
        && let Ok(found) = JsFuture::from(workers.get_registration()).await
        && let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>()
        && let Ok(gone) = registration.unregister()
    {
        let _ = JsFuture::from(gone).await;
    }
}
