//! How the skin took it.

use super::{stepper::Stepper, use_charting};
use domain::skin::{AdverseEvent, Erythema, Severity, SkinResponse};
use leptos::prelude::*;

#[component]
pub fn Response() -> impl IntoView {
    let charting = use_charting();
    let response = Memo::new(move |_| charting.record.with(|record| record.response.clone()));
    let edit = move |change: &dyn Fn(&mut SkinResponse)| charting.edit(|record| change(&mut record.response));
    let erythema = Erythema::ALL.map(|grade| {
        let chosen = move || response.with(|response| response.erythema == Some(grade));
        view! {
            <label>
                <input
                    type="radio"
                    name="erythema"
                    prop:checked=chosen
                    on:change=move |_| edit(&|response| response.erythema = Some(grade))
                />
                <span>
                    <b>{grade.grade()}</b>
                    {grade.label().to_lowercase()}
                </span>
            </label>
        }
    });
    let minutes = Signal::derive(move || response.with(|response| response.minutes_after.map(u32::from)));
    let enter_minutes = Callback::new(move |minutes: Option<u32>| {
        let minutes = minutes.map(|minutes| u16::try_from(minutes).unwrap_or(u16::MAX));
        edit(&|response| response.minutes_after = minutes);
    });
    view! {
        <section class="sec" id="response" aria-labelledby="response-h">
            <div class="sec-head">
                <h2 id="response-h">"Skin response"</h2>
            </div>
            <div class="response card">
                <div class="erythema">
                    <p class="legend">"Erythema " <small>"CEA scale"</small></p>
                    <fieldset class="seg is-strong">
                        <legend class="vh">"Erythema, CEA 0 to 4"</legend>
                        {erythema.collect_view()}
                    </fieldset>
                </div>
                <div class="signs">
                    <Sign name="Oedema" get=|response| response.oedema set=|response, severity| response.oedema = severity />
                    <Sign name="Warmth" get=|response| response.warmth set=|response, severity| response.warmth = severity />
                    <Sign name="Greying" get=|response| response.greying set=|response, severity| response.greying = severity />
                    <Sign name="Blister" get=|response| response.blister set=|response, severity| response.blister = severity />
                </div>
                <div class="minutes">
                    <p class="legend">"Looked at " <small>"minutes after"</small></p>
                    <Stepper label="Minutes after the last pulse".to_owned() value=minutes step=5 enter=enter_minutes />
                </div>
                <Adverse />
            </div>
        </section>
    }
}

/// One sign beside erythema: none, mild or marked.
#[component]
fn Sign(name: &'static str, get: fn(&SkinResponse) -> Severity, set: fn(&mut SkinResponse, Severity)) -> impl IntoView {
    let charting = use_charting();
    let now = Memo::new(move |_| charting.record.with(|record| get(&record.response)));
    let choice = [Severity::None, Severity::Mild, Severity::Marked].map(|severity| {
        let (first, rest) = severity.label().split_at(1);
        let label = format!("{}{rest}", first.to_uppercase());
        view! {
            <label>
                <input
                    type="radio"
                    name=name
                    prop:checked=move || now.get() == severity
                    on:change=move |_| charting.edit(|record| set(&mut record.response, severity))
                />
                <span>{label}</span>
            </label>
        }
    });
    view! {
        <div>
            <p class="legend">{name}</p>
            <fieldset class="seg">
                <legend class="vh">{name}</legend>
                {choice.collect_view()}
            </fieldset>
        </div>
    }
}

/// Something went wrong: a grade and what was seen. From grade 2 a provider has to follow up.
#[component]
fn Adverse() -> impl IntoView {
    let charting = use_charting();
    let grade = Memo::new(move |_| charting.record.with(|record| record.response.adverse.as_ref().map(|event| event.grade)));
    let text = move || charting.record.with(|record| record.response.adverse.as_ref().map_or_else(String::new, |event| event.text.clone()));
    let choose = move |grade: Option<u8>| {
        charting.edit(|record| {
            let text = record.response.adverse.take().map_or_else(String::new, |event| event.text);
            record.response.adverse = grade.map(|grade| AdverseEvent { grade, text });
        });
    };
    let write = move |event| {
        let text = event_target_value(&event);
        charting.edit(|record| {
            if let Some(event) = &mut record.response.adverse {
                event.text = text;
            }
        });
    };
    let choice = move |value: Option<u8>| {
        view! {
            <label>
                <input type="radio" name="adverse" prop:checked=move || grade.get() == value on:change=move |_| choose(value) />
                <span>{value.map_or_else(|| "None".to_owned(), |grade| grade.to_string())}</span>
            </label>
        }
    };
    view! {
        <div class="adverse">
            <div>
                <p class="legend">"Adverse event " <small>"grade"</small></p>
                <fieldset class="seg">
                    <legend class="vh">"Adverse event, grade"</legend>
                    {std::iter::once(None).chain((1..=5).map(Some)).map(choice).collect_view()}
                </fieldset>
            </div>
            <Show when=move || grade.get().is_some()>
                <div class="field">
                    <label for="adverse-text">"What was seen, and what was done"</label>
                    <textarea class="textarea" id="adverse-text" prop:value=text on:input=write></textarea>
                </div>
                <Show when=move || grade.get().is_some_and(|grade| grade >= AdverseEvent::FOLLOW_UP_FROM)>
                    <p class="soft small">"Signing puts this under Needs attention until a provider has followed it up."</p>
                </Show>
            </Show>
        </div>
    }
}
