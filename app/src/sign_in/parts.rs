//! What the pages before the program have in common.

use super::{PASSKEY_OPTIONS, PASSKEY_SIGN_IN};
use crate::{icon::Icon, page_script::PageScript};
use leptos::prelude::*;

/// The column all of them stand in, under the product's name.
#[component]
pub fn Card(children: Children) -> impl IntoView {
    view! {
        <main class="sign-in" id="main">
            <div class="sign-in-card">
                <p class="sign-in-brand">
                    <svg class="mark" aria-hidden="true">
                        <use href="/icons.svg#mark" />
                    </svg>
                    "Cadence"
                </p>
                {children()}
            </div>
        </main>
    }
}

/// What went wrong, if something did.
#[component]
pub fn Problem(words: Option<String>) -> impl IntoView {
    words.map(|words| {
        view! {
            <p class="say is-refused" role="alert">
                <Icon name="refuse" />
                <span>{words}</span>
            </p>
        }
    })
}

/// A password, which can be shown while it is typed.
#[component]
pub fn PasswordField(
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
    /// Said below.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="password">{label}</label>
            <span class="password">
                <input
                    class="input"
                    id="password"
                    name="password"
                    type="password"
                    autocomplete=autocomplete
                    aria-describedby=(!hint.is_empty()).then_some("password-says")
                    required
                    autofocus=autofocus
                />
                <button class="icon-btn" type="button" hidden data-shows="password" aria-pressed="false" aria-label="Show the password">
                    <Icon name="eye" />
                </button>
            </span>
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <p class="hint" id="password-says">
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
}

/// A code that is typed.
#[component]
pub fn CodeField(
    label: &'static str,
    hint: &'static str,
    /// Only digits can be right.
    digits: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="code">{label}</label>
            <input
                class="input num"
                id="code"
                name="code"
                autocomplete="one-time-code"
                inputmode=if digits { "numeric" } else { "text" }
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="code-says"
                required
                autofocus=autofocus
            />
            <p class="hint" id="code-says">
                {hint}
            </p>
        </div>
    }
}

/// An authenticator app is told its secret, and proves that it knows it.
#[component]
pub fn AppOffer(
    /// Where the first code is sent.
    action: String,
    /// The text of the secret.
    text: String,
    /// The same as an SVG picture.
    qr: String,
) -> impl IntoView {
    view! {
        <form method="post" action=action data-busy="Looking…">
            <p>"Scan this with an authenticator app, such as the one your phone came with."</p>
            <div class="sign-in-qr" role="img" aria-label="QR code of the secret below" inner_html=qr></div>
            <p class="hint">
                "Or type this into the app: " <code class="sign-in-secret">{text}</code>
            </p>
            <CodeField label="The code it shows now" hint="Six digits, new every half minute." digits=true />
            <button class="btn big primary wide" type="submit">
                "Use this app"
            </button>
        </form>
    }
}

/// Signs in with a passkey. Hidden where scripts, or the browser, cannot.
#[component]
pub fn PasskeySignIn(next: String, primary: bool) -> impl IntoView {
    view! {
        <form method="post" action=PASSKEY_SIGN_IN data-passkey="use" data-options=PASSKEY_OPTIONS hidden>
            <input type="hidden" name="next" value=next />
            <input type="hidden" name="challenge" />
            <input type="hidden" name="answer" />
            <button class="btn big wide" class:primary=primary type="submit">
                <Icon name="user" />
                "Use a passkey"
            </button>
            <p class="error" role="alert" hidden></p>
        </form>
        <PageScript src="/passkey.js" />
    }
}

/// Makes a passkey. Hidden where scripts, or the browser, cannot.
#[component]
pub fn PasskeyNew(
    /// Where the key is sent; below it, what it is made by.
    action: String,
    primary: bool,
) -> impl IntoView {
    let options = format!("{action}/options");
    view! {
        <form method="post" action=action data-passkey="make" data-options=options hidden>
            <input type="hidden" name="answer" />
            <div class="field">
                <label for="key-name">"Name of the passkey"</label>
                <input class="input" id="key-name" name="name" maxlength="60" autocomplete="off" placeholder="My phone" />
            </div>
            <button class="btn big wide" class:primary=primary type="submit">
                <Icon name="plus" />
                "Make a passkey"
            </button>
            <p class="error" role="alert" hidden></p>
        </form>
        <PageScript src="/passkey.js" />
    }
}
