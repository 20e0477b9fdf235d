//! One box, one button: addenda, follow-ups and reasons are all written in it.

use crate::{half_typed::half_typed, icon::Icon, recording::Recording};
use domain::{command::Change, ids::ClientId};
use leptos::{ev::SubmitEvent, prelude::*};

/// Takes down a text about `client` as the change that `change` makes of it. Until it is saved the text
/// stays in its box: through errors, a look at another page, or a reload.
#[component]
pub fn RemarkForm(
    /// Names the half-typed text; one per thing that is written about.
    #[prop(into)]
    about: String,
    client: ClientId,
    #[prop(into)] change: Callback<(String,), Change>,
    label: &'static str,
    placeholder: &'static str,
    button: &'static str,
    icon: &'static str,
    /// What to say when there is no text.
    empty: &'static str,
    #[prop(default = "btn primary")] button_class: &'static str,
    /// Said once it is saved.
    #[prop(default = "Saved on this device.")]
    saved: &'static str,
    /// Told once it is saved.
    #[prop(default = Callback::new(|()| ()))]
    done: Callback<()>,
) -> impl IntoView {
    let recording = Recording::new(client);
    let half_typed = half_typed(&about);
    let text = half_typed.text;
    let (problem, told) = (recording.problem, RwSignal::new(""));
    let (id, problem_id) = (format!("remark-{about}"), format!("remark-{about}-problem"));
    let invalid = move || problem.with(Option::is_some);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = text.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse(empty);
        }
        told.set("");
        let half_typed = half_typed.clone();
        recording.record(change.run((typed.clone(),)), "This was not saved; your text is still in the box.", move || {
            half_typed.saved(&typed);
            told.try_set(saved);
            // Whoever wanted to know may be gone from the page.
            let _ = done.try_run(());
        });
    };
    view! {
        <form class="addendum-form" on:submit=save novalidate>
            <div class="field">
                <label for=id.clone()>{label}</label>
                <textarea
                    class="textarea"
                    id=id
                    placeholder=placeholder
                    aria-invalid=move || invalid().to_string()
                    aria-describedby=problem_id.clone()
                    bind:value=text
                ></textarea>
                <p class="error" id=problem_id role="alert" hidden=move || !invalid()>
                    <Icon name="refuse" />
                    <span>{move || problem.get()}</span>
                </p>
            </div>
            <button class=button_class type="submit" aria-disabled=move || recording.busy.get().to_string()>
                <Icon name=icon />
                {button}
            </button>
            <p class="vh" role="status">
                {told}
            </p>
        </form>
    }
}
