//! The clinic's numbers: computed by its server from the record each time somebody asks, each with its definition. Nothing of it is kept
//! on the device.

mod parts;
mod period;
mod risk;
mod sections;
mod words;

use crate::{
    api::{self, ApiError},
    icon::Icon,
    this_tab::of_this_tab,
    words as wordings,
    workspace::{Link, Workspace, use_workspace},
};
use domain::{numbers::Numbers, time::Moment};
use leptos::{prelude::*, task::spawn_local};
use parts::Download;
use period::{Period, query};
use sections::Sections;

/// The days that were looked at last.
#[derive(Clone, Copy)]
struct Chosen(RwSignal<Period>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Asking,
    Answered,
    Failed(ApiError),
}

/// What the server said last, and about which days.
#[derive(Clone, Copy)]
struct Told {
    workspace: Workspace,
    period: RwSignal<Period>,
    numbers: RwSignal<Option<(Period, Numbers, Moment)>>,
    asked: RwSignal<Asked>,
}

impl Told {
    fn ask(self) {
        let workspace = self.workspace;
        let Some(today) = untrack(|| workspace.today()) else { return };
        let period = self.period.get_untracked();
        self.asked.set(Asked::Asking);
        spawn_local(async move {
            let answer = api::numbers_of(period.span(today)).await;
            // Somebody may have chosen other days meanwhile.
            if self.period.try_get_untracked() != Some(period) {
                return;
            }
            match answer {
                Ok(numbers) => {
                    self.numbers.try_set(Some((period, numbers, workspace.now_moment())));
                    self.asked.try_set(Asked::Answered);
                }
                Err(error) => {
                    self.asked.try_set(Asked::Failed(error));
                }
            }
        });
    }
}

#[component]
pub fn NumbersPage() -> impl IntoView {
    let workspace = use_workspace();
    let may = Memo::new(move |_| workspace.sees_numbers());
    let here = Memo::new(move |_| workspace.catalogue().is_some());
    view! {
        <div class="page is-desk numbers">
            <Show when=move || may.get() fallback=NotYours>
                <Show when=move || here.get() fallback=NotHere>
                    <OfClinic />
                </Show>
            </Show>
        </div>
    }
}

#[component]
fn OfClinic() -> impl IntoView {
    let workspace = use_workspace();
    let Chosen(period) = of_this_tab(|| Chosen(RwSignal::new(Period::Months12)));
    let told = Told { workspace, period, numbers: RwSignal::new(None), asked: RwSignal::new(Asked::Asking) };
    Effect::new(move |_| {
        period.track();
        told.ask();
    });
    // What failed for want of a network is asked again as soon as there is one.
    Effect::new(move |_| {
        if workspace.link.get() == Link::Online && matches!(told.asked.get_untracked(), Asked::Failed(_)) {
            told.ask();
        }
    });
    let days = Signal::derive(move || workspace.today().map(|today| query(period.get().span(today))).unwrap_or_default());
    let is_asking = move || told.asked.get() == Asked::Asking;
    let as_of = move || {
        let (_, _, at) = told.numbers.get()?;
        Some(format!("As of {}", workspace.when(at)))
    };
    view! {
        <div class="page-head">
            <h1>"Numbers"</h1>
            <Choose period />
            <button class="btn" type="button" aria-disabled=move || is_asking().to_string() on:click=move |_| told.ask()>
                <Icon name="update" />
                {move || if is_asking() { "Counting…" } else { "Count again" }}
            </button>
        </div>
        <p class="soft">
            "Computed from the record, each time anew. Where too few cases are there, no percentage is said. "
            <span class="num" role="status">
                {as_of}
            </span>
        </p>
        <div class="btn-row numbers-files">
            <Download table=domain::numbers::Table::Definitions query=days words="What each number means" about="CSV" />
            <a
                class="btn quiet"
                href=move || format!("{}?all=1{}", api::numbers::TOUCHES_CSV, days.get())
                download="cadence-follow-up.csv"
                rel="external"
            >
                <Icon name="history" />
                "All messages and what became of them, as CSV"
            </a>
        </div>
        {move || match told.asked.get() {
            Asked::Failed(error) => view! { <Failed told error /> }.into_any(),
            Asked::Asking if told.numbers.with(Option::is_none) => view! { <Waiting /> }.into_any(),
            _ => ().into_any(),
        }}
        {move || {
            told.numbers.get().map(|(of, numbers, _)| view! { <Sections numbers days is_old=Signal::derive(move || period.get() != of) /> })
        }}
    }
}

#[component]
fn Choose(period: RwSignal<Period>) -> impl IntoView {
    let workspace = use_workspace();
    let choices = Memo::new(move |_| workspace.today().map(Period::choices).unwrap_or_default());
    let options = move || {
        let option = |(n, choice): (usize, Period)| {
            view! {
                <option value=n.to_string() prop:selected=move || period.get() == choice>
                    {choice.label()}
                </option>
            }
        };
        choices.get().into_iter().enumerate().map(option).collect_view()
    };
    let choose = move |event| {
        let place = event_target_value(&event).parse::<usize>().ok();
        if let Some(chosen) = place.and_then(|place| choices.with_untracked(|choices| choices.get(place).copied())) {
            period.set(chosen);
        }
    };
    view! {
        <div class="field numbers-period">
            <label for="numbers-period">"Period"</label>
            <span class="select-box">
                <select class="select" id="numbers-period" on:change=choose>
                    {options}
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div role="status">
            <span class="vh">"Counting…"</span>
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
            "The numbers are counted at the clinic: they need the network",
            "They are not kept on this device. This page goes on by itself as soon as the network is back.".to_owned(),
        ),
        error => ("The clinic’s server did not count them", error.to_string()),
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
fn NotYours() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="lock" />
            <h1>"Numbers"</h1>
            <p>"The owner, the medical director and coordinators see what is sold, finished, lost and brought back."</p>
        </div>
    }
}

#[component]
fn NotHere() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="update" />
            <h1>"Numbers"</h1>
            <p>"This device is still fetching what it needs. Stay online for a moment."</p>
        </div>
    }
}

/// `2 h 30 min`.
fn hours(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// `1 series`, `12 series`.
fn series(n: u32) -> String {
    wordings::count(n, "series", "series")
}
