//! Giving up a procedure of a session that was delivered in part.

use super::{Buttons, Reason, UNCHANGED, WHY};
use crate::{
    clients::plan_facts::{PlanFacts, Unfinished},
    half_typed::half_typed,
    problem::Problem,
    recording::Recording,
    workspace::use_workspace,
};
use domain::{
    command::Change,
    ids::{ClientId, PlanEventId, PlanId},
    plan::PlanAction,
};
use leptos::{ev::SubmitEvent, prelude::*};

#[component]
pub fn GiveUpForm(client: ClientId, plan: PlanId, facts: Memo<Option<PlanFacts>>, done: Callback<bool>) -> impl IntoView {
    let (workspace, recording) = (use_workspace(), Recording::new(client));
    let half_typed = half_typed(&format!("plan/{plan}"));
    let reason = half_typed.text;
    let open = Memo::new(move |_| facts.with(|facts| facts.as_ref().map(|facts| facts.unfinished.clone()).unwrap_or_default()));
    // Where there is only one, it is the one.
    let only = open.with_untracked(|open| match open.as_slice() {
        [one] => Some((one.session, one.procedure)),
        _ => None,
    });
    let chosen = RwSignal::new(only);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((session, procedure)) = chosen.get_untracked() else { return recording.refuse("Choose what will not be done.") };
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse(WHY);
        }
        let half_typed = half_typed.clone();
        let action = PlanAction::GiveUp { session, procedure };
        let change = Change::ChangePlan { plan, event: PlanEventId(workspace.new_id()), action, reason: typed.clone() };
        recording.record(change, UNCHANGED, move || {
            half_typed.saved(&typed);
            done.try_run(true);
        });
    };
    let group = format!("give-up-{plan}");
    let choice = move |one: Unfinished| {
        let id = (one.session, one.procedure);
        view! {
            <label class="sell-choice">
                <input
                    type="radio"
                    name=group.clone()
                    prop:checked=move || chosen.get() == Some(id)
                    on:change=move |_| chosen.set(Some(id))
                />
                <span>{one.words}</span>
            </label>
        }
    };
    view! {
        <form class="plan-form" on:submit=save novalidate>
            <fieldset class="sell-choices">
                <legend class="soft small">"It will not be done. A time that is kept for it alone becomes free."</legend>
                {move || open.get().into_iter().map(choice.clone()).collect_view()}
            </fieldset>
            <Reason plan reason />
            <Problem words=recording.problem />
            <Buttons label="Give it up" busy=recording.busy done />
        </form>
    }
}
