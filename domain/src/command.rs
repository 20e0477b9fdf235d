//! One change somebody made, in the envelope in which it travels.

use crate::{
    billing::BillingItem,
    booking::Time,
    chart::Author,
    consent::Signing,
    ids::{
        AddendumId, AppointmentId, ClientId, ClinicId, CommandId, ConsentFormId, DeviceId, DeviceNoteId, InstallationId, MarkId, PackageId,
        PhotoId, PlanEventId, PlanId, ProcedureId, ReportId, SessionId, ShareId, StaffId,
    },
    photo::{Sharing, Shot, Spot},
    plan::{Payment, PlanAction},
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
        /// The session is signed, and this is what was left of it for another day: kept as an addendum with this id.
        #[serde(default)]
        rest: Option<AddendumId>,
    },
    /// A director has read what somebody else signed, and stands by it.
    CoSign {
        session: SessionId,
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
    /// The client herself says how she fares since a session.
    ReportAfterSession {
        session: SessionId,
        report: ReportId,
        worried: bool,
        text: String,
    },
    /// A provider has looked after an adverse event, or after what worries the client.
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
        #[serde(default)]
        paid: Option<Payment>,
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
        /// Only these; empty is all that is not booked yet.
        #[serde(default)]
        procedures: Vec<ProcedureId>,
        /// Why, despite a spacing concern; otherwise empty.
        #[serde(default)]
        despite: String,
    },
    /// `appointment` is the booking that was looked at when it was moved.
    MoveBooking {
        session: SessionId,
        appointment: AppointmentId,
        time: Time,
        #[serde(default)]
        despite: String,
    },
    CancelBooking {
        session: SessionId,
        appointment: AppointmentId,
        no_show: bool,
        reason: String,
    },
    /// The client has come, or has not after all.
    CheckIn {
        session: SessionId,
        appointment: AppointmentId,
        arrived: bool,
    },
    SignConsent(Signing),
    /// `signed_at` says which signature of the form.
    WithdrawConsent {
        form: ConsentFormId,
        signed_at: Moment,
        reason: String,
    },
    /// Something was delivered that no payment covers: charged elsewhere, or let go.
    SettleBilling {
        item: BillingItem,
        charged_minor: i64,
        reason: String,
    },
    /// A photograph was taken. The picture itself follows on its own way.
    TakePhoto(Shot),
    /// Takes a photograph out of the record.
    RemovePhoto {
        photo: PhotoId,
        reason: String,
    },
    MarkPhoto {
        photo: PhotoId,
        mark: MarkId,
        spot: Spot,
        text: String,
    },
    UnmarkPhoto {
        photo: PhotoId,
        mark: MarkId,
    },
    /// The client sees it on her own pages from now on.
    ReleasePhoto {
        photo: PhotoId,
    },
    /// She no longer does.
    WithholdPhoto {
        photo: PhotoId,
    },
    /// Why photographs that are due are not taken.
    SkipPhotos {
        session: SessionId,
        reason: String,
    },
    /// A before-and-after picture for people outside the clinic.
    SharePhotos(Sharing),
    RevokeShare {
        share: ShareId,
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
            | Self::CoSign { .. }
            | Self::AddAddendum { .. }
            | Self::PinDeviceNote { .. }
            | Self::UnpinDeviceNote { .. }
            | Self::CloseFollowUp { .. }
            | Self::ReportAfterSession { .. }
            | Self::TakePhoto(_)
            | Self::RemovePhoto { .. }
            | Self::MarkPhoto { .. }
            | Self::UnmarkPhoto { .. }
            | Self::ReleasePhoto { .. }
            | Self::WithholdPhoto { .. }
            | Self::SkipPhotos { .. }
            | Self::SharePhotos(_)
            | Self::RevokeShare { .. }
            | Self::Decide { .. } => true,
            Self::CorrectContact { .. }
            | Self::SellPackage { .. }
            | Self::ChangePlan { .. }
            | Self::BookSession { .. }
            | Self::MoveBooking { .. }
            | Self::CancelBooking { .. }
            | Self::CheckIn { .. }
            | Self::SignConsent(_)
            | Self::WithdrawConsent { .. }
            | Self::SettleBilling { .. } => false,
        }
    }

    /// `Session signed`: what it is, in a list of changes.
    pub fn label(&self) -> &'static str {
        match self {
            Self::SignSession { .. } => "Session charted and signed",
            Self::CoSign { .. } => "Session co-signed",
            Self::AddAddendum { .. } => "Addendum",
            Self::PinDeviceNote { .. } => "Device note pinned",
            Self::UnpinDeviceNote { .. } => "Device note removed",
            Self::CloseFollowUp { .. } => "Followed up",
            Self::ReportAfterSession { .. } => "Client’s report after a session",
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
                PlanAction::Pay { .. } => "Payment",
                PlanAction::Transfer { .. } | PlanAction::Receive { .. } => "Series transferred",
                PlanAction::Maintain { .. } => "Maintenance sold",
                PlanAction::Offer { .. } => "Answer to an offer",
                PlanAction::GiveUp { .. } => "Procedure given up",
            },
            Self::CheckIn { arrived: true, .. } => "Client checked in",
            Self::CheckIn { arrived: false, .. } => "Check-in taken back",
            Self::SignConsent(_) => "Consent signed",
            Self::WithdrawConsent { .. } => "Consent withdrawn",
            Self::SettleBilling { .. } => "Billing settled",
            Self::TakePhoto(_) => "Photograph taken",
            Self::RemovePhoto { .. } => "Photograph taken out",
            Self::MarkPhoto { .. } => "Mark on a photograph",
            Self::UnmarkPhoto { .. } => "Mark removed from a photograph",
            Self::ReleasePhoto { .. } => "Photograph shown to the client",
            Self::WithholdPhoto { .. } => "Photograph no longer shown to the client",
            Self::SkipPhotos { .. } => "Photographs skipped",
            Self::SharePhotos(_) => "Picture shared",
            Self::RevokeShare { .. } => "Shared picture revoked",
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
