//! Six digits, typed with a gloved finger or on a keyboard.

use crate::{api::installation::PIN_DIGITS, icon::Icon};
use leptos::{ev::KeyboardEvent, prelude::*};

/// Calls `whole` with the digits as soon as they are all there; whoever listens empties `typed` for another try.
#[component]
pub fn PinPad(typed: RwSignal<String>, busy: Signal<bool>, #[prop(into)] whole: Callback<String>) -> impl IntoView {
    let press = move |digit: char| {
        if busy.get_untracked() {
            return;
        }
        typed.update(|typed| {
            if typed.len() < PIN_DIGITS {
                typed.push(digit);
            }
        });
        let now = typed.get_untracked();
        if now.len() == PIN_DIGITS {
            whole.run(now);
        }
    };
    let back = move || {
        if !busy.get_untracked() {
            typed.update(|typed| {
                typed.pop();
            });
        }
    };
    // Wherever the focus is: nothing else can be typed on this page.
    let keys = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let key = event.key();
        match key.chars().next().filter(|_| key.len() == 1) {
            Some(digit) if digit.is_ascii_digit() && !event.ctrl_key() && !event.meta_key() => press(digit),
            _ if key == "Backspace" => back(),
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
    let dots = (0..PIN_DIGITS).map(|n| view! { <span class="pin-dot" class:is-typed=move || { typed.with(String::len) > n }></span> });
    let digit = |digit: char| {
        view! {
            <button class="pin-key" type="button" on:click=move |_| press(digit)>
                {digit}
            </button>
        }
    };
    view! {
        <p class="pin-dots" role="status">
            <span class="vh">{move || typed.with(String::len)} " of " {PIN_DIGITS} " digits"</span>
            <span aria-hidden="true">{dots.collect_view()}</span>
        </p>
        <div class="pin-pad" role="group" aria-label="PIN" aria-busy=move || busy.get().to_string()>
            {"123456789".chars().map(digit).collect_view()}
            <span></span>
            {digit('0')}
            <button class="pin-key is-quiet" type="button" aria-label="Take back the last digit" on:click=move |_| back()>
                <Icon name="backspace" />
            </button>
        </div>
    }
}
