//! Beside the board, or at the foot of a small screen: the booking that was selected, and what can be done with it.

use super::{
    details::{Details, details},
    new_booking::NewBooking,
    note::Note,
    state::{Asking, Open, use_calendar},
};
use crate::{
    booking::{Booking, Nevertheless},
    half_typed::HalfTyped,
    icon::Icon,
};
use domain::{
    command::Change,
    ids::{AppointmentId, ClientId, SessionId},
};
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};

#[component]
pub fn Panel() -> impl IntoView {
    let calendar = use_calendar();
    let panel = NodeRef::<html::Section>::new();
    let is_open = Memo::new(move |_| calendar.open.with(|open| *open != Open::Nothing));
    Effect::new(move |_| {
        if calendar.open.with(|open| *open != Open::Nothing)
            && let Some(panel) = panel.get()
        {
            // Focus follows the eye; where it cannot, the panel still works by touch.
            let _ = panel.focus();
        }
    });
    let close = move || {
        let was = calendar.open.get_untracked();
        calendar.open.set(Open::Nothing);
        if let Open::Booking { appointment, .. } = was {
            super::card::focus_soon(appointment, std::time::Duration::ZERO);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let title = move || match calendar.open.get() {
        Open::Booking { client, .. } => calendar.workspace.chart(client).map(|chart| chart.client.name.clone()).unwrap_or_default(),
        Open::Reason(asking) => format!("Move {}?", asking.moved.name),
        Open::New(_) => "Book a session".to_owned(),
        Open::Nothing => String::new(),
    };
    let body = move || match calendar.open.get() {
        Open::Nothing => ().into_any(),
        Open::Booking { client, session, appointment } => view! { <Selected client session appointment /> }.into_any(),
        Open::Reason(asking) => view! { <Despite asking=*asking /> }.into_any(),
        Open::New(spot) => view! { <NewBooking spot /> }.into_any(),
    };
    view! {
        <Show when=move || is_open.get()>
            <section class="cal-panel" aria-labelledby="cal-panel-h" tabindex="-1" node_ref=panel on:keydown=key>
                <div class="sheet-head">
                    <h2 id="cal-panel-h">{title}</h2>
                    <button class="icon-btn" type="button" aria-label="Close" on:click=move |_| close()>
                        <Icon name="x" />
                    </button>
                </div>
                {body}
            </section>
        </Show>
    }
}

#[component]
fn Selected(client: ClientId, session: SessionId, appointment: AppointmentId) -> impl IntoView {
    let calendar = use_calendar();
    let workspace = calendar.workspace;
    let shown = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        details(&chart, session, appointment, &catalogue, workspace.now.get())
    });
    let can_check_in = Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.is_its_day)));
    let charts = move || workspace.treats();
    let charted_in = move || shown.with(|shown| shown.as_ref().map_or(session, |shown| shown.charted_in));
    view! {
        {move || match shown.get() {
            Some(shown) => view! { <Facts client shown /> }.into_any(),
            None => view! { <p class="soft">"This booking was cancelled, or is being moved on another device."</p> }.into_any(),
        }}
        <Show when=move || can_check_in.get()>
            <CheckIn client session appointment arrived=Signal::derive(move || shown.with(|shown| shown.as_ref()?.arrived.clone())) />
        </Show>
        <Booking client session />
        <p class="soft small">"Drag it on the board to move it, or press Alt with the arrow keys while it is selected."</p>
        <div class="btn-row">
            <a class="btn" href=format!("/sessions/{client}/{session}")>
                "Open the session"
            </a>
            <Show when=charts>
                <a class="btn" href=move || format!("/clients/{client}/sessions/{}", charted_in())>
                    "Chart it"
                </a>
            </Show>
        </div>
    }
}

#[component]
fn Facts(client: ClientId, shown: Details) -> impl IntoView {
    let Details { series, when, with, says, warnings, despite, offer, completed, .. } = shown;
    let warning = |words: String| {
        view! {
            <li class="say is-warn">
                <Icon name="alert" />
                <span>{words}</span>
            </li>
        }
    };
    view! {
        <p>
            <a class="cal-client" href=format!("/clients/{client}")>
                "The client’s page"
                <Icon name="arrow" />
            </a>
        </p>
        <p>
            <b>{series}</b>
            <br />
            <span class="num">{when}</span>
            <br />
            <span class="soft">{with}</span>
        </p>
        <p class="plan-says">{says}</p>
        {(!warnings.is_empty())
            .then(|| view! { <ul class="cal-warnings" aria-label="To know before">{warnings.into_iter().map(warning).collect_view()}</ul> })}
        {despite.map(|why| view! { <p class="soft small">{format!("Booked nevertheless: {why}")}</p> })}
        {offer
            .map(|words| {
                view! {
                    <p class="say is-ok">
                        <Icon name="info" />
                        <span>{words} " " <a href=format!("/clients/{client}")>"Offer it"</a></span>
                    </p>
                }
            })}
        {completed
            .then(|| {
                view! {
                    <p>
                        <span class="chip is-ok">
                            <Icon name="check" />
                            "completed"
                        </span>
                    </p>
                }
            })}
    }
}

/// The client is here; or is not, after all.
#[component]
fn CheckIn(client: ClientId, session: SessionId, appointment: AppointmentId, arrived: Signal<Option<String>>) -> impl IntoView {
    let calendar = use_calendar();
    let busy = RwSignal::new(false);
    let toggle = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let change = Change::CheckIn { session, appointment, arrived: arrived.with_untracked(Option::is_none) };
        spawn_local(async move {
            if let Err(error) = calendar.workspace.record(client, change, None).await {
                calendar.note.try_set(Some(Note::refused(format!("Nothing was changed. {error}"))));
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="btn-row">
            <button
                class="btn"
                type="button"
                class:primary=move || arrived.with(Option::is_none)
                aria-pressed=move || arrived.with(Option::is_some).to_string()
                aria-disabled=move || busy.get().to_string()
                on:click=toggle
            >
                <Icon name="check" />
                {move || if arrived.with(Option::is_some) { "Checked in" } else { "Check in" }}
            </button>
            {move || arrived.get().map(|at| view! { <span class="soft num">{format!("Here since {at}. Tap again to take it back.")}</span> })}
        </div>
    }
}

/// It was dropped where only the spacing stands in its way.
#[component]
fn Despite(asking: Asking) -> impl IntoView {
    let Asking { moved, time, concern } = asking;
    let calendar = use_calendar();
    let (client, session, appointment, before) = (moved.client, moved.session, moved.booked.id, moved.booked.time());
    let about = format!("move/{appointment}");
    let moved = StoredValue::new(moved);
    let act = Callback::new(move |reason: (String, HalfTyped)| {
        calendar.move_to(moved.get_value(), time, Some(reason));
        calendar.open.set(Open::Booking { client, session, appointment });
    });
    let leave = Callback::new(move |()| calendar.open.set(Open::Booking { client, session, appointment }));
    let (concerns, busy) = (Signal::stored(vec![concern]), Signal::stored(false));
    view! {
        <p class="num">{move || calendar.place(time, Some(before))}</p>
        <Nevertheless about concerns words="Move it nevertheless" busy takes_focus=true act instead=("Leave it where it is", leave) />
    }
}
