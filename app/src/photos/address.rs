//! Where photographs are taken and looked at.

use domain::ids::{ClientId, PlanId, SessionId, ViewId};

pub fn capture_address(client: ClientId, session: SessionId) -> String {
    format!("/clients/{client}/sessions/{session}/photos")
}

pub fn compare_address(client: ClientId, plan: PlanId, view: ViewId) -> String {
    format!("/clients/{client}/compare/{plan}/{view}")
}
