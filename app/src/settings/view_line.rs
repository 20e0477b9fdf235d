//! One view of a set.

use super::{
    focus::focus_soon,
    input::{Mark, SelectField, local_key},
    order::MoveButtons,
    view_set_editor::{ViewRow, ViewSetEditor},
};
use crate::icon::Icon;
use domain::view::Guide;
use leptos::prelude::*;

/// Name, outline, what the client is told, its place, and the way out: removed while unsaved, retired afterwards.
#[component]
pub fn ViewLine(row: ViewRow, editor: ViewSetEditor) -> impl IntoView {
    let says = format!("{}-says", row.name_id());
    let nameless = move || editor.checked.get() && row.is_nameless();
    let mark = Mark::new(&says, nameless);
    view! {
        <li class="tpl-field">
            <Head row editor mark />
            {move || {
                let says = says.clone();
                nameless()
                    .then(|| {
                        view! {
                            <p class="piece-says" id=says>
                                <Icon name="refuse" />
                                <span>"This view needs a name."</span>
                            </p>
                        }
                    })
            }}
            <div class="view-says">
                <Instruction row />
                <Show when=move || row.saved.get()>
                    <Retire row />
                </Show>
            </div>
        </li>
    }
}

#[component]
fn Head(row: ViewRow, editor: ViewSetEditor, mark: Mark) -> impl IntoView {
    let id = row.name_id();
    let guides: Vec<_> = Guide::ALL.into_iter().map(|guide| (guide, guide.label().to_owned())).collect();
    let is_first = Signal::derive(move || editor.views.with(|rows| rows.first().is_some_and(|first| first.id == row.id)));
    let is_last = Signal::derive(move || editor.views.with(|rows| rows.last().is_some_and(|last| last.id == row.id)));
    view! {
        <div class="tpl-name is-view" role="group" aria-label=move || format!("View: {}", row.title())>
            <div class="field">
                <label for=id.clone()>"View"</label>
                <input
                    class="input"
                    id=id
                    autocomplete="off"
                    aria-invalid=mark.invalid()
                    aria-describedby=mark.described_by()
                    bind:value=row.name
                />
            </div>
            <SelectField label="Outline in the camera" choices=guides value=row.guide />
            <span class="tpl-moves">
                <MoveButtons
                    row=row.id.to_string()
                    title=Signal::derive(move || row.title())
                    is_first
                    is_last
                    go=move |down| editor.move_view(row, down)
                />
                <Show when=move || !row.saved.get()>
                    <Remove row editor />
                </Show>
            </span>
        </div>
    }
}

#[component]
fn Instruction(row: ViewRow) -> impl IntoView {
    let id = format!("in{}", local_key());
    view! {
        <div class="field">
            <label for=id.clone()>"Instruction"</label>
            <textarea class="textarea is-short" id=id rows="2" bind:value=row.instruction></textarea>
        </div>
    }
}

#[component]
fn Remove(row: ViewRow, editor: ViewSetEditor) -> impl IntoView {
    let remove = move |_| {
        editor.remove_view(row);
        focus_soon("#add-view".to_owned());
    };
    view! {
        <button class="icon-btn" type="button" aria-label=move || format!("Remove {}", row.title()) on:click=remove>
            <Icon name="trash" />
        </button>
    }
}

#[component]
fn Retire(row: ViewRow) -> impl IntoView {
    let words = move || if row.retired.get() { "Take again" } else { "No longer taken" };
    view! {
        <span class="piece-end">
            <Show when=move || row.retired.get()>
                <span class="chip">"no longer taken"</span>
            </Show>
            <button
                class="btn quiet"
                type="button"
                aria-label=move || format!("{}: {}", words(), row.title())
                on:click=move |_| row.retired.update(|retired| *retired = !*retired)
            >
                {words}
            </button>
        </span>
    }
}
