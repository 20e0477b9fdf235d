//! The list beside the form.

use super::focus::focus_soon;
use crate::icon::Icon;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use uuid::Uuid;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub id: Uuid,
    pub name: String,
    pub note: String,
}

/// Which entry is shown: the one the address names, else the one shown so far, else the first.
pub fn selected(parameter: &'static str, entries: Memo<Vec<Entry>>) -> Memo<Option<Uuid>> {
    let query = use_query_map();
    Memo::new(move |before: Option<&Option<Uuid>>| {
        let asked = query.with(|query| query.get(parameter)).and_then(|text| text.parse::<Uuid>().ok());
        entries.with(|entries| {
            let is_there = |id: &Uuid| entries.iter().any(|entry| entry.id == *id);
            // The first may become another one while it is edited: a colleague's new entry must not take its place.
            let kept = || before.copied().flatten().filter(is_there);
            asked.filter(is_there).or_else(kept).or_else(|| entries.first().map(|entry| entry.id))
        })
    })
}

/// Opens an entry and leads there; on a phone the form stands below the list.
pub fn use_show_entry(address: impl Into<String>) -> impl Fn(Uuid) + Clone + Send + Sync + 'static {
    let (navigate, address) = (use_navigate(), address.into());
    move |id: Uuid| {
        navigate(&format!("{address}{id}"), leptos_router::NavigateOptions { scroll: false, ..Default::default() });
        focus_soon(HEADING.to_owned());
    }
}

/// The heading of the form that is shown.
pub const HEADING: &str = ".set-form h2";

/// Links to all entries, and the button that adds one where that can be.
#[component]
pub fn SideList(
    entries: Memo<Vec<Entry>>,
    selected: Memo<Option<Uuid>>,
    /// What an entry's address is, up to its id.
    #[prop(into)]
    address: String,
    changed: Callback<Uuid, bool>,
    #[prop(optional)] add_words: &'static str,
    /// Where entries can be added.
    #[prop(optional)]
    add: Option<Callback<()>>,
    /// Stands below.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let address = StoredValue::new(address);
    view! {
        <div class="set-side">
            <Show when=move || entries.with(|entries| !entries.is_empty())>
                <ul class="set-list card">
                    <For each=move || entries.get() key=Clone::clone let:entry>
                        <Line entry selected address=address.get_value() changed />
                    </For>
                </ul>
            </Show>
            {add
                .map(|add| {
                    view! {
                        <button class="btn" type="button" on:click=move |_| add.run(())>
                            <Icon name="plus" />
                            {add_words}
                        </button>
                    }
                })}
            {children.map(|children| children())}
        </div>
    }
}

#[component]
fn Line(entry: Entry, selected: Memo<Option<Uuid>>, address: String, changed: Callback<Uuid, bool>) -> impl IntoView {
    let id = entry.id;
    let is_shown = move || (selected.get() == Some(id)).then_some("true");
    let unsaved = move || if changed.run(id) { ", not saved" } else { "" };
    view! {
        <li>
            <a
                href=format!("{address}{id}")
                data-noscroll="true"
                aria-current=is_shown
                on:click=move |_| focus_soon(HEADING.to_owned())
            >
                {entry.name}
                <small>{entry.note} {unsaved}</small>
            </a>
        </li>
    }
}
