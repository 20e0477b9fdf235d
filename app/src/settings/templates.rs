//! The page of the templates.

use super::{
    desk::Desk,
    frame::SettingsFrame,
    side_list::{Entry, SideList, selected, use_show_entry},
    template_editor::TemplateEditor,
    template_form::TemplateForm,
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::TemplateId;
use leptos::prelude::*;

const ADDRESS: &str = "/settings/templates?template=";

/// Which fields are charted, and within which limits.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <Templates />
        </SettingsFrame>
    }
}

#[component]
fn Templates() -> impl IntoView {
    let workspace = use_workspace();
    let desk = Desk::<TemplateEditor>::of_this_tab();
    let entries = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        let saved = catalogue.latest_templates().into_iter().map(|template| {
            let count = template.fields.len();
            let fields = if count == 1 { "field" } else { "fields" };
            Entry { id: template.id.0, name: template.name.clone(), note: format!("version {} · {count} {fields}", template.version) }
        });
        desk.with_added(saved.collect(), "New template", |editor| {
            let name = editor.name.get();
            if name.trim().is_empty() { "New template".to_owned() } else { name }
        })
    });
    let selected = selected("template", entries);
    let show = use_show_entry(ADDRESS);
    let add = Callback::new(move |()| {
        let id = workspace.new_id();
        desk.add(id);
        show(id);
    });
    let open = move |id: uuid::Uuid| {
        let id = TemplateId(id);
        desk.open(id.0, || {
            let catalogue = workspace.catalogue();
            TemplateEditor::new(id, catalogue.as_ref().and_then(|catalogue| catalogue.latest_template(id)))
        })
    };
    view! {
        <div class="set">
            <SideList
                entries
                selected
                address=ADDRESS
                changed=Callback::new(move |id| desk.has_changes(id))
                add_words="Add a template"
                add
            />
            <For each=move || desk.form(selected.get()) key=|form| *form let:form>
                <TemplateForm editor=open(form.0) desk />
            </For>
            <Show when=move || selected.get().is_none()>
                <NoTemplates />
            </Show>
        </div>
    }
}

#[component]
fn NoTemplates() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="template" />
            <h2>"No template yet"</h2>
            <p>"A template says which settings are charted for one kind of treatment, and within which limits. Add the first one."</p>
        </div>
    }
}
