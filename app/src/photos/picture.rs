//! One picture, wherever it lies: here, or at the clinic.

use super::album::{NotHere, use_album};
use crate::{icon::Icon, ports::Size, workspace::use_workspace};
use domain::{
    chart::Chart,
    ids::{ClientId, PhotoId},
    photo::Photo,
};
use js_sys::{Array, Uint8Array};
use leptos::{prelude::*, task::spawn_local};
use web_sys::{Blob, BlobPropertyBag, Url};

/// How far it is from being seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Fetching,
    Here(String),
    Not(NotHere),
}

impl NotHere {
    pub fn words(&self) -> String {
        match self {
            Self::OnItsWay => "Still on the device that took it".to_owned(),
            Self::AtClinic => "At the clinic; comes with the network".to_owned(),
            Self::Failed(words) => words.clone(),
        }
    }
}

/// Where to look at a photograph's picture. Looks again when the picture has arrived at the clinic, or the network is back.
pub fn shown(client: ClientId, photo: PhotoId, size: Size) -> RwSignal<Shown> {
    let (album, workspace) = (use_album(), use_workspace());
    let shown = RwSignal::new(Shown::Fetching);
    let known = Memo::new(move |_| workspace.chart(client).and_then(|chart: std::sync::Arc<Chart>| chart.photo(photo).cloned()));
    let arrived = Memo::new(move |_| known.with(|known: &Option<Photo>| known.as_ref().map(|photo| photo.arrived.is_some())));
    Effect::new(move |_| {
        let (open, _, _) = (album.room().is_some(), arrived.get(), workspace.link.get());
        let Some(photo) = known.get_untracked().filter(|_| open && !matches!(shown.get_untracked(), Shown::Here(_))) else { return };
        spawn_local(async move {
            let found = match album.address(&photo, size).await {
                Ok(address) => Shown::Here(address),
                Err(why) => Shown::Not(why),
            };
            shown.try_set(found);
        });
    });
    shown
}

/// Where the page can show a JPEG it holds. Whoever asks gives the address back.
pub fn address_of(jpeg: &[u8]) -> Option<String> {
    let kind = BlobPropertyBag::new();
    kind.set_type("image/jpeg");
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(jpeg)), &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

#[component]
pub fn Thumbnail(
    client: ClientId,
    photo: PhotoId,
    /// What it shows, for those who cannot see it.
    #[prop(into)]
    alt: String,
) -> impl IntoView {
    let shown = shown(client, photo, Size::Thumbnail);
    move || match shown.get() {
        Shown::Here(address) => view! { <img class="thumb" src=address alt=alt.clone() draggable="false" /> }.into_any(),
        Shown::Fetching => view! { <span class="thumb is-coming" role="img" aria-label=alt.clone()></span> }.into_any(),
        Shown::Not(why) => view! {
            <span class="thumb is-away" role="img" aria-label=format!("{alt}: {}", why.words()) title=why.words()>
                <Icon name="cloud-off" />
            </span>
        }
        .into_any(),
    }
}
