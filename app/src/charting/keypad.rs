//! Entering a reading: large keys, steppers, the last values, and the allowed range drawn as a bar.

use super::{
    Charting,
    model::{Say, Scale, remark, treatment_title},
    use_charting,
};
use crate::{icon::Icon, sheet::Sheet};
use domain::{
    amount::{Amount, Unit},
    template::{Circumstances, Field, FieldKind, NumberField, Value},
};
use leptos::{ev::KeyboardEvent, prelude::*};

/// The reading that is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Position of the treatment.
    pub treatment: usize,
    pub field: String,
}

/// What the sheet needs to know, fixed while it is open.
#[derive(Clone)]
struct Subject {
    field: Field,
    title: String,
    now: Option<Value>,
    /// What it was last time.
    was: Option<Value>,
    last: Vec<Value>,
    circumstances: Circumstances,
}

#[component]
pub fn Keypad() -> impl IntoView {
    let charting = use_charting();
    move || {
        let asked = charting.asked.get()?;
        let subject = untrack(|| subject(charting, &asked))?;
        Some(view! { <Entering subject /> })
    }
}

fn subject(charting: Charting, asked: &Asked) -> Option<Subject> {
    let (chart, catalogue) = charting.chart.get().zip(charting.catalogue.get())?;
    let treatment = charting.record.with(|record| record.treatments.get(asked.treatment).cloned())?;
    let field = charting.template(&treatment)?.field(&asked.field)?.clone();
    let reading = treatment.reading(&asked.field);
    Some(Subject {
        title: treatment_title(&treatment, &catalogue),
        now: reading.map(|reading| reading.value.clone()),
        was: reading.and_then(|reading| reading.carried.as_ref()).map(|carried| carried.value.clone()),
        last: chart.last_values(treatment.handpiece, &asked.field),
        circumstances: treatment.circumstances(&chart.client),
        field,
    })
}

#[component]
fn Entering(subject: Subject) -> impl IntoView {
    let charting = use_charting();
    let close = Callback::new(move |()| charting.asked.set(None));
    let enter = Callback::new({
        let key = subject.field.key.clone();
        move |value: Option<Value>| {
            charting.edit_treatment(|treatment| match value {
                Some(value) => treatment.enter(&key, value),
                None => treatment.clear(&key),
            });
            charting.asked.set(None);
        }
    });
    let (label, title) = (subject.field.label.clone(), subject.title.clone());
    let body = match subject.field.kind.clone() {
        FieldKind::Number(number) => view! { <NumberPad subject number enter /> }.into_any(),
        FieldKind::Choice { options } => view! { <Choices subject options enter /> }.into_any(),
        FieldKind::Text => view! { <Words subject enter /> }.into_any(),
    };
    view! {
        <Sheet class="keypad" title=label of=title close>
            {body}
        </Sheet>
    }
}

const KEYS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

