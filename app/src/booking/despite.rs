//! A time is chosen although something was done too short a time before: the reason is asked for, and kept.

use super::book::{BookIt, Concerns};
use crate::problem::Problem;
use domain::booking::Time;
use leptos::{ev::SubmitEvent, html, prelude::*};

#[component]
pub fn Despite(
    /// Makes the ids on the page unique.
    about: String,
    time: Time,
    /// `Sat 21 Nov, 09:00`
    words: String,
    concerns: Memo<Vec<String>>,
    book: BookIt,
    reason: RwSignal<String>,
    busy: RwSignal<bool>,
    close: Callback<()>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return problem.set(Some("Say why; the reason is kept with the booking.".to_owned()));
        }
        problem.set(None);
        book.run((time, typed));
    };
    let id = format!("despite-{about}");
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
                    {format!("Book {words} nevertheless")}
                </button>
                <button class="btn" type="button" on:click=move |_| close.run(())>
                    "Not then"
                </button>
            </div>
        </form>
    }
}
