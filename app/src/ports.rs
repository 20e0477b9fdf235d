//! What the app needs from the browser. The real ones live in the frontend; tests bring their own.

mod photos;
mod vault;

pub use photos::{
    Camera, CameraError, Darkroom, DarkroomError, Developed, Laid, OpenPhotoRoom, PhotoRoom, PhotoServer, PhotoStore, Size, TakenPhoto,
    Trouble, WaitingPhoto,
};
pub use vault::{OpenError, Pin, Vault};

use crate::api::{
    ApiError, PullRequest, PushRequest, SignedIn,
    audit::{Look, LookedRequest},
};
use async_trait::async_trait;
use domain::{
    ids::{ClientId, EpochId, InstallationId, LookId, SessionId, StaffId},
    record::Record,
    sync::{Body, Outcome},
    time::Moment,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the device keeps: the mirror (which may be fetched anew at any time), the outbox and the drafts
/// (which exist nowhere else).
#[async_trait(?Send)]
pub trait LocalStore {
    async fn load(&self) -> Result<Saved, StoreError>;

    /// What is in the outbox now, whichever tab put it there.
    async fn outbox(&self) -> Result<Vec<Queued>, StoreError>;

    /// What is being charted on this device now, in whichever tab.
    async fn drafts(&self) -> Result<Vec<Draft>, StoreError>;

    /// Keeps the name this browser profile goes by; written once.
    async fn save_installation(&self, installation: InstallationId) -> Result<(), StoreError>;

    /// Puts a command into the outbox, durably, together with what belongs to it; returns its running number.
    async fn queue(&self, command: &str, along: Along<'_>) -> Result<u64, StoreError>;

    /// Notes the server's answers beside their commands.
    async fn answer(&self, answers: &[(u64, Outcome)]) -> Result<(), StoreError>;

    /// Takes refused commands out of the outbox, after a person has seen them.
    async fn dismiss(&self, number: u64) -> Result<(), StoreError>;

    /// Adds a page, moves the cursor, and drops the commands whose effect the page contains: all or nothing.
    /// A page that starts anew replaces the whole mirror.
    async fn add_page(&self, page: NewPage<'_>) -> Result<(), StoreError>;

    /// Replaces several pages by one that says the same.
    async fn merge_pages(&self, merged: &[u64], page: Vec<u8>) -> Result<(), StoreError>;

    async fn save_draft(&self, draft: &Draft) -> Result<(), StoreError>;
    async fn drop_draft(&self, draft: DraftKey) -> Result<(), StoreError>;

    /// Keeps what somebody is typing about one thing; without a text, it is done.
    async fn save_typed(&self, about: &str, text: Option<&str>) -> Result<(), StoreError>;
    /// Keeps that somebody looked at a client, until the clinic knows.
    async fn queue_look(&self, look: &QueuedLook) -> Result<(), StoreError>;
    async fn looks(&self) -> Result<Vec<QueuedLook>, StoreError>;
    /// The clinic knows of these.
    async fn drop_looks(&self, looks: &[LookId]) -> Result<(), StoreError>;

    async fn save_sign_in(&self, signed_in: Option<&SignedIn>) -> Result<(), StoreError>;
}

/// What is written together with a command: all or nothing.
#[derive(Clone, Copy)]
pub enum Along<'a> {
    Nothing,
    /// The draft it came from is dropped.
    Draft(DraftKey),
    /// The picture that was taken is kept until the clinic has it.
    Photo(&'a TakenPhoto),
}

impl From<Option<DraftKey>> for Along<'_> {
    fn from(draft: Option<DraftKey>) -> Self {
        draft.map_or(Self::Nothing, Self::Draft)
    }
}

/// Everything the device has, as it starts.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    pub installation: Option<InstallationId>,
    pub signed_in: Option<SignedIn>,
    pub cursor: Option<Cursor>,
    /// Ascending by key; later pages override earlier ones.
    pub pages: Vec<(u64, Vec<u8>)>,
    /// Ascending by number.
    pub outbox: Vec<Queued>,
    pub drafts: Vec<Draft>,
    /// What is being typed, by what it is about.
    pub typed: HashMap<String, String>,
    /// Photographs the clinic does not have yet.
    pub photos_waiting: usize,
}

/// How far the mirror has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub epoch: EpochId,
    pub version: u64,
    /// Every page up to the clinic's version was received once: the mirror is whole.
    pub whole: bool,
}

/// A command in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    pub number: u64,
    pub text: String,
    pub answer: Option<Outcome>,
}

pub struct NewPage<'a> {
    pub bytes: &'a [u8],
    pub cursor: Cursor,
    /// The first of a new mirror: everything before it goes.
    pub starts_anew: bool,
    /// Numbers of the commands it settles.
    pub settled: &'a [u64],
}

/// A session being charted, as far as it has come; saved at every keystroke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub session: SessionId,
    /// Who is charting: nobody else sees it.
    pub by: StaffId,
    pub client: ClientId,
    pub saved_at: Moment,
    pub record: Record,
}

/// A look at a client on this device, of which the clinic does not know yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedLook {
    pub by: StaffId,
    pub look: Look,
}

/// A session as one person is charting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DraftKey {
    pub session: SessionId,
    pub by: StaffId,
}

impl Draft {
    pub fn key(&self) -> DraftKey {
        DraftKey { session: self.session, by: self.by }
    }
}

/// Why the device could not keep something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("This device has no room left. The last entry is not saved: free some space, or finish on another device.")]
    Full,
    #[error("This browser does not let Cadence store anything. Leave private browsing, or use another browser.")]
    Unavailable,
    #[error("This device could not save the last entry ({0}).")]
    Failed(String),
}

/// The clinic's server, as the sync engine needs it.
#[async_trait(?Send)]
pub trait Server {
    async fn who(&self) -> Result<SignedIn, ApiError>;
    async fn push(&self, request: PushRequest) -> Result<Vec<Outcome>, ApiError>;
    async fn pull(&self, request: PullRequest) -> Result<Body, ApiError>;
    async fn looked(&self, request: LookedRequest) -> Result<(), ApiError>;
}

/// Clock and randomness.
pub trait Host {
    fn now(&self) -> Moment;
    fn random(&self) -> [u8; 10];
}
