//! A record as it is read.

use super::facts::{ReadingFacts, RecordFacts, TreatmentFacts};
use crate::icon::Icon;
use domain::{catalogue::Catalogue, chart::Chart, record::Record};
use leptos::prelude::*;
use std::sync::Arc;

/// Shows a record with the template versions it was recorded with. `label` names it for screen readers.
#[component]
pub fn RecordView(chart: Arc<Chart>, record: Record, catalogue: Arc<Catalogue>, #[prop(into)] label: String) -> impl IntoView {
    view! { <FactsView facts=RecordFacts::new(&record, &chart, &catalogue) label /> }
}

/// The same, from the view model.
#[component]
pub fn FactsView(facts: RecordFacts, #[prop(into)] label: String) -> impl IntoView {
    let RecordFacts { treatments, response, absent, adverse, note, decisions, despite } = facts;
    let noted = response.is_some() || absent.is_some();
    let skin = [response.map(|response| format!("{response}.")), absent].into_iter().flatten().collect::<Vec<_>>().join(" ");
    view! {
        <article class="record card" aria-label=label>
            {despite
                .map(|reason| {
                    view! {
                        <p class="say is-warn">
                            <Icon name="alert" />
                            <span>"Nevertheless: " {reason}</span>
                        </p>
                    }
                })}
            {treatments.into_iter().map(|treatment| view! { <TreatmentSection treatment /> }).collect_view()}
            <section>
                <h3>"Skin response"</h3>
                <p>{if noted { skin } else { "Nothing was noted.".to_owned() }}</p>
                {adverse
                    .map(|adverse| {
                        view! {
                            <p class="say is-warn">
                                <Icon name="alert" />
                                <span>"Adverse event. " {adverse}</span>
                            </p>
                        }
                    })}
            </section>
            {(!decisions.is_empty())
                .then(|| {
                    view! {
                        <section>
                            <h3>"Earlier notes"</h3>
                            <ul>{decisions.into_iter().map(|decision| view! { <li>{decision}</li> }).collect_view()}</ul>
                        </section>
                    }
                })}
            {note
                .map(|note| {
                    view! {
                        <section>
                            <h3>"Note for next time"</h3>
                            <p>"“" {note.text} "”"</p>
                            {note.change.map(|change| view! { <p class="soft">{change}</p> })}
                        </section>
                    }
                })}
        </article>
    }
}

#[component]
fn TreatmentSection(treatment: TreatmentFacts) -> impl IntoView {
    let title = treatment.title();
    let TreatmentFacts { series, template, readings, places, .. } = treatment;
    let known = template.is_some();
    view! {
        <section>
            <h3>{title}</h3>
            <dl class="record-readings">{readings.into_iter().map(|reading| view! { <ReadingItem reading /> }).collect_view()}</dl>
            <Show when=move || !known>
                <p class="say is-warn">
                    <Icon name="alert" />
                    <span>
                        "The template this was recorded with has not reached this device yet. The values are complete; their names and units appear after the next sync."
                    </span>
                </p>
            </Show>
        </section>
        <section>
            <h3>"Areas and pulses"</h3>
            <dl class="facts">
                {places
                    .into_iter()
                    .map(|place| {
                        view! {
                            <dt>{place.label}</dt>
                            <dd>{place.pulses}</dd>
                        }
                    })
                    .collect_view()}
            </dl>
            <p class="small soft">"Counts for " {series} {template.map(|template| format!(". Template: {template}"))} "."</p>
        </section>
    }
}

#[component]
fn ReadingItem(reading: ReadingFacts) -> impl IntoView {
    let ReadingFacts { label, was, now, unit, .. } = reading;
    view! {
        <div>
            <dt>{label}</dt>
            <dd class="figure">
                {was
                    .map(|was| {
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
                    })} <b>{now}</b> " " <span class="unit">{unit}</span>
            </dd>
        </div>
    }
}
