//! The clinic's numbers, and what it sends.

use domain::follow_up::policy::Policies;
use serde::{Deserialize, Serialize};

/// What a clinic sends between the sessions of a series, with the version it has by now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPolicies {
    pub policies: Policies,
    /// Raised by every edit; 0: nobody has edited them.
    pub version: u32,
}

/// The address of a table of the numbers as CSV: its code, and the span in `from` and `to`.
pub const NUMBERS_CSV: &str = "/numbers.csv";

/// The address of all touches of a clinic as CSV, by the same span.
pub const TOUCHES_CSV: &str = "/touches.csv";

/// The address of one client's touches as CSV.
pub fn client_touches_csv(client: domain::ids::ClientId) -> String {
    format!("/touches/{client}")
}
