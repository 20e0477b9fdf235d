//! The table of the spacing rules.

use super::{
    desk::Desk,
    entry_form::PartForm,
    focus::focus_soon,
    input::{Mark, NumberInput, SelectField},
    spacing_editor::{RuleRow, SpacingEditor},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{area::Region, ids::TemplateId};
use leptos::prelude::*;

type Templates = Memo<Vec<(Option<TemplateId>, String)>>;

/// Edits all rules and saves them together.
#[component]
pub fn SpacingForm(editor: SpacingEditor, desk: Desk<SpacingEditor>) -> impl IntoView {
    let workspace = use_workspace();
    let templates = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        let latest = catalogue.iter().flat_map(|catalogue| catalogue.latest_templates());
        let choices = latest.map(|template| (Some(template.id), template.name.clone()));
        std::iter::once((None, "Choose a treatment".to_owned())).chain(choices).collect::<Vec<_>>()
    });
    let add = move |_| {
        let row = editor.add();
        focus_soon(format!("#rule{} select", row.row));
    };
    let note = Signal::stored("Sessions that were booked or charted before stay as they are.".to_owned());
    view! {
        <PartForm editor desk key="spacing-h" title=Signal::stored("Spacing".to_owned()) note>
            <p class="soft">
                "Booking and charting warn when too few days lie between two treatments of the same skin; doing it nevertheless \
                 needs a reason."
            </p>
            <Show
                when=move || editor.rows.with(|rows| !rows.is_empty())
                fallback=|| view! { <p class="soft">"No rule yet: nothing is warned of."</p> }
            >
                <ol class="spacing">
                    <For each=move || editor.rows.get() key=|row| row.row let:row>
                        <RuleLine row editor templates />
                    </For>
                </ol>
            </Show>
            <div class="btn-row">
                <button class="btn quiet" type="button" id="add-rule" on:click=add>
                    <Icon name="plus" />
                    "Add a rule"
                </button>
            </div>
        </PartForm>
    }
}

#[component]
fn RuleLine(row: RuleRow, editor: SpacingEditor, templates: Templates) -> impl IntoView {
    let regions = std::iter::once((None, "Everywhere".to_owned()));
    let regions: Vec<_> = regions.chain(Region::ALL.into_iter().map(|region| (Some(region), region.label().to_owned()))).collect();
    let bare = move |treatment: RwSignal<Option<TemplateId>>| Mark::new("", move || editor.checked.get() && treatment.get().is_none());
    let no_days = Mark::new("", move || editor.checked.get() && !row.has_days());
    let name = move || format!("Rule {}", editor.place(row.row));
    let remove = move |_| {
        editor.remove(row.row);
        focus_soon("#add-rule".to_owned());
    };
    view! {
        <li>
            <div class="rule" role="group" aria-label=name id=format!("rule{}", row.row)>
                <SelectField label="After" choices=templates value=row.earlier mark=bare(row.earlier) />
                <SelectField label="Before" choices=templates value=row.later mark=bare(row.later) />
                <SelectField label="Where" choices=regions value=row.region />
                <NumberInput label="Days" mode="numeric" value=row.days mark=no_days />
                <button class="icon-btn" type="button" aria-label=move || format!("Remove rule {}", editor.place(row.row)) on:click=remove>
                    <Icon name="trash" />
                </button>
            </div>
        </li>
    }
}
