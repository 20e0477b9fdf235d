//! The page of the consent forms.

use super::{
    desk::Desk,
    form_editor::FormEditor,
    form_form::FormForm,
    frame::SettingsFrame,
    side_list::{Entry, SideList, selected, use_show_entry},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{consent::ConsentForm, ids::ConsentFormId};
use leptos::prelude::*;

const ADDRESS: &str = "/settings/forms?form=";

/// What clients agree to in writing, and its versions.
#[component]
pub fn FormsPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <Forms />
        </SettingsFrame>
    }
}

#[component]
fn Forms() -> impl IntoView {
    let workspace = use_workspace();
    let desk = Desk::<FormEditor>::of_this_tab();
    let entries = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        let mut forms: Vec<_> = catalogue.consent_forms.iter().collect();
        forms.sort_by_key(|form| form.retired);
        desk.with_added(forms.into_iter().map(entry).collect(), "New form", |editor| editor.title())
    });
    let selected = selected("form", entries);
    let show = use_show_entry(ADDRESS);
    let add = Callback::new(move |()| {
        let id = workspace.new_id();
        desk.add(id);
        show(id);
    });
    let open = move |id: uuid::Uuid| {
        let id = ConsentFormId(id);
        desk.open(id.0, || {
            let catalogue = workspace.catalogue();
            FormEditor::new(id, catalogue.as_ref().and_then(|catalogue| catalogue.consent_form(id)))
        })
    };
    view! {
        <div class="set">
            <SideList
                entries
                selected
                address=ADDRESS
                changed=Callback::new(move |id| desk.has_changes(id))
                add_words="Add a form"
                add
            />
            <For each=move || desk.form(selected.get()) key=|form| *form let:form>
                <FormForm editor=open(form.0) desk />
            </For>
            <Show when=move || selected.get().is_none()>
                <NoForms />
            </Show>
        </div>
    }
}

/// `Laser and light treatment`, and below it `Treatment · version 2`.
fn entry(form: &ConsentForm) -> Entry {
    let version = form.current().map_or_else(|| "not published".to_owned(), |version| format!("version {}", version.number));
    let retired = if form.retired { "retired · " } else { "" };
    Entry { id: form.id.0, name: form.name.clone(), note: format!("{retired}{} · {version}", form.kind.label()) }
}

#[component]
fn NoForms() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="file" />
            <h2>"No consent form yet"</h2>
            <p>"A form says in six parts what a client agrees to. Packages ask for it, and no session of a series is signed without. Add the first one."</p>
        </div>
    }
}
