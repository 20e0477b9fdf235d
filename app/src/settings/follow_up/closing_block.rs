//! What a finished series ends in: the clinic's link to reviews, and what comes after a package.

use super::editor::PolicyEditor;
use crate::{icon::Icon, settings::input::FaultLine, workspace::use_workspace};
use domain::{follow_up::closing::Next, ids::PackageId};
use leptos::prelude::*;

/// What stands in the list of what could come next, beside the packages.
const NOTHING: &str = "";
const WORDS: &str = "words";

#[component]
pub fn ClosingBlock(editor: PolicyEditor) -> impl IntoView {
    let faults = Memo::new(move |_| editor.closing_faults());
    let invalid = Signal::derive(move || faults.with(|faults| !faults.is_empty()));
    view! {
        <section class="policy-line" aria-labelledby="policy-closing-h">
            <div class="sec-head">
                <h3 id="policy-closing-h">"When a series is finished"</h3>
            </div>
            {match editor.package {
                None => view! { <ReviewLink editor invalid /> }.into_any(),
                Some(package) => view! { <WhatComesNext editor package invalid /> }.into_any(),
            }}
            <div id="policy-closing-says" class="policy-faults">
                {move || faults.get().into_iter().map(|words| view! { <FaultLine words /> }).collect_view()}
            </div>
        </section>
    }
}

#[component]
fn ReviewLink(editor: PolicyEditor, invalid: Signal<bool>) -> impl IntoView {
    view! {
        <div class="field">
            <label for="policy-review">"Link to reviews"</label>
            <input
                class="input"
                id="policy-review"
                type="url"
                autocomplete="off"
                placeholder="https://"
                aria-describedby="policy-closing-says policy-review-hint"
                aria-invalid=move || invalid.get().then_some("true")
                prop:value=move || editor.draft.with(|draft| draft.closing.review_link.clone())
                on:input:target=move |event| {
                    let typed = event.target().value();
                    editor.change(|draft| draft.closing.review_link = typed);
                }
            />
            <p class="hint" id="policy-review-hint">
                "Of the whole clinic. The close-out of every series leads there; without it, that line is left out."
            </p>
        </div>
    }
}

#[component]
fn WhatComesNext(editor: PolicyEditor, package: PackageId, invalid: Signal<bool>) -> impl IntoView {
    let workspace = use_workspace();
    let next = Memo::new(move |_| editor.draft.with(|draft| draft.closing.next.clone()));
    let others = Memo::new(move |_| {
        let chosen = next.with(|next| if let Some(Next::Package(chosen)) = next { Some(*chosen) } else { None });
        let packages = workspace.catalogue().map(|catalogue| catalogue.packages.clone()).unwrap_or_default();
        let is_offered = |other: &domain::package::Package| other.id != package && (!other.retired || chosen == Some(other.id));
        packages.into_iter().filter(is_offered).map(|other| (other.id, other.name)).collect::<Vec<_>>()
    });
    let choose = move |event| {
        let chosen = event_target_value(&event);
        let next = match chosen.as_str() {
            NOTHING => None,
            WORDS => Some(Next::Words(String::new())),
            id => id.parse().ok().map(|id| Next::Package(PackageId(id))),
        };
        editor.change(|draft| draft.closing.next = next);
    };
    let is_words = Memo::new(move |_| next.with(|next| matches!(next, Some(Next::Words(_)))));
    let words = move || next.with(|next| if let Some(Next::Words(words)) = next { words.clone() } else { String::new() });
    let option = move |(id, name): (PackageId, String)| {
        let chosen = move || next.with(|next| *next == Some(Next::Package(id)));
        view! {
            <option value=id.0.to_string() prop:selected=chosen>
                {name}
            </option>
        }
    };
    view! {
        <div class="two">
            <div class="field">
                <label for="policy-next">"What could come next"</label>
                <span class="select-box">
                    <select class="select" id="policy-next" on:change=choose aria-describedby="policy-next-hint">
                        <option value=NOTHING prop:selected=move || next.with(Option::is_none)>
                            "Nothing is offered"
                        </option>
                        {move || others.get().into_iter().map(option).collect_view()}
                        <option value=WORDS prop:selected=move || is_words.get()>
                            "In words…"
                        </option>
                    </select>
                    <Icon name="down" />
                </span>
                <p class="hint" id="policy-next-hint">
                    "Stands in the close-out. A package is not offered to who has it already."
                </p>
            </div>
            <Show when=move || is_words.get()>
                <div class="field">
                    <label for="policy-next-words">"In words"</label>
                    <input
                        class="input"
                        id="policy-next-words"
                        autocomplete="off"
                        aria-describedby="policy-closing-says"
                        aria-invalid=move || invalid.get().then_some("true")
                        prop:value=words
                        on:input:target=move |event| {
                            let typed = event.target().value();
                            editor.change(|draft| draft.closing.next = Some(Next::Words(typed)));
                        }
                    />
                    <p class="hint">"As you type it, in messages of every language."</p>
                </div>
            </Show>
        </div>
    }
}
