//! Transferring what remains of a series to another client.

use super::{Buttons, Reason, UNCHANGED, WHY};
use crate::{
    billing::Saving,
    clients::{
        find::{Wanted, find},
        index::index,
        plan_facts::PlanFacts,
    },
    half_typed::half_typed,
    icon::Icon,
    problem::Problem,
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
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};

/// So many are shown of those a search finds.
const MOST_FOUND: usize = 6;

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
    let (workspace, saving) = (use_workspace(), Saving::new(client));
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
        let Some(to) = to.get_untracked() else { return saving.refuse("Find and choose the client first.") };
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return saving.refuse(WHY);
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
        saving.record(change, UNCHANGED, move || {
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
            <Show when=move || known.with(Option::is_some) fallback=move || view! { <FindOther client plan to /> }>
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
            <Problem words=saving.problem />
            <Buttons label="Transfer" busy=saving.busy done />
        </form>
    }
}

/// Who receives it: found as on the clients' page.
#[component]
fn FindOther(client: ClientId, plan: PlanId, to: RwSignal<Option<ClientId>>) -> impl IntoView {
    let workspace = use_workspace();
    let query = RwSignal::new(String::new());
    let entries = Memo::new(move |_| workspace.read(|replica| index(replica.charts())));
    let found = Memo::new(move |_| {
        let wanted = query.with(|query| Wanted::new(query));
        if wanted.is_empty() {
            return None;
        }
        let others = |entries: &Vec<_>| {
            let found =
                find(entries, &wanted).into_iter().filter_map(|n| entries.get(n)).map(|entry: &super::super::index::Entry| entry.id);
            found.filter(|other| *other != client).collect::<Vec<_>>()
        };
        Some(entries.with(others))
    });
    // Enter takes the one that is found, and sends nothing.
    let enter = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if let Some([only]) = found.get_untracked().as_deref() {
                to.set(Some(*only));
            }
        }
    };
    let row = move |other: ClientId| {
        let chart = workspace.chart(other)?;
        let (name, born) = (chart.client.name.clone(), chart.client.birth_date.long());
        Some(view! {
            <li>
                <button class="btn wide transfer-choice" type="button" on:click=move |_| to.set(Some(other))>
                    <span>{name}</span>
                    <span class="soft num">{format!("born {born}")}</span>
                </button>
            </li>
        })
    };
    let more = move || match found.with(|found| found.as_ref().map(Vec::len)) {
        Some(0) => "Nobody found. Try fewer letters or the birth date.".to_owned(),
        Some(n) if n > MOST_FOUND => format!("{} more: type on.", words::thousands(n - MOST_FOUND)),
        _ => String::new(),
    };
    let id = format!("to-{plan}");
    view! {
        <div class="field">
            <label for=id.clone()>"To whom"</label>
            <span class="search-box">
                <Icon name="search" />
                <input
                    class="input"
                    id=id
                    type="search"
                    placeholder="Name, birth date or phone"
                    autocomplete="off"
                    spellcheck="false"
                    bind:value=query
                    on:keydown=enter
                />
            </span>
        </div>
        <ul class="transfer-found">
            {move || found.get().unwrap_or_default().into_iter().take(MOST_FOUND).map(row).collect_view()}
        </ul>
        <p class="soft small" role="status">
            {more}
        </p>
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
