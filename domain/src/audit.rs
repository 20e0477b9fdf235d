//! The words in which the audit is kept: who, and what they did.

use crate::{
    command::Change,
    ids::{ClientId, StaffId},
    plan::PlanAction,
};
use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Who {
    Staff(StaffId),
    Client(ClientId),
    /// Somebody who is not signed in.
    Nobody,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $label:literal;)*) => {
        /// What was done. The list is closed: each has the word by which it is kept for ever (small letters and hyphens, at most
        /// forty), and how people say it. A word is never given another meaning, nor taken out of the list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Action {$($(#[$doc])* $name,)*}

        impl Action {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub fn word(self) -> &'static str {
                match self {$(Self::$name => $word),*}
            }

            /// `Photograph looked at`: in a list of what happened.
            pub fn label(self) -> &'static str {
                match self {$(Self::$name => $label),*}
            }
        }
    };
}

actions! {
    // Getting in and out.
    SignIn = "sign-in", "Signed in";
    /// A wrong password for an address that is known here.
    SignInFailed = "sign-in-failed", "Sign-in failed";
    /// Nobody is let in by this address for a while.
    TooManyTries = "too-many-tries", "Too many tries to sign in";
    SignOut = "sign-out", "Signed out";
    SwitchByPin = "switch-by-pin", "Signed in by PIN";
    PinRefused = "pin-refused", "PIN refused";
    ChoosePin = "choose-pin", "PIN chosen";
    AcceptInvitation = "accept-invitation", "Came in by an invitation";
    InvitePerson = "invite-person", "Somebody invited";
    EditPerson = "edit-person", "Name, address or role of somebody changed";

    // Browsers of the clinic.
    SignOutBrowser = "sign-out-browser", "Browser signed out";
    AskToEmptyBrowser = "ask-to-empty-browser", "Browser to be emptied";
    TakeFromBrowser = "take-from-browser", "Kept what was only on a browser";
    BrowserEmptied = "browser-emptied", "Browser emptied";
    ReadQuarantine = "read-quarantine", "What was only on a browser saved as a file";

    // Looking.
    /// At a page on a device, perhaps without a network.
    Look = "look", "Looked";
    ReadPhoto = "read-photo", "Photograph fetched";
    ReadConsent = "read-consent", "Signed consent opened";
    ReadAccounts = "read-accounts", "Accounts exported";
    ReadNumbers = "read-numbers", "Numbers exported";
    ReadTouches = "read-touches", "Follow-up exported";
    /// A picture that was shared with people outside.
    SeenOutside = "seen-outside", "Shared picture seen outside the clinic";
    ReadAudit = "read-audit", "Looked up who looked";

    // Changes of a chart.
    SignSession = "sign-session", "Session charted and signed";
    CoSign = "co-sign", "Session co-signed";
    AddAddendum = "add-addendum", "Addendum";
    PinDeviceNote = "pin-device-note", "Device note pinned";
    UnpinDeviceNote = "unpin-device-note", "Device note removed";
    CloseFollowUp = "close-follow-up", "Followed up";
    ReportAfterSession = "report-after-session", "Client’s report after a session";
    CorrectContact = "correct-contact", "Contact details corrected";
    Decide = "decide", "Decision";
    SellPackage = "sell-package", "Package sold";
    PauseSeries = "pause-series", "Series paused";
    ResumeSeries = "resume-series", "Series resumed";
    ExtendSeries = "extend-series", "Series extended";
    EndSeries = "end-series", "Series ended";
    Refund = "refund", "Money refunded";
    Pay = "pay", "Payment";
    TransferSeries = "transfer-series", "Series transferred";
    ReceiveSeries = "receive-series", "Series received";
    SellMaintenance = "sell-maintenance", "Maintenance sold";
    AnswerOffer = "answer-offer", "Answer to an offer";
    GiveUpProcedure = "give-up-procedure", "Procedure given up";
    BookSession = "book-session", "Session booked";
    MoveBooking = "move-booking", "Booking moved";
    CancelBooking = "cancel-booking", "Booking cancelled";
    CheckIn = "check-in", "Check-in";
    SignConsent = "sign-consent", "Consent signed";
    WithdrawConsent = "withdraw-consent", "Consent withdrawn";
    SettleBilling = "settle-billing", "Billing settled";
    TakePhoto = "take-photo", "Photograph taken";
    RemovePhoto = "remove-photo", "Photograph taken out";
    MarkPhoto = "mark-photo", "Mark on a photograph";
    UnmarkPhoto = "unmark-photo", "Mark removed from a photograph";
    SkipPhotos = "skip-photos", "Photographs skipped";
    SharePhotos = "share-photos", "Picture shared";
    RevokeShare = "revoke-share", "Shared picture revoked";
    ReleasePhoto = "release-photo", "Photograph shown to the client";
    WithholdPhoto = "withhold-photo", "Photograph not shown to the client any more";
    InviteClient = "invite-client", "Client invited to own pages";
    ClientSignIn = "client-sign-in", "Signed in to own pages";
    /// By SMS or e-mail.
    ClientReply = "client-reply", "Client’s reply to a message";
    StopMessages = "stop-messages", "Client asked for no more messages";
    StartMessages = "start-messages", "Client asked for messages again";
    ClientLanguage = "client-language", "Language of a client’s messages chosen";

    // Changes of what the clinic works with.
    EditDevice = "edit-device", "Device edited";
    EditTemplate = "edit-template", "Template edited";
    EditPackage = "edit-package", "Package edited";
    EditRoom = "edit-room", "Room edited";
    EditConsentForm = "edit-consent-form", "Consent form edited";
    PublishConsentForm = "publish-consent-form", "Consent form published";
    EditHours = "edit-hours", "Hours edited";
    EditSpacing = "edit-spacing", "Spacing rules edited";
    EditViews = "edit-views", "Views edited";
    EditMaintenance = "edit-maintenance", "Maintenance edited";
    EditCarrier = "edit-carrier", "Carrier of messages set";
    RemoveCarrier = "remove-carrier", "Carrier of messages removed";
    TestCarrier = "test-carrier", "Test message sent";
    EditFollowUp = "edit-follow-up", "Follow-up edited";
    MakeFeed = "make-feed", "Booking system connected";
    RenewFeed = "renew-feed", "New secret for a booking system";
    RemoveFeed = "remove-feed", "Booking system disconnected";
    EditFeedService = "edit-feed-service", "Service of a booking system set";
    /// Another system told.
    BookingElsewhere = "booking-elsewhere", "Booking of another system";
    PickBookingElsewhere = "pick-booking-elsewhere", "Booking of another system given to a series";
}

