//! The browser's room: starts the app and gives it what only a browser has.

#![recursion_limit = "1024"]

mod host;
mod live;
mod local_store;
mod panic;
mod photos;
mod server;
mod updates;

use app::{
    shell::StaffApp,
    sync::{Engine, Found},
    workspace::Workspace,
};
use leptos::{mount::mount_to_body, prelude::*, task::spawn_local};
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;

/// Runs when the program is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    panic::tell_on_page();
    // The app is mounted later, once the store is open; the store needs tasks before that.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    spawn_local(async {
        match open().await {
            Ok((engine, found)) => {
                let engine = Rc::new(engine);
                mount_to_body(move || {
                    let workspace = Workspace::new(engine.clone(), &found);
                    live::keep_in_step(workspace);
                    updates::watch(workspace);
                    workspace.sync();
                    view! { <StaffApp workspace open_photos=photos::open /> }
                });
            }
            Err(error) => panic::say("Cadence cannot save anything in this browser", &error.to_string()),
        }
    });
}

async fn open() -> Result<(Engine, Found), app::ports::StoreError> {
    let store = local_store::Browser::open().await?;
    Engine::start(Rc::new(store), Rc::new(server::Clinic), Rc::new(host::Browser)).await
}
