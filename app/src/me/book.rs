//! Free times for one session; one tap books.

use super::{
    book_address,
    facts::{Offer, Offers},
    frame::{Frame, Note},
};
use domain::time::Day;
use leptos::prelude::*;

/// Why the time that was tapped is not booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookProblem {
    /// Somebody else was quicker.
    Taken,
    /// Something else stands in its way.
    NotPossible,
}

impl BookProblem {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Taken => "That time was just taken. Here are others.",
            Self::NotPossible => "That time cannot be booked here. Pick another, or call the clinic.",
        }
    }
}

#[component]
pub fn BookPage(offers: Offers, problem: Option<BookProblem>) -> impl IntoView {
    let Offers { clinic, zone, session, series, due, with, offers, later } = offers;
    view! {
        <Frame clinic back=true>
            <h1>"Find a time"</h1>
            {problem.map(|problem| view! { <Note warns=true>{problem.words()}</Note> })}
            <p>{series}</p>
            <p class="soft">{due} ". With " {with} "."</p>
            <Times offers zone later address=book_address(session) />
        </Frame>
    }
}

/// Times to tap; each is sent to that address.
#[component]
pub(super) fn Times(offers: Vec<Offer>, zone: String, later: Option<Day>, address: String) -> impl IntoView {
    let none = offers.is_empty();
    let later = later.map(|day| format!("{address}?from={day}"));
    let offer = move |offer: Offer| {
        let words = offer.words();
        view! {
            <li>
                <form method="post" action=address.clone()>
                    <input type="hidden" name="starts" value=offer.time.starts.millis().to_string() />
                    <button class="main" type="submit" aria-label=format!("Book {words}")>
                        {words.clone()}
                    </button>
                </form>
            </li>
        }
    };
    view! {
        {none.then(|| view! { <p>"Nothing is free online in these weeks. Please call the clinic: they will find a time with you."</p> })}
        <ul class="offers">{offers.into_iter().map(offer).collect_view()}</ul>
        <p class="soft small">{format!("One tap books. Clinic time ({zone}).")}</p>
        {later
            .map(|address| {
                view! {
                    <p>
                        <a class="back" href=address>
                            "Later times ›"
                        </a>
                    </p>
                }
            })}
    }
}
