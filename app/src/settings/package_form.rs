//! The form of one package.

use super::{
    desk::Desk,
    entry_form::{EntryForm, Retirement},
    focus::focus_soon,
    input::{Mark, NumberInput, SelectField, TextField},
    package_editor::{PackageEditor, ProcedureRow},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    consent::{ConsentForm, ConsentKind},
    ids::{ConsentFormId, ProcedureId, TemplateId},
    view::ViewSet,
};
use leptos::prelude::*;

/// Edits one package and saves it.
pub fn package_form(editor: PackageEditor, desk: Desk<PackageEditor>) -> AnyView {
    let workspace = use_workspace();
    let add = move |_| editor.add_procedure(ProcedureId(workspace.new_id()));
    let standing = move || {
        view! {
            <Show when=move || editor.retired.get()>
                <span class="chip">"no longer sold"</span>
            </Show>
        }
    };
    let templates = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        let latest = catalogue.iter().flat_map(|catalogue| catalogue.latest_templates());
        let choices = latest.map(|template| (Some(template.id), template.name.clone()));
        std::iter::once((None, "Nothing in particular".to_owned())).chain(choices).collect::<Vec<_>>()
    });
    view! {
            <EntryForm
                editor
                desk
                standing
                note=Signal::stored("Series that were sold keep the terms they were sold under.".to_owned())
                retirement=Retirement {
                    retired: editor.retired,
                    stop: "Stop selling",
                    again: "Sell again",
                }
            >
                <div class="two">
                    <TextField label="Name" value=editor.name />
                    <TextField label="Price" value=editor.price />
                </div>
                <div class="two">
                    <NumberInput label="Sessions" mode="numeric" value=editor.sessions mark=Mark::new("", || false) />
                    <NumberInput label="Days between two sessions" mode="numeric" value=editor.interval mark=Mark::new("", || false) />
                </div>
                <h3>"Each session consists of"</h3>
                <ul class="pieces is-procedures">
                    <For each=move || editor.procedures.get() key=|row| row.id let:row>
                        <ProcedureLine row editor templates />
                    </For>
                </ul>
                <div class="btn-row">
                    <button class="btn quiet" type="button" id="add-procedure" on:click=add>
                        <Icon name="plus" />
                        "Add a procedure"
                    </button>
                </div>
                <Consents editor />
    <ViewSets editor />
            </EntryForm>
        }
    .into_any()
}

#[component]
fn ProcedureLine(row: ProcedureRow, editor: PackageEditor, templates: Memo<Vec<(Option<TemplateId>, String)>>) -> impl IntoView {
    let title = move || row.name.with(|name| if name.trim().is_empty() { "the unnamed procedure".to_owned() } else { name.clone() });
    let several = move || editor.procedures.with(|rows| rows.len() > 1);
    let remove = move |_| {
        editor.remove_procedure(row.id);
        focus_soon("#add-procedure".to_owned());
    };
    view! {
        <li>
            <TextField label="Procedure" value=row.name />
            <NumberInput label="Minutes" mode="numeric" value=row.minutes mark=Mark::new("", || false) />
            <SelectField label="Done with" choices=templates value=row.template />
            <Show when=several>
                <button class="icon-btn" type="button" aria-label=move || format!("Remove {}", title()) on:click=remove>
                    <Icon name="trash" />
                </button>
            </Show>
        </li>
    }
}

/// Which forms a series of it asks for. A retired one is listed only where it was chosen before, to be taken out.
#[component]
fn Consents(editor: PackageEditor) -> impl IntoView {
    let workspace = use_workspace();
    let forms = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        let fits = |form: &&ConsentForm| {
            let chosen = || editor.consents.with(|chosen| chosen.contains(&form.id));
            form.kind == ConsentKind::Treatment && (!form.retired || chosen())
        };
        catalogue.consent_forms.iter().filter(fits).map(choice).collect()
    });
    view! {
        <fieldset class="asked-forms">
            <legend>"Signed once for the series"</legend>
            <Show
                when=move || forms.with(|forms: &Vec<_>| !forms.is_empty())
                fallback=|| view! { <p class="hint">"No form for treatment yet: " <a href="/settings/forms">"add one"</a> "."</p> }
            >
                <For each=move || forms.get() key=Clone::clone let:form>
                    <ChoiceTick id=form.0 words=form.1 chosen=editor.consents />
                </For>
                <p class="hint">"No session of the series can be signed before the client has signed these."</p>
            </Show>
        </fieldset>
    }
}

/// A form, and what to call it.
fn choice(form: &ConsentForm) -> (ConsentFormId, String) {
    let more = match (form.retired, form.current()) {
        (true, _) => " (retired)",
        (false, None) => " (not published yet)",
        (false, Some(_)) => "",
    };
    (form.id, format!("{}{more}", form.name))
}

/// By which sets of views its sessions are photographed.
#[component]
fn ViewSets(editor: PackageEditor) -> impl IntoView {
    let workspace = use_workspace();
    let sets = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        let fits = |set: &&ViewSet| !set.retired || editor.view_sets.with(|chosen| chosen.contains(&set.id));
        let choice = |set: &ViewSet| (set.id, format!("{}{}", set.name, if set.retired { " (retired)" } else { "" }));
        catalogue.view_sets.iter().filter(fits).map(choice).collect()
    });
    view! {
        <fieldset class="asked-forms">
            <legend>"Photographed as"</legend>
            <Show
                when=move || sets.with(|sets: &Vec<_>| !sets.is_empty())
                fallback=|| view! { <p class="hint">"No set of views yet: " <a href="/settings/views">"add one"</a> "."</p> }
            >
                <For each=move || sets.get() key=Clone::clone let:set>
                    <ChoiceTick id=set.0 words=set.1 chosen=editor.view_sets />
                </For>
                <p class="hint">"Asked for in the first, the middle and the last session; they can be taken in any."</p>
            </Show>
        </fieldset>
    }
}

/// One of several that may be chosen together, in the order in which they were.
#[component]
fn ChoiceTick<T>(id: T, words: String, chosen: RwSignal<Vec<T>>) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let choose = move |wanted: bool| {
        chosen.update(|chosen| {
            chosen.retain(|other| *other != id);
            if wanted {
                chosen.push(id);
            }
        });
    };
    view! {
        <label class="tick">
            <input
                type="checkbox"
                prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                on:change=move |event| choose(event_target_checked(&event))
            />
            <span>{words}</span>
        </label>
    }
}
