//! The page of the calendar.

use super::{
    address::{Asked, By},
    board::next_open,
    ghost::Spoken,
    grid::Grid,
    note::NoteLine,
    panel::Panel,
    state::{Calendar, Open},
    toolbar::Toolbar,
};
use crate::{icon::Icon, still_fetching::StillFetching, workspace::use_workspace};
use domain::time::Day;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn CalendarPage() -> impl IntoView {
    let workspace = use_workspace();
    let today = Memo::new(move |_| workspace.today());
    let ready = Memo::new(move |_| today.get().is_some());
    move || match ready.get().then(|| today.get_untracked()).flatten() {
        Some(first) => view! { <Ready today=Memo::new(move |_| today.get().unwrap_or(first)) /> }.into_any(),
        None => view! { <StillFetching title="Calendar" then="Bookings appear as their charts arrive." /> }.into_any(),
    }
}

#[component]
fn Ready(today: Memo<Day>) -> impl IntoView {
    let workspace = use_workspace();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| Asked::read(|part| query.get(part))));
    let calendar = Calendar::new(workspace, asked, today);
    provide_context(calendar);
    Effect::new(move |before: Option<Asked>| {
        let now = asked.get();
        // What stands in the panel belongs to what was shown.
        if before.is_some_and(|before| before != now) {
            calendar.open.set(Open::Nothing);
            calendar.drag.set(None);
        }
        now
    });
    let nothing = Memo::new(move |_| calendar.board.with(|board| board.from == board.to || board.columns.is_empty()));
    view! {
        <div class="cal">
            <Toolbar />
            <Spoken />
            <div class="cal-main">
                <Show when=move || !nothing.get() fallback=move || view! { <Nothing calendar /> }>
                    <Grid />
                </Show>
                <Panel />
            </div>
            <NoteLine />
        </div>
    }
}

/// Nobody can be booked on what is asked for: why, and what helps.
#[component]
fn Nothing(calendar: Calendar) -> impl IntoView {
    let (asked, today, workspace) = (calendar.asked, calendar.today, calendar.workspace);
    let no_columns = Memo::new(move |_| calendar.board.with(|board| board.columns.is_empty()));
    let last = move || asked.get().days(today.get()).last().copied().unwrap_or(today.get());
    let next = Memo::new(move |_| workspace.catalogue().and_then(|catalogue| next_open(&catalogue, last())));
    let open = move || {
        next.get().map(|day| {
            view! {
                <a class="btn primary" href=move || asked.get().on(day).path(today.get())>
                    {format!("Go to {}", day.heading())}
                </a>
            }
        })
    };
    let closed = move || match asked.get().days(today.get()).as_slice() {
        [day] => format!("The clinic is closed on {}", day.heading()),
        _ => "The clinic is closed in this week".to_owned(),
    };
    let edits = move || workspace.edits_catalogue();
    let missing = move || match asked.get().by {
        By::Room => ("No rooms are set up", "/settings/rooms", "Settings → Rooms"),
        By::Device => ("No devices are set up", "/settings", "Settings → Devices"),
        By::Provider => ("Nobody who treats has an account yet", "/settings", "Settings"),
    };
    view! {
        <div class="page">
            <div class="card empty">
                <Icon name="calendar" />
                <Show
                    when=move || no_columns.get()
                    fallback=move || {
                        view! {
                            <h2>{closed}</h2>
                            <p>"Nobody is booked then either."</p>
                            {open}
                        }
                    }
                >
                    <h2>{move || missing().0}</h2>
                    <p>"Bookings stand in the columns of the providers meanwhile."</p>
                    <Show
                        when=edits
                        fallback=move || view! { <p>{move || format!("Someone who may change the catalogue adds them in {}.", missing().2)}</p> }
                    >
                        <a class="btn primary" href=move || missing().1>
                            {move || missing().2}
                        </a>
                    </Show>
                </Show>
            </div>
        </div>
    }
}
