//! The form of one template.

use super::{
    desk::Desk,
    entry_form::EntryForm,
    entry_page::EntryEditor,
    field_block::FieldBlock,
    focus::focus_soon,
    input::{TextField, local_key},
    template_editor::TemplateEditor,
};
use crate::icon::Icon;
use leptos::prelude::*;

/// Edits one template and saves it as a new version.
pub fn template_form(editor: TemplateEditor, desk: Desk<TemplateEditor>) -> AnyView {
    let chip = move || if editor.is_new() { "new".to_owned() } else { format!("version {}", editor.version.get()) };
    let next = move || editor.version.get() + 1;
    let note = Signal::derive(move || match editor.version.get() {
        0 => "Saving makes version 1. Handpieces can be given the template from then on.".to_owned(),
        version => format!("Saving makes version {}. Sessions already charted keep version {version}.", next()),
    });
    let nameless = Signal::derive(move || {
        let bare = editor.checked.get() && editor.name.with(|name| name.trim().is_empty());
        bare.then_some("The template needs a name.")
    });
    view! {
        <EntryForm
            editor
            desk
            standing=move || view! { <span class="chip">{chip}</span> }
            note
            save_words=Signal::derive(move || format!("Save version {}", next()))
        >
            <TextField label="Name" value=editor.name fault=nameless />
            <Source editor />
            <Fields editor />
        </EntryForm>
    }
    .into_any()
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
