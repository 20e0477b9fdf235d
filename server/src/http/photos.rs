//! Photographs over HTTP: pieces in, pictures out; only those of the visitor's own clinic.

use super::Edge;
use crate::{
    audit::{self, Entry},
    photo_store::{Item, Stored},
    photos::{
        PhotosError, Result,
        upload::{self, Answer, Piece},
    },
    store,
};
use app::api::{
    SignedIn,
    photos::{PIECE_BYTES, PIECE_HASH, Upload},
};
use axum::{
    Extension, Json,
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{audit::Action, ids::PhotoId};
use uuid::Uuid;

const SAME_ORIGIN: (HeaderName, &str) = (HeaderName::from_static("cross-origin-resource-policy"), "same-origin");

/// How an upload stands.
pub async fn stand(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>, Path(photo): Path<Uuid>) -> Response {
    answer(upload::stand(&edge.clinics, &signed_in, PhotoId(photo)).await)
}

/// Takes a piece. It is read whole before anything is said: a line that is closed in the middle of sending loses the answer.
pub async fn receive(
    State(edge): State<Edge>,
    Extension(signed_in): Extension<SignedIn>,
    headers: HeaderMap,
    Path((photo, begins)): Path<(Uuid, u32)>,
    body: Body,
) -> Response {
    let longest = usize::try_from(PIECE_BYTES).unwrap_or(usize::MAX);
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > longest) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let body = match to_bytes(body, longest).await {
        Ok(body) => body,
        // Too long, though it did not say so; or broken off, and then nobody hears the answer.
        Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    };
    let Some(sha256) = headers.get(PIECE_HASH).and_then(hash) else {
        return (StatusCode::BAD_REQUEST, "the piece's SHA-256 is missing").into_response();
    };
    let piece = Piece { begins, body, sha256 };
    answer(upload::receive(&edge.clinics, &signed_in, PhotoId(photo), piece).await)
}

pub async fn picture(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>, Path(photo): Path<Uuid>) -> Response {
    show(&edge, &signed_in, Item::Picture(PhotoId(photo)), PhotoId(photo)).await
}

pub async fn thumbnail(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>, Path(photo): Path<Uuid>) -> Response {
    show(&edge, &signed_in, Item::Thumbnail(PhotoId(photo)), PhotoId(photo)).await
}

fn hash(value: &HeaderValue) -> Option<[u8; 32]> {
    let text = value.to_str().ok()?;
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

fn answer(answer: Result<Answer>) -> Response {
    let (status, upload) = match answer {
        Ok(Answer::Unknown) => return StatusCode::NOT_FOUND.into_response(),
        Ok(Answer::Unfit) => return (StatusCode::BAD_REQUEST, "no such piece of this photograph").into_response(),
        Ok(Answer::NotNext(upload)) => (StatusCode::CONFLICT, upload),
        Ok(Answer::Stands(upload @ (Upload::Received(_) | Upload::Done))) => (StatusCode::OK, upload),
        Ok(Answer::Stands(upload)) => (StatusCode::UNPROCESSABLE_ENTITY, upload),
        Err(error) => return failed(&error),
    };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(upload)).into_response()
}

async fn show(edge: &Edge, signed_in: &SignedIn, item: Item, photo: PhotoId) -> Response {
    match open(edge, signed_in, item, photo).await {
        Ok(Some(stored)) => jpeg(stored, "private, no-store"),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => failed(&error),
    }
}

async fn open(edge: &Edge, signed_in: &SignedIn, item: Item, photo: PhotoId) -> Result<Option<Stored>> {
    let mut tx = store::begin(&edge.clinics.pool, signed_in.clinic).await?;
    let recorded = store::photo::find(&mut tx, signed_in.clinic, photo).await?;
    let Some(recorded) = recorded.filter(|recorded| recorded.arrived) else { return Ok(None) };
    // Thumbnails are not noted: a page draws dozens of them, and devices fetch them before anybody looks. That somebody opened such
    // a page the device tells itself.
    if matches!(item, Item::Picture(_)) {
        let entry = Entry::by_staff(signed_in.staff, Action::ReadPhoto).about(recorded.client).id("photo", photo.0);
        audit::add(&mut tx, &edge.clinics, signed_in.clinic, entry).await?;
    }
    tx.commit().await?;
    let stored = edge.clinics.photos.open(signed_in.clinic, item).await?;
    stored.ok_or_else(|| PhotosError::Lost(format!("photograph {photo}"))).map(Some)
}

/// A picture as a response, piece by piece as it comes from the store.
pub(super) fn jpeg(stored: Stored, caching: &'static str) -> Response {
    let head = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, caching),
        (header::CONTENT_DISPOSITION, "inline; filename=\"photograph.jpg\""),
        SAME_ORIGIN,
    ];
    let length = [(header::CONTENT_LENGTH, stored.bytes)];
    (head, length, Body::from_stream(stored.stream)).into_response()
}

pub(super) fn failed(error: &PhotosError) -> Response {
    match error {
        PhotosError::Store(error) => super::status_of(error, "a request for a photograph failed").into_response(),
        error => {
            tracing::error!(%error, "a request for a photograph failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
