//! One treatment session: how it stands, what it consists of, when and by whom.

use super::{
    parts::{Item, booking_words, items},
    row::{BillingWords, Shown, StatusChip, shown},
};
use crate::{booking::Booking, clients::SessionOffer, icon::Icon, workspace::use_workspace};
use domain::ids::{ClientId, SessionId};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use wasm_bindgen::JsCast;

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
        let items = items(&chart, session, &catalogue);
        Some((client, session, shown(&chart, session, &catalogue, workspace.now.get())?, items))
    });
    // From the list one comes to book: straight to what is not booked yet.
    let query = use_query_map();
    Effect::new(move |done: Option<bool>| {
        let wanted = query.with(|query| query.get("book").is_some()) && facts.with(Option::is_some);
        if wanted && done != Some(true) {
            request_animation_frame(show_booking);
        }
        wanted
    });
    view! {
        <div class="page">
            {move || match facts.get() {
                Some((client, session, facts, items)) => view! { <Facts client session facts items /> }.into_any(),
                None => view! { <Unknown /> }.into_any(),
            }}
        </div>
    }
}

fn show_booking() {
    let Some(form) = document().get_element_by_id("book").and_then(|form| form.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    form.scroll_into_view();
    let _ = form.focus();
}

#[component]
fn Facts(client: ClientId, session: SessionId, facts: Shown, items: Vec<Item>) -> impl IntoView {
    let Shown { client: name, plan, place, status, undocumented, date, provider, billing, says, charted_in, history, .. } = facts;
    let workspace = use_workspace();
    let booking = booking_words(&items);
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
                {date.map(|date| fact("Date", date))}
                {provider.map(|provider| fact("Provider", provider))}
                <dt>"Booking"</dt>
                <dd class="num">{booking}</dd>
                <dt>"Billing"</dt>
                <dd>{billing.map(|billing| view! { <BillingWords billing /> })}</dd>
            </dl>
            <section aria-labelledby="items-h">
                <h2 class="session-h" id="items-h">
                    "Consists of"
                </h2>
                <ul class="session-items">
                    {items.into_iter().map(|item| view! { <ItemLine client item /> }).collect_view()}
                </ul>
            </section>
            {(!history.is_empty())
                .then(|| {
                    let lines = history.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
                    view! { <ul class="plan-history" aria-label="Earlier bookings">{lines}</ul> }
                })}
            <Booking client session />
            <div class="btn-row">
                <Show when=move || workspace.treats()>
                    <a class="btn" href=chart.clone()>
                        "Open the chart"
                    </a>
                </Show>
                <a class="btn" href=format!("/sessions?client={client}")>
                    "All sessions of this client"
                </a>
            </div>
        </section>
    }
}

fn fact(what: &'static str, says: String) -> impl IntoView {
    view! {
        <dt>{what}</dt>
        <dd class="num">{says}</dd>
    }
}

#[component]
fn ItemLine(client: ClientId, item: Item) -> impl IntoView {
    let Item { name, state, says, visit } = item;
    let workspace = use_workspace();
    let says = match visit.filter(|_| untrack(|| workspace.treats())) {
        Some(visit) => view! { <a href=format!("/clients/{client}/sessions/{visit}")>{says}</a> }.into_any(),
        None => says.into_any(),
    };
    view! {
        <li>
            <Icon name=state.icon() />
            <span>
                <b>{name}</b>
                " "
                <small class="num">{state.label()} " " {says}</small>
            </span>
        </li>
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
