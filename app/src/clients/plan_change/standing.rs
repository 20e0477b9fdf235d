//! Pausing, resuming, extending, ending or refunding a series; each with its reason.

use super::{Buttons, Kind, Reason, UNCHANGED, WHY};
use crate::{
    billing::up_to,
    clients::plan_facts::{Money, PlanFacts},
    half_typed::half_typed,
    problem::Problem,
    recording::Recording,
    workspace::use_workspace,
};
use domain::{
    command::Change,
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    money,
    plan::PlanAction,
};
use leptos::{ev::SubmitEvent, prelude::*};

#[component]
pub fn StandingForm(client: ClientId, plan: PlanId, kind: Kind, facts: Memo<Option<PlanFacts>>, done: Callback<bool>) -> impl IntoView {
    let (workspace, recording) = (use_workspace(), Recording::new(client));
    let half_typed = half_typed(&format!("plan/{plan}"));
    let reason = half_typed.text;
    let currency = untrack(|| workspace.catalogue()).map_or_else(String::new, |catalogue| catalogue.currency.clone());
    let money = move || facts.get_untracked().map(|facts| facts.money);
    let start = match (kind, money()) {
        (Kind::Extend, _) => "1".to_owned(),
        (Kind::Refund, Some(money)) => money::typed(usual_refund(&money), &currency),
        _ => String::new(),
    };
    let value = RwSignal::new(start);
    let read = move || -> Result<PlanAction, String> {
        let text = value.get_untracked();
        match kind {
            Kind::Resume => Ok(PlanAction::Resume),
            Kind::Extend => {
                sessions(&text).map(|n| PlanAction::Extend { sessions: (0..n).map(|_| SessionId(workspace.new_id())).collect() })
            }
            Kind::Refund => {
                let paid = money().map_or(0, |money| money.paid_minor);
                up_to(&text, paid, &currency, "No more can be given back than was paid,").map(|minor| PlanAction::Refund { minor })
            }
            Kind::Freeze if text.trim().is_empty() => Ok(PlanAction::Freeze { until: None }),
            Kind::Freeze => {
                text.parse().map(|day| PlanAction::Freeze { until: Some(day) }).map_err(|_| "Choose a day, or none.".to_owned())
            }
            _ => Ok(PlanAction::Void),
        }
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let action = match read() {
            Ok(action) => action,
            Err(words) => return recording.refuse(words),
        };
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse(WHY);
        }
        let half_typed = half_typed.clone();
        let change = Change::ChangePlan { plan, event: PlanEventId(workspace.new_id()), action, reason: typed.clone() };
        recording.record(change, UNCHANGED, move || {
            half_typed.saved(&typed);
            done.try_run(true);
        });
    };
    let value_id = format!("value-{plan}");
    let number = match kind {
        Kind::Freeze => Some(("Until (optional)", "date", "none")),
        Kind::Extend => Some(("Sessions to add", "text", "numeric")),
        Kind::Refund => Some(("Amount", "text", "decimal")),
        _ => None,
    };
    let ends = kind == Kind::Void;
    view! {
        <form class="plan-form" on:submit=save novalidate>
            {number
                .map(|(label, kind, mode)| {
                    view! {
                        <div class="field">
                            <label for=value_id.clone()>{label}</label>
                            <input class="input num" id=value_id type=kind inputmode=mode autocomplete="off" bind:value=value />
                        </div>
                    }
                })}
            {ends.then(|| view! { <p class="soft small">"What was not delivered no longer will be; its bookings are cancelled."</p> })}
            <Reason plan reason />
            <Problem words=recording.problem />
            <Buttons label=kind.label() danger=ends busy=recording.busy done />
        </form>
    }
}

/// What was paid for sessions that were not delivered; all that was paid when all was.
fn usual_refund(money: &Money) -> i64 {
    if money.unused_minor > 0 { money.unused_minor } else { money.paid_minor }
}

fn sessions(typed: &str) -> Result<u16, String> {
    match typed.trim().parse::<u16>() {
        Ok(n) if (1..=12).contains(&n) => Ok(n),
        _ => Err("Between 1 and 12 sessions can be added.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_sessions_can_be_added() {
        assert_eq!(sessions(" 2 "), Ok(2));
        for absurd in ["", "0", "13", "-1", "two", "1.5", "99999999"] {
            assert!(sessions(absurd).is_err(), "{absurd}");
        }
    }
}
