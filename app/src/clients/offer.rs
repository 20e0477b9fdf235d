//! The moment to offer more: when the last session but one is next, once, until somebody answers.

use super::plan_change::MaintainForm;
use crate::{icon::Icon, problem::Problem, recording::Recording, workspace::use_workspace};
use domain::{
    command::Change,
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    plan::PlanAction,
};
use leptos::prelude::*;

/// "Maya’s second-to-last session. Maintenance package available." What is answered is kept in the series' history.
#[component]
pub fn Offer(client: ClientId, plan: PlanId) -> impl IntoView {
    let (workspace, recording) = (use_workspace(), Recording::new(client));
    let says = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        chart.offer_due(plan).then(|| chart.balance(plan).offer(chart.client.first_name()))
    });
    let selling = RwSignal::new(false);
    let answer = move |taken| {
        let event = PlanEventId(workspace.new_id());
        let change = Change::ChangePlan { plan, event, action: PlanAction::Offer { taken }, reason: String::new() };
        recording.record(change, "The answer was not kept.", || {});
    };
    let done = Callback::new(move |_saved: bool| {
        selling.try_set(false);
    });
    let button = move |words: &'static str, class: &'static str, taken| {
        view! {
            <button class=class type="button" aria-disabled=move || recording.busy.get().to_string() on:click=move |_| answer(taken)>
                {words}
            </button>
        }
    };
    view! {
        <Show when=move || says.with(Option::is_some) || selling.get()>
            <div class="offer-more" role="group" aria-label="Maintenance">
                <p>
                    <Icon name="heart" />
                    <span>{move || says.get().unwrap_or_else(|| "Maintenance".to_owned())}</span>
                </p>
                <Show
                    when=move || selling.get()
                    fallback=move || {
                        view! {
                            <div class="btn-row">
                                <button class="btn soft-fill" type="button" on:click=move |_| selling.set(true)>
                                    "Sell maintenance"
                                </button>
                                {button("Wants it", "btn", true)} {button("Declined", "btn quiet", false)}
                            </div>
                        }
                    }
                >
                    <MaintainForm client plan place="offer" done />
                </Show>
                <Problem words=recording.problem />
            </div>
        </Show>
    }
}

/// The same for the series of a session.
#[component]
pub fn SessionOffer(
    client: ClientId,
    session: SessionId,
    /// Where the same is offered elsewhere on the page once the session is signed.
    #[prop(optional)]
    until_signed: bool,
) -> impl IntoView {
    let workspace = use_workspace();
    let plan = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        let session = chart.session(session)?;
        (!until_signed || session.signed.is_none()).then_some(session.plan)
    });
    move || plan.get().map(|plan| view! { <Offer client plan /> })
}
