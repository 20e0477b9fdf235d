//! One change somebody made, in the envelope in which it travels.

use crate::{
    booking::Time,
    chart::Author,
    ids::{
        AddendumId, AppointmentId, ClientId, ClinicId, CommandId, DeviceId, DeviceNoteId, InstallationId, PackageId, PlanEventId, PlanId,
        SessionId, StaffId,
    },
    plan::PlanAction,
    record::Record,
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// The version this build writes. Older ones are read for at least 90 days after a newer appeared.
pub const COMMAND_VERSION: u16 = 1;

/// A command's JSON may be this long, in bytes.
pub const LONGEST_COMMAND: usize = 256 * 1024;

/// As it travels and as it is kept: JSON, so that the audit can read it in ten years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    pub v: u16,
    pub id: CommandId,
    pub clinic: ClinicId,
    pub installation: InstallationId,
    pub client: ClientId,
    pub by: StaffId,
    pub at: Moment,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    SignSession {
        session: SessionId,
        record: Record,
    },
    AddAddendum {
        session: SessionId,
        addendum: AddendumId,
        text: String,
    },
    PinDeviceNote {
        note: DeviceNoteId,
        device: DeviceId,
        text: String,
    },
    UnpinDeviceNote {
        note: DeviceNoteId,
    },
    /// A provider has looked after an adverse event.
    CloseFollowUp {
        session: SessionId,
        text: String,
    },
    CorrectContact {
        based_on: u32,
        phone: String,
        email: String,
    },
    /// Settles something that was set aside.
    Decide {
        command: CommandId,
        decision: Decision,
    },
    /// A package is sold. The plan and its sessions get the ids the device made for them.
    SellPackage {
        plan: PlanId,
        package: PackageId,
        sessions: Vec<SessionId>,
        /// What was agreed; usually the package's price.
        price_minor: i64,
    },
    ChangePlan {
        plan: PlanId,
        event: PlanEventId,
        action: PlanAction,
        reason: String,
    },
    BookSession {
        session: SessionId,
        appointment: AppointmentId,
        time: Time,
    },
    /// `appointment` is the booking that was looked at when it was moved.
    MoveBooking {
        session: SessionId,
        appointment: AppointmentId,
        time: Time,
    },
    CancelBooking {
        session: SessionId,
        appointment: AppointmentId,
        no_show: bool,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// A second charting becomes an addendum with this id; other changes are applied after all.
    Keep {
        addendum: AddendumId,
    },
    Discard {
        reason: String,
    },
}

/// Why a command did not even reach a chart. Its text stays on the device that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    #[error("The server could not read this entry.")]
    Malformed,
    #[error("This entry is too large to be sent.")]
    TooLarge,
    #[error("This entry was written by a version of the app that the server does not know.")]
    UnknownVersion { v: u16 },
    #[error("This entry belongs to another clinic.")]
    ForeignClinic,
    #[error("This entry was written by someone else than the person signed in.")]
    WrongAuthor,
    #[error("An entry with the same number but other content was received before.")]
    IdReused,
    #[error("The server has no chart for this client.")]
    UnknownClient,
}

impl Change {
    /// Touches what was done to a client, so that only those who treat may decide about it.
    pub fn is_clinical(&self) -> bool {
        match self {
            Self::SignSession { .. }
            | Self::AddAddendum { .. }
            | Self::PinDeviceNote { .. }
            | Self::UnpinDeviceNote { .. }
            | Self::CloseFollowUp { .. }
            | Self::Decide { .. } => true,
            Self::CorrectContact { .. }
            | Self::SellPackage { .. }
            | Self::ChangePlan { .. }
            | Self::BookSession { .. }
            | Self::MoveBooking { .. }
            | Self::CancelBooking { .. } => false,
        }
    }

    /// `Session signed`: what it is, in a list of changes.
    pub fn label(&self) -> &'static str {
        match self {
            Self::SignSession { .. } => "Session charted and signed",
            Self::AddAddendum { .. } => "Addendum",
            Self::PinDeviceNote { .. } => "Device note pinned",
            Self::UnpinDeviceNote { .. } => "Device note removed",
            Self::CloseFollowUp { .. } => "Adverse event followed up",
            Self::CorrectContact { .. } => "Contact details corrected",
            Self::Decide { .. } => "Decision",
            Self::BookSession { .. } => "Session booked",
            Self::MoveBooking { .. } => "Booking moved",
            Self::CancelBooking { no_show: false, .. } => "Booking cancelled",
            Self::CancelBooking { no_show: true, .. } => "Client did not come",
            Self::SellPackage { .. } => "Package sold",
            Self::ChangePlan { action, .. } => match action {
                PlanAction::Freeze { .. } => "Series paused",
                PlanAction::Resume => "Series resumed",
                PlanAction::Extend { .. } => "Series extended",
                PlanAction::Void => "Series ended",
                PlanAction::Refund { .. } => "Money refunded",
            },
        }
    }
}

impl Command {
    pub fn author(&self) -> Author {
        Author { staff: self.by, at: self.at }
    }

    /// Reads a command from its JSON. The version is looked at first, so that an unknown one is called that.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        struct Envelope {
            v: u16,
        }
        if text.len() > LONGEST_COMMAND {
            return Err(Refusal::TooLarge);
        }
        // As bytes, like everything else that is read from JSON: two ways of reading would be twice the code to download.
        let envelope: Envelope = serde_json::from_slice(text.as_bytes()).map_err(|_| Refusal::Malformed)?;
        if envelope.v != COMMAND_VERSION {
            return Err(Refusal::UnknownVersion { v: envelope.v });
        }
        serde_json::from_slice(text.as_bytes()).map_err(|_| Refusal::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_say_which() {
        assert_eq!(Command::parse("{"), Err(Refusal::Malformed));
        assert_eq!(Command::parse(r#"{"v":1}"#), Err(Refusal::Malformed));
        assert_eq!(Command::parse(r#"{"v":7,"future":true}"#), Err(Refusal::UnknownVersion { v: 7 }));
        assert_eq!(Command::parse(&" ".repeat(LONGEST_COMMAND + 1)), Err(Refusal::TooLarge));
    }
}
