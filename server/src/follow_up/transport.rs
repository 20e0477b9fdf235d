//! What carries a message: one trait, whoever the carrier is.

use app::api::messages::Channel;
use async_trait::async_trait;
use domain::ids::ClinicId;
use std::time::Duration;
use uuid::Uuid;

/// A message as it is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub clinic: ClinicId,
    /// Tells one try from every other. A carrier that knows it already has the message.
    pub token: Uuid,
    pub channel: Channel,
    /// E-mail address, or phone number as it is on file.
    pub to: String,
    /// Of an e-mail; otherwise empty.
    pub subject: String,
    pub text: String,
}

/// What the carrier says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has the message, under its own number if it gives one.
    Accepted { id: Option<String> },
    /// It does not take it, now or ever, in its own words.
    Refused(String),
    /// It says that the client does not want any.
    OptedOut(String),
    /// It has not taken it, and can be asked again.
    Later(String),
    /// Nobody can say whether it has it: the line broke.
    Unknown(String),
}

/// Longer nobody waits for a carrier: a booking of the same plan waits meanwhile.
pub const LONGEST_CALL: Duration = Duration::from_secs(5);

#[async_trait]
pub trait Transport: Send + Sync {
    /// Hands a message over, once. Never tries again by itself.
    async fn send(&self, outgoing: &Outgoing) -> Answer;
}

/// No carrier: what is written stands in the clinic's own list of messages, marked as simulated, and goes nowhere.
pub struct InApp;

#[async_trait]
impl Transport for InApp {
    async fn send(&self, _: &Outgoing) -> Answer {
        Answer::Accepted { id: None }
    }
}
