//! Who is signed in, light or dark, and the way out.

use crate::{icon::Icon, lock::use_door, ports::Pin, sign_in::ACCOUNT, workspace::use_workspace};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn StaffMenu() -> impl IntoView {
    let (workspace, door) = (use_workspace(), use_door());
    let name = move || workspace.signed_in.with(|who| who.as_ref().map(|who| who.name.clone()).unwrap_or_default());
    let role = move || workspace.signed_in.with(|who| who.as_ref().map_or("", |who| who.role.label()));
    let initials = move || {
        let name = name();
        let words: Vec<_> = name.split_whitespace().filter(|word| !word.starts_with("Dr")).collect();
        words.iter().filter_map(|word| word.chars().next()).collect::<String>()
    };
    let refusal = RwSignal::new(None::<String>);
    let sign_out = move |_| {
        let unsent = workspace.unsent();
        if unsent > 0 {
            refusal.set(Some(format!("{unsent} not yet at the clinic. Stay signed in until the pill says that all is.")));
            return;
        }
        door.leave();
    };
    view! {
        <details class="staff">
            <summary aria-label=move || format!("{}: menu", name())>
                <span class="avatar" aria-hidden="true">
                    {initials}
                </span>
            </summary>
            <div class="menu">
                <p class="menu-who">
                    <b>{name}</b>
                    <span>{role}</span>
                </p>
                <fieldset class="seg">
                    <legend class="vh">"Theme"</legend>
                    <Theme value="auto" icon="auto" label="Auto" />
                    <Theme value="light" icon="sun" label="Light" />
                    <Theme value="dark" icon="moon" label="Dark" />
                </fieldset>
                <Show when=move || door.pin.get() != Pin::None>
                    <button class="btn" type="button" on:click=move |_| door.lock()>
                        <Icon name="lock" />
                        "Lock"
                    </button>
                </Show>
                <A href="/pin" attr:class="btn">
                    <Icon name="pin" />
                    {move || if door.pin.get() == Pin::None { "Choose a PIN" } else { "Your PIN" }}
                </A>
                // The server's own page: the router leaves it alone.
                <a class="btn" href=ACCOUNT rel="external">
                    <Icon name="lock" />
                    "Your sign-in"
                </a>
                <button class="btn" type="button" on:click=sign_out>
                    <Icon name="sign-out" />
                    "Sign out"
                </button>
                <Show when=move || refusal.with(Option::is_some)>
                    <p class="say is-warn" role="alert">
                        <Icon name="alert" />
                        <span>{move || refusal.get()}</span>
                    </p>
                </Show>
            </div>
        </details>
    }
}

/// One choice of theme; kept by the document itself (see `boot.js`).
#[component]
fn Theme(value: &'static str, icon: &'static str, label: &'static str) -> impl IntoView {
    let root = || document().document_element();
    let chosen = move || root().and_then(|root| root.get_attribute("data-theme")).unwrap_or_else(|| "auto".to_owned()) == value;
    let choose = move |_| {
        let Some(root) = root() else { return };
        // Both can only fail on names that are not names.
        let _ = if value == "auto" { root.remove_attribute("data-theme") } else { root.set_attribute("data-theme", value) };
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item("theme", value);
        }
    };
    view! {
        <label>
            <input type="radio" name="theme" value=value prop:checked=chosen on:change=choose />
            <span>
                <Icon name=icon />
                {label}
            </span>
        </label>
    }
}
