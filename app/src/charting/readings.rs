//! The readings: where each comes from, what changed, and what nobody has looked at yet.

use super::{
    keypad::Asked,
    model::{ReadingLine, Say, reading_lines},
    use_charting,
};
use crate::icon::Icon;
use domain::amount::Unit;
use leptos::prelude::*;

#[component]
pub fn Readings() -> impl IntoView {
    let charting = use_charting();
    let lines = Memo::new(move |_| {
        let treatment = charting.treatment()?;
        let template = charting.template(&treatment)?;
        let (chart, catalogue) = charting.chart.get().zip(charting.catalogue.get())?;
        Some(reading_lines(&treatment, &template, &chart, &catalogue))
    });
    let lines = move || lines.get().unwrap_or_default();
    let keys = Memo::new(move |_| lines().into_iter().map(|line| line.field).collect::<Vec<_>>());
    let progress = move || {
        let lines = lines();
        let read = lines.iter().filter(|line| line.value.is_some());
        format!("{} of {} confirmed", read.clone().filter(|line| line.confirmed).count(), read.count())
    };
    let unconfirmed = move || lines().iter().any(|line| line.value.is_some() && !line.confirmed);
    let confirm_all = move |_| charting.edit_treatment(|treatment| treatment.confirm_all());
    view! {
        <section class="sec" id="readings" aria-labelledby="readings-h">
            <div class="sec-head">
                <h2 id="readings-h">"Readings"</h2>
                <span class="soft small">{progress}</span>
            </div>
            <ul class="readings">
                <For each=move || keys.get() key=|key| key.clone() let:key>
                    <Line line=Memo::new(move |_| lines().into_iter().find(|line| line.field == key)) />
                </For>
            </ul>
            <Show when=unconfirmed>
                <button class="btn big wide soft-fill confirm-all" type="button" on:click=confirm_all>
                    <Icon name="check" />
                    "Confirm all as last time"
                </button>
            </Show>
        </section>
    }
}

#[component]
fn Line(line: Memo<Option<ReadingLine>>) -> impl IntoView {
    let charting = use_charting();
    let toggle = move |_| {
        let Some(field) = line.get_untracked().map(|line| line.field) else { return };
        charting.edit_treatment(|treatment| {
            if let Some(reading) = treatment.readings.iter_mut().find(|reading| reading.field == field) {
                reading.confirmed = !reading.confirmed;
            }
        });
    };
    let open = move |_| {
        if let Some(line) = line.get_untracked() {
            charting.asked.set(Some(Asked { treatment: charting.current.get_untracked(), field: line.field }));
        }
    };
    move || {
        let line = line.get()?;
        let (class, unit, label) = (line.class(), line.unit, line.label.clone());
        let shown = line.value.clone().unwrap_or_else(|| "not read".to_owned());
        let spoken = format!("Confirm {} {} {}", label.to_lowercase(), shown, unit.symbol());
        let refused = line.is_refused();
        let say = line.say.clone().map(|say| {
            let (icon, text) = match say {
                Say::Warn(text) => ("alert", text),
                Say::Refuse(text) => ("refuse", text),
            };
            view! {
                <span class="reading-say">
                    <Icon name=icon />
                    {text}
                </span>
            }
        });
        let was = line.was.clone().map(|was| {
            view! {
                <s>
                    <span class="vh">"was "</span>
                    {was}
                </s>
                <span class="to">
                    <Icon name="arrow" />
                    <span class="vh">" now "</span>
                </span>
            }
        });
        let words = !line.is_number;
        let label = if line.required || line.value.is_some() { label } else { format!("{label}, if used") };
        Some(view! {
            <li class=class data-field=line.field.clone()>
                <button class="reading-open" type="button" aria-haspopup="dialog" on:click=open>
                    <span class="reading-label">{label}</span>
                    <span class="figure">
                        {was} <b class:is-choice=words>{shown}</b> " "
                        <span class="unit">{(unit != Unit::None).then(|| unit.symbol())}</span>
                    </span>
                    <span class="reading-from">{line.from.clone()}</span>
                    {say}
                </button>
                <button
                    class="reading-tick"
                    type="button"
                    aria-pressed=line.confirmed.to_string()
                    aria-label=spoken
                    disabled=refused || line.value.is_none()
                    on:click=toggle
                >
                    <span>
                        {if refused { view! { <Icon name="x" /> } } else { view! { <Icon name="check" /> } }}
                    </span>
                </button>
            </li>
        })
    }
}
