use leptos::prelude::*;

#[component]
pub fn TodayPage() -> impl IntoView {}
