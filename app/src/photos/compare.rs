//! Then and now, the same view: side by side, under a slider, one over the other, or all of them.

mod bar;
mod choice;
mod gaze;
mod marks;
mod plate;
mod stage;
mod strip;
mod table;

use crate::{icon::Icon, workspace::use_workspace};
use bar::Bar;
use domain::ids::{ClientId, PlanId, ViewId};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use stage::Stage;
use strip::{AllOfView, Views};
use table::{Mode, Table};

/// The series and the view in the address.
#[component]
pub fn ComparePage() -> impl IntoView {
    let workspace = use_workspace();
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        params.with(|params| {
            let client = params.get_str("client")?.parse::<ClientId>().ok()?;
            let plan = params.get_str("plan")?.parse::<PlanId>().ok()?;
            let view = params.get_str("view")?.parse::<ViewId>().ok()?;
            Some((client, plan, view))
        })
    });
    let here = Memo::new(move |_| {
        let (client, plan, view) = asked.get()?;
        let chart = workspace.chart(client)?;
        (!chart.photos_of_view(plan, view).is_empty()).then_some((client, plan, view))
    });
    let may = move || workspace.treats();
    move || match here.get().filter(|_| may()) {
        Some((client, plan, view)) => view! { <Open client plan view /> }.into_any(),
        None => view! { <Nothing /> }.into_any(),
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="page">
            <div class="card empty">
                <Icon name="camera" />
                <h1>"There are no photographs of this view here"</h1>
                <p>"They were taken out of the record, have not arrived on this device yet, or your role does not see photographs."</p>
                <A href="/" attr:class="btn primary">
                    "Go to Today"
                </A>
            </div>
        </div>
    }
}

#[component]
fn Open(client: ClientId, plan: PlanId, view: ViewId) -> impl IntoView {
    let table = Table::open(client, plan, view);
    provide_context(table);
    let workspace = table.workspace;
    let name = move || workspace.chart(client).map(|chart| chart.client.name.clone());
    let what = move || {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        let plan = chart.plan(plan)?.name.clone();
        Some(match catalogue.view(view) {
            Some((set, view)) => format!("{plan} · {}: {}", set.name, view.name),
            None => plan,
        })
    };
    view! {
        <div class="compare">
            <header class="compare-head">
                <a class="icon-btn" href=format!("/clients/{client}") aria-label="Back to the client">
                    <Icon name="back" />
                </a>
                <div class="who">
                    <h1>{name}</h1>
                    <p class="who-facts">
                        <span>{what}</span>
                    </p>
                </div>
            </header>
            <Bar />
            <Show when=move || table.mode.get() == Mode::All fallback=|| view! { <Stage /> }>
                <AllOfView />
            </Show>
            <Views />
        </div>
    }
}
