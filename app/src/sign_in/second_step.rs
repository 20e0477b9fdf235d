use super::{
    SECOND_STEP, SIGN_IN,
    parts::{Card, CodeField, PasskeySignIn, Problem},
};
use leptos::prelude::*;

/// After the right password: the second thing somebody has. Drawn by the server.
#[component]
pub fn SecondStepPage(
    /// Whether they have an authenticator app.
    has_app: bool,
    has_passkey: bool,
    /// Where to go afterwards.
    next: String,
    /// What went wrong.
    problem: Option<String>,
) -> impl IntoView {
    let asks = if has_app { "Code from your authenticator app" } else { "One of your recovery codes" };
    let hint = if has_app { "Six digits. A recovery code works too, once." } else { "As you noted it down. Each works once." };
    view! {
        <Card>
            <h1>"One more step"</h1>
            {has_passkey.then(|| view! { <PasskeySignIn next=next.clone() primary=!has_app /> })}
            <form method="post" action=SECOND_STEP data-busy="Looking…">
                <Problem words=problem />
                <input type="hidden" name="next" value=next />
                <CodeField label=asks hint digits=false autofocus=has_app />
                <button class="btn big primary wide" type="submit">
                    "Sign in"
                </button>
            </form>
            <p class="sign-in-why">
                <span>"App and codes lost? The clinic’s owner can make you a new invitation. " <a href=SIGN_IN>"Begin again"</a></span>
            </p>
        </Card>
    }
}
