//! The first page: what remains, what is booked, what can be booked.

use super::{
    CHOICES, PHOTOS, SaidAtHome, book_address, cancel_address, consent_address,
    facts::{Booked, Elsewhere, Fares, Home, Series},
    frame::{Frame, Note},
    photos::BeforeAndAfter,
    report_address,
};
use crate::consent::AskedLine;
use leptos::prelude::*;

impl SaidAtHome {
    const ALL: [Self; 7] =
        [Self::Booked, Self::Cancelled, Self::TooLateToCancel, Self::Chosen, Self::Signed, Self::Reported, Self::Worried];

    /// As it stands in the address after a form was sent.
    pub fn key(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::TooLateToCancel => "late",
            Self::Chosen => "chosen",
            Self::Signed => "signed",
            Self::Reported => "reported",
            Self::Worried => "worried",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.key() == key)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Booked => "You are booked. We look forward to seeing you.",
            Self::Cancelled => "Your appointment is cancelled. Pick another time whenever you like.",
            Self::TooLateToCancel => "This appointment is less than 24 hours away. Please call the clinic to change it.",
            Self::Chosen => "Your choice is saved.",
            Self::Signed => "Thank you. Your signature is with the clinic.",
            Self::Reported => "Thank you for telling us. We are glad that all is well.",
            Self::Worried => {
                "Thank you for telling us. Your provider sees this at once and will be in touch. If it gets worse quickly, do not wait: call \
                 the clinic, or your emergency number."
            }
        }
    }
}

#[component]
pub fn HomePage(home: Home, said: Option<SaidAtHome>) -> impl IntoView {
    let Home { clinic, first_name, zone, series, fares, then_and_now, to_sign, finished } = home;
    let nothing = series.is_empty() && finished.is_empty();
    view! {
        <Frame clinic>
            <h1>{format!("Hello {first_name}")}</h1>
            {said.map(|said| view! { <Note warns=said == SaidAtHome::TooLateToCancel>{said.words()}</Note> })}
            {nothing.then(|| view! { <p>"Nothing is planned yet. The clinic will be glad to hear from you."</p> })}
            {series.into_iter().map(|series| view! { <SeriesCard series zone=zone.clone() /> }).collect_view()}
            {fares.map(|fares| view! { <FaresCard fares /> })}
            {to_sign.into_iter().map(|line| view! { <ToSignCard line /> }).collect_view()}
            {then_and_now
                .map(|view| {
                    view! {
                        <section class="card">
                            <h2>"My photos"</h2>
                            <BeforeAndAfter view />
                            <a class="back" href=PHOTOS>
                                "All my photos ›"
                            </a>
                        </section>
                    }
                })}
            {(!finished.is_empty())
                .then(|| {
                    view! {
                        <details class="card">
                            <summary>"Finished"</summary>
                            {finished
                                .into_iter()
                                .map(|(name, says)| {
                                    view! {
                                        <h3>{name}</h3>
                                        <p class="soft">{says}</p>
                                    }
                                })
                                .collect_view()}
                        </details>
                    }
                })}
            <p>
                <a class="back" href=CHOICES>
                    "Messages to me ›"
                </a>
            </p>
        </Frame>
    }
}

#[component]
fn SeriesCard(series: Series, zone: String) -> impl IntoView {
    let Series { name, says, due, booked, elsewhere, book } = series;
    view! {
        <section class="card">
            <h2>{name.clone()}</h2>
            <p class="says">{says}</p>
            {booked.into_iter().map(|booked| view! { <Appointment booked zone=zone.clone() /> }).collect_view()}
            {elsewhere.into_iter().map(|kept| view! { <KeptElsewhere kept zone=zone.clone() /> }).collect_view()}
            {due.map(|due| view! { <p>{due} "."</p> })}
            {book
                .map(|session| {
                    view! {
                        <a class="main" href=book_address(session) aria-label=format!("Find a time: {name}")>
                            "Find a time"
                        </a>
                    }
                })}
        </section>
    }
}

/// How she fares since her last visit: two taps when all is well.
#[component]
fn FaresCard(fares: Fares) -> impl IntoView {
    let Fares { session, day, told } = fares;
    let form = move || {
        let choice = |value: &'static str, words: &'static str| {
            view! {
                <label class="tick">
                    <input type="radio" name="how" value=value required />
                    <span>{words}</span>
                </label>
            }
        };
        view! {
            <form method="post" action=report_address(session)>
                {choice("well", "All is well")} {choice("worried", "Something worries me")} <label for="report">"Anything you want to tell us"</label>
                <textarea id="report" name="text" rows="3" maxlength="2000"></textarea>
                <button type="submit">"Send"</button>
            </form>
        }
    };
    let title = format!("How is your skin since {day}?");
    match told {
        None => view! {
            <section class="card">
                <h2>{title}</h2>
                {form()}
            </section>
        }
        .into_any(),
        Some(told) => view! {
            <details class="card">
                <summary>{title}</summary>
                <p class="soft">"You told us on " {told}</p>
                {form()}
            </details>
        }
        .into_any(),
    }
}

/// A form that waits for her.
#[component]
fn ToSignCard(line: AskedLine) -> impl IntoView {
    view! {
        <section class="card">
            <h2>"Before your visit"</h2>
            <p>{format!("Please read and sign “{}”.", line.name)}</p>
            <p class="soft small">{line.series}</p>
            <a class="main" href=consent_address(line.plan, line.form) aria-label=format!("Read and sign: {}", line.name)>
                "Read and sign"
            </a>
        </section>
    }
}

/// It stands where she booked it.
#[component]
fn KeptElsewhere(kept: Elsewhere, zone: String) -> impl IntoView {
    let Elsewhere { when, system } = kept;
    view! {
        <div class="booked">
            <p class="soft small">"Your next appointment"</p>
            <p class="when">{when}</p>
            <p>{format!("Booked in {system}")}</p>
            <p class="soft small">{format!("Clinic time ({zone})")}</p>
            <p class="soft small">{format!("To change it, go to {system}, where it was booked, or call the clinic.")}</p>
        </div>
    }
}

#[component]
fn Appointment(booked: Booked, zone: String) -> impl IntoView {
    let Booked { id, when, with, cancellable } = booked;
    view! {
        <div class="booked">
            <p class="soft small">"Your next appointment"</p>
            <p class="when">{when.clone()}</p>
            <p>{with}</p>
            <p class="soft small">{format!("Clinic time ({zone})")}</p>
            {if cancellable {
                view! {
                    <details>
                        <summary>"I cannot come"</summary>
                        <form method="post" action=cancel_address(id)>
                            <button type="submit" aria-label=format!("Cancel {when}")>
                                "Cancel this appointment"
                            </button>
                        </form>
                    </details>
                }
                    .into_any()
            } else {
                view! { <p class="soft small">"To change it now, please call the clinic."</p> }.into_any()
            }}
        </div>
    }
}
