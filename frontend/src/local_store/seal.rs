//! How pictures lie on the disk. Everything that is written or read of them goes through here: this is where they are going to be
//! encrypted. Both functions may wait, and are called before a transaction is begun or after it has ended.

use app::ports::StoreError;
use js_sys::{ArrayBuffer, Uint8Array};

/// As a buffer: WebKit keeps no other kind of bytes.
#[expect(clippy::unused_async, reason = "the browser's cryptography answers later")]
pub async fn seal(bytes: &[u8]) -> Result<ArrayBuffer, StoreError> {
    Ok(Uint8Array::from(bytes).buffer())
}

#[expect(clippy::unused_async, reason = "the browser's cryptography answers later")]
pub async fn open(sealed: ArrayBuffer) -> Result<ArrayBuffer, StoreError> {
    Ok(sealed)
}
