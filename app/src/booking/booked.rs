//! A booking: moved, cancelled, or not kept.

use super::book::Book;
use crate::{half_typed::half_typed, icon::Icon, problem::Problem, workspace::use_workspace};
use domain::{
    command::Change,
    ids::{ClientId, SessionId},
    session::Appointment,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

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
    let has_begun = move || workspace.now.get() >= appointment.starts;
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
                Doing::Moving => view! { <Book client session moving=Some(appointment) /> }.into_any(),
                Doing::Cancelling { no_show } => view! { <CancelForm client session appointment no_show doing /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn CancelForm(client: ClientId, session: SessionId, appointment: Appointment, no_show: bool, doing: RwSignal<Doing>) -> impl IntoView {
    let workspace = use_workspace();
    let half_typed = half_typed(&format!("cancel/{}", appointment.id));
    let reason = half_typed.text;
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return problem.set(Some("Say why; the reason is kept with it.".to_owned()));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let half_typed = half_typed.clone();
        let change = Change::CancelBooking { session, appointment: appointment.id, no_show, reason: typed.clone() };
        spawn_local(async move {
            match workspace.record(client, change, None).await {
                Ok(_) => half_typed.saved(&typed),
                Err(error) => {
                    problem.try_set(Some(format!("Nothing was changed. {error}")));
                }
            }
            busy.try_set(false);
        });
    };
    let id = format!("cancel-{session}");
    view! {
        <form class="plan-form" on:submit=save>
            <div class="field">
                <label for=id.clone()>"Reason"</label>
                <input class="input" id=id autocomplete="off" maxlength="500" bind:value=reason />
            </div>
            <Problem words=problem />
            <div class="btn-row">
                <button class="btn danger" type="submit" aria-disabled=move || busy.get().to_string()>
                    {if no_show { "Note that nobody came" } else { "Cancel it" }}
                </button>
                <button class="btn" type="button" on:click=move |_| doing.set(Doing::Nothing)>
                    "Keep it"
                </button>
            </div>
        </form>
    }
}
