use leptos::prelude::*;

#[component]
pub fn ChartingPage() -> impl IntoView {}
