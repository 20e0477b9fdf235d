//! The page on other booking systems: the owner connects them, and everybody may say whose a booking is.

use super::{Edge, page, status_of};
use crate::{
    feeds::{self, Made},
    follow_up::elsewhere,
    store::{
        self, StoreError, Tx, chart, clinic as stored,
        follow_up::{
            elsewhere::{self as kept, Key, Seen, Which},
            feed::{self, Means},
        },
    },
};
use app::{
    api::SignedIn,
    settings::{Candidate, FEEDS, FeedSeen, FeedsPage, FeedsSeen, LatestSeen, NO_SERIES, SecretSeen, UNSAID, UnplacedSeen},
};
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    catalogue::Catalogue,
    ids::{ClientId, ClinicId, PackageId, PlanId},
    time::Moment,
};
use leptos::prelude::view;
use serde::Deserialize;
use uuid::Uuid;

/// So many are shown of what was heard of last, and of what a person is to look at.
const LATEST: i64 = 20;
const MOST_UNPLACED: i64 = 20;
/// Clients one booking could be of.
const MOST_CLIENTS: i64 = 5;
/// What was longer ago, nobody has to look at any more.
const LOOKED_AT_MILLIS: i64 = 30 * 24 * 60 * 60_000;

/// For whom somebody looks.
#[derive(Default, Deserialize)]
pub struct Search {
    feed: Option<Uuid>,
    #[serde(default)]
    booking: String,
    #[serde(default)]
    words: String,
}

pub async fn show(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Query(search): Query<Search>) -> Response {
    draw(&edge, &who, StatusCode::OK, &search, Shown::default()).await
}

/// What is shown beside what there is.
#[derive(Default)]
struct Shown {
    made: Option<(Made, bool)>,
    problem: Option<String>,
}

