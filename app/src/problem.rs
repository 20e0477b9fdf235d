//! What went wrong with the last thing somebody did, where they did it.

use crate::icon::Icon;
use leptos::prelude::*;

/// Read out when it appears; nothing while there is nothing to say.
#[component]
pub fn Problem(words: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <Show when=move || words.with(Option::is_some)>
            <p class="say is-refused" role="alert">
                <Icon name="refuse" />
                <span>{move || words.get()}</span>
            </p>
        </Show>
    }
}
