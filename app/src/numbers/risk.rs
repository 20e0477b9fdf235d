//! Who may still be kept: whose next session is due and not booked, with her own first and latest photograph for those who treat.

use crate::{
    long_list::long_list,
    photos::{Pair, Thumbnail, compare_address, pairs},
    words,
    workspace::use_workspace,
};
use domain::{
    ids::{ClientId, PlanId},
    money,
    numbers::AtRisk,
    time::Day,
};
use leptos::prelude::*;
use std::cell::Cell;

thread_local! {
    static LEFT_AT: Cell<i32> = const { Cell::new(0) };
}

/// Height of a row where it cannot be measured yet, as in `numbers.css`.
const ROW: f64 = 88.0;

/// Only the rows on the screen are drawn, and only their photographs fetched.
#[component]
pub fn RiskList(at_risk: Vec<AtRisk>) -> impl IntoView {
    let total = at_risk.len();
    let list = long_list(Memo::new(move |_| total), ROW, &LEFT_AT);
    let entries = StoredValue::new(at_risk);
    let rows = move || {
        let drawn = list.drawn();
        entries.with_value(|entries| drawn.filter_map(|n| Some((n, *entries.get(n)?))).collect::<Vec<_>>())
    };
    view! {
        <div class="risk card" role="group" aria-label="At risk now" tabindex="0" node_ref=list.scroller on:scroll=move |_| list.scrolled()>
            <div role="table" aria-label="Clients at risk" aria-rowcount=total>
                <div role="rowgroup" node_ref=list.body style:height=move || list.height() style:padding-top=move || list.space_above()>
                    <For each=rows key=|row| *row let((position, entry))>
                        <Row position entry />
                    </For>
                </div>
            </div>
        </div>
    }
}

/// `Due 3 Dec`, `Due 3 Dec, 10 days ago`.
fn due_words(due: Day, today: Day) -> String {
    format!("Due {}, {}", due.short(), words::ago(due, today))
}

#[component]
fn Row(position: usize, entry: AtRisk) -> impl IntoView {
    let workspace = use_workspace();
    let AtRisk { client, plan, after, sold, due, stranded_minor, .. } = entry;
    let told = Memo::new(move |_| {
        let (chart, catalogue) = (workspace.chart(client)?, workspace.catalogue()?);
        let series = chart.plan(plan).map_or_else(String::new, |plan| plan.name.clone());
        Some((chart.client.name.clone(), series, money::written(stranded_minor, &catalogue.currency)))
    });
    let name = move || told.get().map_or_else(|| "A client who is not on this device".to_owned(), |(name, ..)| name);
    let series = move || {
        let name = told.get().map(|(_, series, _)| series).unwrap_or_default();
        format!("{name} · after session {after} of {sold}")
    };
    let due = move || workspace.today().map(|today| due_words(due, today)).unwrap_or_default();
    view! {
        <div class="risk-row" role="row" aria-rowindex=position + 1>
            <div role="cell">
                <a href=format!("/clients/{client}")>
                    <b>{name}</b>
                </a>
                <span class="soft small">{series}</span>
            </div>
            <span role="cell" class="num small" class:is-second=after == 2>
                {due}
            </span>
            <span role="cell" class="num risk-money">
                {move || told.get().map(|(.., stranded)| stranded)}
            </span>
            <span role="cell" class="risk-photos">
                <Photographs client plan />
            </span>
        </div>
    }
}

/// Of the view that was photographed most; nothing for those who do not treat.
#[component]
fn Photographs(client: ClientId, plan: PlanId) -> impl IntoView {
    let workspace = use_workspace();
    let pair = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue()).filter(|_| workspace.treats())?;
        pairs(&chart, plan, &catalogue).into_iter().filter(|pair| pair.latest.is_some()).max_by_key(|pair| pair.count)
    });
    move || {
        let Pair { view, name, first, latest, .. } = pair.get()?;
        let latest = latest?;
        Some(view! {
            <a href=compare_address(client, plan, view) aria-label=format!("Compare {name}, first and latest")>
                <Thumbnail client photo=first.photo alt=format!("First: {}", first.words) />
                <Thumbnail client photo=latest.photo alt=format!("Latest: {}", latest.words) />
            </a>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_how_far_the_day_is() {
        let today = Day::new(2026, 12, 3).expect("a day");
        assert_eq!(due_words(today.plus(-10), today), "Due 23 Nov, 10 days ago");
        assert_eq!(due_words(today.plus(4), today), "Due 7 Dec, in 4 days");
    }
}
