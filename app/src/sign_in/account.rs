use super::{
    ACCOUNT,
    parts::{AppOffer, Card, PasskeyNew, PasswordField, Problem},
};
use crate::icon::Icon;
use leptos::prelude::*;
use uuid::Uuid;

/// A passkey as its person sees it.
pub struct KeyLine {
    pub id: Uuid,
    pub name: String,
    /// `added 21 Nov, used 22 Nov`
    pub note: String,
}

/// An authenticator app that waits for its first code.
pub struct Offer {
    /// The text of the secret.
    pub text: String,
    /// The same as an SVG picture.
    pub qr: String,
}

/// How somebody gets in, as they see it.
pub struct Account {
    pub name: String,
    pub email: String,
    pub has_app: bool,
    pub recovery_codes: i64,
    pub keys: Vec<KeyLine>,
    pub offer: Option<Offer>,
    /// The password was entered again a moment ago: it may be changed.
    pub open: bool,
}

/// Everybody's own sign-in. Drawn by the server.
#[component]
pub fn AccountPage(account: Account, problem: Option<String>) -> impl IntoView {
    let Account { name, email, has_app, recovery_codes, keys, offer, open } = account;
    let has_second = has_app || !keys.is_empty();
    view! {
        <Card>
            <h1>"Your sign-in"</h1>
            <p>
                <b>{name}</b>
                ", "
                {email}
            </p>
            <Problem words=problem />
            {(!has_second)
                .then(|| {
                    view! {
                        <p class="say is-warn">
                            <Icon name="alert" />
                            <span>"Only your password stands between anybody and the clinic’s records. Add an authenticator app or a passkey."</span>
                        </p>
                    }
                })}
            {(!open)
                .then(|| {
                    view! {
                        <form method="post" action=format!("{ACCOUNT}/confirm") data-busy="Looking…">
                            <PasswordField
                                label="Your password"
                                autocomplete="current-password"
                                hint="It is asked for again before anything here can be changed."
                            />
                            <button class="btn big primary wide" type="submit">
                                "Change how I sign in"
                            </button>
                        </form>
                    }
                })}
            <App has_app offer open />
            <Keys keys open />
            <Codes has_second recovery_codes open />
            <a class="btn wide" href="/">
                "Back to Cadence"
            </a>
        </Card>
    }
}

#[component]
fn App(has_app: bool, offer: Option<Offer>, open: bool) -> impl IntoView {
    let stands = if has_app { "In use. Its codes are asked for after your password." } else { "None yet." };
    let words = if has_app { "Use another app" } else { "Add an app" };
    view! {
        <section class="sign-in-part">
            <h2>"Authenticator app"</h2>
            <p class="soft">{stands}</p>
            {open
                .then(|| match offer {
                    Some(Offer { text, qr }) => view! { <AppOffer action=format!("{ACCOUNT}/app/confirm") text qr /> }.into_any(),
                    None => {
                        view! {
                            <form method="post" action=format!("{ACCOUNT}/app")>
                                <button class="btn" type="submit">
                                    {words}
                                </button>
                            </form>
                        }
                            .into_any()
                    }
                })}
        </section>
    }
}

#[component]
fn Keys(keys: Vec<KeyLine>, open: bool) -> impl IntoView {
    let none = keys
        .is_empty()
        .then(|| view! { <p class="soft">"None yet. A passkey signs you in by face, finger or PIN, without a password."</p> });
    let lines = keys
        .into_iter()
        .map(|key| {
            let label = format!("Remove {}", key.name);
            view! {
                <li>
                    <span>
                        {key.name}
                        <small class="soft">{key.note}</small>
                    </span>
                    {open
                        .then(|| {
                            view! {
                                <form method="post" action=format!("{ACCOUNT}/passkey/remove")>
                                    <input type="hidden" name="id" value=key.id.to_string() />
                                    <button class="icon-btn" type="submit" aria-label=label>
                                        <Icon name="trash" />
                                    </button>
                                </form>
                            }
                        })}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="sign-in-part">
            <h2>"Passkeys"</h2>
            {none}
            <ul class="sign-in-keys">{lines}</ul>
            {open.then(|| view! { <PasskeyNew action=format!("{ACCOUNT}/passkey") primary=false /> })}
        </section>
    }
}

#[component]
fn Codes(has_second: bool, recovery_codes: i64, open: bool) -> impl IntoView {
    has_second.then(|| {
        view! {
            <section class="sign-in-part">
                <h2>"Recovery codes"</h2>
                <p class="soft">{recovery_codes} " left. Each lets you in once, in place of app or passkey, after your password."</p>
                {open
                    .then(|| {
                        view! {
                            <form method="post" action=format!("{ACCOUNT}/codes")>
                                <button class="btn" type="submit">
                                    "Make new codes"
                                </button>
                            </form>
                        }
                    })}
            </section>
        }
    })
}

/// The codes on paper, shown once. Drawn by the server.
#[component]
pub fn CodesPage(
    codes: Vec<String>,
    /// Where to go then.
    next: String,
) -> impl IntoView {
    view! {
        <Card>
            <h1>"Your recovery codes"</h1>
            <p>
                "Print them, or write them down, and keep them where you keep your passport: not on this device. "
                "Each lets you in once when app or passkey is lost. They are not shown again; codes you had before are dead."
            </p>
            <ol class="sign-in-codes num">{codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}</ol>
            <a class="btn big primary wide" href=next>
                "I have them: go on"
            </a>
        </Card>
    }
}
