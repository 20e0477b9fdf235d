use super::{
    ApiError, Invitation, ListedPerson, PeopleEdit,
    audit::{AuditAsked, AuditPage, LookedRequest},
    follow_up::{CallLogged, FollowUpTouch, OnCallList},
    installation::{InstallationAct, InstallationFacts, Opened, PinTyped, Standing, Unsent},
    messages::Correspondence,
    numbers::KeptPolicies,
};
use async_trait::async_trait;
use domain::{
    catalogue::{Device, Role, Room},
    consent::ConsentForm,
    follow_up::policy::Policies,
    hours::OpeningHours,
    ids::{ClientId, ClinicId, ConsentFormId, EpochId, InstallationId, StaffId},
    numbers::{Numbers, Span},
    package::Package,
    spacing::SpacingRule,
    sync::{Body, Outcome},
    template::Template,
    time::Moment,
    view::ViewSet,
};
use serde::{Deserialize, Serialize};

/// What the server does for the request at hand. It knows from the request's cookie who asks.
#[async_trait]
pub trait Backend: Send + Sync {
    async fn sign_out(&self) -> Result<(), ApiError>;
    async fn who(&self) -> Result<SignedIn, ApiError>;
    async fn push(&self, request: PushRequest) -> Result<Vec<Outcome>, ApiError>;
    async fn pull(&self, request: PullRequest) -> Result<Body, ApiError>;
    async fn edit_catalogue(&self, edit: CatalogueEdit) -> Result<(), ApiError>;
    async fn people(&self) -> Result<Vec<ListedPerson>, ApiError>;
    async fn change_people(&self, edit: PeopleEdit) -> Result<Option<Invitation>, ApiError>;
    /// `None` when no document of this signature is on file.
    async fn signed_document(&self, client: ClientId, form: ConsentFormId, signed_at: Moment) -> Result<Option<DocumentFacts>, ApiError>;
    async fn open(&self, installation: InstallationId) -> Result<Opened, ApiError>;
    async fn switch(&self, typed: PinTyped) -> Result<Opened, ApiError>;
    async fn set_pin(&self, installation: InstallationId, pin: String, was: Option<String>) -> Result<Opened, ApiError>;
    async fn standing(&self, installation: InstallationId) -> Result<Standing, ApiError>;
    async fn quarantine(&self, installation: InstallationId, unsent: Vec<Unsent>) -> Result<(), ApiError>;
    async fn wiped(&self, installation: InstallationId) -> Result<(), ApiError>;
    async fn installations(&self) -> Result<Vec<InstallationFacts>, ApiError>;
    async fn change_installation(&self, installation: InstallationId, act: InstallationAct) -> Result<(), ApiError>;
    async fn looked(&self, request: LookedRequest) -> Result<(), ApiError>;
    async fn audit_of_client(&self, asked: AuditAsked) -> Result<AuditPage, ApiError>;
    async fn client_messages(&self, client: ClientId) -> Result<Correspondence, ApiError>;
    async fn call_list(&self) -> Result<Vec<OnCallList>, ApiError>;
    async fn log_call(&self, logged: CallLogged) -> Result<Vec<OnCallList>, ApiError>;
    async fn client_follow_up(&self, client: ClientId) -> Result<Vec<FollowUpTouch>, ApiError>;
    async fn client_language(&self, client: ClientId, language: Option<String>) -> Result<Correspondence, ApiError>;
    async fn invite_client(&self, client: ClientId) -> Result<Correspondence, ApiError>;
    async fn numbers(&self, span: Span) -> Result<Numbers, ApiError>;
    async fn follow_up_policies(&self) -> Result<KeptPolicies, ApiError>;
    async fn save_follow_up_policies(&self, policies: Policies, based_on: u32) -> Result<KeptPolicies, ApiError>;
}

/// A change of what the clinic has and sells. Each says what it is based on: by a version (0 for something new), or by
/// what stood there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "one at a time, and never kept; how large depends on the machine")]
pub enum CatalogueEdit {
    Device(Device),
    Template(Template),
    Package(Package),
    Room(Room),
    /// Name, draft, and whether it is still asked for. Versions are not looked at.
    ConsentForm(ConsentForm),
    /// The draft becomes the next version. `edits` is that of the draft that was read.
    PublishConsent {
        form: ConsentFormId,
        edits: u32,
        material: bool,
    },
    Hours {
        was: OpeningHours,
        now: OpeningHours,
    },
    Spacing {
        was: Vec<SpacingRule>,
        now: Vec<SpacingRule>,
    },
    /// A view that photographs were taken by stays in the set, retired.
    ViewSet(ViewSet),
    Maintenance {
        was: u8,
        now: u8,
    },
}

/// By what a signed document can be told from any other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// In hexadecimal digits.
    pub sha256: String,
    /// How long it is.
    pub bytes: u32,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    pub clinic: ClinicId,
    pub staff: StaffId,
    pub name: String,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    pub installation: InstallationId,
    /// Who is at the device, as it believes. When somebody else has signed in meanwhile, nothing is taken in
    /// under the wrong name.
    #[serde(default)]
    pub by: Option<StaffId>,
    pub commands: Vec<Numbered>,
}

/// A command's JSON as it was stored on the device, with that device's running number. The text travels
/// as it is, so that one that cannot be read spoils nothing but itself, and so that its hash means something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    pub number: u64,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// The version up to which the device has everything.
    pub since: u64,
    /// The epoch that version belongs to; `None` for an empty device.
    pub epoch: Option<EpochId>,
    /// As in [`PushRequest`].
    #[serde(default)]
    pub by: Option<StaffId>,
}

/// So many commands go into one push.
pub const PUSH_BATCH: usize = 50;
