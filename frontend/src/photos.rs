//! What photographs need of the browser: the pictures on the disk, the way to the clinic, the camera, the darkroom.
//!
//! Fetched with the pages: nobody photographs in the first second.

mod camera;
mod darkroom;
mod server;

use crate::local_store::photos::Pictures;
use app::ports::PhotoRoom;
use futures::future::LocalBoxFuture;
use js_sys::{ArrayBuffer, Uint8Array};
use leptos::wasm_split::SplitLoaderError;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

type Opening = LocalBoxFuture<'static, Result<PhotoRoom, String>>;

#[leptos::wasm_split::wasm_split(photos, wasm_split_path = ::leptos::wasm_split, fallible)]
fn photo_room() -> Result<Opening, SplitLoaderError> {
    Ok(Box::pin(async {
        let store = Pictures::open().await.map_err(|error| error.to_string())?;
        Ok(PhotoRoom {
            store: Rc::new(store),
            server: Rc::new(server::Clinic),
            darkroom: Rc::new(darkroom::Worker::default()),
            camera: Rc::new(camera::Device::default()),
        })
    }))
}

/// Fetches this piece and opens the room.
pub fn open() -> Opening {
    Box::pin(async {
        match photo_room().await {
            Ok(opening) => opening.await,
            Err(_) => {
                Err("Photographs cannot be opened: the network broke off while Cadence was opened here for the first time.".to_owned())
            }
        }
    })
}

/// SHA-256 in lower-case hexadecimal digits.
pub async fn sha256(bytes: &ArrayBuffer) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let hashing = window.crypto()?.subtle().digest_with_str_and_buffer_source("SHA-256", bytes.unchecked_ref())?;
    let hash = Uint8Array::new(&JsFuture::from(hashing).await?).to_vec();
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}
