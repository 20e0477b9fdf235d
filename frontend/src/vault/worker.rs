//! The service worker holds the keys over a reload, in its memory only: it is gone a moment after the last page of the browser.

use super::{keys::Keys, seal};
use futures::future::{Either, select};
use gloo::{events::EventListener, timers::future::TimeoutFuture};
use js_sys::{Array, Object, Reflect};
use leptos::task::spawn_local;
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, ServiceWorker, ServiceWorkerRegistration};

/// A worker that does not answer in that time holds nothing.
const PATIENCE_MS: u32 = 500;

async fn active() -> Option<ServiceWorker> {
    let workers = web_sys::window()?.navigator().service_worker();
    if workers.is_undefined() {
        return None;
    }
    let found = JsFuture::from(workers.get_registration()).await.ok()?;
    found.dyn_into::<ServiceWorkerRegistration>().ok()?.active()
}

fn message(kind: &str, more: &[(&str, &JsValue)]) -> Object {
    let message = Object::new();
    for (key, value) in [("type", &JsValue::from(kind))].iter().chain(more) {
        // A plain object takes any property.
        let _ = Reflect::set(&message, &JsValue::from(*key), value);
    }
    message
}

/// Said again and again while a page is open: it keeps the worker awake, and its memory.
pub async fn hold(keys: &Keys) {
    if let Some(worker) = active().await {
        // Without it a reload asks for the PIN: a nuisance, no loss.
        let _ = worker.post_message(&message("hold", &[("mirror", &keys.mirror), ("unsent", &keys.unsent)]));
    }
}

/// As soon as a worker is in charge, and when another one takes over.
pub fn hold_from_the_start() {
    let Some(window) = web_sys::window() else { return };
    let workers = window.navigator().service_worker();
    if workers.is_undefined() {
        return;
    }
    let now = || {
        spawn_local(async {
            if let Some(keys) = seal::held() {
                hold(&keys).await;
            }
        });
    };
    EventListener::new(&workers, "controllerchange", move |_| now()).forget();
    if let Ok(ready) = workers.ready() {
        spawn_local(async move {
            if JsFuture::from(ready).await.is_ok() {
                now();
            }
        });
    }
}

pub async fn drop_keys() {
    if let Some(worker) = active().await {
        let _ = worker.post_message(&message("drop", &[]));
    }
}

pub async fn held() -> Option<Keys> {
    let worker = active().await?;
    let channel = MessageChannel::new().ok()?;
    let port = channel.port1();
    let answer = js_sys::Promise::new(&mut |resolve, _| {
        let heard = Closure::once_into_js(move |event: MessageEvent| {
            let _ = resolve.call1(&JsValue::NULL, &event.data());
        });
        port.set_onmessage(Some(heard.unchecked_ref()));
    });
    worker.post_message_with_transferable(&message("give", &[]), &Array::of1(&channel.port2())).ok()?;
    let answer = match select(pin!(JsFuture::from(answer)), TimeoutFuture::new(PATIENCE_MS)).await {
        Either::Left((Ok(answer), _)) => answer,
        _ => return None,
    };
    channel.port1().close();
    let key = |name: &str| Reflect::get(&answer, &name.into()).ok()?.dyn_into().ok();
    Some(Keys { mirror: key("mirror")?, unsent: key("unsent")? })
}
