//! Whose chart this is: the wrong chart is the worst mistake, so this never scrolls away.

use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    chart::Chart,
    ids::{ClientId, PlanId, SessionId},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// How one session of a series stands, for the row of pips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pip {
    Done,
    Now,
    Ahead,
}

/// The pips of a plan, in order; `now` is the session that is shown.
pub fn pips(chart: &Chart, plan: PlanId, now: Option<SessionId>) -> Vec<Pip> {
    let mut sessions: Vec<_> = chart.sessions.iter().filter(|session| session.plan == plan).collect();
    sessions.sort_by_key(|session| session.number);
    let pip = |session: &&domain::session::Session| {
        if Some(session.id) == now {
            Pip::Now
        } else if chart.delivered_in(session.id).is_some() {
            Pip::Done
        } else {
            Pip::Ahead
        }
    };
    sessions.iter().map(pip).collect()
}

#[component]
pub fn Pips(pips: Vec<Pip>) -> impl IntoView {
    let pip = |pip: Pip| match pip {
        Pip::Done => view! { <i class="is-done"></i> }.into_any(),
        Pip::Now => view! { <i class="is-now"></i> }.into_any(),
        Pip::Ahead => view! { <i></i> }.into_any(),
    };
    view! {
        <span class="pips" aria-hidden="true">
            {pips.into_iter().map(pip).collect_view()}
        </span>
    }
}

#[component]
pub fn ChartHead(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let chart = Memo::new(move |_| workspace.chart(client));
    move || {
        let chart = chart.get()?;
        let visit = chart.session(session)?.clone();
        let plan = chart.plan(visit.plan)?.clone();
        let balance = chart.balance(plan.id);
        let count = format!("Session {} of {} · {} remaining", visit.number, balance.purchased, balance.remaining());
        let person = chart.client.clone();
        let lacking =
            visit.signed.is_none() && workspace.catalogue().is_some_and(|catalogue| chart.lacks_consent(plan.id, &catalogue).is_some());
        let skin = person.skin_type.map_or("not typed", |skin| skin.label());
        Some(view! {
            <header class="chart-head">
                <A href="/" attr:class="icon-btn chart-back" attr:aria-label="Back to Today">
                    <Icon name="back" />
                </A>
                <span class="avatar" aria-hidden="true">
                    {person.initials()}
                </span>
                <div class="who">
                    <h1>
                        <A href=format!("/clients/{client}")>{person.name.clone()}</A>
                    </h1>
                    <p class="who-facts">
                        <span>
                            <span class="vh">"Born "</span>
                            {person.birth_date.long()}
                        </span>
                        <span>"Skin type " <b>{skin}</b></span>
                    </p>
                </div>
                <p class="plan">
                    <Pips pips=pips(&chart, plan.id, Some(session)) />
                    <b>{plan.name}</b>
                    <span class="plan-count">{count}</span>
                    {lacking
                        .then(|| {
                            view! {
                                <span class="chip is-warn plan-consent">
                                    <Icon name="alert" />
                                    "consent missing"
                                </span>
                            }
                        })}
                </p>
            </header>
        })
    }
}
