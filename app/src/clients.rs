use leptos::prelude::*;

#[component]
pub fn ClientsPage() -> impl IntoView {}

#[component]
pub fn ClientPage() -> impl IntoView {}
