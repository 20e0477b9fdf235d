use super::SIGN_IN;
use crate::icon::Icon;
use leptos::prelude::*;

/// Drawn by the server; `boot.js` adds what a form cannot do by itself.
#[component]
pub fn SignInPage(
    /// What was typed before.
    email: String,
    /// Where to go afterwards.
    next: String,
    /// What went wrong.
    problem: Option<String>,
) -> impl IntoView {
    let failed = problem.is_some();
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
                <form method="post" action=SIGN_IN data-busy="Signing in…">
                    {problem
                        .map(|problem| {
                            view! {
                                <p class="say is-refused" role="alert">
                                    <Icon name="refuse" />
                                    <span>{problem}</span>
                                </p>
                            }
                        })}
                    <input type="hidden" name="next" value=next />
                    <div class="field">
                        <label for="email">"Email"</label>
                        <input
                            class="input"
                            id="email"
                            name="email"
                            type="email"
                            autocomplete="username"
                            inputmode="email"
                            autocapitalize="none"
                            required
                            autofocus=!failed
                            value=email
                        />
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <span class="password">
                            <input
                                class="input"
                                id="password"
                                name="password"
                                type="password"
                                autocomplete="current-password"
                                required
                                autofocus=failed
                            />
                            <button
                                class="icon-btn"
                                type="button"
                                hidden
                                data-shows="password"
                                aria-pressed="false"
                                aria-label="Show the password"
                            >
                                <Icon name="eye" />
                            </button>
                        </span>
                    </div>
                    <button class="btn big primary wide" type="submit">
                        "Sign in"
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
