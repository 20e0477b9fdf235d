//! What a number field has beside its label: how it is typed, and its limits.

use super::{
    field_block::Faults,
    input::{FromTo, NumberInput},
    model::Part,
    template_editor::{FieldRow, TemplateEditor},
    usual_rows::UsualRows,
};
use leptos::prelude::*;

/// Decimals, step, limits.
#[component]
pub fn NumberBlock(row: FieldRow, editor: TemplateEditor, faults: Faults) -> impl IntoView {
    let (decimals, step) = (faults.mark(|| Some(Part::Decimals)), faults.mark(|| Some(Part::Step)));
    let hard = faults.mark(|| Some(Part::Hard));
    view! {
        <div class="tpl-nums" role="group" aria-label=move || format!("Numbers of {}", row.title())>
            <NumberInput label="Decimals" mode="numeric" value=row.decimals mark=decimals />
            <NumberInput label="Step" mode="decimal" value=row.step mark=step />
            <FromTo label="Hard limit, refuses outside" min=row.hard.min max=row.hard.max mark=hard />
        </div>
        <UsualRows row editor faults />
    }
}
