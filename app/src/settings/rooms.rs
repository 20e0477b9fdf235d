//! Rooms in which treatment is held.

use super::frame::SettingsFrame;
use leptos::prelude::*;

#[component]
pub fn RoomsPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <p>"Rooms"</p>
        </SettingsFrame>
    }
}
