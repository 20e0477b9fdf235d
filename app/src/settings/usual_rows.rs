//! The usual ranges of a number field: one for everybody, or several by skin type and spot.

use super::{
    field_block::Faults,
    focus::focus_soon,
    input::{FromTo, NumberInput, SelectField},
    model::Part,
    template_editor::{FieldRow, TemplateEditor, UsualRow},
};
use crate::icon::Icon;
use domain::skin::SkinType;
use leptos::prelude::*;

/// All usual ranges of a field, and the button that adds one.
#[component]
pub fn UsualRows(row: FieldRow, editor: TemplateEditor, faults: Faults) -> impl IntoView {
    let id = format!("us{}", row.row);
    let title = id.clone();
    let count = move || row.usual.with(Vec::len);
    view! {
        <div class="tpl-usual" role="group" aria-labelledby=title>
            <span class="label" id=id>
                "Usual, warns outside"
            </span>
            <Show when=move || { count() > 1 }>
                <p class="tpl-kind-note">"The first range that fits the client's skin type and the spot holds."</p>
            </Show>
            <Show when=move || { count() > 0 }>
                <ul class="usual-rows">
                    <For each=move || row.usual.get() key=|usual| usual.row let:usual>
                        <UsualLine field=row usual faults />
                    </For>
                </ul>
            </Show>
            <div class="btn-row">
                <button
                    class="btn quiet"
                    type="button"
                    id=format!("add-usual{}", row.row)
                    aria-label=move || format!("Add a usual range to {}", row.title())
                    on:click=move |_| editor.add_usual(row)
                >
                    <Icon name="plus" />
                    "Add a usual range"
                </button>
            </div>
        </div>
    }
}

#[component]
fn UsualLine(field: FieldRow, usual: UsualRow, faults: Faults) -> impl IntoView {
    let place = move || field.usual.with(|rows| rows.iter().position(|row| row.row == usual.row));
    let words = move || format!("Usual range {} of {}", place().map_or(0, |i| i + 1), field.title());
    let (from, to) = (faults.mark(move || place().map(Part::Skin)), faults.mark(move || place().map(Part::Skin)));
    let spot = faults.mark(move || place().map(Part::Spot));
    let ends = faults.mark(move || place().map(Part::Usual));
    let skins: Vec<_> = std::iter::once((None, "any".to_owned()))
        .chain(SkinType::ALL.into_iter().map(|skin| (Some(skin), skin.label().to_owned())))
        .collect();
    let remove = move |_| {
        field.usual.update(|rows| rows.retain(|row| row.row != usual.row));
        focus_soon(format!("#add-usual{}", field.row));
    };
    view! {
        <li>
            <div class="usual-row" role="group" aria-label=words>
            <SelectField label="Skin from" choices=skins.clone() value=usual.from mark=from />
            <SelectField label="Skin to" choices=skins value=usual.to mark=to />
            <NumberInput label="Spot, mm" mode="decimal" value=usual.spot mark=spot />
            <FromTo label="Range" min=usual.ends.min max=usual.ends.max mark=ends />
            <button
                class="icon-btn"
                type="button"
                aria-label=move || format!("Remove usual range {} of {}", place().map_or(0, |i| i + 1), field.title())
                on:click=remove
            >
                <Icon name="trash" />
            </button>
            </div>
        </li>
    }
}
