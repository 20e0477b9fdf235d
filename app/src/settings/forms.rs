//! Consent forms and their versions.

use super::frame::SettingsFrame;
use leptos::prelude::*;

#[component]
pub fn FormsPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <p>"Consent forms"</p>
        </SettingsFrame>
    }
}
