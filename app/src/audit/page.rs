use super::lines::{AuditDay, Line, days};
use crate::{
    api::{
        self, ApiError,
        audit::{AuditAsked, AuditCursor, AuditLine},
    },
    clients::UnknownClient,
    icon::Icon,
    workspace::{Link, use_workspace},
};
use domain::ids::ClientId;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// How the last question to the clinic went.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Asking,
    Answered,
    Failed(ApiError),
}

/// What the clinic has told so far.
#[derive(Clone, Copy)]
struct Told {
    client: ClientId,
    lines: RwSignal<Vec<AuditLine>>,
    earlier: RwSignal<Option<AuditCursor>>,
    asked: RwSignal<Asked>,
}

impl Told {
    fn of(client: ClientId) -> Self {
        let told = Self { client, lines: RwSignal::default(), earlier: RwSignal::new(None), asked: RwSignal::new(Asked::Answered) };
        told.ask();
        told
    }

    /// For the newest, and afterwards for what came before the last that is here.
    fn ask(self) {
        if self.asked.get_untracked() == Asked::Asking {
            return;
        }
        self.asked.set(Asked::Asking);
        spawn_local(async move {
            let Some(before) = self.earlier.try_get_untracked() else { return };
            match api::audit_of_client(AuditAsked { client: self.client, before }).await {
                Ok(page) => {
                    self.lines.try_update(|lines| lines.extend(page.lines));
                    self.earlier.try_set(page.earlier);
                    self.asked.try_set(Asked::Answered);
                }
                Err(error) => {
                    self.asked.try_set(Asked::Failed(error));
                }
            }
        });
    }
}

/// Of the client in the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    let workspace = use_workspace();
    let params = use_params_map();
    let client = Memo::new(move |_| params.with(|params| params.get("client").and_then(|id| id.parse::<ClientId>().ok())));
    let known = Memo::new(move |_| client.get().filter(|client| workspace.chart(*client).is_some()));
    let may = Memo::new(move |_| workspace.reads_audit());
    view! {
        <div class="page audit">
            {move || match (known.get(), may.get()) {
                (Some(client), true) => view! { <OfClient client /> }.into_any(),
                (Some(client), false) => view! { <NotAllowed client /> }.into_any(),
                (None, _) => view! { <UnknownClient /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn OfClient(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let told = Told::of(client);
    // What failed for want of a network is asked again as soon as there is one.
    Effect::new(move |_| {
        if workspace.link.get() == Link::Online && matches!(told.asked.get_untracked(), Asked::Failed(_)) {
            told.ask();
        }
    });
    let about = Memo::new(move |_| {
        let chart = workspace.chart(client);
        chart.map(|chart| (chart.client.name.clone(), chart.client.birth_date.long()))
    });
    let by_day = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        catalogue.map(|catalogue| told.lines.with(|lines| days(lines, &catalogue))).unwrap_or_default()
    });
    let nothing = move || told.lines.with(Vec::is_empty);
    view! {
        <Back client />
        <div class="page-head">
            <div>
                <h1>"Who looked"</h1>
                {move || about.get().map(|(name, born)| view! { <p class="who-facts"><b>{name}</b><span>"Born "{born}</span></p> })}
            </div>
        </div>
        <p class="soft audit-about">
            "Who saw or changed something of this client, as the clinic knows it. A look on a device that has no network arrives when it has."
        </p>
        <For each=move || by_day.get() key=|day| (day.day, day.lines.len()) let:day>
            <Day day />
        </For>
        {move || match told.asked.get() {
            Asked::Asking if nothing() => view! { <Waiting /> }.into_any(),
            Asked::Failed(error) => view! { <Failed told error /> }.into_any(),
            Asked::Answered if nothing() => view! { <Nothing /> }.into_any(),
            _ => ().into_any(),
        }}
        <Show when=move || told.earlier.get().is_some() && !matches!(told.asked.get(), Asked::Failed(_))>
            <button
                class="btn"
                type="button"
                aria-disabled=move || (told.asked.get() == Asked::Asking).to_string()
                on:click=move |_| told.ask()
            >
                {move || if told.asked.get() == Asked::Asking { "Asking the clinic…" } else { "Show earlier" }}
            </button>
        </Show>
        <p class="vh" role="status">
            {move || {
                let shown = told.lines.with(Vec::len);
                (told.asked.get() == Asked::Answered && shown > 0).then(|| format!("{shown} entries are shown."))
            }}
        </p>
    }
}

#[component]
fn Day(day: AuditDay) -> impl IntoView {
    let heading = format!("audit-{}", day.day);
    view! {
        <section class="audit-day" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{day.title}</h2>
            <ul class="card audit-list">{day.lines.into_iter().map(|line| view! { <Entry line /> }).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Entry(line: Line) -> impl IntoView {
    view! {
        <li>
            <span class="num soft">{line.time}</span>
            <b>{line.who}</b>
            <span class="audit-what">
                {line.what}
                {line.page.map(|page| view! { <span class="chip">{page}</span> })}
            </span>
            {line.notes.into_iter().map(|note| view! { <span class="audit-note soft small num">{note}</span> }).collect_view()}
        </li>
    }
}

#[component]
fn Back(client: ClientId) -> impl IntoView {
    view! {
        <a class="btn quiet audit-back" href=format!("/clients/{client}")>
            <Icon name="back" />
            "Back to the client"
        </a>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div role="status">
            <span class="vh">"Asking the clinic…"</span>
            <div class="audit-waiting" aria-hidden="true">
                <div class="skeleton"></div>
                <div class="skeleton"></div>
                <div class="skeleton"></div>
            </div>
        </div>
    }
}

#[component]
fn Failed(told: Told, error: ApiError) -> impl IntoView {
    let (title, says) = match error {
        ApiError::Unreachable => (
            "The audit is at the clinic: it needs the network",
            "It is not kept on this device. This page goes on by itself as soon as the network is back.".to_owned(),
        ),
        error => ("The clinic did not answer", error.to_string()),
    };
    view! {
        <div class="card empty" role="alert">
            <Icon name="cloud-off" />
            <h2>{title}</h2>
            <p>{says}</p>
            <button class="btn" type="button" on:click=move |_| told.ask()>
                "Try again"
            </button>
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="eye" />
            <h2>"Nobody has looked yet"</h2>
            <p>"What anybody sees or changes of this client appears here. What happened before the clinic kept an audit does not."</p>
        </div>
    }
}

#[component]
fn NotAllowed(client: ClientId) -> impl IntoView {
    view! {
        <Back client />
        <div class="card empty">
            <Icon name="lock" />
            <h1>"Who looked"</h1>
            <p>"The owner and the medical director can see who looked at a chart."</p>
        </div>
    }
}
