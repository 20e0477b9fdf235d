//! The page of the packages.

use super::{
    desk::Desk,
    frame::SettingsFrame,
    package_editor::PackageEditor,
    package_form::PackageForm,
    side_list::{Entry, SideList, selected, use_show_entry},
};
use crate::workspace::use_workspace;
use domain::{
    ids::{PackageId, ProcedureId},
    money,
    package::Package,
};
use leptos::prelude::*;

const ADDRESS: &str = "/settings/packages?package=";

/// What the clinic sells, and what one session of it consists of.
#[component]
pub fn PackagesPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <Packages />
        </SettingsFrame>
    }
}

#[component]
fn Packages() -> impl IntoView {
    let workspace = use_workspace();
    let desk = Desk::<PackageEditor>::of_this_tab();
    let entries = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        let mut packages: Vec<_> = catalogue.packages.iter().collect();
        packages.sort_by_key(|package| package.retired);
        let saved = packages.into_iter().map(|package| entry(package, &catalogue.currency)).collect();
        desk.with_added(saved, "New package", |editor| editor.title())
    });
    let selected = selected("package", entries);
    let show = use_show_entry(ADDRESS);
    let add = Callback::new(move |()| {
        let id = workspace.new_id();
        desk.add(id);
        show(id);
    });
    let open = move |id: uuid::Uuid| {
        let id = PackageId(id);
        desk.open(id.0, || {
            let catalogue = workspace.catalogue();
            let saved = catalogue.as_ref().and_then(|catalogue| catalogue.package(id));
            let currency = catalogue.as_ref().map_or("", |catalogue| catalogue.currency.as_str());
            PackageEditor::new(id, saved, currency, || ProcedureId(workspace.new_id()))
        })
    };
    view! {
        <div class="set">
            <SideList
                entries
                selected
                address=ADDRESS
                changed=Callback::new(move |id| desk.has_changes(id))
                add_words="Add a package"
                add
            />
            <For each=move || desk.form(selected.get()) key=|form| *form let:form>
                <PackageForm editor=open(form.0) desk />
            </For>
        </div>
    }
}

/// `Laser hair removal`, and below it `$1,800 · 6 sessions, 42 days apart`.
fn entry(package: &Package, currency: &str) -> Entry {
    let price = money::written(package.price_minor, currency);
    let terms = format!("{price} · {} sessions, {} days apart", package.sessions, package.interval_days);
    let note = if package.retired { format!("no longer sold · {terms}") } else { terms };
    Entry { id: package.id.0, name: package.name.clone(), note }
}
