//! Scripts of the pages that the server draws.

use leptos::prelude::*;

/// What a page's own scripts carry, drawn anew for each page: the browser runs no other.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);

/// A script of `public`, as a module: it runs once the page is there.
#[component]
pub fn PageScript(src: &'static str) -> impl IntoView {
    let nonce = use_context::<Nonce>().map(|nonce| nonce.0);
    view! { <script type="module" src=src nonce=nonce></script> }
}
