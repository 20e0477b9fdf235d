//! Who works at the clinic, and how they get in: for its owner.

use domain::{ids::StaffId, people::Person, time::Moment};
use serde::{Deserialize, Serialize};

/// A person, and how they get in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPerson {
    pub person: Person,
    /// Whether they have chosen a password.
    pub has_password: bool,
    pub signed_in_last: Option<Moment>,
    /// When the link ends that nobody has used yet.
    pub invited_until: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeopleEdit {
    /// As the person shall be; its version is the one the edit is based on. Somebody new has 0, and is invited with it.
    Save(Person),
    /// Makes a link by which they choose anew how to get in; one made before is dead.
    Invite(StaffId),
}

/// A link that lets one person in, once. It is told here, and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// On this server: `/invitation/…`.
    pub address: String,
    pub until: Moment,
}
