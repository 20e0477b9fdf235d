//! One treatment session: how it stands, what it consists of, when and by whom.

use super::row::{Shown, StatusChip, shown};
use crate::{booking::Booking, clients::SessionOffer, icon::Icon, workspace::use_workspace};
use domain::ids::{ClientId, SessionId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The session in the address.
#[component]
pub fn SessionPage() -> impl IntoView {
    let workspace = use_workspace();
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        params.with(|params| {
            let client = params.get_str("client")?.parse::<ClientId>().ok()?;
            let session = params.get_str("session")?.parse::<SessionId>().ok()?;
            Some((client, session))
        })
    });
    let facts = Memo::new(move |_| {
        let (client, session) = asked.get()?;
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        Some((client, session, shown(&chart, session, &catalogue, workspace.now.get())?))
    });
    view! {
        <div class="page">
            {move || match facts.get() {
                Some((client, session, facts)) => view! { <Facts client session facts /> }.into_any(),
                None => view! { <Unknown /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Facts(client: ClientId, session: SessionId, facts: Shown) -> impl IntoView {
    let Shown { client: name, plan, place, status, undocumented, date, procedures, provider, says, charted_in, history } = facts;
    let chart = format!("/clients/{client}/sessions/{charted_in}");
    view! {
        <div class="page-head">
            <h1>{format!("{plan}, session {place}")}</h1>
            <StatusChip status undocumented />
        </div>
        <section class="card session-facts" aria-label="Session">
            <p class="plan-says">{says}</p>
            <SessionOffer client session />
            <dl class="facts">
                <dt>"Client"</dt>
                <dd>
                    <a href=format!("/clients/{client}")>{name}</a>
                </dd>
                <dt>"Date"</dt>
                <dd class="num">{date.unwrap_or_else(|| "not booked".to_owned())}</dd>
                <dt>"Provider"</dt>
                <dd>{provider.unwrap_or_else(|| "nobody yet".to_owned())}</dd>
                <dt>"Consists of"</dt>
                <dd>
                    <ul>{procedures.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}</ul>
                </dd>
            </dl>
            {(!history.is_empty())
                .then(|| {
                    let lines = history.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
                    view! { <ul class="plan-history" aria-label="Earlier bookings">{lines}</ul> }
                })}
            <Booking client session />
            <div class="btn-row">
                <a class="btn" href=chart>
                    "Open the chart"
                </a>
                <a class="btn" href=format!("/sessions?client={client}")>
                    "All sessions of this client"
                </a>
            </div>
        </section>
    }
}

#[component]
fn Unknown() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="search" />
            <h1>"This session is not on this device"</h1>
            <p>"The address may be mistyped, the series ended, or the chart has not arrived yet."</p>
            <a class="btn primary" href="/sessions">
                "All sessions"
            </a>
        </div>
    }
}
