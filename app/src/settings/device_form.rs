//! The form of one device.

use super::{
    desk::{Desk, Editor},
    device_editor::DeviceEditor,
    focus::focus_soon,
    input::TextField,
    piece::PieceLine,
    save_bar::{Retire, SaveBar},
    saving::{NewerNotice, Refusal},
    side_list::HEADING,
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::HandpieceId;
use leptos::{ev::SubmitEvent, prelude::*};

/// Edits one device and saves it.
#[component]
pub fn DeviceForm(editor: DeviceEditor, desk: Desk<DeviceEditor>) -> impl IntoView {
    let workspace = use_workspace();
    let changed = Memo::new(move |_| editor.has_changes());
    let newer = Signal::derive(move || {
        let saved = workspace.catalogue()?.device(editor.id)?.version;
        // While saving, one's own version may arrive before the answer does.
        (saved > editor.version.get() && !editor.saving.is_busy()).then_some(saved)
    });
    let forget = Callback::new(move |()| {
        desk.forget(editor.id.0);
        focus_soon(HEADING.to_owned());
    });
    let nameless = Signal::derive(move || {
        let bare = editor.checked.get() && editor.model.with(|model| model.trim().is_empty());
        bare.then_some("The device needs a model name.")
    });
    let save = Callback::new(move |()| {
        let catalogue = untrack(|| workspace.catalogue());
        editor.save(workspace, catalogue.as_ref().map_or(&[], |catalogue| catalogue.templates.as_slice()));
    });
    view! {
        <form class="set-form card" aria-labelledby="dv-h" on:submit=|event: SubmitEvent| event.prevent_default()>
            <header>
                <h2 id="dv-h" tabindex="-1">
                    {move || editor.title()}
                </h2>
                <Standing editor />
            </header>
            <NewerNotice newer changed show=forget />
            <div class="two">
                <TextField label="Maker" value=editor.maker />
                <TextField label="Model" value=editor.model fault=nameless />
            </div>
            <Pieces editor />
            <Refusal saving=editor.saving />
            <SaveBar
                saving=editor.saving
                note="A device that has been charted with can be retired, not removed."
                is_new=Signal::derive(move || editor.version.get() == 0)
                changed
                retire=Retire { retired: editor.retired, words: ["Retire", "Use again"] }
                forget
                save
            />
        </form>
    }
}

/// Whether the device is in use.
#[component]
fn Standing(editor: DeviceEditor) -> impl IntoView {
    let standing = move || (editor.version.get() == 0, editor.retired.get(), editor.retirement_waits());
    view! {
        <span role="status">
            {move || match standing() {
                (true, _, _) => view! { <span class="chip">"new"</span> }.into_any(),
                (_, true, true) => view! { <span class="chip is-warn">"retired once saved"</span> }.into_any(),
                (_, false, true) => view! { <span class="chip is-warn">"in use once saved"</span> }.into_any(),
                (_, true, false) => view! { <span class="chip">"retired"</span> }.into_any(),
                (_, false, false) => {
                    view! {
                        <span class="chip is-ok">
                            <Icon name="check" />
                            "in use"
                        </span>
                    }
                        .into_any()
                }
            }}
        </span>
    }
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
