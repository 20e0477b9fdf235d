//! The camera's page: the same view every time, over the ghost of the first.

mod filmstrip;
mod finder;
mod guide;
mod hints;
mod level;
mod review;
mod studio;

use crate::{consent::sign_address, icon::Icon, workspace::use_workspace};
use domain::{
    consent::{ConsentKind, PhotoScope},
    ids::{ClientId, SessionId},
};
use filmstrip::Filmstrip;
use finder::Finder;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use review::Review;
pub use review::differs;
use studio::{Studio, use_studio};

/// The session in the address.
#[component]
pub fn CapturePage() -> impl IntoView {
    let workspace = use_workspace();
    let params = use_params_map();
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let client = params.get_str("client")?.parse::<ClientId>().ok()?;
            let session = params.get_str("session")?.parse::<SessionId>().ok()?;
            Some((client, session))
        })
    });
    let here = Memo::new(move |_| {
        let (client, session) = ids.get()?;
        workspace.chart(client)?.session(session)?;
        Some((client, session))
    });
    let may = move || workspace.treats();
    move || match here.get() {
        Some((client, session)) if may() => view! { <Open client session /> }.into_any(),
        Some(_) => view! { <Closed words="Photographs are taken by those who treat." /> }.into_any(),
        None => view! { <Closed words="This session is not on this device. It appears as soon as its chart has arrived." /> }.into_any(),
    }
}

#[component]
fn Closed(words: &'static str) -> impl IntoView {
    view! {
        <div class="page">
            <div class="card empty">
                <Icon name="camera" />
                <h1>"No photographs here"</h1>
                <p>{words}</p>
                <A href="/" attr:class="btn primary">
                    "Go to Today"
                </A>
            </div>
        </div>
    }
}

#[component]
fn Open(client: ClientId, session: SessionId) -> impl IntoView {
    let studio = Studio::open(client, session);
    provide_context(studio);
    view! {
        <div class="capture">
            <Head />
            <Show when=move || !studio.sets().is_empty() fallback=NoViews>
                <Finder />
                <Filmstrip />
            </Show>
            <Review />
        </div>
    }
}

/// Whose photographs these are, and of what.
#[component]
fn Head() -> impl IntoView {
    let studio = use_studio();
    let workspace = studio.workspace;
    let who = move || {
        let chart = workspace.chart(studio.client)?;
        let visit = chart.session(studio.session)?;
        let plan = chart.plan(visit.plan).map_or_else(String::new, |plan| plan.name.clone());
        let of = chart.balance(visit.plan).purchased;
        Some((chart.client.name.clone(), chart.client.birth_date.long(), format!("{plan}, session {} of {of}", visit.number)))
    };
    let agreed = Memo::new(move |_| {
        let known = workspace.chart(studio.client).zip(workspace.today());
        known.is_none_or(|(chart, today)| chart.photos_may(PhotoScope::Record, today))
    });
    let form = move || {
        let catalogue = workspace.catalogue()?;
        let form =
            catalogue.consent_forms.iter().find(|form| form.kind == ConsentKind::Photo && !form.retired && form.current().is_some())?;
        Some(sign_address(studio.client, form.id, None, &super::capture_address(studio.client, studio.session)))
    };
    view! {
        <header class="capture-head">
            <a class="icon-btn" href=format!("/clients/{}/sessions/{}", studio.client, studio.session) aria-label="Back to the chart">
                <Icon name="back" />
            </a>
            <div class="who">
                <h1>{move || who().map(|(name, ..)| name)}</h1>
                <p class="who-facts">
                    <span>{move || who().map(|(_, born, _)| born)}</span>
                    <span>{move || who().map(|(.., what)| what)}</span>
                </p>
            </div>
        </header>
        <Show when=move || !agreed.get()>
            <p class="say is-warn capture-say">
                <Icon name="alert" />
                <span>"The client has not agreed to photographs in the treatment record."</span>
                {move || {
                    form()
                        .map(|href| {
                            view! {
                                <a class="btn" href=href>
                                    "Sign photo consent"
                                </a>
                            }
                        })
                }}
            </p>
        </Show>
    }
}

#[component]
fn NoViews() -> impl IntoView {
    view! {
        <div class="card empty capture-none">
            <Icon name="camera" />
            <h2>"The clinic has no views yet"</h2>
            <p>"A set of views says which photographs are taken, and how. A medical director makes them in Settings."</p>
            <a class="btn primary" href="/settings/views">
                "Set up views"
            </a>
        </div>
    }
}
