//! The browser's room: starts the app and gives it what only a browser has.

#![recursion_limit = "1024"]

mod host;
mod live;
mod local_store;
mod panic;
mod photos;
mod server;
mod updates;
mod vault;

use app::{
    api::SignedIn,
    lock::LockPage,
    ports::StoreError,
    shell::StaffApp,
    sign_in::go_to_sign_in,
    sync::{Engine, Found},
    workspace::{Link, Workspace},
};
use leptos::{mount::mount_to, mount::mount_to_body, prelude::*, task::spawn_local};
use std::{cell::RefCell, rc::Rc};
use vault::{Entry, Vault};
use wasm_bindgen::prelude::wasm_bindgen;

/// Runs when the program is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    panic::tell_on_page();
    // The app is mounted later, once the store is open; the store needs tasks before that.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    spawn_local(async {
        if let Err(error) = enter().await {
            cannot_save(&error);
        }
    });
}

fn cannot_save(error: &StoreError) {
    panic::say("Cadence cannot save anything in this browser", &error.to_string());
}

/// Nothing is read of what lies here until somebody has opened it.
async fn enter() -> Result<(), StoreError> {
    let vault = Rc::new(Vault::find().await?);
    match vault.enter().await? {
        Entry::Open => open(vault).await?,
        Entry::Locked(people, problem) => ask(vault, people, problem),
        Entry::SignIn => go_to_sign_in(),
        Entry::Wipe => vault.wipe().await,
    }
    Ok(())
}

/// Shows who may open it, until one of them has.
fn ask(vault: Rc<Vault>, people: Vec<SignedIn>, problem: Option<String>) {
    let shown = Rc::new(RefCell::new(None));
    let (page, door) = (shown.clone(), vault.clone());
    let opened = move || {
        let (page, vault) = (page.clone(), vault.clone());
        spawn_local(async move {
            // The page goes with what was typed on it.
            drop(page.take());
            if let Err(error) = open(vault).await {
                cannot_save(&error);
            }
        });
    };
    let opened = StoredValue::new_local(opened);
    let opened = Callback::new(move |()| opened.with_value(|opened| opened()));
    let handle = mount_to(document().body().expect("a page has a body"), move || view! { <LockPage vault=door people problem opened /> });
    shown.replace(Some(handle));
}

async fn open(vault: Rc<Vault>) -> Result<(), StoreError> {
    let store = local_store::Browser::open().await?;
    let (engine, found): (Engine, Found) = Engine::start(Rc::new(store), Rc::new(server::Clinic), Rc::new(host::Browser)).await?;
    let engine = Rc::new(engine);
    mount_to_body(move || {
        let workspace = Workspace::new(engine.clone(), &found);
        live::keep_in_step(workspace);
        updates::watch(workspace);
        vault.watch();
        follow(workspace, &vault);
        workspace.sync();
        view! { <StaffApp workspace vault=vault.clone() open_photos=photos::open /> }
    });
    Ok(())
}

/// Being at the clinic's server renews the time for which a PIN opens this browser without it; being turned away there asks why.
fn follow(workspace: Workspace, vault: &Rc<Vault>) {
    let vault = vault.clone();
    Effect::new(move |_| {
        workspace.now.track();
        let (vault, link) = (vault.clone(), workspace.link.get());
        spawn_local(async move {
            match link {
                Link::Online => vault.renew().await,
                Link::SignedOut => vault.signed_out().await,
                Link::Connecting | Link::Offline | Link::Mismatch => {}
            }
        });
    });
}
