//! What another system tells of a booking. Described for its makers in `docs/bookings.md`.

use crate::store::follow_up::elsewhere::{Key, Them, Told};
use domain::{follow_up::elsewhere::BookingState, time::Moment};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::LONGEST_SERVICE;

const LONGEST: usize = 200;
/// The other system's clock may be ahead by so much. What is told as of later would stand in the way of everything until then.
const AHEAD_MILLIS: i64 = 60 * 60_000;
/// Bookings lie no further away.
const FURTHEST_MILLIS: i64 = 10 * 366 * 24 * 60 * 60_000;

/// What was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Booking(Told),
    /// Something this clinic does not want to know.
    Other,
}

#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Whole {
    booking: Booking,
}

#[derive(Deserialize)]
struct Booking {
    id: String,
    changed_at: String,
    starts_at: String,
    client: Option<Client>,
    service: Option<String>,
}

#[derive(Default, Deserialize)]
struct Client {
    id: Option<String>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

/// Reads what was handed in; what cannot be read is answered in words.
pub fn read(feed: Uuid, body: &[u8], now: Moment) -> Result<Event, String> {
    let typed: Typed = serde_json::from_slice(body).map_err(|error| told(&error))?;
    let Some(state) = typed.kind.strip_prefix("booking.").and_then(BookingState::by_code) else { return Ok(Event::Other) };
    let Whole { booking } = serde_json::from_slice(body).map_err(|error| told(&error))?;
    let client = booking.client.unwrap_or_default();
    let event = Told {
        key: Key { feed, booking: line("booking.id", Some(booking.id), LONGEST)? },
        state,
        starts: moment("booking.starts_at", &booking.starts_at)?,
        changed: moment("booking.changed_at", &booking.changed_at)?,
        them: Them {
            id: line("booking.client.id", client.id, LONGEST)?,
            name: line("booking.client.name", client.name, LONGEST)?,
            email: line("booking.client.email", client.email, LONGEST)?,
            phone: line("booking.client.phone", client.phone, LONGEST)?,
        },
        service: line("booking.service", booking.service, LONGEST_SERVICE)?,
    };
    if event.key.booking.is_empty() {
        return Err("booking.id is empty.".to_owned());
    }
    if event.changed.millis() > now.millis() + AHEAD_MILLIS {
        return Err("booking.changed_at lies in the future.".to_owned());
    }
    if event.starts.millis().abs_diff(now.millis()) > FURTHEST_MILLIS.unsigned_abs()
        || event.changed.millis().abs_diff(now.millis()) > FURTHEST_MILLIS.unsigned_abs()
    {
        return Err("booking.starts_at and booking.changed_at have to lie within ten years.".to_owned());
    }
    Ok(Event::Booking(event))
}

/// Kept to the microsecond, and compared as it is kept.
fn moment(what: &str, text: &str) -> Result<Moment, String> {
    let at = text.parse::<Timestamp>().and_then(|at| Timestamp::from_microsecond(at.as_microsecond()));
    at.map(Moment::new).map_err(|_| format!("{what} has to be a time such as 2026-12-03T15:00:00Z (RFC 3339)."))
}

fn line(what: &str, text: Option<String>, longest: usize) -> Result<String, String> {
    let text = text.unwrap_or_default().trim().to_owned();
    if text.chars().count() > longest || text.chars().any(char::is_control) {
        return Err(format!("{what} has to be a line of up to {longest} characters."));
    }
    Ok(text)
}

/// Where it could not be read. What is missing or misplaced is named; nothing that was sent is repeated but by its place.
fn told(error: &serde_json::Error) -> String {
    let what = if error.is_data() { "This is not what an event looks like" } else { "This is no JSON" };
    format!("{what}: line {}, column {}.", error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: &str = "2026-03-01T12:00:00Z";

    fn at(text: &str) -> Moment {
        Moment::new(text.parse().unwrap())
    }

    fn event() -> Value {
        json!({ "type": "booking.booked", "booking": {
            "id": "b-1", "changed_at": "2026-03-01T10:00:00+01:00", "starts_at": "2026-03-12T15:00:00Z",
            "client": { "id": "c-9", "email": " maya@example.com " }, "service": "Peel", "room": 3,
        } })
    }

    fn read(event: &Value) -> Result<Event, String> {
        super::read(Uuid::from_u128(7), event.to_string().as_bytes(), at(NOW))
    }

    #[test]
    fn an_event_is_the_whole_state_of_a_booking() {
        let told = Told {
            key: Key { feed: Uuid::from_u128(7), booking: "b-1".into() },
            state: BookingState::Booked,
            starts: at("2026-03-12T15:00:00Z"),
            changed: at("2026-03-01T09:00:00Z"),
            them: Them { id: "c-9".into(), email: "maya@example.com".into(), ..Them::default() },
            service: "Peel".into(),
        };
        assert_eq!(read(&event()), Ok(Event::Booking(told)));
        for kind in ["booking.paid", "client.changed", ""] {
            assert_eq!(read(&json!({ "type": kind })), Ok(Event::Other));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_in_words() {
        let with = |pointer: &str, value: Value| {
            let mut event = event();
            *event.pointer_mut(pointer).unwrap() = value;
            read(&event).unwrap_err()
        };
        assert!(super::read(Uuid::nil(), b"\xff{", at(NOW)).unwrap_err().contains("no JSON"));
        assert!(read(&json!({ "type": "booking.booked" })).unwrap_err().contains("not what an event"));
        assert!(with("/booking/starts_at", json!("tomorrow")).contains("RFC 3339"));
        assert!(with("/booking/starts_at", json!(3)).contains("not what an event"));
        assert!(with("/booking/id", json!("  ")).contains("empty"));
        assert!(with("/booking/id", json!("x".repeat(201))).contains("200"));
        assert!(with("/booking/service", json!("a\u{0}b")).contains("booking.service"));
        assert!(with("/booking/changed_at", json!("2026-03-01T13:00:01Z")).contains("future"));
        assert!(with("/booking/starts_at", json!("2050-03-01T13:00:01Z")).contains("ten years"));
        assert!(with("/booking/changed_at", json!("-009999-01-02T01:59:59Z")).contains("ten years"));
        assert!(!with("/booking/starts_at", json!("Maya Chen")).contains("Maya"));
    }
}
