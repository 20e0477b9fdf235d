//! Selling a package to a client.

use crate::{
    billing::{self, PaidNow, PaidNowFields},
    icon::Icon,
    problem::Problem,
    recording::Recording,
    workspace::use_workspace,
};
use domain::{
    catalogue::Catalogue,
    command::Change,
    ids::{ClientId, PackageId, PlanEventId, PlanId, SessionId},
    money,
    package::Package,
    plan::{Payment, PaymentMethod},
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use std::sync::Arc;

/// A button, and behind it the form.
#[component]
pub fn Sell(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let open = RwSignal::new(false);
    let catalogue = Memo::new(move |_| workspace.catalogue());
    let sells = Memo::new(move |_| {
        catalogue.with(|catalogue| catalogue.as_ref().is_some_and(|catalogue| catalogue.packages.iter().any(|package| !package.retired)))
    });
    view! {
        <Show when=move || sells.get()>
            <div class="sell">
                <Show
                    when=move || open.get()
                    fallback=move || {
                        view! {
                            <button class="btn" type="button" on:click=move |_| open.set(true)>
                                <Icon name="plus" />
                                "Sell a package"
                            </button>
                        }
                    }
                >
                    {move || catalogue.get().map(|catalogue| view! { <SellForm client catalogue open /> })}
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn SellForm(client: ClientId, catalogue: Arc<Catalogue>, open: RwSignal<bool>) -> impl IntoView {
    let (workspace, recording) = (use_workspace(), Recording::new(client));
    let currency = StoredValue::new(catalogue.currency.clone());
    let packages: Vec<Package> = catalogue.packages.iter().filter(|package| !package.retired).cloned().collect();
    let chosen = RwSignal::new(None::<PackageId>);
    let price = RwSignal::new(String::new());
    let (choice, part, how) = (RwSignal::new(PaidNow::All), RwSignal::new(String::new()), RwSignal::new(PaymentMethod::Card));
    let first = NodeRef::<html::Fieldset>::new();
    Effect::new(move |_| {
        if let Some(first) = first.get() {
            let _ = first.focus();
        }
    });
    let sale = StoredValue::new(packages.clone());
    let sell = move |event: SubmitEvent| {
        event.prevent_default();
        let package = sale.with_value(|packages| packages.iter().find(|package| Some(package.id) == chosen.get_untracked()).cloned());
        let Some(package) = package else { return recording.refuse("Choose a package first.") };
        let terms = currency.with_value(|currency| {
            let price = billing::price(&price.get_untracked(), currency)?;
            Ok((price, choice.get_untracked().minor(&part.get_untracked(), price, currency)?))
        });
        let (price_minor, paid) = match terms {
            Ok(terms) => terms,
            Err(words) => {
                let words: String = words;
                return recording.refuse(words);
            }
        };
        let sessions = (0..package.sessions).map(|_| SessionId(workspace.new_id())).collect();
        let paid = paid.map(|minor| Payment { event: PlanEventId(workspace.new_id()), minor, how: how.get_untracked() });
        let change = Change::SellPackage { plan: PlanId(workspace.new_id()), package: package.id, sessions, price_minor, paid };
        recording.record(change, "It was not sold.", move || {
            open.try_set(false);
        });
    };
    let offered = move |package: Package| {
        let id = package.id;
        let terms = currency.with_value(|currency| {
            let price = money::written(package.price_minor, currency);
            format!("{} sessions, {} days apart · {price}", package.sessions, package.interval_days)
        });
        let each = package.procedures.iter().map(|procedure| procedure.name.clone()).collect::<Vec<_>>().join(", ");
        let choose = move |_| {
            chosen.set(Some(id));
            price.set(currency.with_value(|currency| money::typed(package.price_minor, currency)));
        };
        view! {
            <label class="sell-choice">
                <input type="radio" name="package" prop:checked=move || chosen.get() == Some(id) on:change=choose />
                <span>
                    <b>{package.name}</b>
                    <span class="num">{terms}</span>
                    <small class="soft">{each}</small>
                </span>
            </label>
        }
    };
    view! {
        <form class="card sell-form" aria-labelledby="sell-h" on:submit=sell>
            <h3 id="sell-h">"Sell a package"</h3>
            <fieldset class="sell-choices" tabindex="-1" node_ref=first>
                <legend class="vh">"Package"</legend>
                {packages.into_iter().map(offered).collect_view()}
            </fieldset>
            <div class="field sell-price">
                <label for="sell-price">"Agreed price"</label>
                <input class="input num" id="sell-price" inputmode="decimal" autocomplete="off" bind:value=price />
            </div>
            <PaidNowFields id="sell" choice part how />
            <Problem words=recording.problem />
            <div class="btn-row">
                <button class="btn primary" type="submit" aria-disabled=move || recording.busy.get().to_string()>
                    <Icon name="check" />
                    "Sell"
                </button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>
                    "Cancel"
                </button>
            </div>
        </form>
    }
}
