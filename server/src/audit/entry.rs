use domain::{
    audit::{Action, Who},
    ids::{ClientId, StaffId},
    time::Moment,
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Something that happened, as it goes into the audit. The details are ids, counts, hashes and words from the source: whatever somebody
/// typed does not fit in.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) who: Who,
    pub(super) action: Action,
    pub(super) client: Option<ClientId>,
    pub(super) at: Option<Moment>,
    pub(super) detail: Map<String, Value>,
}

impl Entry {
    pub fn by(who: Who, action: Action) -> Self {
        Self { who, action, client: None, at: None, detail: Map::new() }
    }

    pub fn by_staff(staff: StaffId, action: Action) -> Self {
        Self::by(Who::Staff(staff), action)
    }

    /// Whose data it is about.
    pub fn about(self, client: ClientId) -> Self {
        Self { client: Some(client), ..self }
    }

    /// When it happened, by the clock of the device on which it did. One that runs ahead is held at the server's now.
    pub fn at(self, at: Moment) -> Self {
        Self { at: Some(at), ..self }
    }

    pub fn id(self, name: &'static str, id: Uuid) -> Self {
        self.with(name, id.to_string())
    }

    pub fn count(self, name: &'static str, count: usize) -> Self {
        self.with(name, count)
    }

    /// In milliseconds since 1970.
    pub fn moment(self, name: &'static str, at: Moment) -> Self {
        self.with(name, at.millis())
    }

    pub fn word(self, name: &'static str, word: &'static str) -> Self {
        self.with(name, word)
    }

    /// Of content that stands elsewhere.
    pub fn hash(self, name: &'static str, hash: &[u8]) -> Self {
        self.with(name, hex::encode(hash))
    }

    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}
