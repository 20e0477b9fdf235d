//! The list of all clients. Only the rows on the screen are drawn, so that 20,000 are as quick as 20.

use super::{
    find::{Wanted, find},
    index::index,
    row::ClientRow,
};
use crate::{icon::Icon, long_list::long_list, search_box::SearchBox, words::counted, workspace::use_workspace};
use domain::ids::ClientId;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};

thread_local! {
    // What was searched and how far it was scrolled: coming back from a client one stands where one was.
    static SEARCHED: RefCell<String> = const { RefCell::new(String::new()) };
    static LEFT_AT: Cell<i32> = const { Cell::new(0) };
}

/// Height of a row where it cannot be measured yet, as in `clients.css`.
const ROW: f64 = 56.0;

#[component]
pub fn ClientsPage() -> impl IntoView {
    let workspace = use_workspace();
    let query = RwSignal::new(SEARCHED.with_borrow(Clone::clone));
    let entries = Memo::new(move |_| workspace.read(|replica| index(replica.charts())));
    let found = Memo::new(move |_| {
        let wanted = query.with(|query| Wanted::new(query));
        entries.with(|entries| find(entries, &wanted).into_iter().filter_map(|n| entries.get(n).map(|entry| entry.id)).collect::<Vec<_>>())
    });
    let all = Memo::new(move |_| entries.with(Vec::len));
    let total = Memo::new(move |_| found.with(Vec::len));
    let list = long_list(total, ROW, &LEFT_AT);
    let search = move |typed: String| {
        SEARCHED.set(typed.clone());
        query.set(typed);
        list.to_top();
    };
    let rows = move || {
        let drawn = list.drawn();
        found.with(|found| drawn.filter_map(|n| Some((n, *found.get(n)?))).collect::<Vec<_>>())
    };
    view! {
        <div style:height="100%" style:overflow-y="auto" node_ref=list.scroller on:scroll=move |_| list.scrolled()>
            <div class="page">
                <div class="page-head">
                    <h1>"Clients"</h1>
                    <span class="soft" role="status">
                        {move || counted(total.get(), all.get())}
                    </span>
                </div>
                <div class="clients-tools">
                    <SearchBox
                        id="client-search"
                        label="Find a client"
                        label_unseen=true
                        placeholder="Name, birth date or phone"
                        value=query
                        typed=search
                    />
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
                            node_ref=list.body
                            style:height=move || list.height()
                            style:padding-top=move || list.space_above()
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
