//! The views of the session, in their order; those that are taken with their picture.

use super::studio::use_studio;
use crate::{icon::Icon, photos::picture::Thumbnail};
use domain::ids::{PhotoId, ViewId, ViewSetId};
use leptos::prelude::*;

/// One view of the strip.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Frame {
    view: ViewId,
    name: String,
    taken: Option<PhotoId>,
}

#[component]
pub fn Filmstrip() -> impl IntoView {
    let studio = use_studio();
    let frames = Memo::new(move |_| {
        let frame = |(_, view): (_, domain::view::View)| Frame {
            taken: studio.taken(view.id).map(|photo| photo.shot.id),
            view: view.id,
            name: view.name,
        };
        studio.views().into_iter().map(frame).collect::<Vec<_>>()
    });
    let done = move || frames.with(|frames| frames.iter().filter(|frame| frame.taken.is_some()).count());
    let choose_set = move |event| {
        let chosen = event_target_value(&event).parse::<ViewSetId>().ok();
        studio.chosen_set.set(chosen);
    };
    let sets = Memo::new(move |_| studio.all_sets().into_iter().map(|set| (set.id, set.name)).collect::<Vec<_>>());
    let several = move || sets.with(|sets| sets.len() > 1);
    view! {
        <nav class="filmstrip" aria-label="Views">
            <div class="filmstrip-head">
                <p>
                    <b>{done}</b>
                    " of "
                    {move || frames.with(Vec::len)}
                    " taken"
                </p>
                <Show when=several>
                    <select class="input" aria-label="Set of views" on:change=choose_set>
                        <option value="">"This session’s views"</option>
                        <For each=move || sets.get() key=Clone::clone let:set>
                            <option value=set.0.to_string()>{set.1}</option>
                        </For>
                    </select>
                </Show>
            </div>
            <ol>
                <For each=move || frames.get() key=Clone::clone let:frame>
                    <Choice frame />
                </For>
            </ol>
        </nav>
    }
}

#[component]
fn Choice(frame: Frame) -> impl IntoView {
    let studio = use_studio();
    let Frame { view, name, taken } = frame;
    let current = move || studio.view.get() == Some(view);
    let picture = taken.map(|photo| view! { <Thumbnail client=studio.client photo alt="" /> });
    let is_taken = taken.is_some();
    view! {
        <li>
            <button
                class="film"
                type="button"
                class:is-taken=is_taken
                aria-current=move || current().then_some("step")
                on:click=move |_| studio.view.set(Some(view))
            >
                <span class="film-picture">
                    {picture} <Show when=move || is_taken fallback=|| view! { <Icon name="camera" /> }>
                        <span class="film-tick">
                            <Icon name="check" />
                        </span>
                    </Show>
                </span>
                <span class="film-name">
                    {name}
                    <span class="vh">{if is_taken { ", taken" } else { ", not taken" }}</span>
                </span>
            </button>
        </li>
    }
}
