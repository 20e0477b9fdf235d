//! Bookings of other systems, told of by signed webhooks.

mod counted;
mod counts;
mod heard;
mod own_pages;
mod page;
mod races;
mod seen;
mod signed;

use super::desk::{Desk, at};
use crate::{
    clinic::{CLINIC, client},
    device::signed_in,
    photos::{
        browser::{Answer, Browser},
        studio::{Served, ways_in},
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{follow_up::elsewhere::BookingState, time::Moment};
use serde_json::json;
use server::{
    clinic::Clinics,
    feeds::{self, signature},
    follow_up::elsewhere,
    store::{
        self,
        follow_up::elsewhere::{Key, Placed, Them, Told},
    },
};
use std::sync::Arc;
use uuid::Uuid;

/// A system that is connected, and what it signs with.
#[derive(Clone, Debug)]
pub struct System {
    pub id: Uuid,
    pub secret: Vec<u8>,
}

/// The bytes of a secret as it is told.
pub fn bytes(secret: &str) -> Vec<u8> {
    STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap()
}

impl System {
    pub async fn connect(clinics: &Arc<Clinics>) -> Self {
        let made = feeds::make(clinics, &ways_in().key, &signed_in(), "Booker").await.unwrap().unwrap();
        Self { id: made.id, secret: bytes(&made.secret) }
    }

    /// Signs and hands in, as the other system does.
    pub async fn send(&self, served: &Served, now: Moment, body: &str) -> Answer {
        let timestamp = now.timestamp().as_second().to_string();
        let signature = signature::signature(&self.secret, "msg_1", &timestamp, body.as_bytes());
        send_with(served, self.id, ["msg_1", &timestamp, &signature], body).await
    }

    /// Of a client's booking, past the wire.
    pub fn told(&self, n: u128, booking: &str, state: BookingState, changed: &str, starts: &str) -> Told {
        Told {
            key: Key { feed: self.id, booking: booking.into() },
            state,
            starts: at(starts),
            changed: at(changed),
            them: Them { email: format!("client{n}@example.com"), ..Them::default() },
            service: String::new(),
        }
    }
}

pub async fn send_with(served: &Served, feed: Uuid, [id, timestamp, signature]: [&str; 3], body: &str) -> Answer {
    let headers =
        [("content-type", "application/json"), ("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
    let browser = Browser { address: served.address, token: None };
    browser.ask("POST", &feeds::path(feed), &headers, body.as_bytes()).await
}

/// Of the booking `b-1` of a client.
pub fn event(n: u128, kind: &str, changed: &str, starts: &str) -> String {
    json!({ "type": format!("booking.{kind}"), "booking": {
        "id": "b-1", "changed_at": changed, "starts_at": starts, "client": { "email": format!("client{n}@example.com") },
    } })
    .to_string()
}

pub async fn take(desk: &Desk, told: &Told) -> bool {
    elsewhere::take(&desk.clinics, CLINIC, told).await.unwrap()
}

/// All that is kept of a client's bookings elsewhere.
pub async fn kept(desk: &Desk, n: u128) -> Vec<Placed> {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    store::follow_up::elsewhere::of_client(&mut tx, CLINIC, client(n)).await.unwrap()
}
