//! Signing in. The first time on a device it needs the network; after that a whole day does without.

use crate::{
    api::{self, ApiError},
    icon::Icon,
    workspace::use_workspace,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

#[component]
pub fn SignInPage() -> impl IntoView {
    let workspace = use_workspace();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, problem, shown) = (RwSignal::new(false), RwSignal::new(None::<String>), RwSignal::new(false));
    let sign_in = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let outcome = match api::sign_in(email.get_untracked(), password.get_untracked()).await {
                Ok(signed_in) => workspace.set_signed_in(Some(signed_in)).await.map_err(|error| error.to_string()),
                Err(ApiError::Unreachable) => {
                    Err("The clinic's server cannot be reached. Check the Wi-Fi and try again; nothing saved on this device is lost."
                        .to_owned())
                }
                Err(error) => Err(error.to_string()),
            };
            if let Err(words) = outcome {
                problem.try_set(Some(words));
            }
            busy.try_set(false);
        });
    };
    view! {
        <main class="sign-in" id="main">
            <div class="sign-in-card">
                <p class="sign-in-brand">
                    <svg class="mark" aria-hidden="true">
                        <use href="/icons.svg#mark" />
                    </svg>
                    "Cadence"
                </p>
                <h1>"Sign in"</h1>
                <form on:submit=sign_in>
                    <Show when=move || problem.with(Option::is_some)>
                        <p class="say is-refused" role="alert">
                            <Icon name="refuse" />
                            <span>{move || problem.get()}</span>
                        </p>
                    </Show>
                    <div class="field">
                        <label for="email">"Email"</label>
                        <input
                            class="input"
                            id="email"
                            type="email"
                            autocomplete="username"
                            inputmode="email"
                            autocapitalize="none"
                            required
                            bind:value=email
                        />
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <span class="password">
                            <input
                                class="input"
                                id="password"
                                type=move || if shown.get() { "text" } else { "password" }
                                autocomplete="current-password"
                                required
                                bind:value=password
                            />
                            <button
                                class="icon-btn"
                                type="button"
                                aria-pressed=move || shown.get().to_string()
                                aria-label="Show the password"
                                on:click=move |_| shown.update(|shown| *shown = !*shown)
                            >
                                <Icon name="eye" />
                            </button>
                        </span>
                    </div>
                    <button class="btn big primary wide" type="submit" aria-disabled=move || busy.get().to_string()>
                        {move || if busy.get() { "Signing in…" } else { "Sign in" }}
                    </button>
                </form>
                <p class="sign-in-why">
                    <Icon name="cloud-off" />
                    <span>"The first sign-in on a device needs the network. After that, a whole day can be charted without it."</span>
                </p>
            </div>
        </main>
    }
}
