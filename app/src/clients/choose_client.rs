//! Choosing one client among all: found as on the clients' page, a few at a time.

use super::{
    find::{Wanted, find},
    index::index,
};
use crate::{search_box::SearchBox, words, workspace::use_workspace};
use domain::ids::ClientId;
use leptos::{ev::KeyboardEvent, prelude::*};

/// So many are listed; whoever is not among them is found with another letter.
const MOST_FOUND: usize = 6;

#[component]
pub fn ChooseClient(
    /// Of the input.
    #[prop(into)]
    id: String,
    /// What stands over the input.
    label: &'static str,
    /// Whoever it cannot be.
    #[prop(optional)]
    except: Option<ClientId>,
    chosen: RwSignal<Option<ClientId>>,
) -> impl IntoView {
    let workspace = use_workspace();
    let query = RwSignal::new(String::new());
    // Drawn up when charts change, not for every letter.
    let entries = Memo::new(move |_| workspace.read(|replica| index(replica.charts())));
    let found = Memo::new(move |_| {
        let wanted = query.with(|query| Wanted::new(query));
        if wanted.is_empty() {
            return None;
        }
        let ids = entries.with(|entries| find(entries, &wanted).into_iter().filter_map(|n| Some(entries.get(n)?.id)).collect::<Vec<_>>());
        Some(ids.into_iter().filter(|id| Some(*id) != except).collect::<Vec<_>>())
    });
    // Enter takes the one that is found, and sends no form.
    let enter = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if let Some([only]) = found.get_untracked().as_deref() {
                chosen.set(Some(*only));
            }
        }
    };
    let row = move |client: ClientId| {
        let chart = workspace.chart(client)?;
        let (name, born) = (chart.client.name.clone(), chart.client.birth_date.long());
        Some(view! {
            <li>
                <button class="btn wide choose-client" type="button" on:click=move |_| chosen.set(Some(client))>
                    <span>{name}</span>
                    <span class="soft num">{format!("born {born}")}</span>
                </button>
            </li>
        })
    };
    let more = move || match found.with(|found| found.as_ref().map(Vec::len)) {
        Some(0) => "Nobody found. Try fewer letters, the birth date or the phone.".to_owned(),
        Some(n) if n > MOST_FOUND => format!("{} more: type on.", words::thousands(n - MOST_FOUND)),
        _ => String::new(),
    };
    view! {
        <SearchBox id label placeholder="Name, birth date or phone" value=query typed=move |text| query.set(text) key=enter />
        <ul class="chosen-from" aria-label="Clients">
            {move || found.get().unwrap_or_default().into_iter().take(MOST_FOUND).map(row).collect_view()}
        </ul>
        <p class="soft small" role="status">
            {more}
        </p>
    }
}
