//! What was settled, by whom and why.

use super::model::settled;
use crate::{icon::Icon, workspace::use_workspace};
use leptos::prelude::*;

/// So many are looked back upon.
const MOST: usize = 50;

#[component]
pub fn SettledLately() -> impl IntoView {
    let workspace = use_workspace();
    let settled = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        catalogue.map_or_else(Vec::new, |catalogue| workspace.read(|replica| settled(replica.charts(), &catalogue, MOST)))
    });
    view! {
        <Show when=move || { !settled.with(Vec::is_empty) }>
            <details class="plan-more settled">
                <summary>"Settled lately" <Icon name="down" /></summary>
                <ul class="card settled-list">
                    <For each=move || settled.get() key=Clone::clone let:line>
                        <li>
                            <a href=format!("/clients/{}", line.client)>{line.name}</a>
                            <span>{line.what}</span>
                            <span class="soft">{line.how}</span>
                        </li>
                    </For>
                </ul>
            </details>
        </Show>
    }
}
