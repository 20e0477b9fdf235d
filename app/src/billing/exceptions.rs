//! What was delivered and no payment covers.

use leptos::prelude::*;

#[component]
pub fn BillingPage() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Billing exceptions"</h1>
            </div>
        </div>
    }
}
