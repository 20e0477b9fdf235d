//! The input in which something is looked for by its words.

use crate::icon::Icon;
use leptos::{ev::KeyboardEvent, prelude::*};

/// Label and input. What is found, and how it is told, is the page's own.
#[component]
pub fn SearchBox(
    /// Of the input.
    #[prop(into)]
    id: String,
    label: &'static str,
    /// The label is read out, but not seen: the page has no room for it, and the glass says enough.
    #[prop(optional)]
    label_unseen: bool,
    placeholder: &'static str,
    #[prop(into)] value: Signal<String>,
    /// Told of every letter.
    #[prop(into)]
    typed: Callback<String>,
    /// Told of every key, before the letter is there.
    #[prop(into, optional)]
    key: Option<Callback<KeyboardEvent>>,
) -> impl IntoView {
    let pressed = move |event| {
        if let Some(key) = key {
            key.run(event);
        }
    };
    view! {
        <div class="field">
            <label class=label_unseen.then_some("vh") for=id.clone()>
                {label}
            </label>
            <span class="search-box">
                <Icon name="search" />
                <input
                    class="input"
                    id=id
                    type="search"
                    placeholder=placeholder
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=value
                    on:input=move |event| typed.run(event_target_value(&event))
                    on:keydown=pressed
                />
            </span>
        </div>
    }
}
