//! What carries a message: one trait, whoever the carrier is.

mod smtp;
pub mod twilio;

use crate::{
    host::Host,
    store::follow_up::carrier::{self, Kept, Settings},
    ways_in::WaysIn,
};
use app::api::messages::Channel;
use async_trait::async_trait;
use domain::{ids::ClinicId, time::Moment};
use std::{sync::Arc, time::Duration};
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
    /// What becomes of it is to be told later, by its token.
    pub heard_of: bool,
    /// By what the clinic's messages go; `None`: by nothing.
    pub carrier: Option<Kept>,
}

/// What the carrier says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has the message, under its own number if it gives one.
    Accepted { id: Option<String> },
    /// There is no carrier: it stands in the clinic's own list, and goes nowhere.
    Simulated,
    /// It does not take it, now or ever, in its own words.
    Refused(String),
    /// It says that the client does not want any.
    OptedOut(String),
    /// It has not taken it, and can be asked again.
    Later(String),
    /// Nobody can say whether it has it: the line broke.
    Unknown(String),
}

/// What a carrier tells later, by itself or when it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It has the message.
    Accepted,
    Delivered,
    /// It could not be delivered; the carrier's code or words.
    Bounced(String),
    /// The client does not want any; the same.
    OptedOut(String),
}

/// A try nobody knows about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub clinic: ClinicId,
    /// Where it went, if it did.
    pub to: String,
    /// When it was begun; it was handed over by [`until`](Self::until), or never.
    pub started: Moment,
    pub until: Moment,
    pub carrier: Kept,
}

/// A message that a carrier lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The carrier's own number.
    pub id: String,
    pub news: News,
}

/// Longer nobody waits for a carrier: a booking of the same plan waits meanwhile.
pub const LONGEST_CALL: Duration = Duration::from_secs(5);

/// Until a carrier listens. What takes longer has not been handed over.
const LONGEST_GREETING: Duration = Duration::from_secs(3);

#[async_trait]
pub trait Transport: Send + Sync {
    /// Hands a message over, once. Never tries again by itself.
    async fn send(&self, outgoing: &Outgoing) -> Answer;

    /// What the carrier has that could be the one asked about. Nothing where it keeps no list.
    async fn ask(&self, _: &Question) -> Vec<Listed> {
        Vec::new()
    }
}

/// No carrier: what is written stands in the clinic's own list of messages, marked as simulated, and goes nowhere.
pub struct InApp;

#[async_trait]
impl Transport for InApp {
    async fn send(&self, _: &Outgoing) -> Answer {
        Answer::Simulated
    }
}

/// The carriers that the clinics have set: a mail server, an account for SMS, or none.
pub struct Carriers {
    ways_in: Arc<WaysIn>,
    smtp: smtp::Lines,
    twilio: twilio::Client,
}

impl Carriers {
    /// `origin` is where people reach this server: what carriers tell later comes there, and links lead there.
    pub fn new(ways_in: Arc<WaysIn>, origin: Arc<str>, host: Arc<dyn Host>) -> Result<Self, reqwest::Error> {
        Ok(Self { ways_in, smtp: smtp::Lines::new(origin.clone(), host), twilio: twilio::Client::new(origin)? })
    }

    /// `None`: it was encrypted by another key.
    fn secret(&self, clinic: ClinicId, channel: Channel, kept: &Kept) -> Option<String> {
        carrier::open(&self.ways_in.key, clinic, channel, kept)
    }
}

const OTHER_KEY: &str = "the carrier's password was kept under another key: set it again in Settings";

#[async_trait]
impl Transport for Carriers {
    async fn send(&self, outgoing: &Outgoing) -> Answer {
        let Some(kept) = &outgoing.carrier else { return Answer::Simulated };
        let Some(secret) = self.secret(outgoing.clinic, outgoing.channel, kept) else { return Answer::Later(OTHER_KEY.to_owned()) };
        match &kept.settings {
            Settings::Email(carrier) => self.smtp.send(carrier, &secret, outgoing).await,
            Settings::Sms(carrier) => self.twilio.send(carrier, &secret, outgoing).await,
        }
    }

    async fn ask(&self, question: &Question) -> Vec<Listed> {
        match (&question.carrier.settings, self.secret(question.clinic, Channel::Sms, &question.carrier)) {
            (Settings::Sms(carrier), Some(secret)) => self.twilio.ask(carrier, &secret, question).await,
            // Mail servers keep no list that could be asked.
            _ => Vec::new(),
        }
    }
}

/// A carrier's words, as far as they are kept.
pub(super) fn words(text: impl AsRef<str>) -> String {
    let plain = text.as_ref().chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(300).collect::<String>().trim().to_owned()
}
