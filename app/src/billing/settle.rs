//! Settling one exception: charged elsewhere, or let go; each with its reason.

use super::{amount::up_to, model::key};
use crate::recording::Recording;
use crate::{half_typed::half_typed, icon::Icon, problem::Problem, workspace::use_workspace};
use domain::{billing::BillingItem, command::Change, ids::ClientId, money, package::HIGHEST_PRICE_MINOR};
use leptos::{ev::SubmitEvent, html, prelude::*};

#[component]
pub fn SettleForm(
    client: ClientId,
    item: BillingItem,
    worth_minor: Option<i64>,
    settled: Callback<()>,
    cancel: Callback<()>,
) -> impl IntoView {
    let recording = Recording::new(client);
    let key = key(item);
    let half_typed = half_typed(&format!("settle/{key}"));
    let reason = half_typed.text;
    let currency = untrack(|| use_workspace().catalogue()).map_or_else(String::new, |catalogue| catalogue.currency.clone());
    let amount = RwSignal::new(worth_minor.map_or_else(String::new, |worth| money::typed(worth, &currency)));
    let elsewhere = RwSignal::new(true);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let charged = match elsewhere.get_untracked() {
            false => Ok(0),
            true => up_to(&amount.get_untracked(), HIGHEST_PRICE_MINOR, &currency, "No charge is beyond"),
        };
        let charged_minor = match charged {
            Ok(charged) => charged,
            Err(words) => return recording.refuse(words),
        };
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse("Say why; the reason is kept with it.");
        }
        let half_typed = half_typed.clone();
        let change = Change::SettleBilling { item, charged_minor, reason: typed.clone() };
        recording.record(change, "It was not settled.", move || {
            half_typed.saved(&typed);
            let _ = settled.try_run(());
        });
    };
    let first = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(first) = first.get() {
            let _ = first.focus();
        }
    });
    let (group, amount_id, reason_id) = (format!("how-{key}"), StoredValue::new(format!("charged-{key}")), format!("why-{key}"));
    view! {
        <form class="plan-form" on:submit=save novalidate>
            <fieldset class="seg">
                <legend class="vh">"What became of it"</legend>
                <label>
                    <input
                        type="radio"
                        name=group.clone()
                        node_ref=first
                        prop:checked=move || elsewhere.get()
                        on:change=move |_| elsewhere.set(true)
                    />
                    <span>"Charged elsewhere"</span>
                </label>
                <label>
                    <input type="radio" name=group prop:checked=move || !elsewhere.get() on:change=move |_| elsewhere.set(false) />
                    <span>"Let it go"</span>
                </label>
            </fieldset>
            <Show when=move || elsewhere.get()>
                <div class="field sell-price">
                    <label for=amount_id.get_value()>"Amount charged"</label>
                    <input class="input num" id=amount_id.get_value() inputmode="decimal" autocomplete="off" bind:value=amount />
                </div>
            </Show>
            <div class="field">
                <label for=reason_id.clone()>"Reason"</label>
                <input class="input" id=reason_id autocomplete="off" maxlength="500" bind:value=reason />
            </div>
            <Problem words=recording.problem />
            <div class="btn-row">
                <button class="btn primary" type="submit" aria-disabled=move || recording.busy.get().to_string()>
                    <Icon name="check" />
                    "Settle it"
                </button>
                <button class="btn" type="button" on:click=move |_| cancel.run(())>
                    "Cancel"
                </button>
            </div>
        </form>
    }
}
