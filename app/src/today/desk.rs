//! The day as the front desk sees it: everyone at once, and how far each visit is.

use super::model::{Status, Visit};
use crate::{icon::Icon, workspace::use_workspace};
use leptos::prelude::*;

/// The line above the board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    booked: usize,
    signed: usize,
    drafts: usize,
    over: usize,
}

fn counts(statuses: impl Iterator<Item = Status>) -> Counts {
    statuses.fold(Counts::default(), |mut counts, status| {
        counts.booked += 1;
        match status {
            Status::Signed => counts.signed += 1,
            Status::Draft => counts.drafts += 1,
            Status::Over(_) => counts.over += 1,
            Status::Planned | Status::Due => {}
        }
        counts
    })
}

/// Class, icon and words of a status.
fn shown(status: Status, visit: &Visit) -> (&'static str, &'static str, String) {
    match (status, &visit.signed) {
        (Status::Signed, Some(signed)) => ("status is-signed", "check-circle", format!("signed {} by {}", signed.when, signed.by)),
        (Status::Signed, None) => ("status is-signed", "check-circle", "signed".to_owned()),
        (Status::Draft, _) => ("status is-charting", "pen", "draft on this device".to_owned()),
        // After some hours the minutes say nothing any more.
        (Status::Over(minutes @ 0..=180), _) => ("status is-missed", "alert", format!("not signed, {minutes} min over")),
        (Status::Over(_), _) => ("status is-missed", "alert", "not signed".to_owned()),
        (Status::Due, _) => ("status is-charting", "clock", "due now".to_owned()),
        (Status::Planned, _) => ("status is-planned", "clock", "planned".to_owned()),
    }
}

#[component]
pub fn DeskBoard(visits: Memo<Vec<Visit>>, is_today: Signal<bool>) -> impl IntoView {
    let workspace = use_workspace();
    let counted = Memo::new(move |_| {
        let now = workspace.now.get();
        visits.with(|visits| counts(visits.iter().map(|visit| visit.status(workspace.draft(visit.session).is_some(), now))))
    });
    view! {
        <p class="desk-counts">
            <span>
                <b>{move || counted.get().booked}</b>
                " booked"
            </span>
            <span>
                <b>{move || counted.get().signed}</b>
                " signed"
            </span>
            <Show when=move || { counted.get().drafts > 0 }>
                <span>
                    <b>{move || counted.get().drafts}</b>
                    " charting here"
                </span>
            </Show>
            <Show when=move || { counted.get().over > 0 }>
                <span>
                    <b>{move || counted.get().over}</b>
                    {move || if is_today.get() { " over time" } else { " not signed" }}
                </span>
            </Show>
        </p>
        <div class="desk card" tabindex="0" role="region" aria-label="The day’s appointments" data-scroll>
            <table class="grid">
                <thead>
                    <tr>
                        <th scope="col">"Time"</th>
                        <th scope="col">"Client"</th>
                        <th scope="col">"Session"</th>
                        <th scope="col">"Series"</th>
                        <th scope="col">"Provider"</th>
                        <th scope="col">"Status"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || visits.get() key=Clone::clone let:visit>
                        <BoardRow visit />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn BoardRow(visit: Visit) -> impl IntoView {
    let workspace = use_workspace();
    let (client, session) = (visit.client, visit.session);
    let has_draft = Memo::new(move |_| workspace.draft(session).is_some());
    let unsent = Memo::new(move |_| workspace.read(|replica| replica.has_unsent(client)));
    let status = StoredValue::new(visit.clone());
    let status = Memo::new(move |_| status.with_value(|visit| visit.status(has_draft.get(), workspace.now.get())));
    let is_now = move || matches!(status.get(), Status::Due | Status::Draft);
    let is_done = visit.signed.is_some();
    let pips: Vec<_> = (0..visit.purchased)
        .map(|n| match n {
            n if n < visit.delivered => "is-done",
            n if n == visit.delivered && !is_done => "is-now",
            _ => "",
        })
        .collect();
    let remaining = format!("{} of {} remaining", visit.remaining(), visit.purchased);
    let (time, datetime, name, series) = (visit.time.clone(), visit.datetime.clone(), visit.name.clone(), visit.series.clone());
    let (device, provider) = (visit.device.clone(), visit.provider_name.clone());
    let warnings = [(visit.consent_missing, "consent missing"), (visit.needs_attention, "needs attention")];
    view! {
        <tr class:is-now=is_now class:is-done=is_done>
            <td class="desk-time">
                <time datetime=datetime>{time}</time>
            </td>
            <td class="desk-client">
                <a href=format!("/clients/{client}")>{name}</a>
            </td>
            <td class="desk-plan">
                {series} <br /> <span class="soft small">{device}</span>
            </td>
            <td class="nowrap">
                <span class="pips" aria-hidden="true">
                    {pips.into_iter().map(|class| view! { <i class=class></i> }).collect_view()}
                </span>
                {remaining}
            </td>
            <td class="nowrap">{provider}</td>
            <td>
                {move || {
                    let (class, icon, words) = shown(status.get(), &visit);
                    view! {
                        <span class=class>
                            <Icon name=icon />
                            {words}
                        </span>
                    }
                }} " " <Show when=move || unsent.get()>
                    <span class="chip">
                        <Icon name="tablet" />
                        "saved here"
                    </span>
                </Show>
                {warnings
                    .into_iter()
                    .filter(|(is_so, _)| *is_so)
                    .map(|(_, words)| {
                        view! {
                            <span class="chip is-warn">
                                <Icon name="alert" />
                                {words}
                            </span>
                        }
                    })
                    .collect_view()}
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_counts_what_it_shows() {
        let statuses = [Status::Signed, Status::Signed, Status::Draft, Status::Over(25), Status::Planned, Status::Due];
        assert_eq!(counts(statuses.into_iter()), Counts { booked: 6, signed: 2, drafts: 1, over: 1 });
    }
}
