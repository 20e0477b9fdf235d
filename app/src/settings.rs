use leptos::prelude::*;

#[component]
pub fn DevicesPage() -> impl IntoView {}

#[component]
pub fn TemplatesPage() -> impl IntoView {}
