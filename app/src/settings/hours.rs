//! When the clinic is open, and when its people work.

use super::frame::SettingsFrame;
use leptos::prelude::*;

#[component]
pub fn HoursPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <p>"Hours"</p>
        </SettingsFrame>
    }
}
