//! The keys to what this browser keeps: made of the browser's own key, which nothing can read out, and the server's share.

use app::{
    api::installation::{Share, UNSENT_LABEL},
    ports::StoreError,
};
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// What opens what lies here. Neither key can be read out, and neither is ever on the disk.
#[derive(Clone)]
pub struct Keys {
    /// To what the clinic has too.
    pub mirror: CryptoKey,
    /// To what is only here. The server can make this one as well, for a browser that is to be emptied.
    pub unsent: CryptoKey,
}

/// The work to try one PIN, for who has copied the disk; a fraction of a second for who types the right one.
const PIN_ROUNDS: u32 = 600_000;

pub fn subtle() -> Result<SubtleCrypto, StoreError> {
    // Missing where the page came over plain http.
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let subtle = crypto.map(|crypto| crypto.subtle());
    subtle.filter(|subtle| !subtle.is_undefined()).ok_or(StoreError::Unavailable)
}

#[expect(clippy::needless_pass_by_value, reason = "as the browser hands it over")]
pub fn failed(error: JsValue) -> StoreError {
    let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
    StoreError::Failed(name.unwrap_or_else(|| "no cryptography".to_owned()))
}

pub async fn wait<T: JsCast>(promise: Result<js_sys::Promise, JsValue>) -> Result<T, StoreError> {
    Ok(JsFuture::from(promise.map_err(failed)?).await.map_err(failed)?.unchecked_into())
}

/// `{ name, … }`, as the browser's cryptography is told what to do.
pub fn how(name: &str, more: &[(&str, JsValue)]) -> Object {
    let how = Object::new();
    for (key, value) in [("name", JsValue::from(name))].iter().chain(more) {
        // A plain object takes any property.
        let _ = Reflect::set(&how, &JsValue::from(*key), value);
    }
    how
}

fn uses(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsValue::from(*name)).collect::<Array>().into()
}

/// A new key of this browser alone.
pub async fn new_device_key() -> Result<CryptoKey, StoreError> {
    let how = how("HMAC", &[("hash", "SHA-256".into())]);
    wait(subtle()?.generate_key_with_object(&how, false, &uses(&["sign"]))).await
}

async fn signed(device: &CryptoKey, text: &[u8]) -> Result<ArrayBuffer, StoreError> {
    wait(subtle()?.sign_with_str_and_buffer_source("HMAC", device, &Uint8Array::from(text))).await
}

async fn aes(bytes: &ArrayBuffer) -> Result<CryptoKey, StoreError> {
    wait(subtle()?.import_key_with_object("raw", bytes, &how("AES-GCM", &[]), false, &uses(&["encrypt", "decrypt"]))).await
}

impl Keys {
    pub async fn of(device: &CryptoKey, share: Share) -> Result<Self, StoreError> {
        let mirror = aes(&signed(device, &share.0).await?).await?;
        let text = [share.0.as_slice(), UNSENT_LABEL].concat();
        let hash: ArrayBuffer = wait(subtle()?.digest_with_str_and_buffer_source("SHA-256", &Uint8Array::from(text.as_slice()))).await?;
        Ok(Self { mirror, unsent: aes(&hash).await? })
    }
}

/// The key under which a share waits for a PIN.
pub async fn of_pin(device: &CryptoKey, pin: &str, salt: &[u8]) -> Result<CryptoKey, StoreError> {
    let typed = Uint8Array::from(pin.as_bytes());
    let typed: CryptoKey =
        wait(subtle()?.import_key_with_object("raw", &typed, &how("PBKDF2", &[]), false, &uses(&["deriveBits"]))).await?;
    let slow = how("PBKDF2", &[("hash", "SHA-256".into()), ("salt", Uint8Array::from(salt).into()), ("iterations", PIN_ROUNDS.into())]);
    let bits: ArrayBuffer = wait(subtle()?.derive_bits_with_object(&slow, &typed, 256)).await?;
    aes(&signed(device, &Uint8Array::new(&bits).to_vec()).await?).await
}
