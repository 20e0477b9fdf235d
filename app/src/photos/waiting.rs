//! Pictures that are only on this device: how far each is, and what a person can do about one that does not get on.

use super::{
    album::{Waiting, use_album},
    picture::{Thumbnail, address_of},
};
use crate::{icon::Icon, ports::Trouble, words, workspace::use_workspace};
use domain::{chart::Chart, command::Change, ids::PhotoId};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::Url;

/// Set aside, and not decided yet.
fn waits_for_decision(chart: &Chart, photo: PhotoId) -> bool {
    chart.undecided().any(|item| matches!(&item.change, Change::TakePhoto(shot) if shot.id == photo))
}

/// Why a picture waits for a person.
fn trouble_words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Damaged => {
            "Damaged on this device’s disk: it is not what was taken any more. It is kept as it is; take it again if you can."
        }
        Trouble::NotAPicture => "The clinic’s server cannot read it as a picture. It is kept here; save it as a file to look at it.",
    }
}

/// `1.2 of 1.9 MB at the clinic`
fn progress_words(waiting: &Waiting) -> String {
    let megabytes = |bytes: u32| {
        let tenths = bytes.div_ceil(100_000);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match waiting.sent {
        0 => format!("{} MB, waiting", megabytes(waiting.photo.bytes)),
        sent => format!("{} of {} MB at the clinic", megabytes(sent), megabytes(waiting.photo.bytes)),
    }
}

#[component]
pub fn WaitingPictures() -> impl IntoView {
    let album = use_album();
    let waiting = Memo::new(move |_| album.all_waiting());
    let ids = Memo::new(move |_| waiting.with(|waiting| waiting.iter().map(|one| one.photo.photo).collect::<Vec<_>>()));
    let head = move || format!("{} only on this device", words::count(ids.with(Vec::len) as u64, "photograph", "photographs"));
    view! {
        <Show when=move || ids.with(|ids| !ids.is_empty())>
            <section class="sec" aria-labelledby="pictures-head" style:margin-top="var(--s6)">
                <div class="sec-head">
                    <h2 id="pictures-head">{head}</h2>
                </div>
                <p class="soft">"They are sent by themselves, and go on where they were when the network breaks off. Do not clear this browser’s data."</p>
                <ul class="card waiting-pictures">
                    <For each=move || ids.get() key=|id| *id let:id>
                        <Line photo=id waiting />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn Line(photo: PhotoId, waiting: Memo<Vec<Waiting>>) -> impl IntoView {
    let (album, workspace) = (use_album(), use_workspace());
    let one = Memo::new(move |_| waiting.with(|waiting| waiting.iter().find(|one| one.photo.photo == photo).cloned()));
    let client = untrack(|| one.get()).map(|one| one.photo.client);
    let name = move || {
        let chart = workspace.chart(client?)?;
        Some(chart.client.name.clone())
    };
    let trouble = move || one.with(|one| one.as_ref().and_then(|one| one.photo.trouble));
    let words = move || one.with(|one| one.as_ref().map(progress_words));
    // Its record was discarded: the picture belongs to nothing, and nothing is dropped without a person.
    let orphaned = Memo::new(move |_| {
        let Some(client) = client else { return false };
        let kept = workspace.chart(client).is_some_and(|chart| chart.photo(photo).is_some() || waits_for_decision(&chart, photo));
        !kept && workspace.read(|replica| replica.is_whole() && !replica.has_unsent(client))
    });
    let (sent, all) = (
        move || one.with(|one| one.as_ref().map_or(0, |one| one.sent)),
        move || one.with(|one| one.as_ref().map_or(1, |one| one.photo.bytes)),
    );
    let let_go = move |_| {
        spawn_local(async move {
            if let Err(error) = album.let_go(photo).await {
                workspace.trouble.try_set(Some(error));
            }
        });
    };
    let save = move |_| {
        spawn_local(async move {
            let Some(room) = album.room_untracked() else { return };
            if let Ok(Some(bytes)) = room.store.picture(photo, crate::ports::Size::Whole).await {
                save_as_file(&bytes);
            }
        });
    };
    view! {
        <li>
            {client.map(|client| view! { <Thumbnail client photo alt="" /> })}
            <div>
                <p>
                    <b>{name}</b>
                </p>
                <p class="soft small">{words}</p>
                <progress max=move || all().to_string() prop:value=move || sent().to_string() aria-label="How much of it is at the clinic"></progress>
                <Show when=move || trouble().is_some() || orphaned.get()>
                    <p class="say is-refused" role="alert">
                        <Icon name="refuse" />
                        <span>{move || trouble().map_or("Its record was discarded: it belongs to no session any more.", trouble_words)}</span>
                    </p>
                    <div class="btn-row">
                        <button class="btn" type="button" on:click=save>
                            "Save as a file"
                        </button>
                        <button class="btn danger" type="button" on:click=let_go>
                            "Let it go"
                        </button>
                    </div>
                </Show>
            </div>
        </li>
    }
}

/// What the browser does with a file somebody downloads. The name says nothing of the client.
fn save_as_file(bytes: &[u8]) {
    let link = document().create_element("a").map(|link| link.unchecked_into::<web_sys::HtmlElement>());
    if let (Some(address), Ok(link)) = (address_of(bytes), link) {
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", "photograph.jpg");
        link.click();
        let _ = Url::revoke_object_url(&address);
    }
}
