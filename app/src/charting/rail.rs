//! Beside the chart: what to know before beginning, and all that was done so far.

use super::spacing::SpacingLines;
use crate::{clients::SessionOffer, icon::Icon, photos::PhotoPanel, timeline::Timeline, words, workspace::use_workspace};
use domain::ids::{ClientId, SessionId};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RailPanel {
    Briefing,
    Timeline,
    Photos,
}

impl RailPanel {
    fn label(self) -> &'static str {
        match self {
            Self::Briefing => "Briefing",
            Self::Timeline => "Timeline",
            Self::Photos => "Photos",
        }
    }
}

/// `panel` is set by the page where there is room for one part only; otherwise the rail has tabs of its own.
#[component]
pub fn Rail(client: ClientId, session: SessionId, panel: Signal<Option<RailPanel>>) -> impl IntoView {
    let own = RwSignal::new(RailPanel::Briefing);
    let shown = move || panel.get().unwrap_or_else(|| own.get());
    let tab = move |choice: RailPanel| {
        view! {
            <button
                type="button"
                role="tab"
                aria-controls="rail-panel"
                aria-selected=move || (shown() == choice).to_string()
                on:click=move |_| own.set(choice)
            >
                {choice.label()}
            </button>
        }
    };
    view! {
        <aside class="chart-rail" aria-label="Briefing, timeline and photographs">
            <div class="tabs rail-tabs" role="tablist" aria-label="Rail">
                {[RailPanel::Briefing, RailPanel::Timeline, RailPanel::Photos].map(tab).collect_view()}
            </div>
            <div id="rail-panel" role="tabpanel" aria-label=move || shown().label() tabindex="0">
                {move || match shown() {
                    RailPanel::Briefing => {
                        view! {
                            <SessionOffer client session until_signed=true />
                            <Briefing client session />
                        }
                            .into_any()
                    }
                    RailPanel::Timeline => view! { <Timeline client /> }.into_any(),
                    RailPanel::Photos => view! { <PhotoPanel client session /> }.into_any(),
                }}
            </div>
        </aside>
    }
}

#[component]
fn Briefing(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let chart = Memo::new(move |_| workspace.chart(client));
    move || {
        let chart = chart.get()?;
        let catalogue = workspace.catalogue()?;
        let today = workspace.today()?;
        let warn = |text: String, more: String| {
            view! {
                <li class="is-warn">
                    <Icon name="alert" />
                    <span>{text} <small>{more}</small></span>
                </li>
            }
        };
        let allergies = Some(chart.client.allergies.clone()).filter(|text| !text.is_empty());
        let allergies = allergies.map(|text| warn(text, "Allergies and sensitivities".to_owned()));
        let open = chart.sessions.iter().filter(|visit| visit.needs_follow_up()).map(|visit| {
            let text = visit.signed.iter().filter_map(|signed| signed.record.response.adverse.as_ref()).map(|event| event.text.clone());
            let worries: Vec<_> = visit.reports.iter().filter(|report| report.is_open()).map(words::report).collect();
            if worries.is_empty() {
                warn("An adverse event is not followed up".to_owned(), text.collect())
            } else {
                warn(format!("{} is worried since session {}", chart.client.first_name(), visit.number), worries.join(" "))
            }
        });
        let open = open.collect_view();
        let visits = chart.history();
        let recent = visits.iter().filter(|(visit, _)| visit.id != session).take(3).map(|(visit, signed)| {
            let day = catalogue.clock.day(signed.at);
            let ago = match today.since(day) {
                0 => "today".to_owned(),
                1 => "yesterday".to_owned(),
                days => format!("{days} days ago"),
            };
            let what = signed.record.treatments.iter().map(|treatment| super::model::treatment_title(treatment, &catalogue));
            let plan = chart.plan(visit.plan).map_or_else(String::new, |plan| plan.name.clone());
            view! {
                <li>
                    <Icon name="history" />
                    <span>{format!("{plan}, {ago}")} <small>{what.collect::<Vec<_>>().join("; ")}</small></span>
                </li>
            }
        });
        let recent = recent.collect_view();
        let series = chart.plans.iter().map(|plan| {
            view! {
                <li>
                    <Icon name="laser" />
                    <span>{plan.name.clone()} <small>{chart.balance(plan.id).sentence(chart.client.first_name())}</small></span>
                </li>
            }
        });
        let series = series.collect_view();
        let notes = chart.device_notes.iter().map(|note| {
            let device = catalogue.device(note.device).map_or_else(String::new, |device| device.model.clone());
            view! {
                <li>
                    <Icon name="pin" />
                    <span>{note.remark.text.clone()} <small>{device}</small></span>
                </li>
            }
        });
        let notes = notes.collect_view();
        Some(view! {
            <div class="brief">
                <section aria-labelledby="brief-before">
                    <h2 id="brief-before">"Before you begin"</h2>
                    <ul class="brief-list">{allergies} <SpacingLines /> {open} {recent}</ul>
                </section>
                <section aria-labelledby="brief-series">
                    <h2 id="brief-series">"Series"</h2>
                    <ul class="brief-list">{series}</ul>
                </section>
                <section aria-labelledby="brief-devices">
                    <h2 id="brief-devices">"On our devices"</h2>
                    <ul class="brief-list">{notes}</ul>
                </section>
            </div>
        })
    }
}
