use super::{
    SIGN_IN,
    parts::{Card, PasskeySignIn, PasswordField, Problem},
};
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
        <Card>
            <h1>"Sign in"</h1>
            <form method="post" action=SIGN_IN data-busy="Signing in…">
                <Problem words=problem />
                <input type="hidden" name="next" value=next.clone() />
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
                <PasswordField label="Password" autocomplete="current-password" autofocus=failed />
                <button class="btn big primary wide" type="submit">
                    "Sign in"
                </button>
            </form>
            <PasskeySignIn next primary=false />
            <p class="sign-in-why">
                <Icon name="cloud-off" />
                <span>"The first sign-in on a device needs the network. With a PIN, a whole day can be charted without it."</span>
            </p>
        </Card>
    }
}