impl Action {
    /// `None`: a newer version wrote it.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.word() == word)
    }

    /// That of a change of a chart.
    pub fn of(change: &Change) -> Self {
        match change {
            Change::SignSession { .. } => Self::SignSession,
            Change::CoSign { .. } => Self::CoSign,
            Change::AddAddendum { .. } => Self::AddAddendum,
            Change::PinDeviceNote { .. } => Self::PinDeviceNote,
            Change::UnpinDeviceNote { .. } => Self::UnpinDeviceNote,
            Change::CloseFollowUp { .. } => Self::CloseFollowUp,
            Change::ReportAfterSession { .. } => Self::ReportAfterSession,
            Change::CorrectContact { .. } => Self::CorrectContact,
            Change::Decide { .. } => Self::Decide,
            Change::SellPackage { .. } => Self::SellPackage,
            Change::ChangePlan { action, .. } => match action {
                PlanAction::Freeze { .. } => Self::PauseSeries,
                PlanAction::Resume => Self::ResumeSeries,
                PlanAction::Extend { .. } => Self::ExtendSeries,
                PlanAction::Void => Self::EndSeries,
                PlanAction::Refund { .. } => Self::Refund,
                PlanAction::Pay { .. } => Self::Pay,
                PlanAction::Transfer { .. } => Self::TransferSeries,
                PlanAction::Receive { .. } => Self::ReceiveSeries,
                PlanAction::Maintain { .. } => Self::SellMaintenance,
                PlanAction::Offer { .. } => Self::AnswerOffer,
                PlanAction::GiveUp { .. } => Self::GiveUpProcedure,
            },
            Change::BookSession { .. } => Self::BookSession,
            Change::MoveBooking { .. } => Self::MoveBooking,
            Change::CancelBooking { .. } => Self::CancelBooking,
            Change::CheckIn { .. } => Self::CheckIn,
            Change::SignConsent(_) => Self::SignConsent,
            Change::WithdrawConsent { .. } => Self::WithdrawConsent,
            Change::SettleBilling { .. } => Self::SettleBilling,
            Change::TakePhoto(_) => Self::TakePhoto,
            Change::RemovePhoto { .. } => Self::RemovePhoto,
            Change::MarkPhoto { .. } => Self::MarkPhoto,
            Change::UnmarkPhoto { .. } => Self::UnmarkPhoto,
            Change::SkipPhotos { .. } => Self::SkipPhotos,
            Change::SharePhotos(_) => Self::SharePhotos,
            Change::RevokeShare { .. } => Self::RevokeShare,
            Change::ReleasePhoto { .. } => Self::ReleasePhoto,
            Change::WithholdPhoto { .. } => Self::WithholdPhoto,
        }
    }
}

/// From which page of the app somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LookedPage {
    /// Where a session is charted.
    Chart,
    /// The client's page.
    Client,
    /// A treatment session of the list, with its booking and billing.
    Session,
    /// Where photographs are taken.
    Photographs,
    /// Two photographs beside each other.
    Compare,
}

impl LookedPage {
    pub const ALL: [Self; 5] = [Self::Chart, Self::Client, Self::Session, Self::Photographs, Self::Compare];

    /// As it is kept, for ever.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chart => "chart",
            Self::Client => "client",
            Self::Session => "session",
            Self::Photographs => "photographs",
            Self::Compare => "compare",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_has_a_word_of_its_own_that_the_database_takes() {
        let words: BTreeSet<_> = Action::ALL.iter().map(|action| action.word()).collect();
        assert_eq!(words.len(), Action::ALL.len());
        for action in Action::ALL {
            let word = action.word();
            assert!(word.len() <= 40 && word.starts_with(|c: char| c.is_ascii_lowercase()), "{word}");
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{word}");
            assert_eq!(Action::from_word(word), Some(*action));
        }
        assert_eq!(Action::from_word("of-a-later-version"), None);
        assert!(LookedPage::ALL.iter().all(|page| LookedPage::from_word(page.word()) == Some(*page)));
    }
}
