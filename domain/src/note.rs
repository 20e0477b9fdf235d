//! The provider's note for next time, and what became of it.

use crate::{amount::Amount, area::Area, ids::SessionId};
use serde::{Deserialize, Serialize};

/// "Raise fluence by 2 J/cm² on cheeks."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteForNext {
    pub text: String,
    /// The same in numbers, where the note names a field and a change: one tap applies it.
    pub change: Option<SuggestedChange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedChange {
    /// Only for treatments of these areas; all when empty.
    pub areas: Vec<Area>,
    /// Key of a number field.
    pub field: String,
    /// Added to the carried value; negative lowers it.
    pub by: Amount,
}

/// What the next provider did with a standing note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoteDecision {
    /// The session whose note it was.
    pub session: SessionId,
    pub what: NoteOutcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NoteOutcome {
    /// The named change was applied.
    Applied,
    /// Read, and settled without a change of settings.
    Acknowledged,
    /// Left standing for the session after.
    NotToday,
}

/// Longest note, addendum or reason, in bytes.
pub const LONGEST_NOTE: usize = 10_000;
