//! Pieces up, pictures down.

use app::{
    api::{
        ApiError,
        photos::{PIECE_HASH, Upload, picture_address, piece_address, thumbnail_address, upload_address},
    },
    ports::{PhotoServer, Size},
};
use async_trait::async_trait;
use darkroom::sha256;
use domain::ids::PhotoId;
use futures::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use js_sys::{ArrayBuffer, Uint8Array};
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Request, RequestInit, Response};

pub struct Clinic;

/// A room's Wi-Fi may swallow a request without a word. A piece that was taken in nevertheless is not sent twice: the next question
/// is how far the clinic is.
const PATIENCE_MS: u32 = 30_000;

/// `Ok(None)` is 404.
async fn ask(method: &str, address: &str, body: Option<(&Uint8Array, &str)>) -> Result<Option<ArrayBuffer>, ApiError> {
    let failed = |_: JsValue| ApiError::Unreachable;
    let aborting = AbortController::new().map_err(failed)?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&aborting.signal()));
    if let Some((bytes, _)) = body {
        init.set_body(bytes);
    }
    let request = Request::new_with_str_and_init(address, &init).map_err(failed)?;
    if let Some((_, hash)) = body {
        request.headers().set(PIECE_HASH, hash).map_err(failed)?;
    }
    let window = web_sys::window().ok_or(ApiError::Unreachable)?;
    let answer = async {
        let response: Response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(failed)?.unchecked_into();
        match response.status() {
            404 => Ok(None),
            401 => Err(ApiError::SignedOut),
            403 => Err(ApiError::NotAllowed),
            // These say how things stand, in the same words as 200.
            200 | 201 | 409 | 422 => {
                let bytes = JsFuture::from(response.array_buffer().map_err(failed)?).await.map_err(failed)?;
                Ok(Some(bytes.unchecked_into()))
            }
            400..=499 => Err(ApiError::Mismatch),
            _ => Err(ApiError::Unreachable),
        }
    };
    match select(pin!(answer), TimeoutFuture::new(PATIENCE_MS)).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => {
            aborting.abort();
            Err(ApiError::Unreachable)
        }
    }
}

fn state(answer: Option<ArrayBuffer>) -> Result<Option<Upload>, ApiError> {
    let read = |bytes: ArrayBuffer| serde_json::from_slice(&Uint8Array::new(&bytes).to_vec()).map_err(|_| ApiError::Mismatch);
    answer.map(read).transpose()
}

#[async_trait(?Send)]
impl PhotoServer for Clinic {
    async fn upload(&self, photo: PhotoId) -> Result<Option<Upload>, ApiError> {
        state(ask("GET", &upload_address(photo), None).await?)
    }

    async fn send(&self, photo: PhotoId, offset: u32, piece: &[u8]) -> Result<Option<Upload>, ApiError> {
        let piece = Uint8Array::from(piece);
        let hash = sha256(&piece.buffer()).await.map_err(|_| ApiError::Internal)?;
        state(ask("PUT", &piece_address(photo, offset), Some((&piece, &hash))).await?)
    }

    async fn picture(&self, photo: PhotoId, size: Size) -> Result<Option<Vec<u8>>, ApiError> {
        let address = match size {
            Size::Thumbnail => thumbnail_address(photo),
            Size::Whole => picture_address(photo),
        };
        Ok(ask("GET", &address, None).await?.map(|bytes| Uint8Array::new(&bytes).to_vec()))
    }
}
