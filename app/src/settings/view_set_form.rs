//! The form of one set of views.

use super::{
    area_choice::AreaChoice,
    desk::Desk,
    entry_form::{EntryForm, Retirement, Standing},
    entry_page::EntryEditor,
    focus::focus_soon,
    input::TextField,
    view_line::ViewLine,
    view_set_editor::ViewSetEditor,
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{ids::ViewId, view::MOST_VIEWS};
use leptos::prelude::*;

/// Edits one set and saves it.
pub fn view_set_form(editor: ViewSetEditor, desk: Desk<ViewSetEditor>) -> AnyView {
    let nameless = Signal::derive(move || (editor.checked.get() && editor.is_nameless()).then_some("The set of views needs a name."));
    let standing = move || {
        let (is_new, waits) = (Signal::derive(move || editor.is_new()), Signal::derive(move || editor.retirement_waits()));
        view! { <Standing is_new retired=editor.retired waits out="no longer used" /> }
    };
    view! {
        <EntryForm
            editor
            desk
            standing
            note=Signal::stored("Photographs keep the view they were taken by, and the setup as it was that day.".to_owned())
            retirement=Retirement {
                retired: editor.retired,
                stop: "No longer used",
                again: "Use again",
            }
        >
            <TextField label="Name" value=editor.name fault=nameless />
            <h3>"Setup"</h3>
            <TextField label="Distance" value=editor.distance />
            <div class="two">
                <TextField label="Light" value=editor.light />
                <TextField label="Background" value=editor.background />
            </div>
            <AreaChoice title="What it shows" chosen=editor.areas />
            <Views editor />
        </EntryForm>
    }
    .into_any()
}

#[component]
fn Views(editor: ViewSetEditor) -> impl IntoView {
    let workspace = use_workspace();
    let add = move |_| {
        let row = editor.add_view(ViewId(workspace.new_id()));
        focus_soon(format!("#{}", row.name_id()));
    };
    view! {
        <h3>"Views, in the order in which they are taken"</h3>
        <Show when=move || editor.views.with(|views| !views.is_empty())>
            <ol class="tpl-fields">
                <For each=move || editor.views.get() key=|view| view.id let:view>
                    <ViewLine row=view editor />
                </For>
            </ol>
        </Show>
        <p class="vh" role="status">
            {editor.told}
        </p>
        <div class="btn-row">
            <Show
                when=move || editor.views.with(|views| views.len() < MOST_VIEWS)
                fallback=|| view! { <p class="soft small">{format!("A set has at most {MOST_VIEWS} views.")}</p> }
            >
                <button class="btn quiet" type="button" id="add-view" on:click=add>
                    <Icon name="plus" />
                    "Add a view"
                </button>
            </Show>
        </div>
    }
}
