//! The note left last time: on top until somebody settles it.

use super::{Charting, model::provenance, use_charting};
use crate::icon::Icon;
use domain::{carry_forward::StandingNote, note::NoteOutcome, template::Value};
use leptos::prelude::*;

#[component]
pub fn StandingNotes() -> impl IntoView {
    let charting = use_charting();
    let notes = Memo::new(move |_| {
        let plan = charting.visit()?.plan;
        charting.chart.with(|chart| chart.as_ref().map(|chart| chart.standing_notes(plan)))
    });
    view! {
        <For each=move || notes.get().unwrap_or_default() key=|standing| standing.session let:standing>
            <Note standing />
        </For>
    }
}

#[component]
fn Note(standing: StandingNote) -> impl IntoView {
    let charting = use_charting();
    let session = standing.session;
    let decided = Memo::new(move |_| charting.record.with(|record| record.note_decision(session)));
    let from = move || {
        let (chart, catalogue) = charting.chart.get().zip(charting.catalogue.get())?;
        Some(provenance(&chart, &catalogue, session))
    };
    let step = Memo::new({
        let standing = standing.clone();
        move |_| step(charting, &standing)
    });
    let heading = move || match decided.get() {
        None => "From last time".to_owned(),
        Some(NoteOutcome::Applied) => "From last time, applied".to_owned(),
        Some(NoteOutcome::Acknowledged) => "From last time, read".to_owned(),
        Some(NoteOutcome::NotToday) => "From last time, not today".to_owned(),
    };
    let settle = move |outcome| move |_| charting.edit(|record| record.settle_note(session, outcome));
    let apply = {
        let standing = standing.clone();
        move |_| charting.edit(|record| record.apply_note(&standing))
    };
    let apply = StoredValue::new(apply);
    let heading_id = format!("note-{session}");
    let labelled_by = heading_id.clone();
    view! {
        <section class="from-last" class:is-settled=move || decided.get().is_some() aria-labelledby=labelled_by>
            <div>
                <h2 id=heading_id>
                    {move || if decided.get().is_some() { view! { <Icon name="check" /> } } else { view! { <Icon name="note" /> } }}
                    {heading}
                    " · "
                    {from}
                </h2>
                <blockquote>"“" {standing.note.text.clone()} "”"</blockquote>
            </div>
            <div class="btn-row">
                <Show
                    when=move || decided.get().is_none()
                    fallback=move || {
                        view! {
                            <button class="btn quiet" type="button" on:click=move |_| charting.edit(|record| record.reopen_note(session))>
                                <Icon name="undo" />
                                "Undo"
                            </button>
                        }
                    }
                >
                    <button class="btn" type="button" on:click=settle(NoteOutcome::NotToday)>
                        "Not today"
                    </button>
                    {move || match step.get() {
                        Some((from, to)) => {
                            view! {
                                <button class="btn primary" type="button" on:click=move |_| apply.with_value(|apply| apply(()))>
                                    "Apply "
                                    {from}
                                    " "
                                    <Icon name="arrow" />
                                    <span class="vh">"to"</span>
                                    " "
                                    {to}
                                </button>
                            }
                                .into_any()
                        }
                        None => {
                            view! {
                                <button class="btn primary" type="button" on:click=settle(NoteOutcome::Acknowledged)>
                                    <Icon name="check" />
                                    "Got it"
                                </button>
                            }
                                .into_any()
                        }
                    }}
                </Show>
            </div>
        </section>
    }
}

/// `(18, 20)`: what applying would do to the first reading it concerns.
fn step(charting: Charting, standing: &StandingNote) -> Option<(String, String)> {
    let change = standing.note.change.as_ref()?;
    let proposal = charting.record.with(|record| record.proposals(change).into_iter().next())?;
    let show = |value: &Value| value.show(domain::amount::Unit::None);
    Some((show(&proposal.from), show(&proposal.to)))
}
