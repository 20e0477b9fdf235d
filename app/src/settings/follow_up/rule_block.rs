//! What is sent for one kind: whether, when, by what, and in which words.

use super::{
    draft::{RuleDraft, Way, of_kind},
    editor::PolicyEditor,
    text_block::TextBlock,
};
use crate::{icon::Icon, settings::input::FaultLine};
use domain::follow_up::{
    kind::{Anchor, Kind},
    policy::Text,
};
use leptos::prelude::*;

#[component]
pub fn RuleBlock(editor: PolicyEditor, kind: Kind) -> impl IntoView {
    let with = move |look: fn(&RuleDraft) -> String| editor.draft.with(|draft| draft.rule(kind).map(look)).unwrap_or_default();
    let on = Memo::new(move |_| editor.draft.with(|draft| draft.rule(kind).is_some_and(|rule| rule.on)));
    let faults = Memo::new(move |_| of_kind(&editor.faults(), kind));
    let is_wrong = move || faults.with(|faults| !faults.is_empty());
    let says = StoredValue::new(format!("{kind}-says"));
    let offset_id = StoredValue::new(format!("{kind}-offset"));
    let way_id = StoredValue::new(format!("{kind}-way"));
    let timing = kind.timing();
    let (least, most) = (*timing.range.start(), *timing.range.end());
    let chooses_time = timing.anchor != Anchor::HalfInterval;
    let words = timing.words();
    let change = move |change: &dyn Fn(&mut RuleDraft)| {
        editor.change(|draft| {
            if let Some(rule) = draft.rule_mut(kind) {
                change(rule);
            }
        });
    };
    let choose = move |event| {
        let chosen = event_target_value(&event).parse::<usize>().ok().and_then(|place| Way::ALL.get(place).copied());
        if let Some(way) = chosen {
            change(&|rule| rule.way = way);
        }
    };
    let option = move |(place, way): (usize, Way)| {
        let chosen = move || editor.draft.with(|draft| draft.rule(kind).is_some_and(|rule| rule.way == way));
        view! {
            <option value=place.to_string() prop:selected=chosen>
                {way.label()}
            </option>
        }
    };
    let texts = Memo::new(move |_| editor.draft.with(|draft| draft.rule(kind).map_or(0, |rule| rule.texts.len())));
    let add_language = move |_| {
        change(&|rule| {
            if let Some(first) = rule.texts.first().cloned() {
                rule.texts.push(Text { language: String::new(), ..first });
            }
        });
    };
    view! {
        <li class="policy-rule">
            <details>
                <summary>
                    <b>{kind.label()}</b>
                    <span class="soft small">{move || with(RuleDraft::summary)}</span>
                    {move || match (is_wrong(), on.get()) {
                        (true, _) => Some(view! { <span class="chip is-warn">"to be mended"</span> }),
                        (false, false) => Some(view! { <span class="chip is-outline">"not sent"</span> }),
                        (false, true) => None,
                    }}
                </summary>
                <div class="policy-rule-form">
                    <label class="tick">
                        <input
                            type="checkbox"
                            prop:checked=move || on.get()
                            on:change:target=move |event| {
                                let on = event.target().checked();
                                change(&move |rule| rule.on = on);
                            }
                        />
                        <span>{if kind.is_message() { "Sent" } else { "Comes to the call list" }}</span>
                    </label>
                    <div class="two">
                        {chooses_time
                            .then(|| {
                                view! {
                                    <div class="field">
                                        <label for=offset_id.get_value()>{capital(words)}</label>
                                        <input
                                            class="input num"
                                            id=offset_id.get_value()
                                            inputmode="numeric"
                                            autocomplete="off"
                                            aria-describedby=says.get_value()
                                            aria-invalid=move || is_wrong().then_some("true")
                                            prop:value=move || with(|rule| rule.offset.clone())
                                            on:input:target=move |event| {
                                                let typed = event.target().value();
                                                change(&move |rule| rule.offset.clone_from(&typed));
                                            }
                                        />
                                        <p class="hint num">{format!("{least} to {most}")}</p>
                                    </div>
                                }
                            })}
                        {kind
                            .is_message()
                            .then(|| {
                                view! {
                                    <div class="field">
                                        <label for=way_id.get_value()>"By"</label>
                                        <span class="select-box">
                                            <select class="select" id=way_id.get_value() on:change=choose>
                                                {Way::ALL.into_iter().enumerate().map(option).collect_view()}
                                            </select>
                                            <Icon name="down" />
                                        </span>
                                    </div>
                                }
                            })}
                    </div>
                    <div id=says.get_value() class="policy-faults">
                        {move || faults.get().into_iter().map(|words| view! { <FaultLine words /> }).collect_view()}
                    </div>
                    <For each=move || 0..texts.get() key=|place| *place let:place>
                        <TextBlock editor kind place several=Signal::derive(move || { texts.get() > 1 }) />
                    </For>
                    {kind
                        .is_message()
                        .then(|| {
                            view! {
                                <div class="btn-row">
                                    <button class="btn quiet" type="button" on:click=add_language>
                                        <Icon name="plus" />
                                        "Add another language"
                                        <span class="vh">": " {kind.label()}</span>
                                    </button>
                                </div>
                            }
                        })}
                </div>
            </details>
        </li>
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
