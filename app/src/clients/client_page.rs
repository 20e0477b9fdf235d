//! One client: who they are, what they bought, and all that was done.

use super::{
    contact::ContactCard, follow_up::FollowUp, messages::Messages, plan_card::PlanCard, plan_facts::order, sell::Sell,
    unknown::UnknownClient,
};
use crate::{
    consent::Consents,
    icon::Icon,
    photos::{SeriesInPictures, SharedPictures},
    timeline::Timeline,
    workspace::use_workspace,
};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, SessionId},
    session::Session,
    time::Day,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What stands above the plans.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    name: String,
    initials: String,
    born: String,
    skin: Option<&'static str>,
    allergies: Vec<String>,
    /// Booked for today.
    today: Option<SessionId>,
}

fn head(chart: &Chart, catalogue: &Catalogue, today: Day) -> Head {
    let is_open = |session: &&Session| chart.delivered_in(session.id).is_none() || !chart.outstanding(session.id).is_empty();
    let booked_today = chart.sessions.iter().filter(is_open).flat_map(|session| {
        let ahead = session.appointments.iter().filter(|booked| !session.is_held(booked));
        let elsewhere = chart.kept_elsewhere(session.id).map(|kept| kept.starts);
        let starts = ahead.map(|booked| booked.starts).chain(elsewhere);
        starts.filter(|starts| catalogue.clock.day(*starts) == today).map(|starts| (starts, session.id))
    });
    let client = &chart.client;
    Head {
        name: client.name.clone(),
        initials: client.initials(),
        born: client.birth_date.long(),
        skin: client.skin_type.map(|skin| skin.label()),
        allergies: client.allergies.split(['\n', ';']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        today: booked_today.min().map(|(_, session)| session),
    }
}

/// The client in the address.
#[component]
pub fn ClientPage() -> impl IntoView {
    let workspace = use_workspace();
    let params = use_params_map();
    let asked = Memo::new(move |_| params.with(|params| params.get("client").and_then(|id| id.parse::<ClientId>().ok())));
    let client = Memo::new(move |_| asked.get().filter(|client| workspace.chart(*client).is_some()));
    view! {
        <div class="page">
            {move || match client.get() {
                Some(client) => view! { <Known client /> }.into_any(),
                None => view! { <UnknownClient /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Known(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let head = Memo::new(move |_| {
        let known = workspace.chart(client).zip(workspace.catalogue()).zip(workspace.today());
        known.map(|((chart, catalogue), today)| head(&chart, &catalogue, today))
    });
    let plans = Memo::new(move |_| workspace.chart(client).map(|chart| order(&chart)).unwrap_or_default());
    let unsent = Memo::new(move |_| workspace.read(|replica| replica.has_unsent(client)));
    let came_back = RwSignal::new(Vec::new());
    view! {
        {move || head.get().map(|head| view! { <ClientHead client head unsent /> })}
        <ContactCard client came_back />
        <h2 class="vh">"Plans"</h2>
        <ul class="plans">
            <For each=move || plans.get() key=|plan| *plan let:plan>
                <PlanCard client plan />
            </For>
        </ul>
        <Sell client />
        <Consents client />
        <SeriesInPictures client />
        <SharedPictures client />
        <FollowUp client />
        <Messages client came_back />
        <Timeline client />
        <Show when=move || workspace.reads_audit()>
            <a class="btn quiet audit-link" href=format!("/clients/{client}/audit")>
                <Icon name="eye" />
                "Who looked"
            </a>
        </Show>
    }
}

#[component]
fn ClientHead(client: ClientId, head: Head, unsent: Memo<bool>) -> impl IntoView {
    let Head { name, initials, born, skin, allergies, today } = head;
    view! {
        <header class="client-head">
            <span class="avatar" aria-hidden="true">
                {initials}
            </span>
            <div class="who">
                <h1>{name}</h1>
                <p class="who-facts">
                    <span>
                        <span class="vh">"Born "</span>
                        {born}
                    </span>
                    {skin.map(|skin| view! { <span>"Skin type " <b>{skin}</b></span> })}
                </p>
            </div>
            {today
                .map(|session| {
                    view! {
                        <a class="btn primary" href=format!("/clients/{client}/sessions/{session}")>
                            "Open today’s chart"
                        </a>
                    }
                })}
            <ul class="chips" aria-label="Alerts">
                {allergies
                    .into_iter()
                    .map(|allergy| {
                        view! {
                            <li class="chip is-warn">
                                <Icon name="alert" />
                                {allergy}
                            </li>
                        }
                    })
                    .collect_view()}
                <Show when=move || unsent.get()>
                    <li class="chip">
                        <Icon name="tablet" />
                        "saved here, not yet at the clinic"
                    </li>
                </Show>
            </ul>
        </header>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn todays_chart_is_offered_until_it_is_signed() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(2);
        chart.client.allergies = "Lidocaine cream; latex".into();
        chart.sessions[0].appointments = sample::booked("2026-01-10T09:00:00Z");
        let told = head(&chart, &catalogue, sample::day("2026-01-10"));
        assert_eq!(told.today, Some(sample::session(1)));
        assert_eq!(told.allergies, ["Lidocaine cream", "latex"]);
        let chart = sample::signed(&chart, &catalogue, 1, 18);
        assert_eq!(head(&chart, &catalogue, sample::day("2026-01-10")).today, None);
    }
}
