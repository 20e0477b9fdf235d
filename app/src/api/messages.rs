//! Messages to a client: what was written, and which she wants.

use domain::{ids::StaffId, time::Moment};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channel {
    Email,
    Sms,
}

/// What may be sent to a client, and how. Chosen by her on her own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageChoices {
    pub email_reminders: bool,
    pub email_offers: bool,
    pub sms_reminders: bool,
    pub sms_offers: bool,
}

/// Nobody has said anything: reminders, and nothing that sells.
impl Default for MessageChoices {
    fn default() -> Self {
        Self { email_reminders: true, email_offers: false, sms_reminders: true, sms_offers: false }
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
}

/// Everything about one client's messages; the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondence {
    pub choices: MessageChoices,
    pub messages: Vec<SentMessage>,
}

impl Channel {
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Sms => "SMS",
        }
    }
}
