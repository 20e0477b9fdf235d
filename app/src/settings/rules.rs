//! Spacing between treatments, and the price of maintenance.

use super::frame::SettingsFrame;
use leptos::prelude::*;

#[component]
pub fn RulesPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <p>"Rules"</p>
        </SettingsFrame>
    }
}
