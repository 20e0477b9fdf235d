//! Whose day is shown. The choice holds until the app is closed, on whichever page one was meanwhile.

use crate::workspace::Workspace;
use domain::{catalogue::Role, ids::StaffId};
use leptos::prelude::*;
use std::cell::Cell;

/// One provider, or everyone.
pub type Choice = Option<StaffId>;

thread_local! {
    // Outlives the page, whose signals do not. Kept with who chose, since an iPad changes hands.
    static CHOSEN: Cell<Option<(StaffId, Choice)>> = const { Cell::new(None) };
}

/// What was chosen before by the person signed in, or what suits their role.
pub fn remembered(workspace: Workspace) -> RwSignal<Choice> {
    let choice = workspace.signed_in.with_untracked(|who| {
        let who = who.as_ref()?;
        match CHOSEN.get() {
            Some((by, choice)) if by == who.staff => choice,
            _ => first_choice(who.staff, who.role),
        }
    });
    RwSignal::new(choice)
}

/// Providers look at their own day; everyone else has to see the whole clinic.
fn first_choice(staff: StaffId, role: Role) -> Choice {
    matches!(role, Role::Provider | Role::MedicalDirector).then_some(staff)
}

pub fn choose(workspace: Workspace, choice: RwSignal<Choice>, chosen: Choice) {
    choice.set(chosen);
    let staff = workspace.signed_in.with_untracked(|who| who.as_ref().map(|who| who.staff));
    CHOSEN.set(staff.map(|staff| (staff, chosen)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_see_themselves_and_others_everyone() {
        let staff = StaffId(uuid::Uuid::from_u128(1));
        assert_eq!(first_choice(staff, Role::Provider), Some(staff));
        assert_eq!(first_choice(staff, Role::MedicalDirector), Some(staff));
        assert_eq!(first_choice(staff, Role::FrontDesk), None);
        assert_eq!(first_choice(staff, Role::Owner), None);
    }
}
