//! Signing a form.

use leptos::prelude::*;

#[component]
pub fn SignConsentPage() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Consent"</h1>
            </div>
        </div>
    }
}
