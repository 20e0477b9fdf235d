//! The form of one template.

use super::{
    desk::{Desk, Editor},
    field_block::FieldBlock,
    focus::focus_soon,
    input::{TextField, local_key},
    save_bar::SaveBar,
    saving::{NewerNotice, Refusal},
    side_list::HEADING,
    template_editor::TemplateEditor,
};
use crate::{icon::Icon, workspace::use_workspace};
use leptos::{ev::SubmitEvent, prelude::*};

/// Edits one template and saves it as a new version.
#[component]
pub fn TemplateForm(editor: TemplateEditor, desk: Desk<TemplateEditor>) -> impl IntoView {
    let workspace = use_workspace();
    let changed = Memo::new(move |_| editor.has_changes());
    let is_new = move || editor.version.get() == 0;
    let title = move || {
        let name = editor.name.get();
        if name.trim().is_empty() { "New template".to_owned() } else { name }
    };
    let chip = move || if is_new() { "new".to_owned() } else { format!("version {}", editor.version.get()) };
    let newer = Signal::derive(move || {
        let catalogue = workspace.catalogue()?;
        let saved = catalogue.latest_template(editor.id)?.version;
        // While saving, one's own version may arrive before the answer does.
        (saved > editor.version.get() && !editor.saving.is_busy()).then_some(saved)
    });
    let forget = Callback::new(move |()| {
        desk.forget(editor.id.0);
        focus_soon(HEADING.to_owned());
    });
    let nameless = Signal::derive(move || {
        let bare = editor.checked.get() && editor.name.with(|name| name.trim().is_empty());
        bare.then_some("The template needs a name.")
    });
    let note = move || match editor.version.get() {
        0 => "Saving makes version 1. Handpieces can be given the template from then on.".to_owned(),
        version => format!("Saving makes version {}. Sessions already charted keep version {version}.", version + 1),
    };
    view! {
        <form class="set-form card" aria-labelledby="tp-h" on:submit=|event: SubmitEvent| event.prevent_default()>
            <header>
                <h2 id="tp-h" tabindex="-1">
                    {title}
                </h2>
                <span class="chip">{chip}</span>
            </header>
            <NewerNotice newer changed show=forget />
            <TextField label="Name" value=editor.name fault=nameless />
            <Source editor />
            <Fields editor />
            <Refusal saving=editor.saving />
            <SaveBar
                saving=editor.saving
                note=Signal::derive(note)
                words=Signal::derive(move || format!("Save version {}", editor.version.get() + 1))
                is_new=Signal::derive(is_new)
                changed
                forget
                save=Callback::new(move |()| editor.save(workspace))
            />
        </form>
    }
}

#[component]
fn Source(editor: TemplateEditor) -> impl IntoView {
    let id = format!("in{}", local_key());
    let hint = format!("{id}-hint");
    view! {
        <div class="field">
            <label for=id.clone()>"Source"</label>
            <textarea class="textarea is-short" id=id rows="2" aria-describedby=hint.clone() bind:value=editor.source></textarea>
            <p class="hint" id=hint>
                "Where the ranges come from, and when they were looked up. Hard limits are those of your own device's manual."
            </p>
        </div>
    }
}

#[component]
fn Fields(editor: TemplateEditor) -> impl IntoView {
    let add = move |_| {
        let row = editor.add_field();
        focus_soon(format!("#{}", row.label_id()));
    };
    view! {
        <h3>"Fields"</h3>
        <Show when=move || editor.fields.with(|fields| !fields.is_empty())>
            <ol class="tpl-fields">
                <For each=move || editor.fields.get() key=|row| row.row let:row>
                    <FieldBlock row editor />
                </For>
            </ol>
        </Show>
        <p class="vh" role="status">
            {editor.told}
        </p>
        <div class="btn-row">
            <button class="btn quiet" type="button" id="add-field" on:click=add>
                <Icon name="plus" />
                "Add a field"
            </button>
        </div>
    }
}
