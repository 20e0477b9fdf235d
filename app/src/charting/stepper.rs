//! A small whole number with minus and plus: pulses, minutes.

use crate::icon::Icon;
use leptos::prelude::*;

#[component]
pub fn Stepper(
    /// What is counted, for those who cannot see it.
    label: String,
    #[prop(into)] value: Signal<Option<u32>>,
    /// Shown while nothing was entered; plus and minus start from it.
    #[prop(optional)]
    last: Option<u32>,
    #[prop(default = 1)] step: u32,
    #[prop(into)] enter: Callback<Option<u32>>,
) -> impl IntoView {
    let group = label.clone();
    let base = move || value.get_untracked().or(last).unwrap_or(0);
    let typed = move |event| {
        let text = event_target_value(&event);
        let digits: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
        enter.run(digits.parse().ok());
    };
    view! {
        <span class="stepper" role="group" aria-label=group>
            <button type="button" aria-label="Fewer" on:click=move |_| enter.run(Some(base().saturating_sub(step)))>
                <Icon name="minus" />
            </button>
            <input
                inputmode="numeric"
                autocomplete="off"
                aria-label=label
                placeholder=last.map_or_else(|| "0".to_owned(), |last| last.to_string())
                prop:value=move || value.get().map_or_else(String::new, |value| value.to_string())
                on:input=typed
            />
            <button type="button" aria-label="More" on:click=move |_| enter.run(Some(base().saturating_add(step)))>
                <Icon name="plus" />
            </button>
        </span>
    }
}
