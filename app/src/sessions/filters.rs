//! What narrows the list down: scope, words, status, billing, provider.

use super::model::{Scope, Wanted, Who};
use crate::{icon::Icon, search_box::SearchBox, words::thousands, workspace::use_workspace};
use domain::{billing::Billing, status::SessionStatus};
use leptos::prelude::*;
use std::sync::Arc;

/// Changes what is wanted.
pub type Change = Arc<dyn Fn(&dyn Fn(&mut Wanted)) + Send + Sync>;

#[component]
pub fn Filters(
    wanted: RwSignal<Wanted>,
    /// How many there are in each scope.
    #[prop(into)]
    counts: Signal<[usize; 3]>,
    change: Change,
) -> impl IntoView {
    let change = StoredValue::new(change);
    let change = move |how: &dyn Fn(&mut Wanted)| change.with_value(|change| change(how));
    let scope = move |(n, scope): (usize, Scope)| {
        view! {
            <button
                type="button"
                aria-pressed=move || wanted.with(|wanted| wanted.scope == scope).to_string()
                on:click=move |_| change(&|wanted| wanted.scope = scope)
            >
                {scope.label()}
                " "
                <span class="num soft">{move || thousands(counts.get()[n])}</span>
            </button>
        }
    };
    let status = move |status: SessionStatus| {
        let on = move || wanted.with(|wanted| wanted.status == Some(status));
        view! {
            <button
                class="pick"
                type="button"
                aria-pressed=move || on().to_string()
                on:click=move |_| change(&|wanted| wanted.status = if wanted.status == Some(status) { None } else { Some(status) })
            >
                {status.label()}
            </button>
        }
    };
    view! {
        <div class="sessions-tools">
            <div class="seg" role="group" aria-label="Which sessions">
                {Scope::ALL.into_iter().enumerate().map(scope).collect_view()}
            </div>
            <SearchBox
                id="session-search"
                label="Find by client or series"
                label_unseen=true
                placeholder="Client or series"
                value=Signal::derive(move || wanted.with(|wanted| wanted.text.clone()))
                typed=move |text: String| change(&|wanted| wanted.text.clone_from(&text))
            />
            <BillingFilter wanted change=Arc::new(change) />
            <ProviderFilter wanted change=Arc::new(change) />
            <div class="picks" role="group" aria-label="Status">
                {SessionStatus::ALL.map(status).collect_view()}
                <button
                    class="pick"
                    type="button"
                    aria-pressed=move || wanted.with(|wanted| wanted.undocumented).to_string()
                    on:click=move |_| change(&|wanted| wanted.undocumented = !wanted.undocumented)
                >
                    "Not documented"
                </button>
            </div>
        </div>
    }
}

#[component]
fn BillingFilter(wanted: RwSignal<Wanted>, change: Change) -> impl IntoView {
    let chosen = move |billing: Option<Billing>| wanted.with(|wanted| wanted.billing == billing);
    let option = |billing: Billing| {
        view! {
            <option value=billing.label() prop:selected=move || chosen(Some(billing))>
                {billing.label()}
            </option>
        }
    };
    view! {
        <div class="field is-select">
            <label class="vh" for="session-billing">
                "Billing"
            </label>
            <span class="select-box">
                <select
                    class="select"
                    id="session-billing"
                    on:change=move |event| {
                        let value = event_target_value(&event);
                        change(&|wanted| wanted.billing = Billing::ALL.into_iter().find(|billing| billing.label() == value));
                    }
                >
                    <option value="" prop:selected=move || chosen(None)>
                        "Any billing"
                    </option>
                    {Billing::ALL.map(option).collect_view()}
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}

#[component]
fn ProviderFilter(wanted: RwSignal<Wanted>, change: Change) -> impl IntoView {
    let workspace = use_workspace();
    let catalogue = Memo::new(move |_| workspace.catalogue());
    let option = move |who: Who, words: String| {
        view! {
            <option value=who.value() prop:selected=move || wanted.with(|wanted| wanted.who == who)>
                {words}
            </option>
        }
    };
    let providers = move || {
        let catalogue = catalogue.get();
        let providers = catalogue.iter().flat_map(|catalogue| catalogue.providers());
        providers.map(|staff| option(Who::Only(staff.id), staff.name.clone())).collect_view()
    };
    view! {
        <div class="field is-select">
            <label class="vh" for="session-provider">
                "Provider"
            </label>
            <span class="select-box">
                <select
                    class="select"
                    id="session-provider"
                    on:change=move |event| {
                        let who = Who::read(&event_target_value(&event));
                        change(&|wanted| wanted.who = who);
                    }
                >
                    {option(Who::Anybody, "Any provider".to_owned())}
                    {option(Who::Nobody, "Nobody yet".to_owned())}
                    {providers}
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}
