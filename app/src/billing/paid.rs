//! How much is paid now, and how: the same fields wherever something is sold.

use super::amount::PaidNow;
use crate::icon::Icon;
use domain::plan::PaymentMethod;
use leptos::prelude::*;

/// `id` tells the fields of several forms on a page apart.
#[component]
pub fn PaidNowFields(
    #[prop(into)] id: String,
    choice: RwSignal<PaidNow>,
    part: RwSignal<String>,
    how: RwSignal<PaymentMethod>,
) -> impl IntoView {
    let group = format!("{id}-paid");
    let radio = move |option: PaidNow| {
        view! {
            <label>
                <input
                    type="radio"
                    name=group.clone()
                    prop:checked=move || choice.get() == option
                    on:change=move |_| choice.set(option)
                />
                <span>{option.label()}</span>
            </label>
        }
    };
    let part_id = StoredValue::new(format!("{id}-part"));
    let how_id = StoredValue::new(id);
    view! {
        <div class="paid-now">
            <fieldset>
                <legend class="paid-legend">"Paid now"</legend>
                <div class="seg">{PaidNow::ALL.map(radio).collect_view()}</div>
            </fieldset>
            <Show when=move || choice.get() != PaidNow::Nothing>
                <div class="two">
                    <Show when=move || choice.get() == PaidNow::Part>
                        <div class="field">
                            <label for=part_id.get_value()>"Amount paid"</label>
                            <input class="input num" id=part_id.get_value() inputmode="decimal" autocomplete="off" bind:value=part />
                        </div>
                    </Show>
                    <HowPaid id=how_id.get_value() how />
                </div>
            </Show>
        </div>
    }
}

#[component]
pub fn HowPaid(#[prop(into)] id: String, how: RwSignal<PaymentMethod>) -> impl IntoView {
    let id = format!("{id}-how");
    let option = move |method: PaymentMethod| {
        view! {
            <option value=method.label() prop:selected=move || how.get() == method>
                {method.label()}
            </option>
        }
    };
    let choose = move |event| {
        let label = event_target_value(&event);
        if let Some(method) = PaymentMethod::ALL.into_iter().find(|method| method.label() == label) {
            how.set(method);
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>"Paid by"</label>
            <span class="select-box">
                <select class="select" id=id on:change=choose>
                    {PaymentMethod::ALL.map(option).collect_view()}
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}
