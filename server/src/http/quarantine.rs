//! What was only on a browser when it was emptied, as a file for the owner.

use super::{Edge, status_of};
use crate::{
    audit::{self, Entry},
    store::{self, installation},
};
use app::api::SignedIn;
use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{audit::Action, ids::InstallationId};
use serde::Serialize;

#[derive(Serialize)]
struct Kept {
    place: String,
    key: String,
    /// As it was typed; of pictures and of what could not be opened, hexadecimal digits.
    text: String,
}

pub async fn list(State(edge): State<Edge>, Extension(signed_in): Extension<SignedIn>, Path(id): Path<uuid::Uuid>) -> Response {
    let found = async {
        let mut tx = store::begin(&edge.clinics.pool, signed_in.clinic).await?;
        let kept = installation::quarantined(&mut tx, signed_in.clinic, InstallationId(id)).await?;
        if !kept.is_empty() {
            let entry = Entry::by_staff(signed_in.staff, Action::ReadQuarantine).id("browser", id).count("things", kept.len());
            audit::add(&mut tx, &edge.clinics, signed_in.clinic, entry).await?;
        }
        tx.commit().await?;
        store::Result::Ok(kept)
    };
    match found.await {
        Ok(kept) if kept.is_empty() => StatusCode::NOT_FOUND.into_response(),
        Ok(kept) => {
            let text = |body: Vec<u8>| String::from_utf8(body).unwrap_or_else(|error| hex::encode(error.into_bytes()));
            let kept: Vec<_> = kept.into_iter().map(|(place, key, body)| Kept { place, key, text: text(body) }).collect();
            let head = [
                (header::CACHE_CONTROL, "private, no-store"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"cadence-kept-from-a-device.json\""),
            ];
            (head, Json(kept)).into_response()
        }
        Err(error) => status_of(&error, "what a browser handed over could not be read").into_response(),
    }
}
