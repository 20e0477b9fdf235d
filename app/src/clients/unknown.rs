//! An address names a client of whom this device knows nothing.

use crate::{icon::Icon, workspace::use_workspace};
use leptos::prelude::*;

#[component]
pub fn UnknownClient() -> impl IntoView {
    let workspace = use_workspace();
    let whole = Memo::new(move |_| workspace.read(|replica| replica.is_whole()));
    view! {
        <div class="card empty">
            <Icon name="search" />
            <h1>"This client is not on this device"</h1>
            <p>
                {move || {
                    if whole.get() {
                        "The address may be mistyped. A client who was added elsewhere appears after the next sync."
                    } else {
                        "Charts are still being fetched. This page appears as soon as the chart has arrived."
                    }
                }}
            </p>
            <a class="btn primary" href="/clients">
                "Find a client"
            </a>
        </div>
    }
}
