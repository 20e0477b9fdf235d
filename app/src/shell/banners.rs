//! Things that have to be said before anything else.

use crate::{
    icon::Icon,
    lock::use_door,
    ports::Pin,
    sign_in::go_to_sign_in,
    workspace::{Link, use_workspace},
};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn Banners() -> impl IntoView {
    let (workspace, door) = (use_workspace(), use_door());
    // With a PIN one comes back by that.
    let sign_in = move |_| if door.pin.get_untracked() == Pin::None { go_to_sign_in() } else { door.lock() };
    let others = Memo::new(move |_| {
        let staff = workspace.signed_in.with(|who| who.as_ref().map(|who| who.staff));
        staff.map_or(0, |staff| workspace.read(|replica| replica.unsent_of_others(staff)))
    });
    view! {
        <div class="banners">
            <Show when=move || workspace.trouble.with(Option::is_some)>
                <div class="banner is-refused" role="alert">
                    <Icon name="storage" />
                    <p>{move || workspace.trouble.with(|trouble| trouble.as_ref().map(ToString::to_string))}</p>
                </div>
            </Show>
            <Show when=move || workspace.link.get() == Link::SignedOut>
                <div class="banner is-warn" role="status">
                    <Icon name="alert" />
                    <p>"You are signed out. Everything you entered is kept here, and is sent once you sign in again."</p>
                    <button class="btn" type="button" on:click=sign_in>
                        "Sign in"
                    </button>
                </div>
            </Show>
            <Show when=move || door.pin.get() != Pin::Here && is_installed()>
                <div class="banner" role="status">
                    <Icon name="lock" />
                    <p>"Without your PIN this device opens only with the network."</p>
                    <A href="/pin" attr:class="btn">
                        {move || if door.pin.get() == Pin::None { "Choose a PIN" } else { "Type your PIN" }}
                    </A>
                </div>
            </Show>
            <Show when=move || { others.get() > 0 }>
                <div class="banner is-warn" role="status">
                    <Icon name="user" />
                    <p>{others} " entries of a colleague wait here. They are sent when that colleague signs in on this device."</p>
                </div>
            </Show>
            <Show when=move || workspace.update_ready.get()>
                <div class="banner" role="status">
                    <Icon name="update" />
                    <p>"An update is ready. What you have entered is saved and stays."</p>
                    <button class="btn" type="button" on:click=|_| activate_update()>
                        "Reload now"
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// From the home screen: a device that is carried about, not a desk's browser.
fn is_installed() -> bool {
    window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches())
}

/// Answered by `boot.js`: the new version takes over and this page is loaded again.
fn activate_update() {
    if let Ok(event) = web_sys::Event::new("cadence:activate") {
        // Cannot fail: nothing cancels it.
        let _ = window().dispatch_event(&event);
    }
}
