//! Somebody is signed in, and the page is not for their role.

use super::parts::Card;
use leptos::prelude::*;

/// Drawn by the server, at any address that is not for who asks.
#[component]
pub fn NotAllowedPage() -> impl IntoView {
    view! {
        <Card>
            <h1>"This page is not for your role"</h1>
            <p>"You are signed in, and nothing was changed. If you need what is here, ask the clinic’s owner."</p>
            <a class="btn big wide" href="/">
                "To Today"
            </a>
        </Card>
    }
}
