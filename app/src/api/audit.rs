//! Who looked: told by devices, and read by those who answer for it.

use domain::{
    audit::{Action, LookedPage, Who},
    ids::{ClientId, LookId, StaffId},
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// So many looks go into one request; more are refused.
pub const LOOKS_BATCH: usize = 200;

/// Looks at charts on a device, perhaps of hours without a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedRequest {
    /// Who looked. When somebody else is signed in by now, nothing is taken in under the wrong name: the device keeps the looks until
    /// that person is back.
    pub by: StaffId,
    pub looks: Vec<Look>,
}

/// One look at a client's data on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Made by the device: what is told twice is taken in once.
    pub id: LookId,
    pub client: ClientId,
    /// By the device's clock.
    pub at: Moment,
    pub page: LookedPage,
}

/// What is asked of a client's audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditAsked {
    pub client: ClientId,
    /// Only what is older than this; `None` begins with the newest.
    pub before: Option<AuditCursor>,
}

/// A place in a client's audit, which is ordered by time and then by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AuditCursor {
    pub at: Moment,
    pub number: u64,
}

/// Up to [`AUDIT_PAGE`] lines, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub lines: Vec<AuditLine>,
    /// There is more, older than this.
    pub earlier: Option<AuditCursor>,
}

pub const AUDIT_PAGE: usize = 100;

/// Something that somebody did or saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Its place in the clinic's audit.
    pub number: u64,
    /// When it happened: by the device's clock for what was done there.
    pub at: Moment,
    /// When the clinic learned of it.
    pub received_at: Moment,
    pub who: Who,
    /// `None`: a newer version of the server wrote it.
    pub action: Option<Action>,
    /// Where, for a look on a device.
    pub page: Option<LookedPage>,
    /// It was a change that the chart could not take, and waits for a person.
    pub set_aside: bool,
}
