//! The page behind the link of a message: free times for one session, to whoever has it. It names nobody and no treatment, because a
//! link is passed on more easily than a sign-in.

use super::{
    ME, at_address,
    book::{BookProblem, Times},
    facts::Offers,
    frame::Note,
};
use leptos::prelude::*;

#[component]
pub fn AtPage(offers: Offers, token: String, problem: Option<BookProblem>) -> impl IntoView {
    let Offers { clinic, zone, with, offers, later, .. } = offers;
    view! {
        <main class="me narrow" id="main">
            <p class="soft">{clinic}</p>
            <h1>"Find a time"</h1>
            {problem.map(|problem| view! { <Note warns=true>{problem.words()}</Note> })}
            <p>"Your next session, with " {with} "."</p>
            <Times offers zone later address=at_address(&token) />
            <Onward />
        </main>
    }
}

#[component]
pub fn AtBookedPage(clinic: String, when: String, with: String) -> impl IntoView {
    view! {
        <main class="me narrow" id="main">
            <p class="soft">{clinic}</p>
            <h1>"You are booked"</h1>
            <p class="when">{when}</p>
            <p>"With " {with} ". We look forward to seeing you."</p>
            <Onward />
        </main>
    }
}

/// Why a link does nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtSays {
    /// The session is booked.
    Booked,
    /// Too old, never made, or the session cannot be booked any more.
    Gone,
}

impl AtSays {
    fn words(self) -> &'static str {
        match self {
            Self::Booked => "This session is booked already. The link worked once, and there is nothing left for it to do.",
            Self::Gone => "This link has had its time. You can still find a time: on your own pages, or by calling the clinic.",
        }
    }
}

#[component]
pub fn AtGonePage(says: AtSays) -> impl IntoView {
    view! {
        <main class="me narrow" id="main">
            <h1>"Find a time"</h1>
            <Note>{says.words()}</Note>
            <Onward />
        </main>
    }
}

/// Everything else needs her own sign-in.
#[component]
fn Onward() -> impl IntoView {
    view! {
        <p>
            <a class="back" href=ME>
                "To my own pages ›"
            </a>
        </p>
    }
}