#[component]
fn NumberPad(subject: Subject, number: NumberField, enter: Callback<Option<Value>>) -> impl IntoView {
    let Subject { field, now, was, last, circumstances, .. } = subject;
    let (unit, decimals, step) = (number.unit, number.decimals, number.step);
    let signed = number.hard.is_some_and(|hard| hard.min < Amount(0)) || number.usual.iter().any(|usual| usual.range.min < Amount(0));
    let start = now.as_ref().and_then(Value::amount);
    let text = RwSignal::new(start.map_or_else(String::new, |amount| amount.to_string()));
    // The first key replaces what stands there, as on a calculator.
    let fresh = RwSignal::new(true);
    let amount = Memo::new(move |_| Amount::parse(&text.get(), decimals).ok());
    let press = move |key: &str| {
        if fresh.get_untracked() {
            fresh.set(false);
            text.set(String::new());
        }
        text.update(|text| match key {
            "back" => {
                text.pop();
            }
            "." if text.contains('.') => {}
            "-" if text.starts_with('−') => *text = text.trim_start_matches('−').to_owned(),
            "-" => text.insert(0, '−'),
            _ if text.len() < 9 => text.push_str(key),
            _ => {}
        });
    };
    let set = move |amount: Amount| {
        fresh.set(true);
        text.set(amount.to_string());
    };
    let nudge = move |by: Amount| {
        let from = amount.get_untracked().or(start).unwrap_or(Amount(0));
        set(from.plus(by));
    };
    let done = move || {
        if let Some(amount) = amount.get_untracked() {
            enter.run(Some(Value::Number(amount)));
        }
    };
    let by_key = move |event: KeyboardEvent| {
        let key = event.key();
        match key.as_str() {
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" => press(&key),
            "." | "," if decimals > 0 => press("."),
            "-" if signed => press("-"),
            "Backspace" => {
                fresh.set(false);
                press("back");
            }
            "ArrowUp" => nudge(step),
            "ArrowDown" => nudge(Amount(-step.0)),
            // On a focused button Enter presses that button.
            "Enter" if !is_button(&event) => done(),
            _ => return,
        }
        event.prevent_default();
    };
    let listener = window_event_listener(leptos::ev::keydown, by_key);
    on_cleanup(move || listener.remove());

    let say = Memo::new({
        let field = field.clone();
        move |_| amount.get().and_then(|amount| remark(&field, &Value::Number(amount), circumstances))
    });
    let refused = move || amount.get().is_none() || matches!(say.get(), Some(Say::Refuse(_)));
    let scale = Scale::of(&field, circumstances, start);
    let was_amount = was.as_ref().and_then(Value::amount);
    let was_line = was_amount.map(|was| {
        view! {
            <p class="pad-was">
                <Show when=move || amount.get() != Some(was)>
                    "was " <s>{was.to_string()}</s>
                </Show>
            </p>
        }
    });
    let key_button = move |key: &'static str| {
        view! {
            <button type="button" on:click=move |_| press(key)>
                {key}
            </button>
        }
    };
    let left_key = if decimals > 0 {
        view! {
            <button type="button" aria-label="Decimal point" on:click=move |_| press(".")>
                "."
            </button>
        }
        .into_any()
    } else if signed {
        view! {
            <button type="button" aria-label="Minus" on:click=move |_| press("-")>
                "±"
            </button>
        }
        .into_any()
    } else {
        view! { <span></span> }.into_any()
    };
    let has_value = now.is_some();
    view! {
        <div class="pad-now">
            <button type="button" aria-label=format!("Lower by {}", unit.with(step)) on:click=move |_| nudge(Amount(-step.0))>
                <Icon name="minus" />
            </button>
            <div class="pad-value" aria-live="polite">
                <p class="pad-figure">
                    <b>{move || if text.with(String::is_empty) { "–".to_owned() } else { text.get() }}</b>
                    <span>{unit.symbol()}</span>
                </p>
                {was_line}
            </div>
            <button type="button" aria-label=format!("Raise by {}", unit.with(step)) on:click=move |_| nudge(step)>
                <Icon name="plus" />
            </button>
        </div>
        {move || {
            say.get()
                .map(|say| match say {
                    Say::Warn(text) => {
                        view! {
                            <p class="pad-say is-warn" role="status">
                                <Icon name="alert" />
                                {text}
                            </p>
                        }
                    }
                    Say::Refuse(text) => {
                        view! {
                            <p class="pad-say is-refused" role="status">
                                <Icon name="refuse" />
                                {text}
                            </p>
                        }
                    }
                })
        }}
        {scale.map(|scale| view! { <RangeBar scale unit amount say was=was_amount /> })}
        <LastValues last set=Callback::new(set) />
        <div class="keys" role="group" aria-label="Keypad">
            {KEYS.map(key_button).collect_view()}
            {left_key}
            {key_button("0")}
            <button
                type="button"
                aria-label="Delete the last digit"
                on:click=move |_| {
                    fresh.set(false);
                    press("back");
                }
            >
                <Icon name="backspace" />
            </button>
        </div>
        <button class="btn big primary wide pad-done" type="button" disabled=refused on:click=move |_| done()>
            {move || match amount.get() {
                Some(amount) => format!("Use {}", unit.with(amount)),
                None => "Enter a number".to_owned(),
            }}
        </button>
        <Show when=move || has_value>
            <button class="btn quiet wide" type="button" on:click=move |_| enter.run(None)>
                <Icon name="undo" />
                {if was_amount.is_some() { "Back to last time’s value" } else { "Take this reading out" }}
            </button>
        </Show>
    }
}

fn is_button(event: &KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| element.tag_name() == "BUTTON")
}

