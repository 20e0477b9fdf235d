//! The call list: series that stalled, the one with most money in it first; whom to call, when, and what came of it. Read from the
//! server: without a network nobody should call from an old list.

mod entry;
mod log_form;
mod model;

use crate::{
    api::{self, ApiError, follow_up::OnCallList},
    icon::Icon,
    problem::Problem,
    workspace::use_workspace,
};
use entry::EntryCard;
use leptos::{prelude::*, task::spawn_local};
use model::{CallLine, lines};

/// What the clinic's server said last.
#[derive(Clone, Copy)]
pub(crate) struct CallList {
    entries: RwSignal<Option<Vec<OnCallList>>>,
    problem: RwSignal<Option<String>>,
}

impl CallList {
    fn ask(self) {
        self.problem.set(None);
        spawn_local(async move { self.take(api::call_list().await) });
    }

    fn take(self, answer: Result<Vec<OnCallList>, ApiError>) {
        match answer {
            Ok(entries) => {
                self.entries.try_set(Some(entries));
            }
            Err(ApiError::Unreachable) => {
                let words = "The call list is read from the clinic’s server, which cannot be reached. Nothing was lost.";
                self.problem.try_set(Some(words.to_owned()));
            }
            Err(error) => {
                self.problem.try_set(Some(error.to_string()));
            }
        }
    }
}

#[component]
pub fn CallsPage() -> impl IntoView {
    let workspace = use_workspace();
    let list = CallList { entries: RwSignal::new(None), problem: RwSignal::new(None) };
    list.ask();
    // What was booked or charted elsewhere meanwhile is seen here, too.
    Effect::new(move |before: Option<()>| {
        workspace.now.track();
        if before.is_some() {
            list.ask();
        }
    });
    let shown = Memo::new(move |_| {
        let (catalogue, today) = (workspace.catalogue()?, workspace.today()?);
        let entries = list.entries.get()?;
        Some(workspace.read(|replica| lines(&entries, |client| replica.chart(client), &catalogue, today)))
    });
    let part =
        move |due: bool| move || shown.get().unwrap_or_default().into_iter().filter(|line| line.later.is_none() == due).collect::<Vec<_>>();
    let (due, later) = (part(true), part(false));
    let stranded = move || shown.with(|shown| shown.as_ref().and_then(|lines| model::all_stranded(lines)));
    view! {
        <div class="page calls">
            <div class="page-head">
                <h1>"Call list"</h1>
                {move || stranded().map(|stranded| view! { <p class="soft num">{stranded}</p> })}
            </div>
            <Problem words=list.problem />
            <Show
                when=move || shown.with(Option::is_some)
                fallback=move || {
                    view! {
                        <p class="soft" role="status">
                            {move || list.problem.with(Option::is_none).then_some("Looking…")}
                        </p>
                    }
                }
            >
                <Show when=move || shown.with(|shown| shown.as_ref().is_some_and(Vec::is_empty))>
                    <div class="card empty">
                        <Icon name="check-circle" />
                        <h2>"Nobody is to be called"</h2>
                        <p>"A series that has been stalled for three weeks comes here, and goes by itself once its next session is booked."</p>
                    </div>
                </Show>
                <Entries each=Signal::derive(due) label="To call now" list />
                <Entries each=Signal::derive(later) label="Later" list />
            </Show>
        </div>
    }
}

/// So many are drawn; the rest as somebody asks for them.
const DRAWN: usize = 40;

#[component]
fn Entries(each: Signal<Vec<CallLine>>, label: &'static str, list: CallList) -> impl IntoView {
    let drawn = RwSignal::new(DRAWN);
    let count = move || each.with(Vec::len);
    let shown = move || each.with(|all| all.iter().take(drawn.get()).cloned().collect::<Vec<_>>());
    view! {
        <Show when=move || { count() > 0 }>
            <section aria-label=label>
                <h2 class="calls-part">{label} " " <span class="soft num">{count}</span></h2>
                <ul class="calls-list">
                    <For each=shown key=|line: &CallLine| (line.id, line.clone()) let:line>
                        <EntryCard line list />
                    </For>
                </ul>
                <Show when=move || { count() > drawn.get() }>
                    <button class="btn" type="button" on:click=move |_| drawn.update(|drawn| *drawn += DRAWN)>
                        "Show more"
                    </button>
                </Show>
            </section>
        </Show>
    }
}
