//! Something was done too short a time before, and somebody decides to do it nevertheless: the reason is asked for, and kept
//! with the booking.

use super::book::Concerns;
use crate::{
    half_typed::{HalfTyped, half_typed},
    problem::Problem,
};
use leptos::{ev::SubmitEvent, html, prelude::*};

#[component]
pub fn Nevertheless(
    /// Names what it is about; what is half typed is kept under it.
    about: String,
    #[prop(into)] concerns: Signal<Vec<String>>,
    /// `Book Sat 21 Nov, 09:00 nevertheless`
    #[prop(into)]
    words: String,
    #[prop(into)] busy: Signal<bool>,
    /// Somebody asked for it just now, and goes on typing here.
    #[prop(optional)]
    takes_focus: bool,
    /// The reason, and the box it is kept in until it was.
    act: Callback<(String, HalfTyped)>,
    /// What is left as it is, on a button, and how.
    #[prop(optional)]
    instead: Option<(&'static str, Callback<()>)>,
) -> impl IntoView {
    let half_typed = half_typed(&about);
    let reason = half_typed.text;
    let problem = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| takes_focus) {
            let _ = input.focus();
        }
    });
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
            <Concerns concerns />
            <div class="field">
                <label for=id.clone()>"Why nevertheless?"</label>
                <input class="input" id=id autocomplete="off" maxlength="500" node_ref=input bind:value=reason />
            </div>
            <Problem words=problem />
            <div class="btn-row">
                <button class="btn primary" type="submit" aria-disabled=move || busy.get().to_string()>
                    {words}
                </button>
                {instead
                    .map(|(words, close)| {
                        view! {
                            <button class="btn" type="button" on:click=move |_| close.run(())>
                                {words}
                            </button>
                        }
                    })}
            </div>
        </form>
    }
}
