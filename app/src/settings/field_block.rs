//! One field of a template.

use super::{
    focus::focus_soon,
    input::{FaultLine, Mark, SelectField},
    model::{Fault, Kind, Part},
    number_block::NumberBlock,
    order::MoveButtons,
    template_editor::{FieldRow, TemplateEditor},
};
use crate::icon::Icon;
use domain::amount::Unit;
use leptos::prelude::*;

/// What is wrong in a field, and the id of the element that says so.
#[derive(Clone, Copy)]
pub struct Faults {
    list: Memo<Vec<Fault>>,
    row: u64,
}

impl Faults {
    fn id(&self) -> String {
        format!("faults{}", self.row)
    }

    /// Marks the input of `part`; `None` while there is no such part.
    pub fn mark(&self, part: impl Fn() -> Option<Part> + Send + Sync + 'static) -> Mark {
        let list = self.list;
        Mark::new(&self.id(), move || {
            let part = part();
            list.with(|faults| faults.iter().any(|fault| Some(fault.part) == part))
        })
    }
}

/// Edits one field.
#[component]
pub fn FieldBlock(row: FieldRow, editor: TemplateEditor) -> impl IntoView {
    let list = Memo::new(move |_| if editor.checked.get() { row.form().faults() } else { Vec::new() });
    let faults = Faults { list, row: row.row };
    view! {
        <li class="tpl-field">
            <FieldHead row editor faults />
            {move || match row.kind.get() {
                Kind::Number => view! { <NumberBlock row editor faults /> }.into_any(),
                Kind::Choice => view! { <Options row faults /> }.into_any(),
                Kind::Text => ().into_any(),
            }}
            <label class="tick">
                <input type="checkbox" bind:checked=row.required />
                <span>"Required before signing"</span>
            </label>
            <FaultList faults />
        </li>
    }
}

#[component]
fn FaultList(faults: Faults) -> impl IntoView {
    view! {
        <Show when=move || faults.list.with(|faults| !faults.is_empty())>
            <div class="field" id=faults.id()>
                {move || {
                    let line = |fault: &Fault| view! { <FaultLine words=fault.sentence() /> };
                    faults.list.with(|faults| faults.iter().map(line).collect_view())
                }}
            </div>
        </Show>
    }
}

#[component]
fn FieldHead(row: FieldRow, editor: TemplateEditor, faults: Faults) -> impl IntoView {
    let mark = faults.mark(|| Some(Part::Label));
    let id = row.label_id();
    let kinds: Vec<_> = Kind::ALL.into_iter().map(|kind| (kind, kind.label().to_owned())).collect();
    let units: Vec<_> = Unit::ALL.into_iter().map(|unit| (unit, unit_name(unit))).collect();
    let units = StoredValue::new(units);
    let is_number = move || row.kind.get() == Kind::Number;
    view! {
        <div class="tpl-name" role="group" aria-label=move || format!("Field: {}", row.title())>
            <div class="field">
                <label for=id.clone()>"Label"</label>
                <input
                    class="input"
                    id=id
                    autocomplete="off"
                    aria-invalid=mark.invalid()
                    aria-describedby=mark.described_by()
                    bind:value=row.label
                />
            </div>
            <SelectField label="Kind" choices=kinds value=row.kind />
            <Show when=is_number fallback=|| view! { <span></span> }>
                <SelectField label="Unit" choices=units.get_value() value=row.unit />
            </Show>
            <Moves row editor />
        </div>
    }
}

fn unit_name(unit: Unit) -> String {
    match unit {
        Unit::None => "no unit".to_owned(),
        unit => unit.symbol().to_owned(),
    }
}

/// Up, down, away.
#[component]
fn Moves(row: FieldRow, editor: TemplateEditor) -> impl IntoView {
    let is_first = move || editor.fields.with(|fields| fields.first().is_some_and(|first| first.row == row.row));
    let is_last = move || editor.fields.with(|fields| fields.last().is_some_and(|last| last.row == row.row));
    let remove = move |_| {
        editor.told.set(format!("{} was removed.", row.title()));
        editor.remove_field(row.row);
        focus_soon("#add-field".to_owned());
    };
    view! {
        <span class="tpl-moves">
            <MoveButtons
                row=row.row.to_string()
                title=Signal::derive(move || row.title())
                is_first=Signal::derive(is_first)
                is_last=Signal::derive(is_last)
                go=move |down| editor.move_field(row, down)
            />
            <button class="icon-btn" type="button" aria-label=move || format!("Remove {}", row.title()) on:click=remove>
                <Icon name="trash" />
            </button>
        </span>
    }
}

#[component]
fn Options(row: FieldRow, faults: Faults) -> impl IntoView {
    let mark = faults.mark(|| Some(Part::Options));
    let id = format!("to{}", row.row);
    view! {
        <div class="field">
            <label for=id.clone()>"Options, in order, one a line"</label>
            <textarea
                class="textarea"
                id=id
                aria-invalid=mark.invalid()
                aria-describedby=mark.described_by()
                bind:value=row.options
            ></textarea>
        </div>
    }
}
