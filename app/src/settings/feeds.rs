//! Other booking systems that feed the clinic. Drawn by the server, as plain forms: a secret is shown once, when it is made.

use crate::{
    icon::Icon,
    sign_in::parts::{Card, Problem},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Where the page is.
pub const FEEDS: &str = "/elsewhere";

/// How forms name what a service is here, beside the id of a package.
pub const UNSAID: &str = "unsaid";
pub const NO_SERIES: &str = "none";

/// What there is, as somebody at the clinic sees it.
#[derive(Default)]
pub struct FeedsSeen {
    /// Whether whoever looks connects systems.
    pub runs_clinic: bool,
    pub feeds: Vec<FeedSeen>,
    /// That can be sold, by name.
    pub packages: Vec<(Uuid, String)>,
    /// Bookings of no session that a person is to look at.
    pub unplaced: Vec<UnplacedSeen>,
    /// Bookings that were heard of last.
    pub latest: Vec<LatestSeen>,
}

pub struct FeedSeen {
    pub id: Uuid,
    pub name: String,
    /// Where the other system calls.
    pub address: String,
    /// `Connected on 21 Nov 2026 by Dr Ama Osei.`
    pub made: String,
    /// As heard of, with what it is here: [`UNSAID`], [`NO_SERIES`] or the id of a package.
    pub services: Vec<(String, String)>,
}

/// A secret that was just made.
pub struct SecretSeen {
    /// Of the system.
    pub name: String,
    pub address: String,
    pub secret: String,
    /// The one before holds for a day.
    pub renewed: bool,
}

pub struct UnplacedSeen {
    pub feed: Uuid,
    pub booking: String,
    /// `Thursday, 12 March, 10:00 · Peel`
    pub what: String,
    /// Whatever the other system tells of the client.
    pub whom: String,
    /// Why it is of no session.
    pub why: &'static str,
    pub candidates: Vec<Candidate>,
    /// What was looked for.
    pub words: String,
}

/// A series a booking could be of.
pub struct Candidate {
    pub client: Uuid,
    pub plan: Uuid,
    /// `Maya Chen, laser hair removal`
    pub label: String,
}

pub struct LatestSeen {
    /// As in [`UnplacedSeen`].
    pub what: String,
    pub state: &'static str,
    /// What became of it: whose, and which session, or why none.
    pub became: String,
}

#[component]
pub fn FeedsPage(
    seen: FeedsSeen,
    /// That was just made; it is shown this once.
    secret: Option<SecretSeen>,
    /// What went wrong.
    problem: Option<String>,
) -> impl IntoView {
    let FeedsSeen { runs_clinic, feeds, packages, unplaced, latest } = seen;
    let packages = StoredValue::new(packages);
    let connected = !feeds.is_empty();
    let none = (!connected).then(|| view! { <p class="soft">"No other system is connected."</p> });
    view! {
        <Card>
            <h1>"Bookings from elsewhere"</h1>
            <p class="soft">
                "What another booking system tells of counts as what is booked here: nobody who is booked is asked to book. Money and sessions left keep to what is charted in Cadence."
            </p>
            <Problem words=problem />
            {secret.map(|secret| view! { <Secret secret /> })}
            <Unplaced unplaced />
            {runs_clinic
                .then(|| {
                    let feeds = feeds.into_iter().map(|feed| view! { <Feed feed packages /> }).collect_view();
                    view! {
                        {none}
                        {feeds}
                        <section class="sign-in-part">
                            <h2>"Connect a system"</h2>
                            <form method="post" action=format!("{FEEDS}/make")>
                                <div class="field">
                                    <label for="name">"What you call it"</label>
                                    <input class="input" id="name" name="name" autocomplete="off" aria-describedby="name-says" />
                                    <p class="hint" id="name-says">
                                        "You get an address and a secret, which whoever looks after that system enters there."
                                    </p>
                                </div>
                                <button class="btn primary wide" type="submit">
                                    "Connect"
                                </button>
                            </form>
                        </section>
                    }
                })}
            <Latest latest />
            <a class="btn wide" href="/settings">
                "Back to the settings"
            </a>
        </Card>
    }
}

/// A line to be copied into the other system.
#[component]
fn Copied(label: &'static str, id: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input class="input" id=id value=value readonly spellcheck="false" autocomplete="off" />
            <button class="btn" type="button" hidden data-copies=id>
                "Copy"
            </button>
        </div>
    }
}

#[component]
fn Secret(secret: SecretSeen) -> impl IntoView {
    let SecretSeen { name, address, secret, renewed } = secret;
    let renewed = renewed.then(|| view! { <p class="hint">"The secret before holds for one more day."</p> });
    view! {
        <section class="sign-in-part">
            <h2>{format!("Secret for {name}")}</h2>
            <p class="say is-warn" role="status">
                <Icon name="alert" />
                <span>"The secret is shown this once. Copy it into the other system now."</span>
            </p>
            <Copied label="Address" id="made-address" value=address />
            <Copied label="Secret" id="made-secret" value=secret />
            {renewed}
        </section>
    }
}

