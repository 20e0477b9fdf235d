//! Icons, from the one sheet in `public/icons.svg`. Always beside a word, or inside something that has a label.

use leptos::prelude::*;

#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("/icons.svg#{name}") />
        </svg>
    }
}
