//! A newer version of the app is announced, and used when the person says so (see `boot.js`).

use app::workspace::Workspace;
use gloo::events::EventListener;
use leptos::prelude::*;

pub fn watch(workspace: Workspace) {
    let already = document().document_element().is_some_and(|root| root.has_attribute("data-update"));
    workspace.update_ready.set(already);
    EventListener::new(&window(), "cadence:update", move |_| {
        workspace.update_ready.try_set(true);
    })
    .forget();
}