#[component]
fn Unplaced(unplaced: Vec<UnplacedSeen>) -> impl IntoView {
    let lines = unplaced.into_iter().enumerate().map(|(n, one)| view! { <ToPick n one /> }).collect::<Vec<_>>();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="sign-in-part">
                <h2>"Whose are these?"</h2>
                {lines}
            </section>
        }
    })
}

/// One of no session: the series it could be of, each a tap, and a search for others.
#[component]
fn ToPick(n: usize, one: UnplacedSeen) -> impl IntoView {
    let UnplacedSeen { feed, booking, what, whom, why, candidates, words } = one;
    let id = format!("whom-{n}");
    let looked =
        (!words.is_empty() && candidates.is_empty()).then(|| view! { <p class="soft">"Nobody with an open series is called so."</p> });
    let hidden = {
        let booking = booking.clone();
        move || {
            view! {
                <input type="hidden" name="feed" value=feed.to_string() />
                <input type="hidden" name="booking" value=booking.clone() />
            }
        }
    };
    let taps = candidates
        .into_iter()
        .map(|Candidate { client, plan, label }| {
            view! {
                <form method="post" action=format!("{FEEDS}/pick")>
                    {hidden()}
                    <input type="hidden" name="client" value=client.to_string() />
                    <input type="hidden" name="plan" value=plan.to_string() />
                    <button class="btn wide" type="submit">
                        {label}
                    </button>
                </form>
            }
        })
        .collect_view();
    view! {
        <div class="field" role="group" aria-label=what.clone()>
            <p>
                <b>{what.clone()}</b>
                {(!whom.is_empty()).then(|| format!(" · {whom}"))}
            </p>
            <p class="hint">{why}</p>
            {taps}
            {looked}
            <form method="get" action=FEEDS>
                {hidden()}
                <label for=id.clone()>"Somebody else"</label>
                <input class="input" id=id name="words" value=words autocomplete="off" />
                <button class="btn" type="submit">
                    "Look for her"
                </button>
            </form>
        </div>
    }
}

#[component]
fn Feed(feed: FeedSeen, packages: StoredValue<Vec<(Uuid, String)>>) -> impl IntoView {
    let FeedSeen { id, name, address, made, services } = feed;
    let service = |(n, (service, means))| view! { <Service n feed=id service means packages /> };
    let services = services.into_iter().enumerate().map(service).collect_view();
    let hidden = move || view! { <input type="hidden" name="feed" value=id.to_string() /> };
    let label = |what: &str| format!("{what}: {name}");
    let (renew, remove) = (label("New secret"), label("Disconnect"));
    view! {
        <section class="sign-in-part">
            <h2>{name.clone()}</h2>
            <p class="soft">{made}</p>
            <p class="hint">"It calls " <code>{address}</code></p>
            {services}
            <form method="post" action=format!("{FEEDS}/secret")>
                {hidden()} <button class="btn wide" type="submit" aria-label=renew>
                    "New secret"
                </button>
            </form>
            <form method="post" action=format!("{FEEDS}/remove")>
                {hidden()} <button class="btn quiet" type="submit" aria-label=remove>
                    <Icon name="trash" />
                    "Disconnect"
                </button>
            </form>
        </section>
    }
}

/// What one of its services is here.
#[component]
fn Service(n: usize, feed: Uuid, service: String, means: String, packages: StoredValue<Vec<(Uuid, String)>>) -> impl IntoView {
    let id = format!("service-{feed}-{n}");
    let choice = |value: String, label: String| {
        let selected = value == means;
        view! {
            <option value=value selected=selected>
                {label}
            </option>
        }
    };
    let packages = packages.with_value(|packages| packages.iter().map(|(id, name)| choice(id.to_string(), name.clone())).collect_view());
    view! {
        <form method="post" action=format!("{FEEDS}/service")>
            <input type="hidden" name="feed" value=feed.to_string() />
            <input type="hidden" name="service" value=service.clone() />
            <div class="field">
                <label for=id.clone()>{format!("“{service}” is")}</label>
                <select class="input" id=id name="means">
                    {choice(UNSAID.to_owned(), "her only open series".to_owned())}
                    {packages}
                    {choice(NO_SERIES.to_owned(), "of no series".to_owned())}
                </select>
                <button class="btn" type="submit">
                    "Save"
                </button>
            </div>
        </form>
    }
}

#[component]
fn Latest(latest: Vec<LatestSeen>) -> impl IntoView {
    let lines = latest
        .into_iter()
        .map(|LatestSeen { what, state, became }| {
            view! {
                <li>
                    <span>
                        <b>{state}</b>
                        {format!(" · {what}")}
                        <small class="soft">{became}</small>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="sign-in-part">
                <h2>"Heard of last"</h2>
                <ul class="sign-in-keys">{lines}</ul>
            </section>
        }
    })
}
