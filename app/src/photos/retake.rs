//! Taking a photograph out of the record, with a reason.

use crate::{icon::Icon, problem::Problem, recording::Recording};
use domain::{
    command::Change,
    ids::{ClientId, PhotoId},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// A form in place of the button that asked for it.
#[component]
pub fn TakeOut(client: ClientId, photo: PhotoId, close: Callback<()>) -> impl IntoView {
    let recording = Recording::new(client);
    let reason = RwSignal::new(String::new());
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse("Say why it is taken out.");
        }
        recording.record(Change::RemovePhoto { photo, reason: typed }, "The photograph was not taken out.", move || close.run(()));
    };
    view! {
        <form class="take-out" on:submit=save>
            <div class="field">
                <label for="take-out-why">"Why is it taken out of the record?"</label>
                <input class="input" id="take-out-why" autocomplete="off" maxlength="500" bind:value=reason />
            </div>
            <Problem words=recording.problem />
            <div class="btn-row">
                <button class="btn danger" type="submit" aria-disabled=move || recording.busy.get().to_string()>
                    <Icon name="trash" />
                    "Take it out"
                </button>
                <button class="btn" type="button" on:click=move |_| close.run(())>
                    "Leave it"
                </button>
            </div>
        </form>
    }
}
