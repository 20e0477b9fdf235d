//! The page of one consent form: its draft, publishing it, and what was published before.

use super::{
    desk::Desk,
    entry_form::{EntryForm, Retirement},
    entry_page::EntryEditor,
    form_editor::{FormEditor, hindrance},
    input::{SelectField, TextField, local_key},
    saving::Refusal,
};
use crate::{icon::Icon, words, workspace::use_workspace};
use domain::{
    catalogue::Catalogue,
    consent::{ConsentForm, ConsentKind, ConsentVersion, ELEMENTS},
};
use leptos::prelude::*;

/// Edits one form, and publishes it.
pub fn form_form(editor: FormEditor, desk: Desk<FormEditor>) -> AnyView {
    let workspace = use_workspace();
    let saved = Memo::new(move |_| editor.saved(&*workspace.catalogue()?));
    let is_new = Signal::derive(move || editor.is_new());
    let standing = move || view! { <Standing editor saved /> };
    view! {
        <EntryForm
            editor
            desk
            standing
            note=Signal::stored("A draft is seen by nobody who signs. What was published never changes.".to_owned())
            save_words=Signal::stored("Save the draft".to_owned())
            retirement=Retirement {
                retired: editor.retired,
                stop: "Retire",
                again: "Use again",
            }
        >
            <div class="two">
                <TextField label="Name" value=editor.name />
                <Kind editor is_new />
            </div>
            <h3>"What it says"</h3>
            {ELEMENTS.into_iter().zip(editor.elements).map(|(label, text)| view! { <Element label text /> }).collect_view()}
        </EntryForm>
        <section class="set-form card">
            <Publish editor saved />
            <Published saved />
        </section>
    }
    .into_any()
}

/// Which version is signed now.
#[component]
fn Standing(editor: FormEditor, saved: Memo<Option<ConsentForm>>) -> impl IntoView {
    let signed = move || saved.with(|saved| saved.as_ref().and_then(ConsentForm::current).map(|version| version.number));
    view! {
        <span class="chips" role="status">
            {move || match signed() {
                Some(number) => view! { <span class="chip is-ok num"><Icon name="check" />{format!("version {number} is signed")}</span> }.into_any(),
                None => view! { <span class="chip">"not published yet"</span> }.into_any(),
            }}
            <Show when=move || editor.retired.get()>
                <span class="chip is-warn">"retired: no longer asked for"</span>
            </Show>
        </span>
    }
}

/// For a series or for photographs: signatures of the two mean different things, so it is chosen once.
#[component]
fn Kind(editor: FormEditor, is_new: Signal<bool>) -> impl IntoView {
    let choices: Vec<_> = [ConsentKind::Treatment, ConsentKind::Photo].map(|kind| (kind, kind.label().to_owned())).into();
    let choices = StoredValue::new(choices);
    view! {
        <Show
            when=move || is_new.get()
            fallback=move || {
                view! {
                    <div class="field">
                        <span class="label">"For"</span>
                        <p class="fixed">{editor.kind.get().label()}</p>
                    </div>
                }
            }
        >
            <SelectField label="For" choices=choices.get_value() value=editor.kind />
        </Show>
    }
}

#[component]
fn Element(label: &'static str, text: RwSignal<String>) -> impl IntoView {
    let id = format!("in{}", local_key());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea class="textarea" id=id rows="3" bind:value=text></textarea>
        </div>
    }
}

/// The draft becomes the next version. Nothing else is asked; what follows is said.
#[component]
fn Publish(editor: FormEditor, saved: Memo<Option<ConsentForm>>) -> impl IntoView {
    let workspace = use_workspace();
    let current = Memo::new(move |_| saved.with(|saved| saved.as_ref().and_then(ConsentForm::current).map(|version| version.number)));
    let next = move || current.get().unwrap_or_default() + 1;
    let hindrance = Memo::new(move |_| {
        let who = (!workspace.directs()).then(|| "The medical director publishes it. A draft that is saved waits for that.".to_owned());
        who.or_else(|| saved.with(|saved| hindrance(&editor.draft(), saved.as_ref())))
    });
    let waits = move || editor.is_busy() || hindrance.with(Option::is_some);
    let publish = move |_| {
        if !untrack(waits) {
            editor.publish(workspace);
        }
    };
    let follows = move || match current.get() {
        None => "From now on version 1 is signed.".to_owned(),
        Some(_) => format!("From now on version {} is signed. Whoever signed an earlier one stays on it.", next()),
    };
    view! {
        <div class="publish" role="group" aria-labelledby="publish-h">
            <h3 id="publish-h">"Publish it"</h3>
            <Show when=move || current.get().is_some()>
                <label class="tick">
                    <input type="checkbox" bind:checked=editor.material />
                    <span>"This says something material: ask those who signed an earlier version again"</span>
                </label>
            </Show>
            <p id="publish-says" role="status">
                {move || hindrance.get().unwrap_or_else(follows)}
            </p>
            <Refusal saving=editor.publishing />
            <div class="btn-row">
                <button
                    class="btn primary"
                    type="button"
                    aria-describedby="publish-says"
                    aria-disabled=move || waits().to_string()
                    on:click=publish
                >
                    {move || if editor.publishing.is_busy() { "Publishing…".to_owned() } else { format!("Publish as version {}", next()) }}
                </button>
            </div>
        </div>
    }
}

/// All versions, the newest first, each to be read in full.
#[component]
fn Published(saved: Memo<Option<ConsentForm>>) -> impl IntoView {
    let workspace = use_workspace();
    let versions = move || {
        let catalogue = workspace.catalogue()?;
        let versions = saved.with(|saved| saved.as_ref().map(|form| form.versions.clone()))?;
        Some(versions.into_iter().rev().map(|version| view! { <Version line=line(&version, &catalogue) version /> }).collect_view())
    };
    view! {
        <Show when=move || saved.with(|saved| saved.as_ref().is_some_and(|form| !form.versions.is_empty()))>
            <h3>"Published"</h3>
            <ul class="versions">{versions}</ul>
        </Show>
    }
}

/// `Version 2 · 1 Jun 2026, 09:00 · A. Osei · material`
fn line(version: &ConsentVersion, catalogue: &Catalogue) -> String {
    let when = words::moment(&catalogue.clock, version.published_at);
    let material = if version.material { " · material: signed again" } else { "" };
    format!("Version {} · {when} · {}{material}", version.number, catalogue.staff_name(version.published_by))
}

#[component]
fn Version(version: ConsentVersion, line: String) -> impl IntoView {
    let texts = ELEMENTS.into_iter().zip(version.elements).map(|(label, text)| {
        view! {
            <dt>{label}</dt>
            <dd>{text}</dd>
        }
    });
    view! {
        <li>
            <details>
                <summary class="num">{line} <Icon name="down" /></summary>
                <dl class="version-text">{texts.collect_view()}</dl>
            </details>
        </li>
    }
}
