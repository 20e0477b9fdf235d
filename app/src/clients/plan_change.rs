//! What can be done with a series after its sale: a menu, and behind each entry a form.

mod give_up;
mod maintain;
mod pay;
mod standing;
mod transfer;

use super::plan_facts::PlanFacts;
use crate::icon::Icon;
use domain::{
    ids::{ClientId, PlanId},
    plan::Standing,
};
use give_up::GiveUpForm;
use leptos::prelude::*;
pub use maintain::MaintainForm;
use pay::PayForm;
use standing::StandingForm;
use transfer::TransferForm;

/// What can be chosen; what it needs to know is typed beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Pay,
    Maintain,
    Freeze,
    Resume,
    Extend,
    GiveUp,
    Transfer,
    Refund,
    Void,
}

impl Kind {
    /// What makes sense as things are: first what brings money, last what ends it.
    fn offered(facts: &PlanFacts) -> Vec<Self> {
        let goes_on = !facts.standing.is_over();
        let frozen = matches!(facts.standing, Standing::Frozen { .. });
        let all = [
            (Self::Pay, facts.money.owed_minor > 0),
            (Self::Maintain, goes_on),
            (Self::Freeze, goes_on && !frozen),
            (Self::Resume, goes_on && frozen),
            (Self::Extend, goes_on),
            (Self::GiveUp, !facts.unfinished.is_empty()),
            (Self::Transfer, facts.remaining > 0),
            (Self::Refund, facts.money.paid_minor > 0),
            (Self::Void, goes_on),
        ];
        all.into_iter().filter(|(_, makes_sense)| *makes_sense).map(|(kind, _)| kind).collect()
    }

    fn label(self) -> &'static str {
        match self {
            Self::Pay => "Take a payment",
            Self::Maintain => "Sell maintenance",
            Self::Freeze => "Pause",
            Self::Resume => "Resume",
            Self::Extend => "Add sessions",
            Self::GiveUp => "Give up a procedure",
            Self::Transfer => "Transfer",
            Self::Refund => "Refund",
            Self::Void => "End the series",
        }
    }

    /// Said once it is done, for those who cannot see the card change.
    fn done(self) -> &'static str {
        match self {
            Self::Pay => "The payment is noted.",
            Self::Maintain => "Maintenance is sold.",
            Self::Freeze => "The series is paused.",
            Self::Resume => "The series goes on.",
            Self::Extend => "The sessions are added.",
            Self::GiveUp => "The procedure is given up.",
            Self::Transfer => "The sessions are transferred.",
            Self::Refund => "The refund is noted.",
            Self::Void => "The series is ended.",
        }
    }
}

#[component]
pub fn PlanChange(
    client: ClientId,
    plan: PlanId,
    facts: Memo<Option<PlanFacts>>,
    doing: RwSignal<Option<Kind>>,
    told: RwSignal<&'static str>,
) -> impl IntoView {
    let kinds = Memo::new(move |_| facts.with(|facts| facts.as_ref().map(Kind::offered).unwrap_or_default()));
    let choice = move |kind: Kind| {
        view! {
            <button
                class="pick"
                type="button"
                aria-pressed=move || (doing.get() == Some(kind)).to_string()
                on:click=move |_| doing.update(|doing| *doing = (*doing != Some(kind)).then_some(kind))
            >
                {kind.label()}
            </button>
        }
    };
    view! {
        <Show when=move || { !kinds.with(Vec::is_empty) }>
            <details class="plan-more">
                <summary>
                    "Change this series" <Icon name="down" />
                </summary>
                <div class="picks" role="group" aria-label="What to change">
                    <For each=move || kinds.get() key=|kind| *kind let:kind>
                        {choice(kind)}
                    </For>
                </div>
            </details>
        </Show>
        {move || {
            let kind = doing.get()?;
            let done = Callback::new(move |saved: bool| {
                doing.try_set(None);
                told.try_set(if saved { kind.done() } else { "" });
            });
            Some(match kind {
                Kind::Pay => view! { <PayForm client plan facts done /> }.into_any(),
                Kind::Maintain => view! { <MaintainForm client plan place="card" done /> }.into_any(),
                Kind::GiveUp => view! { <GiveUpForm client plan facts done /> }.into_any(),
                Kind::Transfer => view! { <TransferForm client plan facts done /> }.into_any(),
                Kind::Freeze | Kind::Resume | Kind::Extend | Kind::Refund | Kind::Void => {
                    view! { <StandingForm client plan kind facts done /> }.into_any()
                }
            })
        }}
    }
}

/// The buttons below every form: the one that does it, and the way back.
#[component]
fn Buttons(label: &'static str, #[prop(optional)] danger: bool, busy: RwSignal<bool>, done: Callback<bool>) -> impl IntoView {
    view! {
        <div class="btn-row">
            <button class=if danger { "btn danger" } else { "btn primary" } type="submit" aria-disabled=move || busy.get().to_string()>
                {label}
            </button>
            <button class="btn" type="button" on:click=move |_| done.run(false)>
                "Cancel"
            </button>
        </div>
    }
}

/// Why it is done; kept with it.
#[component]
fn Reason(plan: PlanId, reason: RwSignal<String>) -> impl IntoView {
    let id = format!("reason-{plan}");
    view! {
        <div class="field">
            <label for=id.clone()>"Reason"</label>
            <input class="input" id=id autocomplete="off" maxlength="500" bind:value=reason />
        </div>
    }
}

/// Said when there is none.
const WHY: &str = "Say why; the reason is kept with it.";

/// Where the chart could not take it.
const UNCHANGED: &str = "Nothing was changed.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clients::plan_facts::facts, signed_record::sample};
    use domain::{chart::Chart, command::Change, ids::PlanEventId, plan::PlanAction};
    use uuid::Uuid;

    fn offered(chart: &Chart) -> Vec<Kind> {
        Kind::offered(&facts(chart, sample::PLAN, &sample::catalogue(), |_| None).expect("the plan"))
    }

    #[test]
    fn only_what_makes_sense_is_offered() {
        let mut chart = sample::chart(2);
        assert_eq!(offered(&chart), [Kind::Pay, Kind::Maintain, Kind::Freeze, Kind::Extend, Kind::Transfer, Kind::Void]);
        chart.plans[0].paid_before_minor = 180_000;
        let event = PlanEventId(Uuid::from_u128(1));
        let change = Change::ChangePlan { plan: sample::PLAN, event, action: PlanAction::Void, reason: "moved away".into() };
        let ended = chart.apply(&change, sample::by(sample::DESK, "2026-02-01T09:00:00Z"), &sample::catalogue()).expect("ended");
        assert_eq!(offered(&ended), [Kind::Refund]);
    }
}
