//! What photographs may be used for, and until when.

use super::sheet::{scopes, ticked};
use crate::workspace::use_workspace;
use domain::consent::PhotoScope;
use leptos::prelude::*;

#[component]
pub fn Terms(
    /// As [`scopes`] reads it.
    chosen: RwSignal<String>,
    until: RwSignal<String>,
) -> impl IntoView {
    let workspace = use_workspace();
    let today = move || workspace.today().map(|today| today.to_string());
    let scope = move |scope: PhotoScope| {
        view! {
            <label class="scope">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| scopes(chosen).contains(&scope))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        chosen.update(|chosen| *chosen = ticked(chosen, scope, on));
                    }
                />
                <span>{scope.label()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="scopes">
            <legend>"Photographs may be used for"</legend>
            {PhotoScope::ALL.into_iter().map(scope).collect_view()}
        </fieldset>
        <div class="field until">
            <label for="until">"Until (leave empty for no end)"</label>
            <input class="input num" id="until" type="date" min=today bind:value=until />
        </div>
    }
}
