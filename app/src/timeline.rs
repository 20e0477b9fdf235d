//! One history of a client over all devices, the newest first. What is being charted stands on top.

mod entry;
mod visit;

use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::{ClientId, SessionId};
pub use entry::{Drafted, Visit, drafted, history};
use leptos::prelude::*;
use std::collections::BTreeSet;
use visit::{DraftItem, VisitItem};

/// A line of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Line {
    Year(i16),
    Draft(SessionId),
    Visit(SessionId),
}

/// Years stand before the first visit of each.
fn lines(drafts: &[Drafted], visits: &[Visit]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut year = None;
    let dated = drafts
        .iter()
        .map(|draft| (draft.year, Line::Draft(draft.session)))
        .chain(visits.iter().map(|visit| (visit.year, Line::Visit(visit.session))));
    for (of, line) in dated {
        if year.replace(of) != Some(of) {
            lines.push(Line::Year(of));
        }
        lines.push(line);
    }
    lines
}

/// Everything that was done with a client.
#[component]
pub fn Timeline(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let visits = Memo::new(move |_| {
        let known = workspace.chart(client).zip(workspace.catalogue()).zip(workspace.today());
        known.map(|((chart, catalogue), today)| history(&chart, &catalogue, today)).unwrap_or_default()
    });
    // Apart from the visits, since a draft changes with every key.
    let drafts = Memo::new(move |_| {
        let known = workspace.chart(client).zip(workspace.catalogue()).zip(workspace.today());
        known.map(|((chart, catalogue), today)| drafted(&chart, &catalogue, today, |session| workspace.draft(session))).unwrap_or_default()
    });
    let lines = Memo::new(move |_| drafts.with(|drafts| visits.with(|visits| lines(drafts, visits))));
    let said = Memo::new(move |_| visits.with(|visits| said(visits)));
    view! {
        <div class="client-sec-head">
            <h2>"History"</h2>
            <span class="soft">{said}</span>
        </div>
        <Show
            when=move || !lines.with(Vec::is_empty)
            fallback=|| {
                view! {
                    <div class="card empty">
                        <Icon name="history" />
                        <h3>"No session yet"</h3>
                        <p>"The first one appears here as soon as it is charted."</p>
                    </div>
                }
            }
        >
            <ol class="timeline">
                <For each=move || lines.get() key=|line| *line let:line>
                    {match line {
                        Line::Year(year) => {
                            view! {
                                <li class="tl-year">
                                    <span>{year}</span>
                                </li>
                            }
                                .into_any()
                        }
                        Line::Draft(session) => view! { <DraftItem client session drafts /> }.into_any(),
                        Line::Visit(session) => view! { <VisitItem client session visits /> }.into_any(),
                    }}
                </For>
            </ol>
        </Show>
    }
}

/// `7 sessions, 3 devices`.
fn said(visits: &[Visit]) -> String {
    let devices: BTreeSet<_> = visits.iter().flat_map(|visit| &visit.devices).collect();
    let sessions = crate::words::count(visits.len() as u64, "session", "sessions");
    format!("{sessions}, {}", crate::words::count(devices.len() as u64, "device", "devices"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn years_head_their_visits() {
        let catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::signed(&sample::chart(6), &catalogue, 1, 18), &catalogue, 2, 20);
        chart.sessions[0].signed.as_mut().expect("signed").at = sample::moment("2025-12-01T09:00:00Z");
        let visits = history(&chart, &catalogue, sample::day("2026-11-21"));
        let first = [Line::Year(2026), Line::Visit(sample::session(2)), Line::Year(2025), Line::Visit(sample::session(1))];
        assert_eq!(lines(&[], &visits), first);
        assert_eq!(said(&visits), "2 sessions, 1 device");
    }
}
