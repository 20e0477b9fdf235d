//! One client: who they are, what they bought, and all that was done.

use super::contact::ContactCard;
use crate::{icon::Icon, timeline::Timeline, workspace::use_workspace};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, PlanId, SessionId},
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

/// One plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PlanFacts {
    id: PlanId,
    name: String,
    says: String,
    purchased: u16,
    delivered: u16,
    /// The next session and its number.
    next: Option<(SessionId, u16)>,
}

fn head(chart: &Chart, catalogue: &Catalogue, today: Day) -> Head {
    let booked_today = chart.sessions.iter().filter(|session| {
        let booked = session.appointment.is_some_and(|appointment| catalogue.clock.day(appointment.starts) == today);
        booked && chart.delivered_in(session.id).is_none()
    });
    let client = &chart.client;
    Head {
        name: client.name.clone(),
        initials: client.initials(),
        born: client.birth_date.long(),
        skin: client.skin_type.map(|skin| skin.label()),
        allergies: client.allergies.split(['\n', ';']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        today: booked_today.min_by_key(|session| session.appointment.map(|appointment| appointment.starts)).map(|session| session.id),
    }
}

fn plans(chart: &Chart) -> Vec<PlanFacts> {
    let facts = |plan: &domain::chart::Plan| {
        let balance = chart.balance(plan.id);
        let next = balance.next.and_then(|number| {
            let session = chart.sessions.iter().find(|session| session.plan == plan.id && session.number == number);
            session.map(|session| (session.id, number))
        });
        PlanFacts {
            id: plan.id,
            name: plan.name.clone(),
            says: balance.sentence(chart.client.first_name()),
            purchased: balance.purchased,
            delivered: balance.delivered,
            next,
        }
    };
    let mut plans: Vec<_> = chart.plans.iter().map(facts).collect();
    // What is over stands last.
    plans.sort_by_key(|plan| plan.next.is_none());
    plans
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
                None => view! { <Unknown /> }.into_any(),
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
    let plans = Memo::new(move |_| workspace.chart(client).map(|chart| plans(&chart)).unwrap_or_default());
    let unsent = Memo::new(move |_| workspace.read(|replica| replica.has_unsent(client)));
    view! {
        {move || head.get().map(|head| view! { <ClientHead client head unsent /> })}
        <ContactCard client />
        <h2 class="vh">"Plans"</h2>
        <ul class="plans">
            <For each=move || plans.get() key=Clone::clone let:plan>
                <PlanCard client plan />
            </For>
        </ul>
        <Timeline client />
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

#[component]
fn PlanCard(client: ClientId, plan: PlanFacts) -> impl IntoView {
    let workspace = use_workspace();
    let charts = move || workspace.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.charts()));
    let pips = (0..plan.purchased).map(|n| match n {
        n if n < plan.delivered => "is-done",
        n if n == plan.delivered => "is-now",
        _ => "",
    });
    view! {
        <li class="plan-card card" class:is-over=plan.next.is_none()>
            <h3>{plan.name}</h3>
            <p class="plan-says">{plan.says}</p>
            <span class="pips" aria-hidden="true">
                {pips.map(|class| view! { <i class=class></i> }).collect_view()}
            </span>
            {plan
                .next
                .map(|(session, number)| {
                    view! {
                        <a class="btn" href=format!("/clients/{client}/sessions/{session}")>
                            {move || if charts() { "Chart session #" } else { "Open session #" }}
                            {number}
                        </a>
                    }
                })}
        </li>
    }
}

#[component]
fn Unknown() -> impl IntoView {
    let workspace = use_workspace();
    let whole = Memo::new(move |_| workspace.read(|replica| replica.is_whole()));
    view! {
        <div class="card empty">
            <Icon name="search" />
            <h1>"This client is not on this device"</h1>
            <p>
                {move || {
                    if whole.get() {
                        "The address may be mistyped. A client who was added elsewhere appears after the next sync."
                    } else {
                        "Charts are still being fetched. This page appears as soon as the chart has arrived."
                    }
                }}
            </p>
            <a class="btn primary" href="/clients">
                "Find a client"
            </a>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn plans_say_what_remains_and_where_it_goes_on() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(2), &catalogue, 1, 18);
        let plan = plans(&chart).remove(0);
        assert_eq!(plan.says, "Maya has 1 of 2 sessions remaining. Next session is #2.");
        assert_eq!(plan.next, Some((sample::session(2), 2)));
        let chart = sample::signed(&chart, &catalogue, 2, 18);
        assert_eq!(plans(&chart)[0].next, None);
    }

    #[test]
    fn todays_chart_is_offered_until_it_is_signed() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(2);
        chart.client.allergies = "Lidocaine cream; latex".into();
        chart.sessions[0].appointment = sample::booked("2026-01-10T09:00:00Z");
        let told = head(&chart, &catalogue, sample::day("2026-01-10"));
        assert_eq!(told.today, Some(sample::session(1)));
        assert_eq!(told.allergies, ["Lidocaine cream", "latex"]);
        let chart = sample::signed(&chart, &catalogue, 1, 18);
        assert_eq!(head(&chart, &catalogue, sample::day("2026-01-10")).today, None);
    }
}
