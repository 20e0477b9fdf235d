//! Labelled inputs.

use crate::icon::Icon;
use leptos::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that nothing else on this page has: for rows and for the ids of inputs. It means nothing outside.
pub fn local_key() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Whether an input is wrong, and the id of the words that say how.
#[derive(Clone)]
pub struct Mark {
    bad: Signal<bool>,
    says: String,
}

impl Mark {
    pub fn new(says: &str, bad: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { bad: Signal::derive(bad), says: says.to_owned() }
    }

    /// For `aria-invalid`.
    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + Clone + use<> {
        let bad = self.bad;
        move || bad.get().then_some("true")
    }

    /// For `aria-describedby`.
    pub fn described_by(&self) -> impl Fn() -> Option<String> + Send + Sync + Clone + use<> {
        let Self { bad, says } = self.clone();
        move || bad.get().then(|| says.clone())
    }
}

/// A line of text, with what is wrong with it below.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into, optional)] id: Option<String>,
    #[prop(default = Signal::stored(None))] fault: Signal<Option<&'static str>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("in{}", local_key()));
    let says = format!("{id}-says");
    let mark = Mark::new(&says, move || fault.get().is_some());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                autocomplete="off"
                aria-invalid=mark.invalid()
                aria-describedby=mark.described_by()
                bind:value=value
            />
            {move || fault.get().map(|words| view! { <FaultLine id=says.clone() words=words.to_owned() /> })}
        </div>
    }
}

/// What is wrong, in words.
#[component]
pub fn FaultLine(#[prop(into, optional)] id: Option<String>, words: String) -> impl IntoView {
    view! {
        <p class="error" id=id>
            <Icon name="refuse" />
            <span>{words}</span>
        </p>
    }
}

/// A number, or text of which one is made. What is wrong with it is said elsewhere: there is no room below.
#[component]
pub fn NumberInput(label: &'static str, mode: &'static str, value: RwSignal<String>, mark: Mark) -> impl IntoView {
    let id = format!("in{}", local_key());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                inputmode=mode
                autocomplete="off"
                aria-invalid=mark.invalid()
                aria-describedby=mark.described_by()
                bind:value=value
            />
        </div>
    }
}

/// The two ends of a range.
#[component]
pub fn FromTo(#[prop(into)] label: String, min: RwSignal<String>, max: RwSignal<String>, mark: Mark) -> impl IntoView {
    let id = format!("in{}", local_key());
    let title = id.clone();
    let end = |words: &str, value: RwSignal<String>| {
        view! {
            <input
                class="input"
                inputmode="decimal"
                autocomplete="off"
                aria-label=format!("{label}, {words}")
                aria-invalid=mark.invalid()
                aria-describedby=mark.described_by()
                bind:value=value
            />
        }
    };
    let (from, to) = (end("from", min), end("to", max));
    view! {
        <div class="field" role="group" aria-labelledby=title>
            <span class="label" id=id>
                {label}
            </span>
            <div class="from-to">{from} <span aria-hidden="true">"–"</span> {to}</div>
        </div>
    }
}

/// One of several.
#[component]
pub fn SelectField<T>(
    #[prop(into)] label: String,
    #[prop(into)] choices: Signal<Vec<(T, String)>>,
    value: RwSignal<T>,
    #[prop(optional)] mark: Option<Mark>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let id = format!("in{}", local_key());
    let mark = mark.unwrap_or_else(|| Mark::new("", || false));
    let choose = move |event| {
        let place = event_target_value(&event).parse::<usize>().ok();
        if let Some((chosen, _)) = place.and_then(|place| choices.with_untracked(|choices| choices.get(place).cloned())) {
            value.set(chosen);
        }
    };
    // Each option says by itself whether it is chosen: a select's own value cannot be set before its options are there.
    let options = move || {
        let option = |(place, (choice, words)): (usize, (T, String))| {
            let chosen = move || value.with(|value| *value == choice);
            view! {
                <option value=place.to_string() prop:selected=chosen>
                    {words}
                </option>
            }
        };
        choices.get().into_iter().enumerate().map(option).collect_view()
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="select-box">
                <select
                    class="select"
                    id=id
                    aria-invalid=mark.invalid()
                    aria-describedby=mark.described_by()
                    on:change=choose
                >
                    {options}
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}
