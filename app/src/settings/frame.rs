//! What all pages of the settings stand in.

use super::{carriers::CARRIERS, feeds::FEEDS};
use crate::{icon::Icon, workspace::use_workspace};
use leptos::{html, prelude::*};
use leptos_router::components::A;
use wasm_bindgen::JsCast;

/// Head, tabs, and the page itself for those who may edit.
#[component]
pub fn SettingsFrame(children: ChildrenFn) -> impl IntoView {
    let workspace = use_workspace();
    let edits = Memo::new(move |_| workspace.edits_catalogue());
    let owns = Memo::new(move |_| workspace.runs_clinic());
    let here = Memo::new(move |_| workspace.catalogue().is_some());
    let children = StoredValue::new(children);
    let tabs = NodeRef::<html::Nav>::new();
    Effect::new(move |_| {
        if let Some(tabs) = tabs.get() {
            request_animation_frame(move || show_current(&tabs));
        }
    });
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Settings"</h1>
            </div>
            <nav class="tabs is-many" aria-label="Settings" node_ref=tabs>
                <A href="/settings" exact=true>
                    "Devices"
                </A>
                <A href="/settings/templates" exact=true>
                    "Templates"
                </A>
                <A href="/settings/packages" exact=true>
                    "Packages"
                </A>
                <A href="/settings/forms" exact=true>
                    "Consent forms"
                </A>
                <A href="/settings/views" exact=true>
                    "Photographs"
                </A>
                <A href="/settings/rooms" exact=true>
                    "Rooms"
                </A>
                <A href="/settings/hours" exact=true>
                    "Hours"
                </A>
                <A href="/settings/rules" exact=true>
                    "Rules"
                </A>
                <A href="/settings/follow-up" exact=true>
                    "Follow-up"
                </A>
                <Show when=move || owns.get()>
                    <A href="/settings/people" exact=true>
                        "People"
                    </A>
                    <A href="/settings/installations" exact=true>
                        "iPads and computers"
                    </A>
                    // Drawn by the server: passwords are typed there.
                    <a href=CARRIERS rel="external">
                        "Messages"
                    </a>
                </Show>
                // Everybody may say whose a booking is.
                <a href=FEEDS rel="external">
                    "Bookings from elsewhere"
                </a>
            </nav>
            <Show when=move || edits.get() fallback=NotYours>
                <Show when=move || here.get() fallback=NotHere>
                    {move || children.with_value(|children| children())}
                </Show>
            </Show>
        </div>
    }
}

/// On a phone not all tabs fit: the one that is shown is moved to the middle.
fn show_current(tabs: &web_sys::HtmlElement) {
    let Ok(Some(current)) = tabs.query_selector("[aria-current='page']") else { return };
    if let Ok(current) = current.dyn_into::<web_sys::HtmlElement>() {
        let space = (tabs.client_width() - current.offset_width()) / 2;
        tabs.set_scroll_left(current.offset_left() - tabs.offset_left() - space);
    }
}

#[component]
fn NotYours() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="lock" />
            <h2>"Only the medical director and the owner change these"</h2>
            <p>"Devices, templates, packages, consent forms, photographs, rooms, hours, rules and what is sent hold for the whole clinic. Ask one of them if something is missing or wrong."</p>
        </div>
    }
}

#[component]
fn NotHere() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="update" />
            <h2>"Not on this device yet"</h2>
            <p>"The clinic’s settings come with the first sync. Stay online for a moment."</p>
        </div>
    }
}
