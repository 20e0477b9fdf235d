//! What proves a picture's bytes at both ends.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::WorkerGlobalScope;

/// SHA-256 in lower-case hexadecimal digits, in a page or in a worker.
pub async fn sha256(bytes: &ArrayBuffer) -> Result<String, JsValue> {
    // A page's global object has the same property.
    let crypto = js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto()?;
    let hashing = crypto.subtle().digest_with_str_and_buffer_source("SHA-256", bytes)?;
    let hash = Uint8Array::new(&JsFuture::from(hashing).await?).to_vec();
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}
