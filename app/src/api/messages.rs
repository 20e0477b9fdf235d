//! Messages to a client: what was written, and which she wants.

use domain::{ids::StaffId, time::Moment};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channel {
    Email,
    Sms,
}

/// What may be sent to a client, and how. Chosen by her on her own pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageChoices {
    pub email_reminders: bool,
    pub email_offers: bool,
    pub sms_reminders: bool,
    pub sms_offers: bool,
    /// A tag such as `es`; `None`: the clinic's own.
    #[serde(default)]
    pub language: Option<String>,
    /// Where she is, by its IANA name; `None`: where the clinic is.
    #[serde(default)]
    pub zone: Option<String>,
    /// She agreed that an SMS says what is treated.
    #[serde(default)]
    pub detail_by_sms: bool,
}

/// Nobody has said anything: reminders, and nothing that sells.
impl Default for MessageChoices {
    fn default() -> Self {
        Self {
            email_reminders: true,
            email_offers: false,
            sms_reminders: true,
            sms_offers: false,
            language: None,
            zone: None,
            detail_by_sms: false,
        }
    }
}

/// A message as the staff sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    pub channel: Channel,
    pub to: String,
    /// Without the token of a link: nobody but the client can use that.
    pub text: String,
    pub at: Moment,
    /// `None`: the client asked for it.
    pub by: Option<StaffId>,
    #[serde(default)]
    pub travel: Travel,
}

/// How far a message came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Travel {
    /// The clinic has no carrier: it was written down, and went nowhere.
    #[default]
    Simulated,
    /// A carrier has it.
    Sent,
    Delivered,
    /// It could not be delivered.
    Returned,
    /// No carrier took it.
    Failed,
    /// Nobody can say: the line to the carrier broke.
    Unknown,
}

impl Travel {
    pub const ALL: [Self; 6] = [Self::Simulated, Self::Sent, Self::Delivered, Self::Returned, Self::Failed, Self::Unknown];

    /// In a line of a list.
    pub fn label(self) -> &'static str {
        match self {
            Self::Simulated => "simulated, not sent",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Returned => "returned, not delivered",
            Self::Failed => "not sent: the carrier did not take it",
            Self::Unknown => "perhaps not sent: the line to the carrier broke",
        }
    }
}

/// A message of a client as the staff sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMessage {
    pub channel: Channel,
    pub from: String,
    pub text: String,
    pub at: Moment,
    /// It asked to stop or to begin again, or worries somebody.
    pub stops: bool,
    pub worried: bool,
}

/// Everything about one client's messages; the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondence {
    pub choices: MessageChoices,
    pub messages: Vec<SentMessage>,
    /// What she wrote; the latest first.
    #[serde(default)]
    pub received: Vec<ReceivedMessage>,
    /// She wrote STOP, and is sent nothing that she does not need.
    #[serde(default)]
    pub stopped: bool,
    /// In which the clinic writes; its own first.
    #[serde(default)]
    pub languages: Vec<String>,
    /// What is sent there comes back, so nothing is until the address is corrected.
    #[serde(default)]
    pub came_back: Vec<CameBack>,
}

/// An address of the client that is dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameBack {
    pub channel: Channel,
    pub address: String,
    /// When something was last tried there.
    pub at: Moment,
    /// The carrier's words.
    pub said: String,
}

impl Channel {
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Sms => "SMS",
        }
    }
}
