//! What other booking systems tell. Each signs with the secret both know; nothing else lets it in, and nobody else learns anything.

use super::{Edge, status_of};
use crate::{
    feeds::{
        event::{self, Event},
        signature::{self, Signed},
    },
    follow_up::elsewhere,
    store::{self, follow_up::feed},
};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

/// Far more than an event is. Read before anybody knows who sends it.
pub const LARGEST: usize = 64 * 1024;

pub async fn receive(State(edge): State<Edge>, Path(id): Path<Uuid>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = Signed { id: header("webhook-id"), timestamp: header("webhook-timestamp"), signatures: header("webhook-signature") };
    let now = edge.clinics.host.now();
    let taken = async {
        // The same of a feed that is not there and of a wrong signature.
        let unknown = || StatusCode::UNAUTHORIZED.into_response();
        let Some((tx, clinic, kept)) = feed::named(&edge.clinics.pool, id).await? else { return Ok(unknown()) };
        tx.commit().await?;
        if !signature::is_signed(&kept.secrets(&edge.ways_in.key, clinic, now), signed, &body, now) {
            return Ok(unknown());
        }
        Ok(match event::read(id, &body, now) {
            Ok(Event::Booking(told)) => {
                elsewhere::take(&edge.clinics, clinic, &told).await?;
                StatusCode::NO_CONTENT.into_response()
            }
            Ok(Event::Other) => StatusCode::NO_CONTENT.into_response(),
            Err(words) => (StatusCode::BAD_REQUEST, words).into_response(),
        })
    };
    let taken: store::Result<Response> = taken.await;
    taken.unwrap_or_else(|error| status_of(&error, "what another booking system told could not be taken in").into_response())
}
