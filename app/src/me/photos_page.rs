//! The page of her photographs: of each view the first and the latest to compare, and all of them by session.

use super::{
    frame::Frame,
    photo_address,
    photos::{InPictures, InView, Pictures},
    thumbnail_address,
};
use crate::{page_script::PageScript, photos::Taken};
use domain::ids::PhotoId;
use islands::{Compare, Shown};
use leptos::prelude::*;

#[component]
pub fn PhotosPage(pictures: Pictures) -> impl IntoView {
    let Pictures { clinic, series } = pictures;
    let none = series.is_empty();
    view! {
        <Frame clinic back=true>
            <h1>"My photos"</h1>
            {none.then(|| view! { <p>"There are no photos here yet. Your clinic shares them with you when they are ready."</p> })}
            {series.into_iter().map(|series| view! { <OneSeries series /> }).collect_view()}
            <PageScript src="/islands.js" />
        </Frame>
    }
}

#[component]
fn OneSeries(series: InPictures) -> impl IntoView {
    let InPictures { name, views, sessions } = series;
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
    let view = |InView { name, taken }: InView| {
        let shown = |Taken { photo, words }: Taken| Shown { address: photo_address(photo), thumbnail: thumbnail_address(photo), words };
        let shown = taken.into_iter().map(shown).collect();
        view! { <Compare name shown /> }
    };
    view! {
        <section class="card">
            <h2>{name}</h2>
            {views.into_iter().map(view).collect_view()}
            <details>
                <summary>"All photos, by session"</summary>
                {sessions.into_iter().map(session).collect_view()}
            </details>
        </section>
    }
}
