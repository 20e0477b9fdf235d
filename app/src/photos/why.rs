//! Asking for a reason: the usual ones at a tap, any other typed.

use leptos::prelude::*;

#[component]
pub fn Why(id: &'static str, label: &'static str, usual: &'static [&'static str], reason: RwSignal<String>) -> impl IntoView {
    let choice = move |words: &'static str| {
        view! {
            <button class="btn" type="button" on:click=move |_| reason.set(words.to_owned())>
                {words}
            </button>
        }
    };
    view! {
        <div class="btn-row usual-reasons">{usual.iter().copied().map(choice).collect_view()}</div>
        <div class="field">
            <label for=id>{label}</label>
            <input class="input" id=id autocomplete="off" maxlength="500" bind:value=reason />
        </div>
    }
}
