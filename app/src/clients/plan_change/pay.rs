//! Taking a payment for a series. The amount that is owed stands there already.

use super::Buttons;
use crate::{
    billing::{HowPaid, up_to},
    clients::plan_facts::PlanFacts,
    problem::Problem,
    recording::Recording,
    workspace::use_workspace,
};
use domain::{
    command::Change,
    ids::{ClientId, PlanEventId, PlanId},
    money,
    plan::{PaymentMethod, PlanAction},
};
use leptos::{ev::SubmitEvent, html, prelude::*};

#[component]
pub fn PayForm(client: ClientId, plan: PlanId, facts: Memo<Option<PlanFacts>>, done: Callback<bool>) -> impl IntoView {
    let (workspace, recording) = (use_workspace(), Recording::new(client));
    let currency = untrack(|| workspace.catalogue()).map_or_else(String::new, |catalogue| catalogue.currency.clone());
    let owed = move || facts.with_untracked(|facts| facts.as_ref().map_or(0, |facts| facts.money.owed_minor));
    let amount = RwSignal::new(money::typed(owed(), &currency));
    let how = RwSignal::new(PaymentMethod::Card);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let minor = match up_to(&amount.get_untracked(), owed(), &currency, "No more is owed than") {
            Ok(minor) => minor,
            Err(words) => return recording.refuse(words),
        };
        let action = PlanAction::Pay { minor, how: how.get_untracked() };
        let change = Change::ChangePlan { plan, event: PlanEventId(workspace.new_id()), action, reason: String::new() };
        recording.record(change, "No payment was noted.", move || {
            done.try_run(true);
        });
    };
    let first = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(first) = first.get() {
            let _ = first.focus();
            first.select();
        }
    });
    let id = format!("value-{plan}");
    view! {
        <form class="plan-form" aria-label="Take a payment" on:submit=save novalidate>
            <div class="two">
                <div class="field">
                    <label for=id.clone()>"Amount"</label>
                    <input class="input num" id=id inputmode="decimal" autocomplete="off" node_ref=first bind:value=amount />
                </div>
                <HowPaid id=format!("pay-{plan}") how />
            </div>
            <Problem words=recording.problem />
            <Buttons label="Note the payment" busy=recording.busy done />
        </form>
    }
}
