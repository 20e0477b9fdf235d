//! The form of one package.

use super::{
    desk::Desk,
    entry_form::{EntryForm, Retirement},
    focus::focus_soon,
    input::{Mark, NumberInput, TextField},
    package_editor::{PackageEditor, ProcedureRow},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::ProcedureId;
use leptos::prelude::*;

/// Edits one package and saves it.
pub fn package_form(editor: PackageEditor, desk: Desk<PackageEditor>) -> AnyView {
    let workspace = use_workspace();
    let add = move |_| editor.add_procedure(ProcedureId(workspace.new_id()));
    let standing = move || {
        view! {
            <Show when=move || editor.retired.get()>
                <span class="chip">"no longer sold"</span>
            </Show>
        }
    };
    view! {
        <EntryForm
            editor
            desk
            standing
            note=Signal::stored("Series that were sold keep the terms they were sold under.".to_owned())
            retirement=Retirement {
                retired: editor.retired,
                stop: "Stop selling",
                again: "Sell again",
            }
        >
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
        </EntryForm>
    }
    .into_any()
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
