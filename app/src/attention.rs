//! What waits for a person: signed twice, not taken by the clinic, an adverse event; and what is not sent yet.

mod copy;
mod follow_up;
mod kept;
mod model;
mod refused;
mod set_aside;
mod unsent;

use crate::{icon::Icon, photos::WaitingPictures, workspace::use_workspace};
use follow_up::FollowUpItem;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
pub use model::{Item, Kind, waiting};
use refused::RefusedItem;
use set_aside::SetAsideItem;
use unsent::Unsent;

/// The list of what waits, and one item of it to decide about.
#[component]
pub fn AttentionPage() -> impl IntoView {
    let workspace = use_workspace();
    let query = use_query_map();
    let items = Memo::new(move |_| {
        let today = workspace.today();
        workspace.read(|replica| match replica.catalogue().zip(today) {
            Some((catalogue, today)) => waiting(replica.charts(), &replica.attention(), &catalogue, today),
            None => Vec::new(),
        })
    });
    // An item that was decided is gone; the first of the others takes its place.
    let chosen = Memo::new(move |_| {
        let asked = query.with(|query| query.get("item"));
        items.with(|items| {
            let found = items.iter().find(|item| Some(item.kind.key()) == asked);
            found.or(items.first()).map(|item| item.kind)
        })
    });
    // Said after a decision, when the item itself is no longer there to say it.
    let told = RwSignal::new("");
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Needs attention"</h1>
            </div>
            <p class:vh=move || told.with(|told| told.is_empty()) class="say is-ok" role="status">
                {told}
            </p>
            <Show when=move || chosen.get().is_some() fallback=Nothing>
                <div class="attn">
                    <ul class="attn-list card" aria-label="Waiting">
                        <For each=move || items.get() key=Clone::clone let:item>
                            <ListItem item chosen />
                        </For>
                    </ul>
                    {move || {
                        chosen
                            .get()
                            .map(|kind| match kind {
                                Kind::SetAside { client, command } => {
                                    view! { <SetAsideItem client command told /> }.into_any()
                                }
                                Kind::FollowUp { client, session } => view! { <FollowUpItem client session told /> }.into_any(),
                                Kind::Refused { number } => view! { <RefusedItem number told /> }.into_any(),
                            })
                    }}
                </div>
            </Show>
            <WaitingPictures />
            <Unsent />
        </div>
    }
}

#[component]
fn ListItem(item: Item, chosen: Memo<Option<Kind>>) -> impl IntoView {
    let kind = item.kind;
    let refused = matches!(kind, Kind::Refused { .. });
    view! {
        <li>
            <a
                href=format!("/attention?item={}", kind.key())
                class:is-refused=refused
                aria-current=move || (chosen.get() == Some(kind)).then_some("true")
            >
                <Icon name=if refused { "refuse" } else { "alert" } />
                <span>
                    <b>{item.title}</b>
                    <small>{item.about} <br /> {item.when}</small>
                </span>
                <Icon name="right" />
            </a>
        </li>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="check-circle" />
            <h2>"Nothing is waiting"</h2>
            <p>"What the clinic could not take, or what was signed twice, would stand here until someone decides."</p>
        </div>
    }
}
