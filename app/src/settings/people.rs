//! The page of the people who work here: the owner's alone, and only with the network.

use super::{
    desk::{Desk, Editor},
    frame::SettingsFrame,
    people_editor::{Team, UNNAMED, entry},
    people_form::person_form,
    side_list::{Entry, SideList, selected, use_show_entry},
};
use crate::{icon::Icon, settings::people_editor::PersonEditor, workspace::use_workspace};
use leptos::prelude::*;
use uuid::Uuid;

const PARAMETER: &str = "person";
const ADDRESS: &str = "/settings/people?person=";

/// Who works here, and how they get in.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let workspace = use_workspace();
    let owns = Memo::new(move |_| workspace.runs_clinic());
    view! {
        <SettingsFrame>
            <Show when=move || owns.get() fallback=NotYours>
                <People />
            </Show>
        </SettingsFrame>
    }
}

#[component]
fn People() -> impl IntoView {
    let workspace = use_workspace();
    let team = Team::new();
    let desk = Desk::<PersonEditor>::of_this_tab();
    // Whoever edits elsewhere is heard of with the catalogue.
    Effect::new(move |_| {
        workspace.catalogue();
        team.load();
    });
    let entries = Memo::new(move |_| {
        let told = team.0.with(|team| team.as_ref().and_then(|told| told.as_ref().ok()).cloned()).unwrap_or_default();
        let mut entries: Vec<_> = told.iter().map(|listed| entry(listed, workspace)).collect();
        for id in desk.added() {
            if !entries.iter().any(|entry| entry.id == id) {
                let name = desk.editor(id).map_or_else(|| UNNAMED.to_owned(), |editor| editor.title());
                entries.push(Entry { id, name, note: "new".to_owned() });
            }
        }
        entries
    });
    let here = Memo::new(move |_| team.0.with(|team| matches!(team, Some(Ok(_)))));
    let problem = move || team.0.with(|team| team.as_ref().and_then(|told| told.as_ref().err()).cloned());
    let selected = selected(PARAMETER, entries);
    let show = use_show_entry(ADDRESS);
    let add = Callback::new(move |()| {
        let id = workspace.new_id();
        desk.add(id);
        show(id);
    });
    let open = move |id: Uuid| {
        let saved = untrack(|| team.person(id));
        person_form(desk.open(id, || PersonEditor::new(id, saved.map(|listed| listed.person))), desk, team)
    };
    let changed = Callback::new(move |id| desk.editor(id).is_some_and(|editor| editor.has_changes()));
    view! {
        <Show when=move || here.get() fallback=move || view! { <Waiting problem=problem() team /> }>
            <div class="set">
                <SideList entries selected address=ADDRESS changed add_words="Invite somebody" add />
                <For each=move || desk.form(selected.get()) key=|form| *form let:form>
                    {open(form.0)}
                </For>
            </div>
        </Show>
    }
}

/// Nothing is known yet: it is being asked for, or cannot be.
#[component]
fn Waiting(problem: Option<String>, team: Team) -> impl IntoView {
    match problem {
        None => view! {
            <p class="soft" role="status">
                "Asking the clinic’s server…"
            </p>
        }
        .into_any(),
        Some(problem) => view! {
            <div class="card empty">
                <Icon name="cloud-off" />
                <h2>"People are not kept on this device"</h2>
                <p role="alert">{problem}</p>
                <button class="btn" type="button" on:click=move |_| team.load()>
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn NotYours() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="lock" />
            <h2>"Only the owner says who works here"</h2>
            <p>"Ask the owner for a new invitation, for another role, or if somebody is missing."</p>
        </div>
    }
}
