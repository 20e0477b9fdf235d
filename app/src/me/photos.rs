//! Her photographs, as far as the clinic lets her see them.

use super::photo_address;
use crate::photos::{Taken, pairs, taken};
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
    pub views: Vec<InView>,
    /// By session: what stands above, and its photographs.
    pub sessions: Vec<(String, Vec<PhotoId>)>,
}

/// Of one view, the oldest first; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InView {
    /// `Face: Front`
    pub name: String,
    pub taken: Vec<Taken>,
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
        let view = |pair: crate::photos::Pair| {
            let photos = chart.photos_of_view(plan.id, pair.view);
            InView { name: pair.name, taken: photos.iter().map(|photo| taken(photo, &chart, catalogue)).collect() }
        };
        let views = pairs(&chart, plan.id, catalogue).into_iter().map(view).collect();
        InPictures { name: plan.name.clone(), views, sessions }
    };
    let series = chart.plans.iter().rev().map(of).filter(|series| !series.sessions.is_empty()).collect();
    Pictures { clinic: catalogue.name.clone(), series }
}

/// The first and the latest of a view, side by side.
#[component]
pub fn BeforeAndAfter(view: InView) -> impl IntoView {
    let InView { name, taken } = view;
    let half = |taken: &Taken, which: &str| {
        view! {
            <a href=photo_address(taken.photo)>
                <img src=photo_address(taken.photo) alt=format!("{which}: {name}, {}", taken.words) loading="lazy" />
                <small>{taken.words.clone()}</small>
            </a>
        }
    };
    let first = taken.first().map(|one| half(one, "First"));
    let latest = taken.last().filter(|_| taken.len() > 1).map(|one| half(one, "Latest"));
    view! {
        <figure class="pair">
            <figcaption>{name.clone()}</figcaption>
            <div class="halves">{first} {latest}</div>
        </figure>
    }
}
