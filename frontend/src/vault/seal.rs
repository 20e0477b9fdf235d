//! How things lie on the disk: one byte that names the key, a nonce of twelve, and AES-GCM's answer. Both ways wait, and are gone
//! before a transaction is begun or after it has ended: WebKit ends one that waits for anything else.

use super::keys::{Keys, how, subtle, wait};
use crate::host;
use app::ports::StoreError;
use js_sys::{ArrayBuffer, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::CryptoKey;

thread_local! {
    static KEYS: RefCell<Option<Keys>> = const { RefCell::new(None) };
}

/// Which of the two keys something is under; the byte it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Under {
    Mirror = 1,
    Unsent = 2,
}

const NONCE: usize = 12;
const HEAD: usize = 1 + NONCE;

/// From now on this page opens and seals.
pub fn hold(keys: Keys) {
    KEYS.replace(Some(keys));
}

/// This page opens and seals nothing any more.
pub fn forget() {
    KEYS.take();
}

pub fn held() -> Option<Keys> {
    KEYS.with_borrow(Clone::clone)
}

fn key(under: u8) -> Result<CryptoKey, StoreError> {
    let keys = held().ok_or_else(|| StoreError::Failed("it is locked".to_owned()))?;
    Ok(if under == Under::Unsent as u8 { keys.unsent } else { keys.mirror })
}

/// As a buffer: WebKit keeps no other kind of bytes.
pub async fn seal(under: Under, bytes: &[u8]) -> Result<ArrayBuffer, StoreError> {
    seal_with(&key(under as u8)?, under as u8, bytes).await
}

pub async fn seal_with(key: &CryptoKey, first: u8, bytes: &[u8]) -> Result<ArrayBuffer, StoreError> {
    let mut nonce = [0; NONCE];
    host::fill(&mut nonce);
    let how = how("AES-GCM", &[("iv", Uint8Array::from(nonce.as_slice()).into())]);
    // Copied once, out of the program's memory, which the browser's cryptography must not look into while it grows.
    let plain = Uint8Array::from(bytes);
    let body: ArrayBuffer = wait(subtle()?.encrypt_with_object_and_buffer_source(&how, key, &plain)).await?;
    let body = Uint8Array::new(&body);
    let head = u32::try_from(HEAD).unwrap_or(u32::MAX);
    let sealed = Uint8Array::new_with_length(head + body.length());
    sealed.set_index(0, first);
    sealed.set(&Uint8Array::from(nonce.as_slice()), 1);
    sealed.set(&body, head);
    Ok(sealed.buffer())
}

pub async fn open(sealed: &ArrayBuffer) -> Result<ArrayBuffer, StoreError> {
    let first = Uint8Array::new(sealed).get_index(0);
    open_with(&key(first)?, sealed).await
}

pub async fn open_with(key: &CryptoKey, sealed: &ArrayBuffer) -> Result<ArrayBuffer, StoreError> {
    let bytes = Uint8Array::new(sealed);
    let head = u32::try_from(HEAD).unwrap_or(u32::MAX);
    let how = how("AES-GCM", &[("iv", JsValue::from(bytes.subarray(1, head)))]);
    wait(subtle()?.decrypt_with_object_and_buffer_source(&how, key, &bytes.subarray(head, bytes.length()))).await
}
