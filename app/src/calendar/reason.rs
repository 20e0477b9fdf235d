//! Something is too soon, and somebody decides to do it nevertheless: the reason is kept with the booking.

use crate::{
    half_typed::{HalfTyped, half_typed},
    icon::Icon,
    problem::Problem,
};
use leptos::{ev::SubmitEvent, prelude::*};

#[component]
pub fn ReasonForm(
    /// Names what it is about; what is half typed is kept under it.
    about: String,
    concern: String,
    words: &'static str,
    busy: Signal<bool>,
    /// The reason, and the box it is kept in until it was.
    act: Callback<(String, HalfTyped)>,
) -> impl IntoView {
    let half_typed = half_typed(&about);
    let reason = half_typed.text;
    let problem = RwSignal::new(None::<String>);
    let kept = StoredValue::new(half_typed);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return problem.set(Some("Say why; the reason is kept with the booking.".to_owned()));
        }
        if !busy.get_untracked() {
            problem.set(None);
            act.run((typed, kept.get_value()));
        }
    };
    let id = about.replace('/', "-");
    view! {
        <form class="plan-form" on:submit=save>
            <p class="say is-warn">
                <Icon name="alert" />
                <span>{concern}</span>
            </p>
            <div class="field">
                <label for=id.clone()>"Reason"</label>
                <input class="input" id=id autocomplete="off" maxlength="500" bind:value=reason />
            </div>
            <Problem words=problem />
            <div class="btn-row">
                <button class="btn primary" type="submit" aria-disabled=move || busy.get().to_string()>
                    {words}
                </button>
            </div>
        </form>
    }
}
