//! Whether a client sees a photograph on her own pages.

use crate::{icon::Icon, problem::Problem, recording::Recording, workspace::use_workspace};
use domain::{
    command::Change,
    ids::{ClientId, PhotoId},
};
use leptos::prelude::*;

/// Two switches for the two pictures that are looked at.
#[component]
pub fn Releases(client: ClientId, pair: Signal<Option<(PhotoId, PhotoId)>>) -> impl IntoView {
    let recording = Recording::new(client);
    let switch = move |photo: Signal<Option<PhotoId>>, words: &'static str| view! { <Release client photo words recording /> };
    view! {
        {switch(Signal::derive(move || pair.get().map(|(earlier, _)| earlier)), "Client sees the left")}
        {switch(Signal::derive(move || pair.get().map(|(_, later)| later)), "Client sees the right")}
        <Problem words=recording.problem />
    }
}

#[component]
fn Release(client: ClientId, photo: Signal<Option<PhotoId>>, words: &'static str, recording: Recording) -> impl IntoView {
    let workspace = use_workspace();
    let released = Memo::new(move |_| {
        let chart = workspace.chart(client)?;
        Some(chart.photo(photo.get()?)?.released.is_some())
    });
    let switch = move |_| {
        let Some((photo, released)) = photo.get_untracked().zip(released.get_untracked()) else { return };
        if released {
            recording.record(Change::WithholdPhoto { photo }, "The client still sees it.", || ());
        } else {
            recording.record(Change::ReleasePhoto { photo }, "The client does not see it.", || ());
        }
    };
    view! {
        <button
            class="btn toggle"
            type="button"
            aria-pressed=move || (released.get() == Some(true)).to_string()
            aria-disabled=move || recording.busy.get().to_string()
            on:click=switch
        >
            <Icon name="eye" />
            {words}
        </button>
    }
}
