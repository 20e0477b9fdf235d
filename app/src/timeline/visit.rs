//! One visit on the timeline.

use super::entry::{Added, Drafted, Visit};
use crate::{
    icon::Icon,
    photos::SessionPhotos,
    signed_record::{FactsView, ReadingFacts, RecordFacts, TreatmentFacts, signing_waits},
    words,
    workspace::use_workspace,
};
use domain::ids::{ClientId, SessionId};
use leptos::prelude::*;

#[component]
pub fn VisitItem(client: ClientId, session: SessionId, visits: Memo<Vec<Visit>>) -> impl IntoView {
    let workspace = use_workspace();
    let visit = Memo::new(move |_| visits.with(|visits| visits.iter().find(|visit| visit.session == session).cloned()));
    let waits = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let signed = chart.session(session)?.signed.as_ref()?;
        Some(workspace.read(|replica| signing_waits(replica, session, signed)))
    });
    let whole = RwSignal::new(false);
    move || {
        visit.get().map(|visit| {
            let Visit { day, ago, title, signed, by, facts, addenda, needs_follow_up, .. } = visit;
            let kept = StoredValue::new(facts.clone());
            let label = StoredValue::new(format!("{title}, {day}"));
            let about = StoredValue::new(format!(": {title}, {day}"));
            view! {
                <li class="visit">
                    <p class="visit-date">
                        <time>{day.clone()}</time>
                        <small>{ago}</small>
                    </p>
                    <article class="visit-card card">
                        <div class="visit-head">
                            <h3>{title.clone()}</h3>
                            <span class="chip is-ok">
                                <Icon name="check" />
                                {signed}
                            </span>
                            <Show when=move || waits.get() == Some(true)>
                                <span class="chip">
                                    <Icon name="tablet" />
                                    "saved here"
                                </span>
                            </Show>
                            <a class="btn quiet" href=format!("/clients/{client}/sessions/{session}")>
                                "Open"
                                <span class="vh">{about.get_value()}</span>
                            </a>
                        </div>
                        <Treatments treatments=facts.treatments.clone() />
                        <Notes facts needs_follow_up />
                        <SessionPhotos client session />
                        {addenda.into_iter().map(|added| view! { <AddedItem added /> }).collect_view()}
                        <p class="small soft">{by}</p>
                        <Show when=move || workspace.treats()>
                            <div class="btn-row">
                                <button
                                    class="btn quiet"
                                    type="button"
                                    aria-expanded=move || whole.get().to_string()
                                    on:click=move |_| whole.update(|whole| *whole = !*whole)
                                >
                                    {move || if whole.get() { "Hide the whole record" } else { "Show the whole record" }}
                                    <span class="vh">{about.get_value()}</span>
                                </button>
                            </div>
                        </Show>
                        <Show when=move || whole.get()>
                            <FactsView facts=kept.get_value() label=label.get_value() />
                        </Show>
                    </article>
                </li>
            }
        })
    }
}

#[component]
pub fn DraftItem(client: ClientId, session: SessionId, drafts: Memo<Vec<Drafted>>) -> impl IntoView {
    let draft = Memo::new(move |_| drafts.with(|drafts| drafts.iter().find(|draft| draft.session == session).cloned()));
    move || {
        draft.get().map(|Drafted { day, ago, title, facts, .. }| {
            view! {
                <li class="visit is-draft">
                    <p class="visit-date">
                        <time>{day.clone()}</time>
                        <small>{ago}</small>
                    </p>
                    <article class="visit-card card">
                        <div class="visit-head">
                            <h3>{title.clone()}</h3>
                            <span class="chip is-outline">
                                <Icon name="pen" />
                                "draft on this device"
                            </span>
                            <a class="btn quiet" href=format!("/clients/{client}/sessions/{session}")>
                                "Open"
                                <span class="vh">{format!(": {title}, {day}")}</span>
                            </a>
                        </div>
                        <Treatments treatments=facts.treatments.clone() />
                        <Notes facts needs_follow_up=false />
                        <p class="small soft">"Not signed yet"</p>
                    </article>
                </li>
            }
        })
    }
}

#[component]
fn Treatments(treatments: Vec<TreatmentFacts>) -> impl IntoView {
    let treatment = |treatment: TreatmentFacts| {
        let pulses = treatment.pulses.map(|pulses| words::count(pulses, "pulse", "pulses"));
        view! {
            <div class="visit-treats">
                <h4>{treatment.title()}</h4>
                <p class="visit-readings">
                    {treatment.readings.into_iter().map(|reading| view! { <Reading reading /> }).collect_view()}
                    {pulses.map(|pulses| view! { <span>{pulses}</span> })}
                </p>
            </div>
        }
    };
    treatments.into_iter().map(treatment).collect_view()
}

#[component]
fn Reading(reading: ReadingFacts) -> impl IntoView {
    let ReadingFacts { label, was, now, unit, .. } = reading;
    view! {
        <span>
            {label} " "
            {was
                .map(|was| {
                    view! {
                        <s>
                            <span class="vh">"was "</span>
                            {was}
                        </s>
                        " → "
                    }
                })} <b>{now}</b> " " {unit}
        </span>
    }
}

#[component]
fn Notes(facts: RecordFacts, needs_follow_up: bool) -> impl IntoView {
    let RecordFacts { response, adverse, note, .. } = facts;
    let nothing = response.is_none() && adverse.is_none() && note.is_none();
    let event = move |adverse: String| {
        let open = if needs_follow_up { ". Not followed up yet." } else { "" };
        format!("Adverse event. {adverse}{open}")
    };
    (!nothing).then(|| {
        view! {
            <ul class="visit-notes">
                {response
                    .map(|response| {
                        view! {
                            <li>
                                <Icon name="response" />
                                <span>{response}</span>
                            </li>
                        }
                    })}
                {adverse
                    .map(|adverse| {
                        view! {
                            <li class="is-warn">
                                <Icon name="alert" />
                                <span>{event(adverse)}</span>
                            </li>
                        }
                    })}
                {note
                    .map(|note| {
                        view! {
                            <li>
                                <Icon name="note" />
                                <span>"“" {note.text} "”"</span>
                            </li>
                        }
                    })}
            </ul>
        }
    })
}

#[component]
fn AddedItem(added: Added) -> impl IntoView {
    view! {
        <article class="addendum">
            <header>{added.head}</header>
            <p>{added.text}</p>
            {added.record.map(|record| view! { <Treatments treatments=record.treatments.clone() /> <Notes facts=record needs_follow_up=false /> })}
        </article>
    }
}
