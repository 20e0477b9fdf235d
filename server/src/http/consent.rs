//! A signed consent, as it was signed: stored bytes.

use super::{Edge, visitor};
use crate::store::{self, consent};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
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
    headers: HeaderMap,
    Path((client, form, signed_at)): Path<(uuid::Uuid, uuid::Uuid, i64)>,
) -> Response {
    let signed_in = match visitor(&edge, &headers).await {
        Ok(signed_in) => signed_in,
        Err(status) => return status.into_response(),
    };
    let found = async {
        let mut tx = store::begin(&edge.clinics.pool, signed_in.clinic).await?;
        consent::find(&mut tx, signed_in.clinic, ClientId(client), ConsentFormId(form), Moment::from_millis(signed_at)).await
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
        Err(error) => {
            tracing::error!(%error, "a signed document could not be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
