//! Pausing, extending, ending or refunding a series; each with its reason.

use crate::{half_typed::half_typed, icon::Icon, problem::Problem, workspace::use_workspace};
use domain::{
    command::Change,
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    money,
    plan::{PlanAction, Standing},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

/// What can be chosen; the numbers it needs are typed beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Freeze,
    Resume,
    Extend,
    Refund,
    Void,
}

impl Kind {
    fn offered(standing: Standing, left_minor: i64) -> Vec<Self> {
        let mut kinds = match standing {
            Standing::Active => vec![Self::Freeze, Self::Extend],
            Standing::Frozen { .. } => vec![Self::Resume, Self::Extend],
            Standing::Voided | Standing::Transferred => vec![],
        };
        if left_minor > 0 {
            kinds.push(Self::Refund);
        }
        if !standing.is_over() {
            kinds.push(Self::Void);
        }
        kinds
    }

    fn label(self) -> &'static str {
        match self {
            Self::Freeze => "Pause",
            Self::Resume => "Resume",
            Self::Extend => "Add sessions",
            Self::Refund => "Refund",
            Self::Void => "End the series",
        }
    }
}

/// A menu, and behind each entry a form.
#[component]
pub fn PlanChange(client: ClientId, plan: PlanId, standing: Standing, left_minor: i64) -> impl IntoView {
    let chosen = RwSignal::new(None::<Kind>);
    let kinds = Kind::offered(standing, left_minor);
    let choice = move |kind: Kind| {
        view! {
            <button
                class="pick"
                type="button"
                aria-pressed=move || (chosen.get() == Some(kind)).to_string()
                on:click=move |_| chosen.update(|chosen| *chosen = (*chosen != Some(kind)).then_some(kind))
            >
                {kind.label()}
            </button>
        }
    };
    view! {
        <details class="plan-more">
            <summary>
                "Change this series" <Icon name="down" />
            </summary>
            <div class="picks" role="group" aria-label="What to change">
                {kinds.into_iter().map(choice).collect_view()}
            </div>
            {move || chosen.get().map(|kind| view! { <ChangeForm client plan kind left_minor chosen /> })}
        </details>
    }
}

#[component]
fn ChangeForm(client: ClientId, plan: PlanId, kind: Kind, left_minor: i64, chosen: RwSignal<Option<Kind>>) -> impl IntoView {
    let workspace = use_workspace();
    let half_typed = half_typed(&format!("plan/{plan}"));
    let reason = half_typed.text;
    let currency = untrack(|| workspace.catalogue()).map_or_else(String::new, |catalogue| catalogue.currency.clone());
    let start = match kind {
        Kind::Extend => "1".to_owned(),
        Kind::Refund => money::typed(left_minor, &currency),
        Kind::Freeze | Kind::Resume | Kind::Void => String::new(),
    };
    let value = RwSignal::new(start);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let read = move || -> Result<PlanAction, String> {
        let text = value.get_untracked();
        match kind {
            Kind::Freeze if text.trim().is_empty() => Ok(PlanAction::Freeze { until: None }),
            Kind::Freeze => {
                text.parse().map(|day| PlanAction::Freeze { until: Some(day) }).map_err(|_| "Choose a day, or none.".to_owned())
            }
            Kind::Resume => Ok(PlanAction::Resume),
            Kind::Void => Ok(PlanAction::Void),
            Kind::Extend => match text.trim().parse::<u16>() {
                Ok(n) if (1..=12).contains(&n) => {
                    Ok(PlanAction::Extend { sessions: (0..n).map(|_| SessionId(workspace.new_id())).collect() })
                }
                _ => Err("Between 1 and 12 sessions can be added.".to_owned()),
            },
            Kind::Refund => match money::read(&text, &currency) {
                Ok(minor) if (1..=left_minor).contains(&minor) => Ok(PlanAction::Refund { minor }),
                Ok(_) => Err(format!("At most {} can be given back.", money::written(left_minor, &currency))),
                Err(error) => Err(error.to_string()),
            },
        }
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let action = match read() {
            Ok(action) => action,
            Err(words) => return problem.set(Some(words)),
        };
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return problem.set(Some("Say why; the reason is kept with it.".to_owned()));
        }
        busy.set(true);
        let half_typed = half_typed.clone();
        let change = Change::ChangePlan { plan, event: PlanEventId(workspace.new_id()), action, reason: typed.clone() };
        spawn_local(async move {
            match workspace.record(client, change, None).await {
                Ok(_) => {
                    half_typed.saved(&typed);
                    chosen.try_set(None);
                }
                Err(error) => {
                    problem.try_set(Some(format!("Nothing was changed. {error}")));
                }
            }
            busy.try_set(false);
        });
    };
    let (value_id, reason_id) = (format!("value-{plan}"), format!("reason-{plan}"));
    let number = match kind {
        Kind::Freeze => Some(("Until (optional)", "date", "none")),
        Kind::Extend => Some(("Sessions to add", "text", "numeric")),
        Kind::Refund => Some(("Amount", "text", "decimal")),
        Kind::Resume | Kind::Void => None,
    };
    view! {
        <form class="plan-form" on:submit=save>
            {number
                .map(|(label, kind, mode)| {
                    view! {
                        <div class="field">
                            <label for=value_id.clone()>{label}</label>
                            <input class="input num" id=value_id type=kind inputmode=mode autocomplete="off" bind:value=value />
                        </div>
                    }
                })}
            <div class="field">
                <label for=reason_id.clone()>"Reason"</label>
                <input class="input" id=reason_id autocomplete="off" maxlength="500" bind:value=reason />
            </div>
            <Problem words=problem />
            <div class="btn-row">
                <button
                    class=if kind == Kind::Void { "btn danger" } else { "btn primary" }
                    type="submit"
                    aria-disabled=move || busy.get().to_string()
                >
                    {kind.label()}
                </button>
                <button class="btn" type="button" on:click=move |_| chosen.set(None)>
                    "Cancel"
                </button>
            </div>
        </form>
    }
}
