//! Her photographs: the page, and the pictures themselves.

use super::{document, failed};
use crate::{
    http::{Edge, photos},
    own_pages::{SignedInClient, own},
    photo_store::{Item, Stored},
    photos::{PhotosError, Result},
    store,
};
use app::me::{PhotosPage, Pictures, pictures};
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use domain::ids::PhotoId;
use leptos::prelude::{IntoAny, view};
use uuid::Uuid;

pub async fn list(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>) -> Response {
    match read(&edge, who).await {
        Ok(Some(pictures)) => document::page_that_moves(&edge, "My photos", || view! { <PhotosPage pictures /> }.into_any()),
        Ok(None) => document::not_there(&edge),
        Err(error) => failed(&edge, &error),
    }
}

async fn read(edge: &Edge, who: SignedInClient) -> store::Result<Option<Pictures>> {
    let mut tx = store::begin(&edge.clinics.pool, who.clinic).await?;
    Ok(own(&edge.clinics, &mut tx, who).await?.map(|own| pictures(&own.chart, &own.catalogue)))
}

pub async fn picture(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>, Path(photo): Path<Uuid>) -> Response {
    show(&edge, who, PhotoId(photo), Item::Picture).await
}

pub async fn thumbnail(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>, Path(photo): Path<Uuid>) -> Response {
    show(&edge, who, PhotoId(photo), Item::Thumbnail).await
}

async fn show(edge: &Edge, who: SignedInClient, photo: PhotoId, item: fn(PhotoId) -> Item) -> Response {
    match open(edge, who, photo, item(photo)).await {
        Ok(Some(stored)) => photos::jpeg(stored, "private, no-store"),
        Ok(None) => document::not_there(edge),
        Err(error) => photos::failed(&error),
    }
}

/// Asked at every look of her own chart: what is not in it, or not hers to see, is not there.
async fn open(edge: &Edge, who: SignedInClient, photo: PhotoId, item: Item) -> Result<Option<Stored>> {
    let mut tx = store::begin(&edge.clinics.pool, who.clinic).await?;
    let own = own(&edge.clinics, &mut tx, who).await?;
    tx.commit().await?;
    if !own.is_some_and(|own| own.chart.photo(photo).is_some_and(|photo| photo.is_shown_to_client())) {
        return Ok(None);
    }
    let stored = edge.clinics.photos.open(who.clinic, item).await?;
    stored.ok_or_else(|| PhotosError::Lost(format!("photograph {photo}"))).map(Some)
}
