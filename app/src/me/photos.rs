//! Her photographs: of each view the first beside the latest, and all of them by session. Only what the clinic lets her see.

use super::{frame::Frame, photo_address, thumbnail_address};
use crate::photos::{Pair, Taken, pairs, taken};
use domain::{catalogue::Catalogue, chart::Chart, ids::PhotoId};
use leptos::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictures {
    pub clinic: String,
    pub series: Vec<InPictures>,
}

/// One series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InPictures {
    pub name: String,
    pub pairs: Vec<Pair>,
    /// By session: what stands above, and its photographs.
    pub sessions: Vec<(String, Vec<PhotoId>)>,
}

/// Of the newest series first. Nothing in it leads to a photograph she is not shown.
pub fn pictures(chart: &Chart, catalogue: &Catalogue) -> Pictures {
    let chart = chart.as_client_sees();
    let of = |plan: &domain::plan::Plan| {
        let mut sessions: Vec<_> = chart.sessions.iter().filter(|session| session.plan == plan.id).collect();
        sessions.sort_by_key(|session| session.number);
        let line = |session: &domain::session::Session| {
            let photos: Vec<_> = chart.photos_of(session.id).collect();
            let words = taken(photos.first()?, &chart, catalogue).words;
            Some((words, photos.iter().map(|photo| photo.shot.id).collect()))
        };
        let sessions: Vec<_> = sessions.into_iter().filter_map(line).collect();
        InPictures { name: plan.name.clone(), pairs: pairs(&chart, plan.id, catalogue), sessions }
    };
    let series = chart.plans.iter().rev().map(of).filter(|series| !series.sessions.is_empty()).collect();
    Pictures { clinic: catalogue.name.clone(), series }
}

#[component]
pub fn PhotosPage(pictures: Pictures) -> impl IntoView {
    let Pictures { clinic, series } = pictures;
    let none = series.is_empty();
    view! {
        <Frame clinic back=true>
            <h1>"My photos"</h1>
            {none.then(|| view! { <p>"There are no photos here yet. Your clinic shares them with you when they are ready."</p> })}
            {series.into_iter().map(|series| view! { <OneSeries series /> }).collect_view()}
        </Frame>
    }
}

#[component]
fn OneSeries(series: InPictures) -> impl IntoView {
    let InPictures { name, pairs, sessions } = series;
    let session = |(words, photos): (String, Vec<PhotoId>)| {
        let alt = words.clone();
        let photo = move |photo: PhotoId| {
            view! {
                <li>
                    <a href=photo_address(photo)>
                        <img src=thumbnail_address(photo) alt=alt.clone() loading="lazy" />
                    </a>
                </li>
            }
        };
        view! {
            <h3>{words}</h3>
            <ul class="thumbs">{photos.into_iter().map(photo).collect_view()}</ul>
        }
    };
    view! {
        <section class="card">
            <h2>{name}</h2>
            {pairs.into_iter().map(|pair| view! { <BeforeAndAfter pair /> }).collect_view()}
            <details>
                <summary>"All photos, by session"</summary>
                {sessions.into_iter().map(session).collect_view()}
            </details>
        </section>
    }
}

/// The first and the latest of a view, side by side.
#[component]
pub fn BeforeAndAfter(pair: Pair) -> impl IntoView {
    let Pair { name, first, latest, .. } = pair;
    let half = |taken: Taken, which: &str| {
        view! {
            <a href=photo_address(taken.photo)>
                <img src=photo_address(taken.photo) alt=format!("{which}: {name}, {}", taken.words) loading="lazy" />
                <small>{taken.words.clone()}</small>
            </a>
        }
    };
    view! {
        <figure class="pair">
            <figcaption>{name.clone()}</figcaption>
            <div>{half(first, "First")} {latest.map(|latest| half(latest, "Latest"))}</div>
        </figure>
    }
}
