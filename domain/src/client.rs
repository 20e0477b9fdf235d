//! The person who is treated.

use crate::{ids::ClientId, skin::SkinType, time::Day};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    pub id: ClientId,
    pub name: String,
    pub birth_date: Day,
    pub skin_type: Option<SkinType>,
    pub allergies: String,
    pub contact: Contact,
}

/// Edited by anyone at the clinic. An edit names the version it was based on; one based on an
/// older version is put before a person instead of overwriting the newer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub version: u32,
    pub phone: String,
    pub email: String,
}

impl Client {
    /// `Maya`, for sentences about her.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }

    /// `MC`, for the mark beside the name.
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let first = words.next().and_then(|word| word.chars().next());
        let last = words.next_back().and_then(|word| word.chars().next());
        first.into_iter().chain(last).collect()
    }
}
