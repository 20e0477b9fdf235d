use super::address;
use crate::{api::ApiError, icon::Icon, workspace::use_workspace};
use leptos::{prelude::*, task::spawn_local};

/// Nobody is signed in as far as this device knows: the server is asked, and the sign-in page is shown if it
/// knows of nobody either.
#[component]
pub fn Arriving() -> impl IntoView {
    let workspace = use_workspace();
    let problem = RwSignal::new(None::<String>);
    let ask = move || {
        problem.set(None);
        spawn_local(async move {
            match workspace.learn_who().await {
                Ok(()) => {}
                Err(ApiError::SignedOut) => go_to_sign_in(),
                Err(error) => {
                    problem.try_set(Some(error.to_string()));
                }
            }
        });
    };
    ask();
    let back = window_event_listener(leptos::ev::online, move |_| ask());
    on_cleanup(move || back.remove());
    view! {
        <main class="sign-in" id="main">
            <div class="sign-in-card">
                <p class="sign-in-brand">
                    <svg class="mark" aria-hidden="true">
                        <use href="/icons.svg#mark" />
                    </svg>
                    "Cadence"
                </p>
                <Show
                    when=move || problem.with(Option::is_some)
                    fallback=|| {
                        view! {
                            <p class="soft" role="status">
                                "Asking the clinic’s server…"
                            </p>
                        }
                    }
                >
                    <h1>"Nobody is signed in here"</h1>
                    <p class="say is-warn" role="alert">
                        <Icon name="cloud-off" />
                        <span>
                            {move || problem.get()}
                            " Signing in needs it once; after that a whole day can be charted without. Nothing saved on this device is lost."
                        </span>
                    </p>
                    <button class="btn big primary wide" type="button" on:click=move |_| ask()>
                        "Try again"
                    </button>
                </Show>
            </div>
        </main>
    }
}

/// Leaves for the sign-in page, from which one comes back here.
pub fn go_to_sign_in() {
    let location = window().location();
    let here = [location.pathname(), location.search()].into_iter().filter_map(Result::ok).collect::<String>();
    // Fails only where a page may not navigate, and then there is nothing else to do.
    let _ = location.assign(&address(&here));
}
