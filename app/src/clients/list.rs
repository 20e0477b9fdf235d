//! The list of all clients. Only the rows on the screen are drawn, so that 20,000 are as quick as 20.

use super::{
    find::{Wanted, find},
    index::index,
    row::ClientRow,
    window::{Window, window},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::ClientId;
use leptos::{ev, html, prelude::*};
use std::cell::RefCell;

thread_local! {
    // What was searched and how far it was scrolled: coming back from a client one stands where one was.
    static LEFT_AT: RefCell<(String, i32)> = const { RefCell::new((String::new(), 0)) };
}

/// Height of a row where it cannot be measured yet, as in `clients.css`.
const ROW: f64 = 56.0;

#[component]
pub fn ClientsPage() -> impl IntoView {
    let workspace = use_workspace();
    let (left_query, left_scroll) = LEFT_AT.with_borrow(Clone::clone);
    let query = RwSignal::new(left_query);
    let entries = Memo::new(move |_| workspace.read(|replica| index(replica.charts())));
    let found = Memo::new(move |_| {
        let wanted = query.with(|query| Wanted::new(query));
        entries.with(|entries| find(entries, &wanted).into_iter().filter_map(|n| entries.get(n).map(|entry| entry.id)).collect::<Vec<_>>())
    });
    let all = Memo::new(move |_| entries.with(Vec::len));
    let total = Memo::new(move |_| found.with(Vec::len));
    let (scroller, body) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let (drawn, row) = (RwSignal::new(window(0.0, 1000.0, ROW, total.get_untracked())), RwSignal::new(ROW));
    let measure = move || {
        let Some((scroller, body)) = scroller.get_untracked().zip(body.get_untracked()) else { return };
        if let Ok(Some(first)) = body.query_selector(".client-row") {
            let height = first.get_bounding_client_rect().height();
            if height > 1.0 && (height - row.get_untracked()).abs() > 0.5 {
                row.set(height);
            }
        }
        let top = body.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
        let now = window(top, f64::from(scroller.client_height()), row.get_untracked(), total.get_untracked());
        if drawn.get_untracked() != now {
            drawn.set(now);
        }
    };
    let scrolled = move |_| {
        measure();
        if let Some(scroller) = scroller.get_untracked() {
            LEFT_AT.with_borrow_mut(|left| left.1 = scroller.scroll_top());
        }
    };
    let search = move |event| {
        let typed = event_target_value(&event);
        LEFT_AT.set((typed.clone(), 0));
        query.set(typed);
        // What is found now is looked at from its beginning.
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    };
    // Once the list stands on the page with its full height, and whenever its length changes.
    let back = StoredValue::new(Some(left_scroll));
    Effect::new(move |_| {
        total.track();
        if let Some(scroller) = scroller.get().filter(|_| body.get().is_some())
            && let Some(left) = back.try_update_value(Option::take).flatten()
        {
            scroller.set_scroll_top(left);
        }
        measure();
    });
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let rows = move || {
        let Window { first, end } = drawn.get();
        found.with(|found| (first..).zip(found.get(first..end.min(found.len())).unwrap_or_default().iter().copied()).collect::<Vec<_>>())
    };
    view! {
        <div style:height="100%" style:overflow-y="auto" node_ref=scroller on:scroll=scrolled>
            <div class="page">
                <div class="page-head">
                    <h1>"Clients"</h1>
                    <span class="soft" role="status">
                        {move || counted(total.get(), all.get())}
                    </span>
                </div>
                <div class="clients-tools">
                    <div class="field">
                        <label class="vh" for="client-search">
                            "Find a client"
                        </label>
                        <span class="search-box">
                            <Icon name="search" />
                            <input
                                class="input"
                                id="client-search"
                                type="search"
                                placeholder="Name, birth date or phone"
                                autocomplete="off"
                                spellcheck="false"
                                prop:value=query
                                on:input=search
                            />
                        </span>
                    </div>
                </div>
                <Show when=move || { total.get() > 0 } fallback=move || view! { <Nobody query all /> }>
                    <div class="clients card" role="table" aria-label="Clients" aria-rowcount=move || total.get() + 1>
                        <div role="rowgroup">
                            <div class="clients-head" role="row" aria-rowindex="1">
                                <span role="columnheader">"Name"</span>
                                <span role="columnheader">"Born"</span>
                                <span role="columnheader">"Skin"</span>
                                <span role="columnheader">"Active plans"</span>
                                <span role="columnheader">"Last visit"</span>
                            </div>
                        </div>
                        <div
                            class="clients-body"
                            role="rowgroup"
                            node_ref=body
                            style:height=move || format!("{}px", total.get() as f64 * row.get())
                            style:padding-top=move || format!("{}px", drawn.get().first as f64 * row.get())
                        >
                            <For each=rows key=|row: &(usize, ClientId)| *row let((position, client))>
                                <ClientRow client position />
                            </For>
                        </div>
                    </div>
                </Show>
            </div>
        </div>
    }
}

/// `10 of 1,284`, or `1,284`.
fn counted(found: usize, all: usize) -> String {
    if found == all { thousands(all) } else { format!("{} of {}", thousands(found), thousands(all)) }
}

fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut spaced = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    spaced
}

#[component]
fn Nobody(query: RwSignal<String>, all: Memo<usize>) -> impl IntoView {
    let searching = move || all.get() > 0;
    view! {
        <div class="card empty">
            <Icon name="search" />
            <Show
                when=searching
                fallback=|| {
                    view! {
                        <h2>"No clients here yet"</h2>
                        <p>"The first time, this device needs the network. Clients appear here as their charts arrive."</p>
                    }
                }
            >
                <h2>"Nobody found for “" {query} "”"</h2>
                <p>"Try fewer letters or the birth date. Clients added elsewhere appear here after the next sync."</p>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_reads_well() {
        assert_eq!(counted(10, 1_284), "10 of 1,284");
        assert_eq!(counted(1_234_567, 1_234_567), "1,234,567");
        assert_eq!(counted(0, 0), "0");
    }
}
