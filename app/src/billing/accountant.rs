//! The accountant's list: made by the clinic's server, for the days asked for.

use super::model::{accounts, month_so_far};
use crate::{
    icon::Icon,
    words,
    workspace::{Link, use_workspace},
};
use leptos::prelude::*;

#[component]
pub fn Accountant() -> impl IntoView {
    let workspace = use_workspace();
    let (first, last) = untrack(|| workspace.today())
        .map(month_so_far)
        .map_or_else(Default::default, |(first, last)| (first.to_string(), last.to_string()));
    let (from, to) = (RwSignal::new(first), RwSignal::new(last));
    let list = Memo::new(move |_| from.with(|from| to.with(|to| accounts(from, to))));
    let hindered = move || match workspace.link.get() {
        Link::Online | Link::Connecting => None,
        Link::Offline => Some("The list is made by the clinic’s server: it can be downloaded once the network is back."),
        Link::SignedOut => Some("The list is made by the clinic’s server: sign in again to download it."),
        Link::Mismatch => Some("The list can be downloaded once the app is updated."),
    };
    let unsent = Memo::new(move |_| workspace.unsent());
    view! {
        <section class="card accountant" aria-labelledby="accountant-h">
            <h2 id="accountant-h">"For the accountant"</h2>
            <p class="soft">"Every session delivered, every payment and every refund of these days, as a CSV file."</p>
            <div class="accountant-days">
                <div class="field">
                    <label for="accounts-from">"From"</label>
                    <input class="input num" id="accounts-from" type="date" bind:value=from />
                </div>
                <div class="field">
                    <label for="accounts-to">"To"</label>
                    <input class="input num" id="accounts-to" type="date" bind:value=to />
                </div>
                {move || match (hindered(), list.get()) {
                    (None, Ok(address)) => {
                        view! {
                            <a class="btn" href=address download="cadence-accounts.csv" rel="external">
                                <Icon name="file" />
                                "Download the list"
                            </a>
                        }
                            .into_any()
                    }
                    (None, Err(words)) => view! { <Say icon="info" words /> }.into_any(),
                    (Some(words), _) => view! { <Say icon="cloud-off" words /> }.into_any(),
                }}
            </div>
            <Show when=move || { unsent.get() > 0 }>
                <p class="small soft">
                    {move || {
                        let n = u64::try_from(unsent.get()).unwrap_or(u64::MAX);
                        format!("Not in the list yet: {} saved on this device.", words::count(n, "entry", "entries"))
                    }}
                </p>
            </Show>
        </section>
    }
}

#[component]
fn Say(icon: &'static str, words: &'static str) -> impl IntoView {
    view! {
        <p class="say" role="status">
            <Icon name=icon />
            <span>{words}</span>
        </p>
    }
}
