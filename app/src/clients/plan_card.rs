//! One series on the client's page: how it stands, what became of it, and what can be done with it.

use super::{
    offer::Offer,
    plan_change::{Kind, PlanChange},
    plan_facts::{Money, PlanFacts, Told, facts},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    ids::{ClientId, PlanId},
    plan::Standing,
};
use leptos::prelude::*;

/// So many lines of its history are seen at once.
const LINES: usize = 3;

/// Stays where it is while the series changes: what is being typed into one of its forms stays, too.
#[component]
pub fn PlanCard(client: ClientId, plan: PlanId) -> impl IntoView {
    let workspace = use_workspace();
    let facts = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        facts(&chart, plan, &catalogue, |other| workspace.chart(other).map(|chart| chart.client.name.clone()))
    });
    let doing = RwSignal::new(None::<Kind>);
    let told = RwSignal::new("");
    let over = move || facts.with(|facts| facts.as_ref().is_none_or(|facts| facts.next.is_none()));
    let history = Memo::new(move |_| facts.with(|facts| facts.as_ref().map(|facts| facts.history.clone()).unwrap_or_default()));
    view! {
        <li class="plan-card card" class:is-over=over>
            {move || facts.get().map(|facts| view! { <Standings facts /> })}
            <Offer client plan />
            {move || facts.get().map(|facts| view! { <Actions client plan facts doing /> })}
            <PlanChange client plan facts doing told />
            <History history />
            <p class="vh" role="status">
                {told}
            </p>
        </li>
    }
}

/// What is derived of it, in words.
#[component]
fn Standings(facts: PlanFacts) -> impl IntoView {
    let PlanFacts { name, says, elsewhere, purchased, delivered, next, standing, terms, money, wants_more, .. } = facts;
    let pips = (0..purchased).map(move |n| match n {
        n if n < delivered => "is-done",
        n if n == delivered && next.is_some() => "is-now",
        _ => "",
    });
    let chip = match standing {
        Standing::Active => None,
        Standing::Frozen { .. } => Some("paused"),
        Standing::Voided => Some("ended"),
        Standing::Transferred => Some("transferred"),
    };
    view! {
        <h3>
            {name} {chip.map(|words| view! { <span class="chip">{words}</span> })}
            {wants_more
                .then(|| {
                    view! {
                        <span class="chip is-outline">
                            <Icon name="heart" />
                            "wants maintenance"
                        </span>
                    }
                })}
        </h3>
        <p class="plan-says">{says}</p>
        {elsewhere.map(|words| view! { <p class="num">{words} "."</p> })}
        <span class="pips" aria-hidden="true">
            {pips.map(|class| view! { <i class=class></i> }).collect_view()}
        </span>
        <p class="plan-money num">
            <MoneyChip money=money.clone() />
            // The chip says it already, and the terms how much it was.
            {(!money.is_plain).then_some(money.says)}
        </p>
        <p class="soft small num">{terms}</p>
    }
}

#[component]
fn MoneyChip(money: Money) -> impl IntoView {
    let (class, icon) = match (money.owed_minor, money.paid_minor) {
        (1.., _) => ("chip is-warn", Some("alert")),
        (_, 0) => ("chip", None),
        _ => ("chip is-ok", Some("check")),
    };
    view! {
        <span class=class>
            {icon.map(|name| view! { <Icon name /> })}
            {money.label}
        </span>
    }
}

/// What is done next, and the way to its sessions. Everything else waits under "Change this series".
#[component]
fn Actions(client: ClientId, plan: PlanId, facts: PlanFacts, doing: RwSignal<Option<Kind>>) -> impl IntoView {
    let workspace = use_workspace();
    let charts = Memo::new(move |_| workspace.treats());
    let (next, owes) = (facts.next, facts.money.owed_minor > 0);
    // Who treats goes on treating; who is at the desk asks for what is owed first.
    let first = move || match next {
        Some((session, number)) if charts.get() || !owes => {
            let words = if charts.get() { "Chart session #" } else { "Open session #" };
            view! { <a class="btn" href=format!("/clients/{client}/sessions/{session}")>{words} {number}</a> }.into_any()
        }
        _ if owes => view! {
            <button class="btn" type="button" on:click=move |_| doing.set(Some(Kind::Pay))>
                <Icon name="receipt" />
                "Take a payment"
            </button>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <div class="btn-row">
            {first} <a class="btn quiet" href=format!("/sessions?client={client}&plan={plan}")>
                <Icon name="list" />
                "Sessions"
            </a>
        </div>
    }
}

#[component]
fn History(history: Memo<Vec<Told>>) -> impl IntoView {
    let whole = RwSignal::new(false);
    let count = move || history.with(Vec::len);
    let line = |told: Told| {
        let Told { what, other, by, .. } = told;
        let other = other.map(|other| {
            let name = other.name.unwrap_or_else(|| "a client not on this device".to_owned());
            view! {
                {format!(" {} ", other.word)}
                <a href=format!("/clients/{}", other.client)>{name}</a>
            }
        });
        view! { <li>{what} {other} {by}</li> }
    };
    view! {
        <Show when=move || { count() > 0 }>
            <ul class="plan-history" aria-label="What became of it">
                {move || {
                    let lines = if whole.get() { usize::MAX } else { LINES };
                    history.get().into_iter().take(lines).map(line).collect_view()
                }}
            </ul>
        </Show>
        <Show when=move || { count() > LINES }>
            <button
                class="btn quiet plan-older"
                type="button"
                aria-expanded=move || whole.get().to_string()
                on:click=move |_| whole.update(|whole| *whole = !*whole)
            >
                <Icon name="history" />
                {move || if whole.get() { "Only the latest".to_owned() } else { format!("All {} of its history", count()) }}
            </button>
        </Show>
    }
}
