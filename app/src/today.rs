//! One day: who comes, to whom, and how far each session is.

mod choice;
mod desk;
mod list;
mod model;
mod tools;

use crate::{icon::Icon, still_fetching::StillFetching, workspace::use_workspace};
use desk::DeskBoard;
use domain::{catalogue::Role, time::Day};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use list::DayList;
pub use model::{Place, Signed, Status, Visit, day_visits};
use tools::DayTools;

/// Today, or the day in the address.
#[component]
pub fn TodayPage() -> impl IntoView {
    let workspace = use_workspace();
    let location = use_location();
    let today = Memo::new(move |_| workspace.today());
    let asked = Memo::new(move |_| location.pathname.with(|path| path.strip_prefix("/day/").map(str::to_owned)));
    // An address that names no day is told so; it is not silently today.
    let day = Memo::new(move |_| match asked.get() {
        Some(text) => text.parse().ok(),
        None => today.get(),
    });
    let nonsense = move || asked.with(Option::is_some) && day.get().is_none();
    view! {
        <Show when=move || !nonsense() fallback=NoSuchDay>
            {move || match today.get() {
                Some(today) => view! { <DayPage today day=Signal::derive(move || day.get().unwrap_or(today)) /> }.into_any(),
                None => view! { <StillFetching title="Today" then="The day appears here as soon as the charts have arrived." /> }.into_any(),
            }}
        </Show>
    }
}

#[component]
fn DayPage(today: Day, #[prop(into)] day: Signal<Day>) -> impl IntoView {
    let workspace = use_workspace();
    let choice = choice::remembered(workspace);
    let all = Memo::new(move |_| {
        let day = day.get();
        workspace.read(|replica| replica.catalogue().map(|catalogue| day_visits(replica.charts(), &catalogue, day)).unwrap_or_default())
    });
    let visits = Memo::new(move |_| {
        let chosen = choice.get();
        all.with(|all| {
            all.iter()
                .filter(|visit| chosen.is_none_or(|provider| visit.provider.is_none_or(|holds| holds == provider)))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let at_desk =
        move || workspace.signed_in.with(|who| who.as_ref().is_some_and(|who| matches!(who.role, Role::FrontDesk | Role::Coordinator)));
    let is_today = Signal::derive(move || day.get() == today);
    view! {
        <div class="page" class:is-desk=at_desk>
            <div class="page-head">
                <div class="day-title">
                    <h1>{move || tools::title(day.get(), today)}</h1>
                    <p class="soft">{move || tools::subtitle(day.get(), today)}</p>
                </div>
                <DayTools today day choice />
            </div>
            <Show when=move || !visits.with(Vec::is_empty) fallback=move || view! { <EmptyDay today day choice /> }>
                <Show when=at_desk fallback=move || view! { <DayList visits is_today choice /> }>
                    <DeskBoard visits is_today />
                </Show>
            </Show>
        </div>
    }
}

#[component]
fn EmptyDay(today: Day, day: Signal<Day>, choice: RwSignal<choice::Choice>) -> impl IntoView {
    let workspace = use_workspace();
    let whole = Memo::new(move |_| workspace.read(|replica| replica.is_whole()));
    let whose = move || match choice.get().zip(workspace.catalogue()) {
        Some((provider, catalogue)) => format!(" for {}", catalogue.staff_name(provider)),
        None => String::new(),
    };
    let when = move || match tools::title(day.get(), today).as_str() {
        near @ ("Today" | "Tomorrow" | "Yesterday") => near.to_lowercase(),
        far => format!("on {far}"),
    };
    view! {
        <div class="card empty">
            <Icon name="today" />
            <Show
                when=move || whole.get()
                fallback=|| {
                    view! {
                        <h2>"Charts are still being fetched"</h2>
                        <p>"This device is new here. Appointments appear as their charts arrive."</p>
                    }
                }
            >
                <h2>"Nothing booked" {whose} " " {when}</h2>
                <p>"Look at everyone’s day, or open a client to chart someone who walked in."</p>
            </Show>
            <div class="btn-row">
                <Show when=move || choice.get().is_some()>
                    <button class="btn" type="button" on:click=move |_| choice::choose(workspace, choice, None)>
                        "Everyone’s day"
                    </button>
                </Show>
                <a class="btn primary" href="/clients">
                    "Find a client"
                </a>
            </div>
        </div>
    }
}

#[component]
fn NoSuchDay() -> impl IntoView {
    view! {
        <div class="page">
            <div class="card empty">
                <Icon name="calendar" />
                <h1>"There is no such day"</h1>
                <p>"The address names a day that is not in the calendar. Days are written like 2026-11-21."</p>
                <a class="btn primary" href="/">
                    "Go to Today"
                </a>
            </div>
        </div>
    }
}