#[component]
fn LastValues(last: Vec<Value>, set: Callback<Amount>) -> impl IntoView {
    let values: Vec<_> = last.iter().filter_map(Value::amount).collect();
    let any = !values.is_empty();
    let pick = move |amount: Amount| {
        view! {
            <button class="pick" type="button" on:click=move |_| set.run(amount)>
                {amount.to_string()}
            </button>
        }
    };
    any.then(|| {
        view! {
            <div class="pad-last" role="group" aria-label="Last values">
                {values.into_iter().map(pick).collect_view()}
            </div>
        }
    })
}

/// The allowed range: hard limits at the ends, the usual range within, last time's value and today's.
#[component]
fn RangeBar(scale: Scale, unit: Unit, amount: Memo<Option<Amount>>, say: Memo<Option<Say>>, was: Option<Amount>) -> impl IntoView {
    let percent = |n: f64| format!("{n:.1}%");
    let class = move || match say.get() {
        Some(Say::Warn(_)) => "range is-warn",
        Some(Say::Refuse(_)) => "range is-refused",
        None => "range",
    };
    let usual = scale.usual.map(|usual| {
        let (from, to) = (scale.percent(usual.min), scale.percent(usual.max));
        view! {
            <rect class="usual" x=percent(from) y="22" width=percent(to - from) height="12" rx="3" />
            <text x=percent((from + to) / 2.0) y="58">
                {format!("usual {}–{}", usual.min, usual.max)}
            </text>
        }
    });
    let limits = scale.has_limits.then(|| {
        view! {
            <line class="limit" x1="0" x2="0" y1="17" y2="39" />
            <line class="limit" x1="100%" x2="100%" y1="17" y2="39" />
            <text class="limit-text" x="0" y="58">
                {scale.whole.min.to_string()}
            </text>
            <text class="limit-text" x="100%" y="58">
                {scale.whole.max.to_string()}
            </text>
        }
    });
    let last = was.map(|was| {
        let at = percent(scale.percent(was));
        view! {
            <line class="last" x1=at.clone() x2=at.clone() y1="17" y2="39" />
            <text x=at y="11">
                "last"
            </text>
        }
    });
    let spoken = {
        let allowed = format!("Allowed {} to {}.", scale.whole.min, unit.with(scale.whole.max));
        let usual = scale.usual.map_or_else(String::new, |usual| format!(" Usual {} to {}.", usual.min, usual.max));
        move || format!("{allowed}{usual} Now {}.", amount.get().map_or_else(|| "nothing".to_owned(), |amount| amount.to_string()))
    };
    let marker = {
        let scale = scale.clone();
        move || amount.get().map(|amount| view! { <circle class="marker" cx=percent(scale.percent(amount)) cy="28" r="10" /> })
    };
    view! {
        <svg class=class role="img" aria-label=spoken>
            <rect class="track" x="0" y="22" width="100%" height="12" rx="6" />
            {usual}
            {limits}
            {last}
            {marker}
        </svg>
    }
}

#[component]
fn Choices(subject: Subject, options: Vec<String>, enter: Callback<Option<Value>>) -> impl IntoView {
    let now = subject.now.clone();
    let has_value = now.is_some();
    let choice = move |option: String| {
        let pressed = now == Some(Value::Choice(option.clone()));
        let value = option.clone();
        view! {
            <button
                class="pick"
                type="button"
                aria-pressed=pressed.to_string()
                on:click=move |_| enter.run(Some(Value::Choice(value.clone())))
            >
                {option}
            </button>
        }
    };
    view! {
        <div class="choices" role="group" aria-label=subject.field.label>
            {options.into_iter().map(choice).collect_view()}
        </div>
        <Show when=move || has_value>
            <button class="btn quiet wide" type="button" on:click=move |_| enter.run(None)>
                <Icon name="undo" />
                "Take this reading out"
            </button>
        </Show>
    }
}

#[component]
fn Words(subject: Subject, enter: Callback<Option<Value>>) -> impl IntoView {
    let text = RwSignal::new(subject.now.map_or_else(String::new, |value| value.show(Unit::None)));
    let done = move |_| {
        let text = text.get_untracked().trim().to_owned();
        enter.run((!text.is_empty()).then_some(Value::Text(text)));
    };
    view! {
        <div class="field">
            <label for="pad-words">{subject.field.label}</label>
            <textarea class="textarea" id="pad-words" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))></textarea>
        </div>
        <button class="btn big primary wide pad-done" type="button" on:click=done>
            "Use this text"
        </button>
    }
}
