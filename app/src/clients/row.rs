//! One client in the list.

use super::index::listed_name;
use crate::workspace::use_workspace;
use domain::{catalogue::Catalogue, chart::Chart, ids::ClientId, time::Day};
use leptos::prelude::*;

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    name: String,
    born: String,
    skin: &'static str,
    plans: String,
    last: String,
}

fn shown(chart: &Chart, catalogue: &Catalogue, today: Day) -> Shown {
    let plans = chart.plans.iter().filter_map(|plan| {
        let balance = chart.balance(plan.id);
        balance.next.map(|next| format!("{} {next} of {}", plan.name, balance.purchased))
    });
    let plans = plans.collect::<Vec<_>>().join(", ");
    let last = chart.sessions.iter().filter_map(|session| session.signed.as_ref()).map(|signed| signed.at).max();
    let last = last.map(|at| catalogue.clock.day(at)).map(|day| match today.since(day) {
        0 => "today".to_owned(),
        1..=300 => day.short(),
        _ => day.long(),
    });
    Shown {
        name: listed_name(&chart.client),
        born: chart.client.birth_date.long(),
        skin: chart.client.skin_type.map_or("", |skin| skin.label()),
        plans: if plans.is_empty() { "none".to_owned() } else { plans },
        last: last.unwrap_or_else(|| "never".to_owned()),
    }
}

/// `position` counts from 0.
#[component]
pub fn ClientRow(client: ClientId, position: usize) -> impl IntoView {
    let workspace = use_workspace();
    let shown = Memo::new(move |_| {
        let known = workspace.chart(client).zip(workspace.catalogue()).zip(workspace.today());
        known.map(|((chart, catalogue), today)| shown(&chart, &catalogue, today))
    });
    view! {
        // The head is row 1.
        <div class="client-row" role="row" aria-rowindex=position + 2>
            {move || {
                shown
                    .get()
                    .map(|Shown { name, born, skin, plans, last }| {
                        view! {
                            <span role="cell">
                                <a href=format!("/clients/{client}") title=name.clone()>
                                    {name.clone()}
                                </a>
                            </span>
                            <span role="cell">{born}</span>
                            <span role="cell">{skin}</span>
                            <span role="cell" class="soft">
                                {plans}
                            </span>
                            <span role="cell">{last}</span>
                        }
                    })
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn a_row_tells_plans_and_the_last_visit() {
        let catalogue = sample::catalogue();
        let chart = sample::chart(2);
        let row = |chart: &Chart| shown(chart, &catalogue, sample::day("2026-03-01"));
        assert_eq!((row(&chart).plans.as_str(), row(&chart).last.as_str()), ("Laser hair removal 1 of 2", "never"));
        let chart = sample::signed(&chart, &catalogue, 1, 18);
        assert_eq!((row(&chart).plans.as_str(), row(&chart).last.as_str()), ("Laser hair removal 2 of 2", "10 Jan"));
        let chart = sample::signed(&chart, &catalogue, 2, 18);
        assert_eq!(row(&chart).plans, "none");
    }
}