async fn draw(edge: &Edge, who: &SignedIn, status: StatusCode, search: &Search, shown: Shown) -> Response {
    let seen = match read(edge, who, search).await {
        Ok(seen) => seen,
        Err(error) => return failed(&error),
    };
    let name = |id: Uuid| seen.feeds.iter().find(|feed| feed.id == id).map(|feed| feed.name.clone()).unwrap_or_default();
    let secret =
        shown.made.map(|(Made { id, secret }, renewed)| SecretSeen { name: name(id), address: address(edge, id), secret, renewed });
    let problem = shown.problem;
    let mut response = page::draw(edge, "Bookings from elsewhere", || view! { <FeedsPage seen secret problem /> }).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

fn address(edge: &Edge, feed: Uuid) -> String {
    format!("{}{}", edge.origin, feeds::path(feed))
}

async fn read(edge: &Edge, who: &SignedIn, search: &Search) -> store::Result<FeedsSeen> {
    let (clinic, now) = (who.clinic, edge.clinics.host.now());
    let mut tx = store::begin(&edge.clinics.pool, clinic).await?;
    let version = stored::read_version(&mut tx, clinic).await?;
    let catalogue = edge.clinics.catalogue(&mut tx, clinic, version.catalogue).await?;
    let mut seen = FeedsSeen { runs_clinic: who.role.runs_clinic(), ..FeedsSeen::default() };
    if seen.runs_clinic {
        for feed in feed::of_clinic(&mut tx, clinic).await? {
            let means = |means| match means {
                Means::Unsaid => UNSAID.to_owned(),
                Means::NoSeries => NO_SERIES.to_owned(),
                Means::Package(package) => package.to_string(),
            };
            let services = feed::services(&mut tx, clinic, feed.id).await?;
            let (day, by) = (catalogue.clock.day(feed.made_at).long(), catalogue.staff_name(feed.made_by));
            seen.feeds.push(FeedSeen {
                id: feed.id,
                name: feed.name,
                address: address(edge, feed.id),
                made: format!("Connected on {day} by {by}."),
                services: services.into_iter().map(|(service, what)| (service, means(what))).collect(),
            });
        }
        seen.packages = catalogue.packages.iter().map(|package| (package.id.0, package.name.clone())).collect();
    }
    let since = Moment::from_millis(now.millis() - LOOKED_AT_MILLIS);
    for one in kept::seen(&mut tx, clinic, Which::Unplaced { since, most: MOST_UNPLACED }).await? {
        let is_looked_for = search.feed == Some(one.key.feed) && search.booking == one.key.booking;
        let words = if is_looked_for { search.words.trim() } else { "" };
        let candidates = candidates(&mut tx, clinic, &one, words).await?;
        let whom = [&one.them.name, &one.them.email, &one.them.phone].into_iter().filter(|text| !text.is_empty());
        seen.unplaced.push(UnplacedSeen {
            what: what(&one, &catalogue),
            whom: whom.cloned().collect::<Vec<_>>().join(", "),
            why: one.unplaced.map(|unplaced| unplaced.sentence()).unwrap_or_default(),
            candidates,
            words: words.to_owned(),
            feed: one.key.feed,
            booking: one.key.booking,
        });
    }
    for one in kept::seen(&mut tx, clinic, Which::Latest(LATEST)).await? {
        let whose = one.client_name.clone().map(|name| format!("{name}: ")).unwrap_or_default();
        let of = match (&one.of, one.unplaced) {
            (Some((plan, number)), _) => format!("{plan}, session {number}"),
            (None, Some(unplaced)) => unplaced.sentence().to_owned(),
            (None, None) => "of no session".to_owned(),
        };
        seen.latest.push(LatestSeen { what: what(&one, &catalogue), state: one.state.label(), became: format!("{whose}{of}") });
    }
    Ok(seen)
}

fn what(seen: &Seen, catalogue: &Catalogue) -> String {
    let clock = &catalogue.clock;
    let at = format!("{}, {}", clock.day(seen.starts).heading(), clock.time(seen.starts));
    let service = Some(&seen.service).filter(|service| !service.is_empty()).map(|service| format!(" · {service}"));
    format!("{at}{} · {}", service.unwrap_or_default(), seen.feed)
}

/// The open series of those it could be of.
async fn candidates(tx: &mut Tx, clinic: ClinicId, seen: &Seen, words: &str) -> store::Result<Vec<Candidate>> {
    let known = seen.client.filter(|_| words.is_empty()).zip(seen.client_name.clone());
    let clients = match known {
        Some(known) => vec![known],
        None => kept::candidates(tx, clinic, &store::storable(words), &seen.them, MOST_CLIENTS).await?,
    };
    let mut candidates = Vec::new();
    for (client, name) in clients {
        let Some(chart) = chart::load(tx, clinic, client).await? else { continue };
        let open = chart.plans.iter().filter(|plan| !plan.standing().is_over());
        candidates.extend(open.map(|plan| Candidate { client: client.0, plan: plan.id.0, label: format!("{name}, {}", plan.name) }));
    }
    Ok(candidates)
}

fn failed(error: &StoreError) -> Response {
    status_of(error, "what other booking systems told could not be read or set").into_response()
}

/// What nobody can mean who came by the page.
async fn not_there(edge: &Edge, who: &SignedIn) -> Response {
    let problem = Some("This is not there any more. Look at the page again.".to_owned());
    draw(edge, who, StatusCode::NOT_FOUND, &Search::default(), Shown { problem, ..Shown::default() }).await
}

async fn done(edge: &Edge, who: &SignedIn, done: store::Result<bool>) -> Response {
    match done {
        Ok(true) => Redirect::to(FEEDS).into_response(),
        Ok(false) => not_there(edge, who).await,
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
pub struct Named {
    name: String,
}

pub async fn make(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(named): Form<Named>) -> Response {
    match feeds::make(&edge.clinics, &edge.ways_in.key, &who, &named.name).await {
        Ok(Ok(made)) => draw(&edge, &who, StatusCode::OK, &Search::default(), Shown { made: Some((made, false)), problem: None }).await,
        Ok(Err(words)) => {
            let shown = Shown { made: None, problem: Some(words) };
            draw(&edge, &who, StatusCode::UNPROCESSABLE_ENTITY, &Search::default(), shown).await
        }
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
pub struct Of {
    feed: Uuid,
}

pub async fn renew(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(of): Form<Of>) -> Response {
    match feeds::renew(&edge.clinics, &edge.ways_in.key, &who, of.feed).await {
        Ok(Some(made)) => draw(&edge, &who, StatusCode::OK, &Search::default(), Shown { made: Some((made, true)), problem: None }).await,
        Ok(None) => not_there(&edge, &who).await,
        Err(error) => failed(&error),
    }
}

pub async fn remove(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(of): Form<Of>) -> Response {
    let removed = feeds::remove(&edge.clinics, &who, of.feed).await;
    done(&edge, &who, removed).await
}

#[derive(Deserialize)]
pub struct TypedService {
    feed: Uuid,
    service: String,
    means: String,
}

pub async fn set_service(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(typed): Form<TypedService>) -> Response {
    let means = match typed.means.as_str() {
        UNSAID => Means::Unsaid,
        NO_SERIES => Means::NoSeries,
        package => match package.parse::<PackageId>() {
            Ok(package) => Means::Package(package),
            Err(_) => return not_there(&edge, &who).await,
        },
    };
    let set = feeds::set_service(&edge.clinics, &who, typed.feed, &typed.service, means).await;
    done(&edge, &who, set).await
}

#[derive(Deserialize)]
pub struct Picked {
    feed: Uuid,
    booking: String,
    client: ClientId,
    plan: PlanId,
}

pub async fn pick(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(picked): Form<Picked>) -> Response {
    let Picked { feed, booking, client, plan } = picked;
    let picked = elsewhere::pick(&edge.clinics, &who, &Key { feed, booking: store::storable(&booking) }, client, plan).await;
    done(&edge, &who, picked).await
}
