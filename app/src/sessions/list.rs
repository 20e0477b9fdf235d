//! The list of all treatment sessions.

use super::{
    filters::Filters,
    index::Index,
    menu::{OpenMenu, RowMenu},
    model::{Wanted, choose},
    order::{Column, places},
    row::SessionRow,
};
use crate::{
    billing::BillingLink,
    icon::Icon,
    long_list::long_list,
    sync::Replica,
    words::counted,
    workspace::{Workspace, use_workspace},
};
use domain::{
    chart::Chart,
    ids::{ClientId, PlanId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

thread_local! {
    // Coming back from a session one finds the list as one left it.
    static WANTED: RefCell<Option<Wanted>> = const { RefCell::new(None) };
    static LEFT_AT: Cell<i32> = const { Cell::new(0) };
    // Drawn up once, and from then on changed by what changes.
    static INDEX: RefCell<Index> = RefCell::default();
}

/// Draws the list up ahead of time, as soon as the clinic is on this device and while nobody waits for anything.
pub fn prepare_list() {
    let workspace = use_workspace();
    let is_whole = Memo::new(move |_| workspace.read(Replica::is_whole));
    Effect::new(move |_| {
        if is_whole.get() {
            let charts = untrack(|| workspace.read(|replica| replica.charts().cloned().collect()));
            prepare_from(workspace, Rc::new(charts), 0);
        }
    });
}

fn prepare_from(workspace: Workspace, charts: Rc<Vec<Arc<Chart>>>, round: usize) {
    let later = move || {
        if INDEX.with_borrow_mut(|index| index.prepare(&charts, round)) {
            return prepare_from(workspace, charts, round + 1);
        }
        // As it is seen first. The catalogue is here by now, or else it is drawn up when it is asked for.
        let places = untrack(|| workspace.catalogue().map(|catalogue| places(&catalogue))).unwrap_or_default();
        INDEX.with_borrow_mut(|index| index.all(Wanted::default().sorting(), &places));
    };
    set_timeout(later, PAUSE);
}

/// Between two rounds something else has its turn.
const PAUSE: Duration = Duration::from_millis(10);

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
        if wanted.with_untracked(|wanted| (wanted.client, wanted.plan) != (client, plan)) {
            wanted.update(|wanted| (wanted.client, wanted.plan) = (client, plan));
        }
    });
    // Read and not only tracked wherever the index is looked at: it is reading that brings the index up to date.
    let version =
        Memo::new(move |_| workspace.read(|replica| INDEX.with_borrow_mut(|index| index.take_in(workspace.revision(), replica.charts()))));
    let places = Memo::new(move |_| workspace.catalogue().map(|catalogue| places(&catalogue)).unwrap_or_default());
    let sorting = Memo::new(move |_| wanted.with(Wanted::sorting));
    let all = Memo::new_with_compare(
        move |_| {
            version.get();
            places.with(|places| INDEX.with_borrow_mut(|index| index.all(sorting.get(), places)))
        },
        |before, now| !before.zip(now).is_some_and(|(before, now)| Arc::ptr_eq(before, now)),
    );
    let exceptions = Memo::new(move |_| {
        version.get();
        INDEX.with_borrow(Index::exceptions)
    });
    let chosen = Memo::new(move |_| all.with(|all| wanted.with(|wanted| choose(all, wanted, workspace.now.get()))));
    let total = Memo::new(move |_| chosen.with(|(_, chosen)| chosen.len()));
    let whole = Memo::new(move |_| all.with(|all| all.entries.len()));
    let list = long_list(total, ROW, &LEFT_AT);
    let menu = RowMenu::new();
    let change = move |change: &dyn Fn(&mut Wanted)| {
        wanted.update(|wanted| change(wanted));
        WANTED.set(Some(wanted.get_untracked()));
        menu.close();
        list.to_top();
    };
    let rows = move || {
        let drawn = list.drawn();
        chosen.with(|(_, chosen)| {
            let row = |n: usize| chosen.get(n).map(|(client, session)| (n, *client, *session));
            drawn.filter_map(row).collect::<Vec<_>>()
        })
    };
    let sort_by = Callback::new(move |column| change(&|wanted| wanted.sort_by(column)));
    let of_client = Memo::new(move |_| {
        let client = wanted.with(|wanted| wanted.client)?;
        workspace.chart(client).map(|chart| chart.client.name.clone())
    });
    view! {
        <div style:height="100%" style:overflow-y="auto" node_ref=list.scroller on:scroll=move |_| {
            list.scrolled();
            menu.close();
        }>
            <div class="page is-desk">
                <div class="page-head">
                    <h1>"Treatment sessions"</h1>
                    <span class="soft" role="status">
                        {move || counted(total.get(), whole.get())}
                    </span>
                    <a class="btn quiet" href="/calls">
                        <Icon name="user" />
                        "Call list"
                    </a>
                    <BillingLink open=exceptions />
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
                <Filters wanted counts=Signal::derive(move || chosen.with(|(counts, _)| *counts)) change=Arc::new(change) />
                <Show when=move || { total.get() > 0 } fallback=move || view! { <Nothing whole /> }>
                    <div class="sessions card" role="table" aria-label="Treatment sessions" aria-rowcount=move || total.get() + 1>
                        <div role="rowgroup">
                            <div class="sessions-head" role="row" aria-rowindex="1">
                                <Head words="Client" column=Column::Client wanted sort_by />
                                <span role="columnheader">"Series"</span>
                                <span role="columnheader">"Session"</span>
                                <Head words="Status" column=Column::Status wanted sort_by />
                                <Head words="Date" column=Column::Date wanted sort_by />
                                <span role="columnheader" class="c-parts">
                                    "Procedures"
                                </span>
                                <Head words="Provider" column=Column::Provider wanted sort_by />
                                <span role="columnheader" class="c-bill">
                                    "Billing"
                                </span>
                                <span role="columnheader" class="c-more">
                                    <span class="vh">"More"</span>
                                </span>
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
                                <SessionRow client session position menu />
                            </For>
                        </div>
                    </div>
                </Show>
            </div>
        </div>
        <OpenMenu menu />
    }
}

/// A column's head that sorts when it is tapped, and the other way round when it is tapped again.
#[component]
fn Head(words: &'static str, column: Column, wanted: RwSignal<Wanted>, sort_by: Callback<Column>) -> impl IntoView {
    let sorted = Memo::new(move |_| wanted.with(|wanted| (wanted.column == column).then(|| wanted.sorting().ascending)));
    let said = move || match sorted.get() {
        None => "none",
        Some(true) => "ascending",
        Some(false) => "descending",
    };
    view! {
        <span role="columnheader" class:c-who=column == Column::Provider aria-sort=said>
            <button class="sort" class:is-up=move || sorted.get() == Some(true) type="button" on:click=move |_| sort_by.run(column)>
                {words}
                <Show when=move || sorted.get().is_some()>
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
