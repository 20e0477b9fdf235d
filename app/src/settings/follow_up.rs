//! What the clinic sends between the sessions of a series.

use super::frame::SettingsFrame;
use leptos::prelude::*;

#[component]
pub fn FollowUpPage() -> impl IntoView {
    view! { <SettingsFrame>"…"</SettingsFrame> }
}
