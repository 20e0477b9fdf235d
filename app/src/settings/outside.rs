//! Bookings that lie outside of the hours that are typed. They are told, not refused: people are moved one by one.

use super::hours_editor::HoursEditor;
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    booking::Time,
    catalogue::Catalogue,
    chart::Chart,
    hours::OpeningHours,
    ids::{ClientId, SessionId},
    time::{ClinicClock, Moment},
};
use leptos::prelude::*;
use std::sync::Arc;

/// A booking that is still to be held.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Booked {
    client: ClientId,
    session: SessionId,
    name: String,
    time: Time,
}

/// Everybody's, by time.
fn booked<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>, now: Moment) -> Vec<Booked> {
    let of_chart = |chart: &'a Arc<Chart>| {
        chart.sessions.iter().flat_map(move |session| {
            let ahead = session.appointments.iter().filter(move |booked| booked.starts > now && !session.is_held(booked));
            ahead.map(move |booked| Booked {
                client: chart.client.id,
                session: session.id,
                name: chart.client.name.clone(),
                time: booked.time(),
            })
        })
    };
    let mut booked: Vec<_> = charts.flat_map(of_chart).collect();
    booked.sort_by_key(|booked| booked.time.starts);
    booked
}

fn outside(booked: &[Booked], hours: &OpeningHours, clock: &ClinicClock) -> Vec<Booked> {
    let covered = |time: Time| hours.covers(clock, time.provider, time.starts, time.minutes);
    booked.iter().filter(|booked| !covered(booked.time)).cloned().collect()
}

/// So many are shown at once.
const SHOWN: usize = 5;

/// What has to be moved when these hours hold.
#[component]
pub fn OutsideHours(editor: HoursEditor) -> impl IntoView {
    let workspace = use_workspace();
    // Read once, not at every keystroke.
    let booked = Memo::new(move |_| workspace.read(|replica| booked(replica.charts(), workspace.now.get())));
    let list = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        // While something is wrong with the hours, that is told instead.
        let Ok(hours) = editor.form.with(|form| form.read(|_| String::new())) else { return Vec::new() };
        booked.with(|booked| outside(booked, &hours, &catalogue.clock))
    });
    let head = move || match list.with(Vec::len) {
        1 => "1 booking lies outside these hours. It stays as it is until somebody moves it.".to_owned(),
        count => format!("{count} bookings lie outside these hours. They stay as they are until somebody moves them."),
    };
    let line = move |booked: Booked| workspace.catalogue().map(|catalogue| view! { <OutsideLine booked catalogue /> });
    let first = move || list.with(|list| list.iter().take(SHOWN).cloned().map(line).collect_view());
    let further = move || list.with(|list| list.iter().skip(SHOWN).cloned().map(line).collect_view());
    view! {
        <div role="status" class="newer">
            <Show when=move || list.with(|list| !list.is_empty())>
                <div class="say is-warn outside">
                    <Icon name="alert" />
                    <div>
                        <p>{head}</p>
                        <ul>{first}</ul>
                        <Show when=move || list.with(|list| list.len() > SHOWN)>
                            <details class="plan-more">
                                <summary>
                                    {move || format!("{} more", list.with(|list| list.len() - SHOWN))} <Icon name="down" />
                                </summary>
                                <ul>{further}</ul>
                            </details>
                        </Show>
                    </div>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn OutsideLine(booked: Booked, catalogue: Arc<Catalogue>) -> impl IntoView {
    let Booked { client, session, name, time } = booked;
    let day = catalogue.clock.day(time.starts);
    let when = format!("{}, {}–{}", day.heading(), catalogue.clock.time(time.starts), catalogue.clock.time(time.ends()));
    view! {
        <li>
            <a href=format!("/sessions/{client}/{session}")>{name}</a>
            <span class="num">{when} " · " {catalogue.staff_name(time.provider)}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::hours::Open;

    #[test]
    fn bookings_ahead_are_held_against_the_hours() {
        let mut chart = sample::chart(3);
        chart.sessions[0].appointments = sample::booked("2026-03-02T09:00:00Z");
        chart.sessions[1].appointments = sample::booked("2026-03-03T18:00:00Z");
        chart.sessions[2].appointments = sample::booked("2026-01-02T09:00:00Z");
        let now = sample::moment("2026-02-01T09:00:00Z");
        let ahead = booked(std::iter::once(&Arc::new(chart)), now);
        assert_eq!(ahead.len(), 2);
        let clock = ClinicClock { zone: "UTC".into(), offsets: vec![] };
        let mut hours = OpeningHours::default();
        assert!(outside(&ahead, &hours, &clock).is_empty());
        hours.week = std::array::from_fn(|_| vec![Open { from: 480, to: 1080 }]);
        assert_eq!(outside(&ahead, &hours, &clock), ahead[1..]);
        hours.closures.push(sample::day("2026-03-02"));
        assert_eq!(outside(&ahead, &hours, &clock), ahead);
    }
}
