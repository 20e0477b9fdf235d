//! The day as those see it who treat.

use super::{
    choice::Choice,
    model::{Place, Status, Visit},
};
use crate::{icon::Icon, workspace::use_workspace};
use leptos::prelude::*;

/// A line of the list: an appointment, or where the clock is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::large_enum_variant, reason = "a day has a few dozen; only large where pointers are")]
enum Line {
    Now(String),
    Visit(Visit),
}

/// Puts the line of now before the first visit that is not over.
fn lines(visits: &[Visit], now: Option<(domain::time::Moment, String)>) -> Vec<Line> {
    let mut lines: Vec<_> = visits.iter().cloned().map(Line::Visit).collect();
    if let Some((now, time)) = now {
        let position = visits.iter().position(|visit| visit.ends > now).unwrap_or(visits.len());
        lines.insert(position, Line::Now(time));
    }
    lines
}

#[component]
pub fn DayList(visits: Memo<Vec<Visit>>, is_today: Signal<bool>, choice: RwSignal<Choice>) -> impl IntoView {
    let workspace = use_workspace();
    let lines = Memo::new(move |_| {
        let now = is_today.get().then(|| workspace.now.get());
        let now = now.zip(workspace.catalogue()).map(|(now, catalogue)| (now, catalogue.clock.time(now)));
        visits.with(|visits| lines(visits, now))
    });
    view! {
        <ol class="day card">
            <For each=move || lines.get() key=Clone::clone let:line>
                {match line {
                    Line::Now(time) => {
                        view! {
                            <li class="day-line">
                                <span>
                                    <span class="vh">"Now: "</span>
                                    {time}
                                </span>
                            </li>
                        }
                            .into_any()
                    }
                    Line::Visit(visit) => view! { <VisitItem visit choice /> }.into_any(),
                }}
            </For>
        </ol>
    }
}

#[component]
fn VisitItem(visit: Visit, choice: RwSignal<Choice>) -> impl IntoView {
    let workspace = use_workspace();
    let (client, session) = (visit.client, visit.session);
    let charts = move || workspace.treats();
    let has_draft = Memo::new(move |_| workspace.draft(session).is_some());
    let unsent = Memo::new(move |_| workspace.read(|replica| replica.has_unsent(client)));
    let path = visit.path();
    let (name, time, datetime, series) = (visit.name.clone(), visit.time.clone(), visit.datetime.clone(), visit.series.clone());
    let (device, provider) = (visit.device.clone(), visit.provider_name.clone());
    let is_elsewhere = visit.provider.is_none();
    let (place, signed, needs_attention) = (visit.place, visit.signed.clone(), visit.needs_attention);
    let (consent_missing, photos_due) = (visit.consent_missing, visit.photos_due);
    let is_signed = signed.is_some();
    let status = Memo::new(move |_| visit.status(has_draft.get(), workspace.now.get()));
    let is_now = move || matches!(status.get(), Status::Due | Status::Draft);
    let action = move || match status.get() {
        Status::Signed => "Open",
        Status::Draft => "Continue",
        _ if !charts() => "Open",
        _ => "Start",
    };
    let label = {
        let name = name.clone();
        move || format!("{}: {name}", action())
    };
    view! {
        <li class="appt" class:is-now=is_now class:is-done=is_signed>
            <time class="appt-time" datetime=datetime>
                {time}
            </time>
            <div class="appt-who">
                <h2>
                    <a href=path.clone()>{name}</a>
                </h2>
                <p class="appt-what">
                    <span>{series}</span>
                    {device.map(|device| view! { <span class="soft">{device}</span> })}
                    {move || (choice.get().is_none() || is_elsewhere).then(|| view! { <span class="soft">{provider.clone()}</span> })}
                </p>
            </div>
            <div class="chips">
                {signed
                    .map(|signed| {
                        view! {
                            <span class="chip is-ok">
                                <Icon name="check" />
                                "signed "
                                {signed.when}
                            </span>
                        }
                    })}
                {place
                    .map(|place| match place {
                        Place::First => view! { <span class="chip is-outline">"first session"</span> }.into_any(),
                        Place::SecondToLast => view! { <WarnChip words="second-to-last" /> }.into_any(),
                        Place::Last => view! { <WarnChip words="last session" /> }.into_any(),
                    })}
                {consent_missing.then(|| view! { <WarnChip words="consent missing" /> })}
                <Show when=move || photos_due && charts()>
                    <span class="chip is-outline">
                        <Icon name="camera" />
                        "photos due"
                    </span>
                </Show>
                <Show when=move || has_draft.get()>
                    <span class="chip">
                        <Icon name="tablet" />
                        "draft on this device"
                    </span>
                </Show>
                <Show when=move || matches!(status.get(), Status::Over(_))>
                    <WarnChip words="not signed" />
                </Show>
                <Show when=move || unsent.get()>
                    <span class="chip">
                        <Icon name="tablet" />
                        "saved here"
                    </span>
                </Show>
                {needs_attention.then(|| view! { <WarnChip words="needs attention" /> })}
            </div>
            <a class="btn" class:primary=is_now href=path aria-label=label>
                {action}
            </a>
        </li>
    }
}

#[component]
fn WarnChip(words: &'static str) -> impl IntoView {
    view! {
        <span class="chip is-warn">
            <Icon name="alert" />
            {words}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{signed_record::sample, today::day_visits};
    use std::sync::Arc;

    #[test]
    fn now_stands_before_the_first_that_is_not_over() {
        let mut chart = sample::chart(6);
        chart.sessions[0].appointments = sample::booked("2026-11-21T08:00:00Z");
        chart.sessions[1].appointments = sample::booked("2026-11-21T09:00:00Z");
        let visits = day_visits([Arc::new(chart)].iter(), &sample::catalogue(), sample::day("2026-11-21"));
        let position = |time: &str| {
            let now = sample::moment(&format!("2026-11-21T{time}:00Z"));
            lines(&visits, Some((now, time.into()))).iter().position(|line| matches!(line, Line::Now(_)))
        };
        assert_eq!(position("07:00"), Some(0));
        assert_eq!(position("09:04"), Some(1));
        assert_eq!(position("18:00"), Some(2));
        assert_eq!(lines(&visits, None).len(), 2);
    }
}
