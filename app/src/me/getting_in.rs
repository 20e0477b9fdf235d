//! Asking for a link, and following it.

use super::{ASK, frame::Note, link_address};
use leptos::prelude::*;

/// What is said above the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskSays {
    Nothing,
    /// The same for whoever asks, known or not.
    Sent,
    TooOften,
    /// The link was asked for somewhere else.
    OtherBrowser,
    /// Used, too old, or never made.
    LinkGone,
    /// A page was asked for by nobody.
    SignedOut,
}

impl AskSays {
    fn words(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Sent => {
                Some("Thank you. If your clinic has this address on file, a link is on its way. It works for ten minutes, in this browser.")
            }
            Self::TooOften => {
                Some("Several links were asked for just now. Please look at your messages, or ask again in a quarter of an hour.")
            }
            Self::OtherBrowser => {
                Some("This link belongs to the browser in which it was asked for. Open it there, or ask here for a new one.")
            }
            Self::LinkGone => Some("Links work once, for ten minutes, and this one has had its time. Ask here for a new one."),
            Self::SignedOut => Some("You are signed out here. Ask for a link to come back."),
        }
    }
}

#[component]
pub fn AskPage(says: AskSays) -> impl IntoView {
    let warns = says == AskSays::TooOften;
    view! {
        <main class="me narrow" id="main">
            <h1>"Your own pages"</h1>
            <p class="soft">"Your sessions, your next appointment and your photos."</p>
            {says.words().map(|words| view! { <Note warns>{words}</Note> })}
            <form method="post" action=ASK class="card">
                <label for="to">"E-mail or phone number"</label>
                <input id="to" name="to" type="text" autocomplete="email" autocapitalize="none" spellcheck="false" maxlength="200" required />
                <p class="soft small">"The one your clinic knows you by."</p>
                <button class="main" type="submit">
                    "Send me a link"
                </button>
            </form>
        </main>
    }
}

/// A link changes nothing until somebody presses this: programs that look into mail follow links, too.
#[component]
pub fn OpenPage(token: String) -> impl IntoView {
    view! {
        <main class="me narrow" id="main">
            <h1>"Welcome back"</h1>
            <form method="post" action=link_address(&token) class="card">
                <p>"This browser stays signed in for 30 days. You can sign out at any time."</p>
                <button class="main" type="submit">
                    "Open my pages"
                </button>
            </form>
        </main>
    }
}
