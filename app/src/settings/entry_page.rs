//! The page of one kind of entry: the list, and beside it the form of the entry that is shown.

use super::{
    desk::{Desk, Editor},
    frame::SettingsFrame,
    saving::Saving,
    side_list::{Entry, SideList, selected, use_show_entry},
};
use crate::{
    icon::Icon,
    workspace::{Workspace, use_workspace},
};
use domain::catalogue::Catalogue;
use leptos::prelude::*;
use uuid::Uuid;

/// What is typed for one entry of the catalogue that has a form of its own.
pub trait EntryEditor: Editor {
    const WORDS: EntryWords;

    /// All that are saved, in the order in which they are listed.
    fn listed(catalogue: &Catalogue) -> Vec<Entry>;

    /// Which version of it is saved; `None` of one that never was.
    fn saved_version(id: Uuid, catalogue: &Catalogue) -> Option<u32>;

    /// Made from what is saved; of an id that is not, a blank one.
    fn made(id: Uuid, catalogue: &Catalogue, workspace: Workspace) -> Self;

    /// What else is offered below the list.
    fn below_list() -> AnyView {
        ().into_any()
    }

    fn id(&self) -> Uuid;

    /// What heads its form, as typed.
    fn title(&self) -> String;

    /// The version the edit is based on; 0 for a new entry.
    fn version(&self) -> RwSignal<u32>;

    fn saving(&self) -> Saving;

    /// Sends it, if nothing is wrong with it.
    fn send(self, workspace: Workspace, catalogue: &Catalogue);

    fn is_new(&self) -> bool {
        self.version().get() == 0
    }
}

/// How the page calls its entries.
#[derive(Clone, Copy)]
pub struct EntryWords {
    /// Where the page is: `/settings/packages`.
    pub page: &'static str,
    /// What names the entry in the address: `package`.
    pub parameter: &'static str,
    /// `Add a package`.
    pub add: &'static str,
    /// What a new one is called before it has a name: `New package`.
    pub unnamed: &'static str,
    pub icon: &'static str,
    /// Head and text while there is none.
    pub none: (&'static str, &'static str),
}

/// The name as typed, or what a nameless one is called.
pub fn titled(name: RwSignal<String>, unnamed: &str) -> String {
    name.with(|name| if name.trim().is_empty() { unnamed.to_owned() } else { name.trim().to_owned() })
}

/// List and form of all entries of a kind.
pub fn entry_page<E: EntryEditor>(form: fn(E, Desk<E>) -> AnyView) -> impl IntoView {
    view! { <SettingsFrame>{entries(form)}</SettingsFrame> }
}

fn entries<E: EntryEditor>(form: fn(E, Desk<E>) -> AnyView) -> impl IntoView {
    let workspace = use_workspace();
    let desk = Desk::<E>::of_this_tab();
    let words = E::WORDS;
    let entries = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        let mut entries = E::listed(&catalogue);
        for id in desk.added() {
            if !entries.iter().any(|entry| entry.id == id) {
                let name = desk.editor(id).map_or_else(|| words.unnamed.to_owned(), |editor| editor.title());
                entries.push(Entry { id, name, note: "new".to_owned() });
            }
        }
        entries
    });
    let selected = selected(words.parameter, entries);
    let address = format!("{}?{}=", words.page, words.parameter);
    let show = use_show_entry(address.clone());
    let add = Callback::new(move |()| {
        let id = workspace.new_id();
        desk.add(id);
        show(id);
    });
    let open = move |id: Uuid| {
        let catalogue = untrack(|| workspace.catalogue())?;
        Some(form(desk.open(id, || E::made(id, &catalogue, workspace)), desk))
    };
    view! {
        <div class="set">
            <SideList entries selected address changed=Callback::new(move |id| desk.has_changes(id)) add_words=words.add add>
                {E::below_list()}
            </SideList>
            <For each=move || desk.form(selected.get()) key=|form| *form let:form>
                {open(form.0)}
            </For>
            <Show when=move || selected.get().is_none()>
                <div class="card empty">
                    <Icon name=words.icon />
                    <h2>{words.none.0}</h2>
                    <p>{words.none.1}</p>
                </div>
            </Show>
        </div>
    }
}
