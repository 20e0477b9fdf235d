//! What was delivered and no payment covers.

use super::{
    accountant::Accountant,
    model::{Line, open, shown, total},
    settle::SettleForm,
    settled::SettledLately,
};
use crate::{icon::Icon, words, workspace::use_workspace};
use domain::billing::{BillingItem, ExceptionKind};
use leptos::{html, prelude::*};

/// So many rows are drawn at first, and more at a time: a row opens in place, so they differ in height.
const STEP: usize = 100;

#[component]
pub fn BillingPage() -> impl IntoView {
    let workspace = use_workspace();
    let lines = Memo::new(move |_| workspace.read(|replica| open(replica.charts())));
    let drawn = RwSignal::new(STEP);
    let hidden = Memo::new(move |_| lines.with(Vec::len).saturating_sub(drawn.get()));
    let settling = RwSignal::new(None::<ExceptionKind>);
    let told = RwSignal::new("");
    let summary = NodeRef::<html::P>::new();
    // Its row is gone then, and with it the button that was pressed.
    let settled = Callback::new(move |()| {
        settling.try_set(None);
        told.try_set(" Settled. The reason is kept with it.");
        if let Some(summary) = summary.try_get_untracked().flatten() {
            let _ = summary.focus();
        }
    });
    let total = move || {
        let currency = workspace.catalogue().map_or_else(String::new, |catalogue| catalogue.currency.clone());
        lines.with(|lines| total(lines, &currency))
    };
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Billing exceptions"</h1>
            </div>
            <p class="soft num billing-total" tabindex="-1" role="status" node_ref=summary>
                {total}
                {told}
            </p>
            <Show when=move || { !lines.with(Vec::is_empty) } fallback=Nothing>
                <section class="card exceptions" aria-label="Delivered, and covered by no payment">
                    <div class="exceptions-head" aria-hidden="true">
                        <span>"Delivered"</span>
                        <span>"Client"</span>
                        <span>"What"</span>
                        <span>"Worth"</span>
                    </div>
                    <ul>
                        <For
                            each=move || lines.with(|lines| lines.iter().take(drawn.get()).copied().collect::<Vec<_>>())
                            key=|line| *line
                            let:line
                        >
                            <Row line settling settled />
                        </For>
                    </ul>
                </section>
                <Show when=move || { hidden.get() > 0 }>
                    <button class="btn" type="button" on:click=move |_| drawn.update(|drawn| *drawn += STEP)>
                        {move || format!("Show {} more of {}", hidden.get().min(STEP), words::thousands(hidden.get()))}
                    </button>
                </Show>
            </Show>
            <SettledLately />
            <Accountant />
        </div>
    }
}

#[component]
fn Row(line: Line, settling: RwSignal<Option<ExceptionKind>>, settled: Callback<()>) -> impl IntoView {
    let workspace = use_workspace();
    let shown = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(line.client).zip(workspace.catalogue())?;
        Some(shown(&line, &chart, &catalogue))
    });
    let is_open = move || settling.get() == Some(line.kind);
    let toggle = move |_| settling.update(|open| *open = (*open != Some(line.kind)).then_some(line.kind));
    let about = move || shown.with(|shown| shown.as_ref().map(|shown| format!(": {}, {}", shown.client, shown.what)));
    view! {
        <li class="exception">
            {move || {
                shown
                    .get()
                    .map(|shown| {
                        view! {
                            <span class="num soft">{shown.day}</span>
                            <a href=format!("/clients/{}", line.client)>{shown.client}</a>
                            <a class="exception-what" href=shown.path>
                                {shown.what}
                            </a>
                            <span class="num">{shown.worth.unwrap_or_else(|| "no price".to_owned())}</span>
                        }
                    })
            }}
            {match line.kind {
                ExceptionKind::Item(item) => {
                    view! {
                        <button class="btn" type="button" aria-expanded=move || is_open().to_string() on:click=toggle>
                            "Settle"
                            <span class="vh">{about}</span>
                        </button>
                        <Show when=is_open>
                            <Settle line item settled settling />
                        </Show>
                    }
                        .into_any()
                }
                ExceptionKind::PastThePackage(command) => {
                    view! {
                        <a class="btn" href=format!("/attention?item=aside-{command}")>
                            "Decide"
                            <span class="vh">{about}</span>
                        </a>
                    }
                        .into_any()
                }
            }}
        </li>
    }
}

#[component]
fn Settle(line: Line, item: BillingItem, settled: Callback<()>, settling: RwSignal<Option<ExceptionKind>>) -> impl IntoView {
    let cancel = Callback::new(move |()| settling.set(None));
    view! {
        <div class="exception-form">
            {line
                .plan
                .filter(|_| matches!(item, BillingItem::Session(_)))
                .map(|_| {
                    view! {
                        <p class="small">
                            "Has it been paid after all? "
                            <a href=format!("/clients/{}", line.client)>"Take the payment on the client’s page"</a>
                        </p>
                    }
                })}
            <SettleForm client=line.client item worth_minor=line.worth_minor settled cancel />
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let workspace = use_workspace();
    let whole = Memo::new(move |_| workspace.read(|replica| replica.is_whole()));
    view! {
        <div class="card empty">
            <Icon name="check-circle" />
            <h2>"Everything delivered is paid or settled."</h2>
            <Show when=move || !whole.get()>
                <p>"Charts are still being fetched; what they hold appears as they arrive."</p>
            </Show>
        </div>
    }
}
