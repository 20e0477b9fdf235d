//! The form of one policy.

use super::{
    Rulebook,
    closing_block::ClosingBlock,
    draft::{Draft, of_all},
    editor::PolicyEditor,
    rule_block::RuleBlock,
    timeline::Timeline,
};
use crate::{
    icon::Icon,
    settings::{
        desk::{Desk, Editor},
        entry_form::{Form, Frame},
        focus::focus_soon,
        input::FaultLine,
        saving::OtherNotice,
    },
    workspace::use_workspace,
};
use domain::follow_up::{kind::Kind, policy::Policy};
use leptos::prelude::*;

/// Edits one policy and saves it.
pub fn policy_form(editor: PolicyEditor, desk: Desk<PolicyEditor>, book: Rulebook) -> AnyView {
    let workspace = use_workspace();
    let changed = Memo::new(move |_| editor.has_changes());
    Effect::new(move |_| editor.keep_half_typed(workspace));
    let other = Signal::derive(move || editor.is_outdated(book));
    let title = Signal::derive(move || match editor.package {
        None => "As usual".to_owned(),
        Some(package) => {
            let catalogue = workspace.catalogue();
            catalogue.and_then(|catalogue| catalogue.package(package).map(|package| package.name.clone())).unwrap_or_default()
        }
    });
    let forget = Callback::new(move |()| {
        editor.forget_half_typed(workspace);
        desk.forget(editor.id());
        focus_soon("#set-h".to_owned());
    });
    let form = Form {
        key: "set-h",
        title,
        note: Signal::stored("Once saved, all series are planned anew. What was sent stays as it is.".to_owned()),
        changed,
        is_new: Memo::new(|_| false),
        saving: editor.saving,
        save_words: Signal::stored("Save".to_owned()),
        retirement: None,
        forget,
        save: Callback::new(move |()| editor.send(workspace, book)),
    };
    desk.follow(editor.id(), move || other.get(), changed);
    let notice = view! { <OtherNotice other changed show=forget /> }.into_any();
    let own = Memo::new(move |_| editor.draft.with(|draft| draft.own));
    let standing = move || {
        let words = move || match (editor.package, own.get()) {
            (None, _) => "for packages without their own",
            (Some(_), true) => "its own",
            (Some(_), false) => "as usual",
        };
        view! { <span class="chip">{words}</span> }
    };
    view! {
        <Frame form standing=standing.into() notice>
            <Presets editor own />
            <Timeline editor />
            <ClosingBlock editor />
            <Show
                when=move || own.get()
                fallback=|| view! { <p class="soft">"What is sent as usual is sent for this package, too. Give it its own to change something."</p> }
            >
                <Whole editor />
                <ul class="policy-rules">{Kind::ALL.map(|kind| view! { <RuleBlock editor kind /> }).into_iter().collect_view()}</ul>
            </Show>
        </Frame>
    }
    .into_any()
}

/// What can be had in one tap.
#[component]
fn Presets(editor: PolicyEditor, own: Memo<bool>) -> impl IntoView {
    let is_package = editor.package.is_some();
    let put = move |policy: Policy| {
        let (first, closing) = editor.draft.with_untracked(|draft| (draft.first, draft.closing.clone()));
        editor.draft.set(Draft { first, closing, ..Draft::of(&policy, true) });
    };
    view! {
        <div class="btn-row">
            <button class="btn" type="button" on:click=move |_| put(Policy::light())>
                <Icon name="minus" />
                "One light reminder"
            </button>
            {if is_package {
                view! {
                    <Show
                        when=move || own.get()
                        fallback=move || {
                            view! {
                                <button class="btn" type="button" on:click=move |_| editor.change(|draft| draft.own = true)>
                                    <Icon name="pen" />
                                    "Give it its own"
                                </button>
                            }
                        }
                    >
                        <button class="btn" type="button" on:click=move |_| editor.change(|draft| draft.own = false)>
                            <Icon name="undo" />
                            "Back to the usual"
                        </button>
                    </Show>
                }
                    .into_any()
            } else {
                view! {
                    <button class="btn" type="button" on:click=move |_| put(Policy::standard())>
                        <Icon name="undo" />
                        "Back to what comes with Cadence"
                    </button>
                }
                    .into_any()
            }}
        </div>
    }
}

/// What holds for all of its messages.
#[component]
fn Whole(editor: PolicyEditor) -> impl IntoView {
    let faults = Memo::new(move |_| of_all(&editor.draft.with(|draft| draft.read().1)));
    let invalid = move || faults.with(|faults| (!faults.is_empty()).then_some("true"));
    view! {
        <div class="two">
            <div class="field">
                <label for="policy-time">"Messages go at"</label>
                <input
                    class="input num"
                    id="policy-time"
                    autocomplete="off"
                    aria-describedby="policy-says"
                    aria-invalid=invalid
                    prop:value=move || editor.draft.with(|draft| draft.time.clone())
                    on:input:target=move |event| editor.change(|draft| draft.time = event.target().value())
                />
                <p class="hint">"Those of calendar days; never between 21:00 and 08:00."</p>
            </div>
            <div class="field">
                <label for="policy-tolerance">"Days after the due date that still count as kept"</label>
                <input
                    class="input num"
                    id="policy-tolerance"
                    inputmode="numeric"
                    autocomplete="off"
                    placeholder="A sixth of the interval, 3 to 14"
                    aria-describedby="policy-says"
                    aria-invalid=invalid
                    prop:value=move || editor.draft.with(|draft| draft.tolerance.clone())
                    on:input:target=move |event| editor.change(|draft| draft.tolerance = event.target().value())
                />
            </div>
        </div>
        <div id="policy-says" class="policy-faults">
            {move || faults.get().into_iter().map(|words| view! { <FaultLine words /> }).collect_view()}
        </div>
        <label class="tick">
            <input
                type="checkbox"
                prop:checked=move || editor.draft.with(|draft| draft.first)
                on:change:target=move |event| editor.change(|draft| draft.first = event.target().checked())
            />
            <span>"Its stalled series stand first on the call list"</span>
        </label>
    }
}
