//! A signed consent, as it was signed: stored bytes.

use super::{Edge, status_of};
use crate::{
    audit::{self, Entry},
    store::{self, consent},
};
use app::api::SignedIn;
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    audit::Action,
    ids::{ClientId, ConsentFormId},
    time::Moment,
};

/// Says the document's SHA-256, in hexadecimal digits.
const FINGERPRINT: HeaderName = HeaderName::from_static("x-document-sha256");

/// Chromium shows a PDF inside a page of its own making, to which this applies: the policy of all other pages would leave it blank.
const DOCUMENT_POLICY: &str = "frame-ancestors 'none'";

/// `signed_at` is in milliseconds since 1970, as in the chart.
pub async fn document(
    State(edge): State<Edge>,
    Extension(signed_in): Extension<SignedIn>,
    Path((client, form, signed_at)): Path<(uuid::Uuid, uuid::Uuid, i64)>,
) -> Response {
    let found = async {
        let (client, form, signed_at) = (ClientId(client), ConsentFormId(form), Moment::from_millis(signed_at));
        let mut tx = store::begin(&edge.clinics.pool, signed_in.clinic).await?;
        let found = consent::find(&mut tx, signed_in.clinic, client, form, signed_at).await?;
        if found.is_some() {
            let entry = Entry::by_staff(signed_in.staff, Action::ReadConsent).about(client);
            let entry = entry.id("form", form.0).moment("signed_at", signed_at);
            audit::add(&mut tx, &edge.clinics, signed_in.clinic, entry).await?;
            tx.commit().await?;
        }
        store::Result::Ok(found)
    };
    match found.await {
        Ok(Some(document)) => {
            let name = format!("inline; filename=\"consent-{signed_at}.pdf\"");
            let fingerprint = hex::encode(&document.sha256);
            let head = [
                (header::CONTENT_TYPE, "application/pdf"),
                (header::CACHE_CONTROL, "private, no-store"),
                (header::CONTENT_DISPOSITION, name.as_str()),
                (header::CONTENT_SECURITY_POLICY, DOCUMENT_POLICY),
                (FINGERPRINT, fingerprint.as_str()),
            ];
            (head, document.body).into_response()
        }
        Ok(None) => (StatusCode::NOT_FOUND, "This document is not on file here: it was signed before documents were kept.").into_response(),
        Err(error) => status_of(&error, "a signed document could not be read").into_response(),
    }
}
