use super::{
    Offer, SIGN_IN,
    parts::{AppOffer, Card, PasskeyNew, PasswordField, Problem},
};
use domain::catalogue::Role;
use leptos::prelude::*;

/// Where somebody who was invited chooses a password. Drawn by the server.
#[component]
pub fn InvitationPage(
    /// Of this page, to which it is sent.
    address: String,
    clinic: String,
    name: String,
    role: Role,
    email: String,
    /// What went wrong.
    problem: Option<String>,
) -> impl IntoView {
    view! {
        <Card>
            <h1>"Welcome, " {name}</h1>
            <p>{clinic} " works with Cadence, and you as: " <b>{role.label()}</b> ". Choose how you get in."</p>
            <form method="post" action=address data-busy="Saving…">
                <Problem words=problem />
                <div class="field">
                    <label for="email">"Your address"</label>
                    <input class="input" id="email" type="email" autocomplete="username" readonly value=email />
                </div>
                <PasswordField
                    label="A new password"
                    autocomplete="new-password"
                    autofocus=true
                    hint="At least 12 letters or signs. Four words in a row are easy to remember."
                />
                <button class="btn big primary wide" type="submit">
                    "Go on"
                </button>
            </form>
        </Card>
    }
}

/// The link is dead, whyever.
#[component]
pub fn GonePage() -> impl IntoView {
    view! {
        <Card>
            <h1>"This invitation is not good any more"</h1>
            <p>"A link works once and for three days, and a newer one takes its place. Ask the clinic’s owner for a new one."</p>
            <a class="btn big wide" href=SIGN_IN>
                "Sign in"
            </a>
        </Card>
    }
}

/// The second half of an invitation: something beside the password. Drawn by the server.
#[component]
pub fn FactorPage(
    /// Of the invitation.
    address: String,
    offer: Offer,
    /// What went wrong.
    problem: Option<String>,
) -> impl IntoView {
    let Offer { text, qr } = offer;
    view! {
        <Card>
            <h1>"One thing more"</h1>
            <p>
                "Your password is noted. Because these are people’s medical records, something only you have is asked for too: "
                "a passkey or an authenticator app. Choose one; you can add the other later."
            </p>
            <Problem words=problem />
            <section class="sign-in-part">
                <h2>"A passkey"</h2>
                <p class="soft">"Signs you in by face, finger or PIN of this device."</p>
                <PasskeyNew action=format!("{address}/passkey") primary=true />
                <noscript>
                    <p class="hint">"Passkeys need JavaScript, which is switched off in this browser."</p>
                </noscript>
            </section>
            <section class="sign-in-part">
                <h2>"Or an authenticator app"</h2>
                <AppOffer action=format!("{address}/app") text qr />
            </section>
        </Card>
    }
}
