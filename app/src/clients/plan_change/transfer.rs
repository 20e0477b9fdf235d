//! Transferring what remains of a series to another client.

use super::{Buttons, Reason, UNCHANGED, WHY};
use crate::{
    clients::{choose_client::ChooseClient, plan_facts::PlanFacts},
    half_typed::half_typed,
    icon::Icon,
    problem::Problem,
    recording::Recording,
    words,
    workspace::{Link, use_workspace},
};
use domain::{
    chart::Chart,
    command::Change,
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    money,
    plan::PlanAction,
};
use leptos::{ev::SubmitEvent, prelude::*};

/// What it comes to: `Maya’s 2 remaining sessions become a series of Jonas Weber. …`
fn says(chart: &Chart, plan: PlanId, to: &str, currency: &str) -> String {
    let remaining = chart.balance(plan).remaining();
    let still_open = chart.sessions.iter().filter(|session| session.plan == plan && chart.delivered_in(session.id).is_none());
    let booked = still_open.map(|session| session.appointments.len()).sum::<usize>();
    let first = chart.client.first_name();
    let sessions = words::count(remaining, "remaining session becomes", "remaining sessions become");
    let bookings = match booked {
        0 => String::new(),
        1 => " One booking is cancelled.".to_owned(),
        n => format!(" {n} bookings are cancelled."),
    };
    let owed = match chart.plan_billing(plan).owed {
        0 => String::new(),
        owed => format!(", and so do the {} still owed", money::written(owed, currency)),
    };
    format!("{first}’s {sessions} a series of {to}, who owes nothing for it.{bookings} What was paid stays with {first}{owed}.")
}

#[component]
pub fn TransferForm(client: ClientId, plan: PlanId, facts: Memo<Option<PlanFacts>>, done: Callback<bool>) -> impl IntoView {
    let (workspace, recording) = (use_workspace(), Recording::new(client));
    let half_typed = half_typed(&format!("plan/{plan}"));
    let reason = half_typed.text;
    let to = RwSignal::new(None::<ClientId>);
    let known = Memo::new(move |_| {
        let other = workspace.chart(to.get()?)?;
        Some((other.client.name.clone(), other.client.birth_date.long()))
    });
    let comes_to = Memo::new(move |_| {
        let ((chart, catalogue), (to, _)) = workspace.chart(client).zip(workspace.catalogue()).zip(known.get())?;
        Some(says(&chart, plan, &to, &catalogue.currency))
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(to) = to.get_untracked() else { return recording.refuse("Find and choose the client first.") };
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse(WHY);
        }
        let remaining = facts.with_untracked(|facts| facts.as_ref().map_or(0, |facts| facts.remaining));
        let half_typed = half_typed.clone();
        let action = PlanAction::Transfer {
            to,
            plan: PlanId(workspace.new_id()),
            event: PlanEventId(workspace.new_id()),
            sessions: (0..remaining).map(|_| SessionId(workspace.new_id())).collect(),
        };
        let change = Change::ChangePlan { plan, event: PlanEventId(workspace.new_id()), action, reason: typed.clone() };
        recording.record(change, UNCHANGED, move || {
            half_typed.saved(&typed);
            done.try_run(true);
        });
    };
    let when = move || match workspace.link.get() {
        Link::Online | Link::Connecting => "The other chart changes as soon as the clinic’s server has this.",
        _ => "There is no network: the other chart changes once the clinic’s server has this.",
    };
    view! {
        <form class="plan-form" aria-label="Transfer" on:submit=save novalidate>
            <Show when=move || known.with(Option::is_some) fallback=move || view! { <ChooseClient id=format!("to-{plan}") label="To whom" except=client chosen=to /> }>
                <p class="transfer-to">
                    <Icon name="user" />
                    <span>
                        <b>{move || known.get().map(|(name, _)| name)}</b>
                        ", born "
                        {move || known.get().map(|(_, born)| born)}
                    </span>
                    <button class="btn quiet" type="button" on:click=move |_| to.set(None)>
                        "Choose another"
                    </button>
                </p>
                <p>{comes_to}</p>
                <p class="soft small">{when}</p>
            </Show>
            <Reason plan reason />
            <Problem words=recording.problem />
            <Buttons label="Transfer" busy=recording.busy done />
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn a_transfer_says_what_becomes_of_sessions_bookings_and_money() {
        let mut chart = sample::signed(&sample::chart(3), &sample::catalogue(), 1, 18);
        chart.sessions[1].appointments = sample::booked("2026-04-01T09:00:00Z");
        assert_eq!(
            says(&chart, sample::PLAN, "Jonas Weber", "USD"),
            "Maya’s 2 remaining sessions become a series of Jonas Weber, who owes nothing for it. One booking is cancelled. What was \
             paid stays with Maya, and so do the $1,800 still owed."
        );
        let mut last = sample::signed(&chart, &sample::catalogue(), 2, 18);
        last.plans[0].paid_before_minor = 180_000;
        assert_eq!(
            says(&last, sample::PLAN, "Jonas Weber", "USD"),
            "Maya’s 1 remaining session becomes a series of Jonas Weber, who owes nothing for it. What was paid stays with Maya."
        );
    }
}
