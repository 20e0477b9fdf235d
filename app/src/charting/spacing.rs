//! Something was done too short a time before: seen before the next laser fires. Signing it nevertheless wants a reason.

use super::{Charting, model::OpenItem, use_charting};
use crate::icon::Icon;
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::SessionId,
    record::Record,
    spacing::{Concern, Intended},
    time::Day,
};
use leptos::prelude::*;

/// What stands against what is charted, were it done today. Treatments of one visit do not stand against each other.
pub fn concerns(record: &Record, session: SessionId, chart: &Chart, today: Day, catalogue: &Catalogue) -> Vec<Concern> {
    let intended = record.treatments.iter().map(|treatment| {
        let areas = treatment.areas.iter().map(|treated| treated.area.clone()).collect();
        Intended { template: treatment.template.id, areas }
    });
    let mut concerns = chart.spacing_concerns(&intended.collect::<Vec<_>>(), today, catalogue);
    concerns.retain(|concern| concern.visit != session || concern.days > 0);
    concerns
}

/// The reason that is signed with the record: none where there is nothing to give a reason for.
pub fn reason(record: &Record, concerns: &[Concern]) -> Option<String> {
    let reason = record.despite.as_deref().unwrap_or_default().trim();
    (!concerns.is_empty() && !reason.is_empty()).then(|| reason.to_owned())
}

/// What the sign bar says while the reason is missing.
pub fn open_item(record: &Record, concerns: &[Concern]) -> Option<OpenItem> {
    let missing = !concerns.is_empty() && reason(record, concerns).is_none();
    missing.then(|| OpenItem { text: "Too soon? Say why".to_owned(), treatment: None, section: "spacing" })
}

impl Charting {
    /// What stands against what is charted now.
    pub fn spacing_concerns(&self) -> Vec<Concern> {
        let known = self.chart.get().zip(self.catalogue.get()).zip(self.workspace.today());
        known.map_or_else(Vec::new, |((chart, catalogue), today)| {
            self.record.with(|record| concerns(record, self.session, &chart, today, &catalogue))
        })
    }
}

/// The concerns and the reason, among the parts of the chart.
#[component]
pub fn Spacing() -> impl IntoView {
    let charting = use_charting();
    let concerns = Memo::new(move |_| charting.spacing_concerns());
    let written = move || charting.record.with(|record| record.despite.clone().unwrap_or_default());
    let line = move |concern: Concern| {
        view! {
            <li>
                {concern.sentence()}
                " "
                <a href=format!("/clients/{}/sessions/{}", charting.client, concern.visit)>"Look at that visit"</a>
            </li>
        }
    };
    view! {
        <Show when=move || !concerns.with(Vec::is_empty)>
            <section class="spacing" id="spacing" aria-labelledby="spacing-h">
                <h2 id="spacing-h">
                    <Icon name="alert" />
                    "Too soon?"
                </h2>
                <ul>{move || concerns.get().into_iter().map(line).collect_view()}</ul>
                <div class="field">
                    <label for="despite">"Why nevertheless?"</label>
                    <input
                        class="input"
                        id="despite"
                        autocomplete="off"
                        maxlength="500"
                        prop:value=written
                        on:input=move |event| {
                            let text = event_target_value(&event);
                            charting.edit(|record| record.despite = (!text.is_empty()).then_some(text));
                        }
                    />
                </div>
            </section>
        </Show>
    }
}

/// The same in the briefing; nothing where no chart is open.
#[component]
pub fn SpacingLines() -> impl IntoView {
    // Of a chart that was signed a moment ago the context is still there, without what it held.
    let charting = use_context::<Charting>().filter(|charting| !charting.record.is_disposed());
    let concerns = Memo::new(move |_| charting.map(|charting| (charting.client, charting.spacing_concerns())));
    move || {
        let (client, concerns) = concerns.get()?;
        let line = |concern: Concern| {
            view! {
                <li class="is-warn">
                    <Icon name="alert" />
                    <span>
                        {concern.sentence()}
                        <small>
                            <a href=format!("/clients/{client}/sessions/{}", concern.visit)>"Look at that visit"</a>
                        </small>
                    </span>
                </li>
            }
        };
        Some(concerns.into_iter().map(line).collect_view())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::spacing::SpacingRule;

    #[test]
    fn what_is_charted_too_soon_wants_a_reason_and_the_same_visit_does_not_stand_against_itself() {
        let mut catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        let template = catalogue.templates[0].id;
        catalogue.spacing = vec![SpacingRule { earlier: template, later: template, region: None, days: 28 }];
        let mut record = sample::record(&chart, &catalogue, 2, 18);
        let told = |record: &Record, session, day| concerns(record, session, &chart, sample::day(day), &catalogue);
        assert!(told(&record, sample::session(2), "2026-02-20").is_empty());
        let soon = told(&record, sample::session(2), "2026-01-23");
        assert_eq!(soon[0].sentence(), "Alexandrite on Cheek L 13 days before; 28 are usual.");
        assert!(told(&record, sample::session(1), "2026-01-10").is_empty());
        assert_eq!(told(&record, sample::session(1), "2026-01-11").len(), 1);

        assert_eq!(open_item(&record, &soon).map(|item| item.section), Some("spacing"));
        record.despite = Some("  ".to_owned());
        assert_eq!((reason(&record, &soon), open_item(&record, &soon).is_some()), (None, true));
        record.despite = Some(" Only touched up. ".to_owned());
        assert_eq!((reason(&record, &soon).as_deref(), open_item(&record, &soon)), (Some("Only touched up."), None));
        // What was typed for a concern that is gone is not signed.
        assert_eq!(reason(&record, &[]), None);
        // Nothing is charted: nothing is too soon.
        assert!(told(&Record::default(), sample::session(2), "2026-01-23").is_empty());
    }
}
