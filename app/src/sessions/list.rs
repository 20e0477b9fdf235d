//! The list of all treatment sessions.

use super::{
    model::{Entry, Order, Scope, Wanted, choose, entries},
    row::SessionRow,
};
use crate::{
    billing::BillingLink,
    icon::Icon,
    long_list::long_list,
    words::{counted, thousands},
    workspace::use_workspace,
};
use domain::{
    ids::{ClientId, PlanId},
    status::SessionStatus,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::cell::{Cell, RefCell};

thread_local! {
    // Coming back from a session one finds the list as one left it.
    static WANTED: RefCell<Option<Wanted>> = const { RefCell::new(None) };
    static LEFT_AT: Cell<i32> = const { Cell::new(0) };
}

/// Height of a row where it cannot be measured yet, as in `sessions.css`.
const ROW: f64 = 48.0;

#[component]
pub fn SessionsPage() -> impl IntoView {
    let workspace = use_workspace();
    let wanted = RwSignal::new(WANTED.with_borrow(|wanted| wanted.clone().unwrap_or_default()));
    // From a client or a plan one comes to their sessions only.
    let query = use_query_map();
    Effect::new(move |_| {
        let (client, plan) = query.with(|query| (query.get("client"), query.get("plan")));
        let client = client.and_then(|id| id.parse::<ClientId>().ok());
        let plan = plan.and_then(|id| id.parse::<PlanId>().ok());
        wanted.update(|wanted| (wanted.client, wanted.plan) = (client, plan));
    });
    let all = Memo::new(move |_| workspace.read(|replica| entries(replica.charts(), workspace.now.get())));
    let chosen = Memo::new(move |_| all.with(|all| wanted.with(|wanted| choose(all, wanted))));
    let total = Memo::new(move |_| chosen.with(|(_, chosen)| chosen.len()));
    let whole = Memo::new(move |_| all.with(Vec::len));
    let list = long_list(total, ROW, &LEFT_AT);
    let change = move |change: &dyn Fn(&mut Wanted)| {
        wanted.update(|wanted| change(wanted));
        WANTED.set(Some(wanted.get_untracked()));
        list.to_top();
    };
    let rows = move || {
        let drawn = list.drawn();
        chosen.with(|(_, chosen)| {
            all.with(|all| {
                let row = |n: usize| {
                    let entry: &Entry = all.get(*chosen.get(n)?)?;
                    Some((n, entry.client, entry.session))
                };
                drawn.filter_map(row).collect::<Vec<_>>()
            })
        })
    };
    let scope = move |(n, scope): (usize, Scope)| {
        view! {
            <button
                type="button"
                aria-pressed=move || wanted.with(|wanted| wanted.scope == scope).to_string()
                on:click=move |_| change(&|wanted| wanted.scope = scope)
            >
                {scope.label()}
                " "
                <span class="num soft">{move || chosen.with(|(counts, _)| thousands(counts[n]))}</span>
            </button>
        }
    };
    let status = move |status: SessionStatus| {
        let on = move || wanted.with(|wanted| wanted.status == Some(status));
        view! {
            <button
                class="pick"
                type="button"
                aria-pressed=move || on().to_string()
                on:click=move |_| change(&|wanted| wanted.status = if wanted.status == Some(status) { None } else { Some(status) })
            >
                {status.label()}
            </button>
        }
    };
    let of_client = Memo::new(move |_| {
        let client = wanted.with(|wanted| wanted.client)?;
        workspace.chart(client).map(|chart| chart.client.name.clone())
    });
    view! {
        <div style:height="100%" style:overflow-y="auto" node_ref=list.scroller on:scroll=move |_| list.scrolled()>
            <div class="page is-desk">
                <div class="page-head">
                    <h1>"Treatment sessions"</h1>
                    <span class="soft" role="status">
                        {move || counted(total.get(), whole.get())}
                    </span>
                    <BillingLink />
                    {move || {
                        of_client
                            .get()
                            .map(|name| {
                                view! {
                                    <a class="btn" href="/sessions">
                                        <Icon name="x" />
                                        {format!("Only {name}: show all")}
                                    </a>
                                }
                            })
                    }}
                </div>
                <div class="sessions-tools">
                    <div class="seg" role="group" aria-label="Which sessions">
                        {Scope::ALL.into_iter().enumerate().map(scope).collect_view()}
                    </div>
                    <div class="field">
                        <label class="vh" for="session-search">
                            "Find by client or series"
                        </label>
                        <span class="search-box">
                            <Icon name="search" />
                            <input
                                class="input"
                                id="session-search"
                                type="search"
                                placeholder="Client or series"
                                autocomplete="off"
                                spellcheck="false"
                                prop:value=move || wanted.with(|wanted| wanted.text.clone())
                                on:input=move |event| {
                                    let text = event_target_value(&event);
                                    change(&|wanted| wanted.text.clone_from(&text));
                                }
                            />
                        </span>
                    </div>
                    <div class="picks" role="group" aria-label="Status">
                        {SessionStatus::ALL.map(status).collect_view()}
                        <button
                            class="pick"
                            type="button"
                            aria-pressed=move || wanted.with(|wanted| wanted.undocumented).to_string()
                            on:click=move |_| change(&|wanted| wanted.undocumented = !wanted.undocumented)
                        >
                            "Not documented"
                        </button>
                    </div>
                </div>
                <Show when=move || { total.get() > 0 } fallback=move || view! { <Nothing whole /> }>
                    <div class="sessions card" role="table" aria-label="Treatment sessions" aria-rowcount=move || total.get() + 1>
                        <div role="rowgroup">
                            <div class="sessions-head" role="row" aria-rowindex="1">
                                <Head words="Client" order=Order::Client wanted change=Callback::new(move |order| {
                                    change(&|wanted| wanted.order = order);
                                }) />
                                <span role="columnheader">"Series"</span>
                                <span role="columnheader">"Session"</span>
                                <span role="columnheader">"Status"</span>
                                <Head words="Date" order=Order::Date wanted change=Callback::new(move |order| {
                                    change(&|wanted| wanted.order = order);
                                }) />
                                <span role="columnheader">"Procedures"</span>
                                <span role="columnheader">"Provider"</span>
                            </div>
                        </div>
                        <div
                            class="sessions-body"
                            role="rowgroup"
                            node_ref=list.body
                            style:height=move || list.height()
                            style:padding-top=move || list.space_above()
                        >
                            <For each=rows key=|row| *row let((position, client, session))>
                                <SessionRow client session position />
                            </For>
                        </div>
                    </div>
                </Show>
            </div>
        </div>
    }
}

/// A column's head; one that can sort does so when it is tapped.
#[component]
fn Head(words: &'static str, order: Order, wanted: RwSignal<Wanted>, change: Callback<Order>) -> impl IntoView {
    let sorted = move || wanted.with(|wanted| wanted.order == order);
    view! {
        <span role="columnheader" aria-sort=move || if sorted() { "ascending" } else { "none" }>
            <button
                class="sort"
                type="button"
                on:click=move |_| change.run(order)
            >
                {words}
                <Show when=sorted>
                    <Icon name="down" />
                </Show>
            </button>
        </span>
    }
}

#[component]
fn Nothing(whole: Memo<usize>) -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="list" />
            <Show
                when=move || { whole.get() > 0 }
                fallback=|| {
                    view! {
                        <h2>"No sessions yet"</h2>
                        <p>"Sell a package on a client’s page: its sessions appear here at once."</p>
                    }
                }
            >
                <h2>"No session fits"</h2>
                <p>"Try another scope, or take a filter off."</p>
            </Show>
        </div>
    }
}
