//! The form of one device.

use super::{
    desk::Desk,
    device_editor::DeviceEditor,
    entry_form::{EntryForm, Retirement, Standing},
    entry_page::EntryEditor,
    focus::focus_soon,
    input::TextField,
    piece::PieceLine,
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::HandpieceId;
use leptos::prelude::*;

/// Edits one device and saves it.
pub fn device_form(editor: DeviceEditor, desk: Desk<DeviceEditor>) -> AnyView {
    let nameless = Signal::derive(move || {
        let bare = editor.checked.get() && editor.model.with(|model| model.trim().is_empty());
        bare.then_some("The device needs a model name.")
    });
    let standing = move || {
        let (is_new, waits) = (Signal::derive(move || editor.is_new()), Signal::derive(move || editor.retirement_waits()));
        view! { <Standing is_new retired=editor.retired waits out="retired" /> }
    };
    view! {
        <EntryForm
            editor
            desk
            standing
            note=Signal::stored("A device that has been charted with can be retired, not removed.".to_owned())
            retirement=Retirement {
                retired: editor.retired,
                stop: "Retire",
                again: "Use again",
            }
        >
            <div class="two">
                <TextField label="Maker" value=editor.maker />
                <TextField label="Model" value=editor.model fault=nameless />
            </div>
            <Pieces editor />
        </EntryForm>
    }
    .into_any()
}

#[component]
fn Pieces(editor: DeviceEditor) -> impl IntoView {
    let workspace = use_workspace();
    let templates = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        let latest = catalogue.iter().flat_map(|catalogue| catalogue.latest_templates());
        let choices = latest.map(|template| (Some(template.id), template.name.clone()));
        std::iter::once((None, "Choose a template".to_owned())).chain(choices).collect::<Vec<_>>()
    });
    let add = move |_| {
        let row = editor.add_piece(HandpieceId(workspace.new_id()));
        focus_soon(format!("#{}", row.name_id()));
    };
    view! {
        <h3>"Handpieces"</h3>
        <Show when=move || editor.pieces.with(|pieces| !pieces.is_empty())>
            <ul class="pieces">
                <For each=move || editor.pieces.get() key=|piece| piece.id let:piece>
                    <PieceLine piece editor templates />
                </For>
            </ul>
        </Show>
        <div class="btn-row">
            <button class="btn quiet" type="button" id="add-piece" on:click=add>
                <Icon name="plus" />
                "Add a handpiece"
            </button>
        </div>
    }
}
