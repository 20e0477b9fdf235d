//! What a carrier of SMS hands in: what became of a message, and what clients write. It signs each request with the token both know;
//! nothing else lets it in, and nothing is answered to anybody else.

use super::{Edge, status_of};
use crate::{
    follow_up::{
        news,
        received::{self, Incoming},
        transport::twilio,
    },
    store::{
        self,
        follow_up::{
            attempt,
            carrier::{self, Kept},
        },
    },
};
use app::api::messages::Channel;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::ids::ClinicId;
use url::form_urlencoded;
use uuid::Uuid;

/// Far more than it ever sends.
const LARGEST: usize = 64 * 1024;
const MOST_FIELDS: usize = 200;

/// The carrier's answer to what it asks: there is nothing to say.
const SILENCE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

type Fields = Vec<(String, String)>;

fn fields(body: &[u8]) -> Option<Fields> {
    let fields: Fields =
        form_urlencoded::parse(body).take(MOST_FIELDS + 1).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    (body.len() <= LARGEST && fields.len() <= MOST_FIELDS).then_some(fields)
}

fn field<'a>(fields: &'a Fields, wanted: &str) -> &'a str {
    fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
}

/// Whether the clinic's carrier has signed the request. The address is the one it was told, not the one it says it asked.
fn is_signed(edge: &Edge, clinic: ClinicId, kept: Option<&Kept>, path: &str, fields: &Fields, headers: &HeaderMap) -> bool {
    let secret = kept.and_then(|kept| carrier::open(&edge.ways_in.key, clinic, Channel::Sms, kept));
    let signature = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    secret.is_some_and(|secret| twilio::is_signed(&secret, &format!("{}{path}", edge.origin), fields, signature))
}

/// What became of a message.
pub async fn status(State(edge): State<Edge>, Path(token): Path<Uuid>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(fields) = fields(&body) else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let told = async {
        let Some((mut tx, clinic, whose)) = attempt::named(&edge.clinics.pool, token).await? else { return Ok(StatusCode::NOT_FOUND) };
        let kept = carrier::read(&mut tx, clinic, Channel::Sms).await?;
        tx.commit().await?;
        let signed = is_signed(&edge, clinic, kept.as_ref(), &twilio::status_path(token), &fields, &headers);
        if !signed || whose.channel != Channel::Sms {
            return Ok(StatusCode::NOT_FOUND);
        }
        let id = Some(field(&fields, "MessageSid")).filter(|id| !id.is_empty());
        let error = field(&fields, "ErrorCode").parse().ok();
        if let Some(news) = twilio::news(field(&fields, "MessageStatus"), error) {
            news::tell(&edge.clinics, token, id, &news).await?;
        }
        store::Result::Ok(StatusCode::NO_CONTENT)
    };
    match told.await {
        Ok(status) => status.into_response(),
        Err(error) => status_of(&error, "what became of a message could not be written down").into_response(),
    }
}

/// What a client wrote.
pub async fn incoming(State(edge): State<Edge>, Path(clinic): Path<ClinicId>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(fields) = fields(&body) else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let taken = async {
        let mut tx = store::begin(&edge.clinics.pool, clinic).await?;
        let kept = carrier::read(&mut tx, clinic, Channel::Sms).await?;
        tx.commit().await?;
        if !is_signed(&edge, clinic, kept.as_ref(), &twilio::incoming_path(clinic), &fields, &headers) {
            return Ok(false);
        }
        let field = |name| field(&fields, name).to_owned();
        // What the carrier itself has understood as STOP or START comes first: it acts on it.
        let text = match field("OptOutType").as_str() {
            word @ ("STOP" | "START") => format!("{word}. {}", field("Body")),
            _ => field("Body"),
        };
        let incoming = Incoming { channel: Channel::Sms, from: field("From"), text, id: field("MessageSid") };
        received::take(&edge.clinics, clinic, &incoming).await?;
        store::Result::Ok(true)
    };
    match taken.await {
        Ok(true) => ([(header::CONTENT_TYPE, "text/xml")], SILENCE).into_response(),
        // The same of a clinic that has no carrier and of one that is not there.
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => status_of(&error, "what a client wrote could not be taken in").into_response(),
    }
}
