//! What stands around each page.

use super::{ME, SIGN_OUT};
use leptos::prelude::*;

/// A page of somebody who is signed in.
#[component]
pub fn Frame(
    clinic: String,
    /// There is a way back to the first page.
    #[prop(optional)]
    back: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <header class="me-head">
            <a href=ME>{clinic}</a>
            <form method="post" action=SIGN_OUT>
                <button class="quiet" type="submit">
                    "Sign out"
                </button>
            </form>
        </header>
        <main class="me" id="main">
            {back
                .then(|| {
                    view! {
                        <p>
                            <a class="back" href=ME>
                                "‹ Back"
                            </a>
                        </p>
                    }
                })} {children()}
        </main>
    }
}

/// A page that says only this.
#[component]
pub fn WordsPage(words: &'static str) -> impl IntoView {
    view! {
        <main class="me narrow" id="main">
            <p>{words}</p>
            <p>
                <a class="back" href=ME>
                    "To my pages"
                </a>
            </p>
        </main>
    }
}

/// Something to be told, above all else.
#[component]
pub fn Note(
    /// It asks for something.
    #[prop(optional)]
    warns: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <p class="note" class:warns=warns role=if warns { "alert" } else { "status" }>
            {children()}
        </p>
    }
}
