//! The form of one package.

use super::{
    desk::{Desk, Editor},
    focus::focus_soon,
    input::{Mark, NumberInput, TextField},
    package_editor::{PackageEditor, ProcedureRow},
    saving::{NewerNotice, Refusal, SaveButton},
    side_list::HEADING,
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::ProcedureId;
use leptos::{ev::SubmitEvent, prelude::*};

/// Edits one package and saves it.
#[component]
pub fn PackageForm(editor: PackageEditor, desk: Desk<PackageEditor>) -> impl IntoView {
    let workspace = use_workspace();
    let changed = Memo::new(move |_| editor.has_changes());
    let newer = Signal::derive(move || {
        let saved = workspace.catalogue()?.package(editor.id)?.version;
        // While saving, one's own version may arrive before the answer does.
        (saved > editor.version.get() && !editor.saving.is_busy()).then_some(saved)
    });
    let forget = Callback::new(move |()| {
        desk.forget(editor.id.0);
        focus_soon(HEADING.to_owned());
    });
    let add = move |_| editor.add_procedure(ProcedureId(workspace.new_id()));
    view! {
        <form class="set-form card" aria-labelledby="pk-h" on:submit=|event: SubmitEvent| event.prevent_default()>
            <header>
                <h2 id="pk-h" tabindex="-1">
                    {move || editor.title()}
                </h2>
                <Show when=move || editor.retired.get()>
                    <span class="chip">"no longer sold"</span>
                </Show>
            </header>
            <NewerNotice newer changed show=forget />
            <div class="two">
                <TextField label="Name" value=editor.name />
                <TextField label="Price" value=editor.price />
            </div>
            <div class="two">
                <NumberInput label="Sessions" mode="numeric" value=editor.sessions mark=Mark::new("", || false) />
                <NumberInput label="Days between two sessions" mode="numeric" value=editor.interval mark=Mark::new("", || false) />
            </div>
            <h3>"Each session consists of"</h3>
            <ul class="pieces">
                <For each=move || editor.procedures.get() key=|row| row.id let:row>
                    <ProcedureLine row editor />
                </For>
            </ul>
            <div class="btn-row">
                <button class="btn quiet" type="button" id="add-procedure" on:click=add>
                    <Icon name="plus" />
                    "Add a procedure"
                </button>
            </div>
            <Refusal saving=editor.saving />
            <SaveBar editor changed forget />
        </form>
    }
}

#[component]
fn ProcedureLine(row: ProcedureRow, editor: PackageEditor) -> impl IntoView {
    let title = move || row.name.with(|name| if name.trim().is_empty() { "the unnamed procedure".to_owned() } else { name.clone() });
    let several = move || editor.procedures.with(|rows| rows.len() > 1);
    let remove = move |_| {
        editor.remove_procedure(row.id);
        focus_soon("#add-procedure".to_owned());
    };
    view! {
        <li>
            <TextField label="Procedure" value=row.name />
            <NumberInput label="Minutes" mode="numeric" value=row.minutes mark=Mark::new("", || false) />
            <Show when=several>
                <button class="icon-btn" type="button" aria-label=move || format!("Remove {}", title()) on:click=remove>
                    <Icon name="trash" />
                </button>
            </Show>
        </li>
    }
}

#[component]
fn SaveBar(editor: PackageEditor, changed: Memo<bool>, forget: Callback<()>) -> impl IntoView {
    let workspace = use_workspace();
    let is_new = move || editor.version.get() == 0;
    let save = Callback::new(move |()| {
        let currency = untrack(|| workspace.catalogue()).map_or_else(String::new, |catalogue| catalogue.currency.clone());
        editor.save(workspace, &currency);
    });
    let retire = move |_| editor.retired.update(|retired| *retired = !*retired);
    view! {
        <div class="save-bar">
            <p>"Series that were sold keep the terms they were sold under."</p>
            <Show when=move || !editor.saving.is_busy() && (changed.get() || is_new())>
                <button class="btn" type="button" on:click=move |_| forget.run(())>
                    {move || if is_new() { "Discard" } else { "Undo changes" }}
                </button>
            </Show>
            <Show when=move || !is_new()>
                <button class="btn" type="button" on:click=retire>
                    {move || if editor.retired.get() { "Sell again" } else { "Stop selling" }}
                </button>
            </Show>
            <SaveButton
                saving=editor.saving
                words="Save"
                ready=Signal::derive(move || changed.get() || is_new())
                changed
                save
            />
        </div>
    }
}
