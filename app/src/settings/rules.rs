//! The clinic's own rules: what maintenance costs, and how many days lie between two treatments.

use super::{
    desk::Desk,
    entry_form::PART,
    frame::SettingsFrame,
    maintenance::{MaintenanceEditor, MaintenanceForm},
    spacing_editor::SpacingEditor,
    spacing_form::SpacingForm,
};
use crate::workspace::use_workspace;
use leptos::prelude::*;

#[component]
pub fn RulesPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <Rules />
        </SettingsFrame>
    }
}

#[component]
fn Rules() -> impl IntoView {
    let workspace = use_workspace();
    let maintenance = Desk::<MaintenanceEditor>::of_this_tab();
    let spacing = Desk::<SpacingEditor>::of_this_tab();
    let open_maintenance = move || {
        let catalogue = untrack(|| workspace.catalogue())?;
        Some(maintenance.open(PART, || MaintenanceEditor::new(catalogue.maintenance_percent)))
    };
    let open_spacing = move || {
        let catalogue = untrack(|| workspace.catalogue())?;
        Some(spacing.open(PART, || SpacingEditor::new(&catalogue)))
    };
    view! {
        <div class="rules">
            <For each=move || maintenance.form(Some(PART)) key=|form| *form let:_form>
                {open_maintenance().map(|editor| view! { <MaintenanceForm editor desk=maintenance /> })}
            </For>
            <For each=move || spacing.form(Some(PART)) key=|form| *form let:_form>
                {open_spacing().map(|editor| view! { <SpacingForm editor desk=spacing /> })}
            </For>
        </div>
    }
}
