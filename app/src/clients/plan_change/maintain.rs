//! Maintenance: the same series goes on, below the retail price.

use super::Buttons;
use crate::{
    billing::{PaidNow, PaidNowFields},
    icon::Icon,
    problem::Problem,
    recording::Recording,
    workspace::use_workspace,
};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    command::Change,
    ids::{ClientId, PlanEventId, PlanId, SessionId},
    money,
    plan::{PaymentMethod, PlanAction},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// What so many sessions cost, and which they are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Terms {
    price_minor: i64,
    /// `$300 a session at retail, 15 % off: $255`
    each: String,
    /// `Sessions #7 to #9, $765`
    all: String,
}

fn terms(chart: &Chart, plan: PlanId, sessions: u16, catalogue: &Catalogue) -> Terms {
    let written = |minor: i64| money::written(minor, &catalogue.currency);
    let one = chart.maintenance_minor(plan, 1, catalogue);
    let price_minor = chart.maintenance_minor(plan, usize::from(sessions), catalogue);
    let last = chart.sessions.iter().filter(|session| session.plan == plan).map(|session| session.number).max().unwrap_or_default();
    let which = match sessions {
        1 => format!("Session #{}", last + 1),
        _ => format!("Sessions #{} to #{}", last + 1, last + sessions),
    };
    Terms {
        price_minor,
        each: format!(
            "{} a session at retail, {} % off: {}",
            written(chart.retail_minor(plan, catalogue)),
            catalogue.maintenance_percent,
            written(one)
        ),
        all: format!("{which} of the same series, {}", written(price_minor)),
    }
}

/// `place` tells the fields apart where a page has the form twice.
#[component]
pub fn MaintainForm(client: ClientId, plan: PlanId, place: &'static str, done: Callback<bool>) -> impl IntoView {
    let (workspace, recording) = (use_workspace(), Recording::new(client));
    let currency = untrack(|| workspace.catalogue()).map_or_else(String::new, |catalogue| catalogue.currency.clone());
    let sessions = RwSignal::new(3_u16);
    let terms = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        Some(terms(&chart, plan, sessions.get(), &catalogue))
    });
    let (choice, part, how) = (RwSignal::new(PaidNow::All), RwSignal::new(String::new()), RwSignal::new(PaymentMethod::Card));
    // It is sold, and only its payment could not be noted: pressed again, it is not sold again.
    let sold = RwSignal::new(false);
    let event = move || PlanEventId(workspace.new_id());
    let pay = move |paid: Option<i64>| {
        let Some(minor) = paid else {
            done.try_run(true);
            return;
        };
        let action = PlanAction::Pay { minor, how: how.get_untracked() };
        let change = Change::ChangePlan { plan, event: event(), action, reason: String::new() };
        recording.record(change, "It is sold, but the payment was not noted. Press again to note it.", move || {
            done.try_run(true);
        });
    };
    let save = move |submit: SubmitEvent| {
        submit.prevent_default();
        let Some(Terms { price_minor, .. }) = terms.get_untracked() else { return };
        let paid = match choice.get_untracked().minor(&part.get_untracked(), price_minor, &currency) {
            Ok(paid) => paid,
            Err(words) => return recording.refuse(words),
        };
        if sold.get_untracked() {
            return pay(paid);
        }
        let ids = (0..sessions.get_untracked()).map(|_| SessionId(workspace.new_id())).collect();
        let action = PlanAction::Maintain { sessions: ids, price_minor };
        let change = Change::ChangePlan { plan, event: event(), action, reason: String::new() };
        recording.record(change, "It was not sold.", move || {
            sold.try_set(true);
            pay(paid);
        });
    };
    let option = move |n: u16| {
        view! {
            <option value=n.to_string() prop:selected=move || sessions.get() == n>
                {n}
            </option>
        }
    };
    let id = format!("maintain-{place}-{plan}");
    let fields = id.clone();
    view! {
        <form class="plan-form" aria-label="Sell maintenance" on:submit=save novalidate>
            <div class="field sell-price">
                <label for=id.clone()>"Sessions"</label>
                <span class="select-box">
                    <select
                        class="select num"
                        id=id
                        on:change=move |event| {
                            if let Ok(n) = event_target_value(&event).parse() {
                                sessions.set(n);
                            }
                        }
                    >
                        {(1..=12).map(option).collect_view()}
                    </select>
                    <Icon name="down" />
                </span>
            </div>
            <p class="num" role="status">
                {move || terms.get().map(|terms| view! { <b>{terms.all}</b> <br /> <span class="soft small">{terms.each}</span> })}
            </p>
            <PaidNowFields id=fields choice part how />
            <Problem words=recording.problem />
            <Buttons label="Sell" busy=recording.busy done />
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;

    #[test]
    fn maintenance_goes_on_where_the_series_ends_and_costs_less() {
        let (chart, catalogue) = (sample::chart(6), sample::catalogue());
        let three = terms(&chart, sample::PLAN, 3, &catalogue);
        assert_eq!(three.all, "Sessions #7 to #9 of the same series, $765");
        assert_eq!(three.each, "$300 a session at retail, 15 % off: $255");
        assert_eq!(terms(&chart, sample::PLAN, 1, &catalogue).all, "Session #7 of the same series, $255");
    }
}
