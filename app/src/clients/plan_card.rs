//! One series on the client's page: how it stands, what became of it, and what can be done with it.

use super::plan_change::PlanChange;
use crate::{icon::Icon, words, workspace::use_workspace};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    money,
    plan::{Plan, PlanEvent, Standing},
};
use leptos::prelude::*;

/// One plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanFacts {
    pub id: PlanId,
    pub name: String,
    pub says: String,
    pub purchased: u16,
    pub delivered: u16,
    /// The next session and its number.
    pub next: Option<(SessionId, u16)>,
    pub standing: Standing,
    /// `$1,800 · 6 sessions, 42 days apart · sold 5 Nov 2026 by S. Lind`
    pub terms: String,
    /// What can still be given back, in minor units.
    pub left_minor: i64,
    pub history: Vec<(PlanEventId, String)>,
}

pub fn plans(chart: &Chart, catalogue: &Catalogue) -> Vec<PlanFacts> {
    let facts = |plan: &Plan| {
        let balance = chart.balance(plan.id);
        let next = balance.next.and_then(|number| {
            let session = chart.sessions.iter().find(|session| session.plan == plan.id && session.number == number);
            session.map(|session| (session.id, number))
        });
        PlanFacts {
            id: plan.id,
            name: plan.name.clone(),
            says: balance.sentence(chart.client.first_name()),
            purchased: balance.purchased,
            delivered: balance.delivered,
            next,
            standing: balance.standing,
            terms: terms(plan, catalogue),
            left_minor: plan.paid_minor(),
            history: plan.events.iter().map(|event| (event.id, history(event, chart, catalogue))).collect(),
        }
    };
    let mut plans: Vec<_> = chart.plans.iter().map(facts).collect();
    // What is over stands last.
    plans.sort_by_key(|plan| plan.next.is_none());
    plans
}

fn terms(plan: &Plan, catalogue: &Catalogue) -> String {
    let price = money::written(plan.price_minor, &catalogue.currency);
    let by = plan.sold_by.map_or_else(String::new, |by| format!(" by {}", catalogue.staff_name(by)));
    format!("{price} · sessions {} days apart · sold {}{by}", plan.interval_days, plan.sold_on.long())
}

/// `Paused until 3 Mar 2027: on holiday (S. Lind, 22 Nov 2026)`
fn history(event: &PlanEvent, chart: &Chart, catalogue: &Catalogue) -> String {
    let PlanEvent { action, remark, .. } = event;
    let day = catalogue.clock.day(remark.at).long();
    let reason = if remark.text.is_empty() { String::new() } else { format!(": {}", remark.text) };
    format!("{}{reason} ({}, {day})", words::plan_action(action, chart, catalogue), catalogue.staff_name(remark.by))
}

#[component]
pub fn PlanCard(client: ClientId, plan: PlanFacts) -> impl IntoView {
    let workspace = use_workspace();
    let charts = move || workspace.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.charts()));
    let pips = (0..plan.purchased).map(|n| match n {
        n if n < plan.delivered => "is-done",
        n if n == plan.delivered && plan.next.is_some() => "is-now",
        _ => "",
    });
    let chip = match plan.standing {
        Standing::Active => None,
        Standing::Frozen { .. } => Some("paused"),
        Standing::Voided => Some("ended"),
        Standing::Transferred => Some("transferred"),
    };
    let (id, standing, left_minor) = (plan.id, plan.standing, plan.left_minor);
    view! {
        <li class="plan-card card" class:is-over=plan.next.is_none()>
            <h3>{plan.name} {chip.map(|words| view! { <span class="chip">{words}</span> })}</h3>
            <p class="plan-says">{plan.says}</p>
            <span class="pips" aria-hidden="true">
                {pips.map(|class| view! { <i class=class></i> }).collect_view()}
            </span>
            <p class="soft small num">{plan.terms}</p>
            <div class="btn-row">
                {plan
                    .next
                    .map(|(session, number)| {
                        view! {
                            <a class="btn" href=format!("/clients/{client}/sessions/{session}")>
                                {move || if charts() { "Chart session #" } else { "Open session #" }}
                                {number}
                            </a>
                        }
                    })}
                <a class="btn quiet" href=format!("/sessions?client={client}&plan={id}")>
                    <Icon name="list" />
                    "Sessions"
                </a>
            </div>
            {(!plan.history.is_empty())
                .then(|| {
                    let lines = plan.history.into_iter().map(|(_, words)| view! { <li>{words}</li> }).collect_view();
                    view! { <ul class="plan-history" aria-label="What became of it">{lines}</ul> }
                })}
            <PlanChange client plan=id standing left_minor />
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn plans_say_what_remains_and_where_it_goes_on() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(2), &catalogue, 1, 18);
        let plan = plans(&chart, &catalogue).remove(0);
        assert_eq!(plan.says, "Maya has 1 of 2 sessions remaining. Next session is #2.");
        assert_eq!(plan.next, Some((sample::session(2), 2)));
        assert_eq!(plan.terms, "$1,800 · sessions 42 days apart · sold 1 Jan 2026");
        let chart = sample::signed(&chart, &catalogue, 2, 18);
        assert_eq!(plans(&chart, &catalogue)[0].next, None);
    }
}
