//! A booking: moved, cancelled, or not kept.

use super::book::Book;
use crate::{half_typed::half_typed, icon::Icon, problem::Problem, recording::Recording, words, workspace::use_workspace};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    command::Change,
    ids::{AppointmentId, ClientId, SessionId},
    session::Appointment,
};
use leptos::{ev::SubmitEvent, prelude::*};

/// What is being done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Nothing,
    Moving,
    Cancelling { no_show: bool },
}

#[component]
pub fn Booked(client: ClientId, session: SessionId, appointment: Appointment) -> impl IntoView {
    let workspace = use_workspace();
    let doing = RwSignal::new(Doing::Nothing);
    let (id, starts) = (appointment.id, appointment.starts);
    let has_begun = move || workspace.now.get() >= starts;
    let appointment = StoredValue::new(appointment);
    let told = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        Some(appointment.with_value(|appointment| told(&chart, session, appointment, &catalogue)))
    });
    let waits = Memo::new(move |_| workspace.read(|replica| replica.has_unsent(client)));
    let button = move |words: &'static str, what: Doing| {
        view! {
            <button
                class="btn"
                type="button"
                aria-pressed=move || (doing.get() == what).to_string()
                on:click=move |_| doing.update(|doing| *doing = if *doing == what { Doing::Nothing } else { what })
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="book">
            {move || {
                told.get()
                    .map(|told| {
                        view! {
                            <div class="booked">
                                <Icon name="calendar" />
                                <p class="num">
                                    <b>{told.when}</b>
                                    <span>{told.what}</span>
                                    <span class="soft">{told.with}</span>
                                    {told.despite.map(|reason| view! { <span class="soft">{format!("Nevertheless: {reason}")}</span> })}
                                </p>
                            </div>
                        }
                    })
            }}
            <Show when=move || waits.get()>
                <p class="say is-warn" role="status">
                    <Icon name="tablet" />
                    <span>"Tentative: saved here, and booked once the clinic’s server has it."</span>
                </p>
            </Show>
            <div class="btn-row">
                {button("Move", Doing::Moving)} {button("Cancel the booking", Doing::Cancelling { no_show: false })}
                <Show when=has_begun>{button("Did not come", Doing::Cancelling { no_show: true })}</Show>
            </div>
            {move || match doing.get() {
                Doing::Nothing => ().into_any(),
                Doing::Moving => view! { <Book client session moving=Some(appointment.get_value()) /> }.into_any(),
                Doing::Cancelling { no_show } => view! { <CancelForm client session appointment=id no_show doing /> }.into_any(),
            }}
        </div>
    }
}

/// A booking in words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    /// `Sat 21 Nov, 09:00, 45 min`
    when: String,
    /// What is held then, where it is not the whole session.
    what: Option<String>,
    /// `A. Osei · Room 02 · Clarity II`
    with: String,
    /// Why, although something was done too short a time before.
    despite: Option<String>,
}

fn told(chart: &Chart, session: SessionId, booked: &Appointment, catalogue: &Catalogue) -> Told {
    let plan = chart.session(session).and_then(|session| chart.plan(session.plan));
    let held = plan.iter().flat_map(|plan| &plan.procedures).filter(|procedure| booked.procedures.contains(&procedure.id));
    let names: Vec<_> = held.map(|procedure| procedure.name.as_str()).collect();
    let clock = &catalogue.clock;
    Told {
        when: format!("{}, {}, {} min", clock.day(booked.starts).heading(), clock.time(booked.starts), booked.minutes),
        what: (!names.is_empty()).then(|| names.join(", ")),
        with: words::booked_with(booked, catalogue),
        despite: booked.despite.clone(),
    }
}

#[component]
fn CancelForm(client: ClientId, session: SessionId, appointment: AppointmentId, no_show: bool, doing: RwSignal<Doing>) -> impl IntoView {
    let recording = Recording::new(client);
    let half_typed = half_typed(&format!("cancel/{appointment}"));
    let reason = half_typed.text;
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse("Say why; the reason is kept with it.");
        }
        let half_typed = half_typed.clone();
        let change = Change::CancelBooking { session, appointment, no_show, reason: typed.clone() };
        recording.record(change, "Nothing was changed.", move || half_typed.saved(&typed));
    };
    let id = format!("cancel-{appointment}");
    view! {
        <form class="plan-form" on:submit=save>
            <div class="field">
                <label for=id.clone()>"Reason"</label>
                <input class="input" id=id autocomplete="off" maxlength="500" bind:value=reason />
            </div>
            <Problem words=recording.problem />
            <div class="btn-row">
                <button class="btn danger" type="submit" aria-disabled=move || recording.busy.get().to_string()>
                    {if no_show { "Note that nobody came" } else { "Cancel it" }}
                </button>
                <button class="btn" type="button" on:click=move |_| doing.set(Doing::Nothing)>
                    "Keep it"
                </button>
            </div>
        </form>
    }
}
