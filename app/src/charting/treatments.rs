//! The treatments of a session: several devices or procedures in one visit, each counting for its own series.

use super::{model::treatment_title, performs::left_out, use_charting};
use crate::icon::Icon;
use domain::{catalogue::Handpiece, record::Treatment};
use leptos::prelude::*;

#[component]
pub fn Treatments() -> impl IntoView {
    let charting = use_charting();
    let tabs = Memo::new(move |_| {
        let catalogue = charting.catalogue.get()?;
        charting.record.with(|record| {
            let tab = |treatment: &Treatment| {
                let open = catalogue.template(treatment.template).map(|template| treatment.open_points(template)).unwrap_or_default();
                let count = open.unconfirmed + open.missing + open.beyond + usize::from(open.no_area);
                (treatment_title(treatment, &catalogue), count)
            };
            Some(record.treatments.iter().map(tab).collect::<Vec<_>>())
        })
    });
    let add = move |_| {
        let Some(treatment) = blank(charting) else { return };
        let position = charting.record.with_untracked(|record| record.treatments.len());
        charting.edit(|record| record.treatments.push(treatment));
        charting.current.set(position);
    };
    let remove = move |_| {
        let current = charting.current.get_untracked();
        charting.edit(|record| {
            if current < record.treatments.len() {
                record.treatments.remove(current);
            }
        });
        charting.current.set(current.saturating_sub(1));
    };
    let several = move || charting.record.with(|record| record.treatments.len() > 1);
    let tab = move |(position, (title, open)): (usize, (String, usize))| {
        let selected = move || charting.current.get() == position;
        view! {
            <button
                class="treat"
                type="button"
                role="tab"
                aria-selected=move || selected().to_string()
                aria-controls="treatment"
                on:click=move |_| charting.current.set(position)
            >
                {title}
                <Show when=move || { open > 0 && !selected() }>
                    <span class="open-count" aria-label=format!("{open} open")>
                        {open}
                    </span>
                </Show>
            </button>
        }
    };
    view! {
        <div class="treats" id="treatments">
            <Show when=move || tabs.with(|tabs| tabs.as_ref().is_some_and(|tabs| !tabs.is_empty()))>
                <div role="tablist" aria-label="Treatments of this session">
                    {move || tabs.get().unwrap_or_default().into_iter().enumerate().map(tab).collect_view()}
                </div>
            </Show>
            <button class="treat is-add" type="button" on:click=add>
                <Icon name="plus" />
                "Treatment"
            </button>
            <Show when=several>
                <button class="treat is-add" type="button" on:click=remove>
                    <Icon name="trash" />
                    "Remove this one"
                </button>
            </Show>
        </div>
    }
}

/// A new treatment: on the first device that is not used in this visit yet, counting for a series that is not counted yet.
fn blank(charting: super::Charting) -> Option<Treatment> {
    let (chart, catalogue) = charting.chart.get_untracked().zip(charting.catalogue.get_untracked())?;
    charting.record.with_untracked(|record| {
        let used = |id| record.treatments.iter().any(|treatment| treatment.device == id);
        let counted = |id| record.treatments.iter().any(|treatment| treatment.counts_for == Some(id));
        let left = left_out(record, &chart, charting.session);
        let counts_for = match record.treatments.is_empty() || !left.is_empty() {
            true => Some(charting.session),
            false => chart.plans.iter().filter_map(|plan| chart.next_session(plan.id)).map(|next| next.id).find(|id| !counted(*id)),
        };
        // The series' own device first: what it, or what is left of it, was treated with last.
        let next = left.first().filter(|_| counts_for == Some(charting.session));
        let is_next = |last: &Treatment| next.is_none_or(|next| last.procedure == Some(next.id));
        let last = counts_for.and_then(|id| chart.opening_record(id, &catalogue).treatments.into_iter().find(is_next));
        if let Some(last) = last {
            return Some(Treatment { counts_for, ..last });
        }
        let wanted = next.and_then(|next| next.template);
        let fits = |handpiece: &Handpiece| !handpiece.retired && wanted.is_none_or(|wanted| handpiece.template == wanted);
        let devices = || catalogue.devices.iter().filter(|device| !device.retired);
        let fitting = devices().find(|device| wanted.is_some() && device.handpieces.iter().any(fits));
        let device = fitting.or_else(|| devices().find(|device| !used(device.id))).or_else(|| devices().next())?;
        let handpiece = device.handpieces.iter().find(|one| fits(one)).or_else(|| device.handpieces.iter().find(|one| !one.retired))?;
        let new = chart.new_treatment(counts_for, device.id, handpiece.id, &[], &catalogue)?;
        let likely = counts_for.and_then(|session| chart.likely_procedure(session, new.template.id, &record.treatments));
        Some(Treatment { procedure: next.map(|next| next.id).or(likely), ..new })
    })
}
