//! The finder: the camera's picture, the ghost of the baseline, the view's outline, and what to change.

use super::{
    guide::Outline,
    hints::hints,
    level::{Level, ask_for_level},
    studio::{Baseline, Finding, use_studio},
};
use crate::{icon::Icon, photos::address::compare_address, photos::retake::TakeOut, problem::Problem};
use domain::view::Guide;
use leptos::{ev, ev::KeyboardEvent, html, leptos_dom::helpers::window_event_listener, prelude::*};
use wasm_bindgen::JsCast;

#[component]
pub fn Finder() -> impl IntoView {
    let studio = use_studio();
    // The camera opens once both are there: the ports, and the element that shows it.
    Effect::new(move |_| {
        if studio.album.room().is_some() && studio.video.get().is_some() {
            studio.open_camera();
        }
    });
    on_cleanup(move || studio.close_camera());
    let visible = window_event_listener(ev::Custom::<web_sys::Event>::new("pageshow"), move |_| studio.revive_camera());
    let focused = window_event_listener(ev::focus, move |_| studio.revive_camera());
    let woken = document_visible(move || studio.revive_camera());
    on_cleanup(move || {
        visible.remove();
        focused.remove();
        woken.remove();
    });

    let hints = move || studio.look.get().map(|measures| hints(&measures));
    let fits = move || hints().is_some_and(|hints| hints.is_empty());
    let live = move || studio.camera.get() == Finding::Live;
    let ghost = move || match studio.baseline.get() {
        Baseline::Ready(_, address) => Some(address),
        _ => None,
    };
    let guide = move || studio.current().map_or(Guide::None, |(_, view)| view.guide);
    view! {
        <div class="finder" class:is-live=live class:fits=fits>
            <video node_ref=studio.video autoplay playsinline prop:muted=true class:is-mirrored=move || studio.front.get()></video>
            {move || {
                ghost()
                    .map(|address| {
                        view! {
                            <img
                                class="ghost"
                                src=address
                                alt=""
                                draggable="false"
                                style:opacity=move || format!("{}%", studio.ghost.get())
                                class:is-mirrored=move || studio.front.get()
                            />
                        }
                    })
            }}
            <Show when=move || ghost().is_none()>
                <Outline guide=Signal::derive(guide) />
            </Show>
            <Level />
            <div class="finder-frame" aria-hidden="true"></div>
            <Words />
            <NotLive />
            <Show when=move || studio.busy.get()>
                <div class="finder-busy" aria-hidden="true"></div>
            </Show>
        </div>
        <Controls />
    }
}

fn document_visible(act: impl Fn() + 'static) -> WindowListenerHandle {
    window_event_listener(ev::Custom::<web_sys::Event>::new("visibilitychange"), move |_| {
        if !document().hidden() {
            act();
        }
    })
}

/// What is taken, and what would have to change.
#[component]
fn Words() -> impl IntoView {
    let studio = use_studio();
    let title = move || studio.current().map(|(set, view)| format!("{}: {}", set.name, view.name));
    let instruction = move || studio.current().map(|(_, view)| view.instruction);
    let told = Memo::new(move |_| {
        if studio.camera.get() != Finding::Live {
            return Vec::new();
        }
        let mut told = studio.look.get().map(|measures| hints(&measures)).unwrap_or_default();
        told.truncate(2);
        told
    });
    let state = move || match studio.baseline.get() {
        Baseline::None => Some("The first of this view: it becomes the baseline".to_owned()),
        Baseline::Fetching => Some("Fetching the baseline…".to_owned()),
        Baseline::Not(why) => Some(format!("Without the baseline: {}", why.words().to_lowercase())),
        Baseline::Ready(..) => None,
    };
    let fits = move || {
        let ready = studio.baseline.with(|baseline| matches!(baseline, Baseline::Ready(..)));
        ready && studio.camera.get() == Finding::Live && studio.look.with(Option::is_some) && told.with(Vec::is_empty)
    };
    view! {
        <div class="finder-words">
            <p class="finder-view">{title}</p>
            <p class="finder-how">{instruction}</p>
            <p class="finder-state" role="status">
                {state}
            </p>
        </div>
        <ul class="finder-hints" aria-live="polite">
            <Show when=fits>
                <li class="is-good">
                    <Icon name="check" />
                    "As the baseline"
                </li>
            </Show>
            <For each=move || told.get() key=Clone::clone let:hint>
                <li>{hint}</li>
            </For>
        </ul>
    }
}

/// In place of the camera's picture.
#[component]
fn NotLive() -> impl IntoView {
    let studio = use_studio();
    move || match (studio.album.closed(), studio.camera.get()) {
        (Some(words), _) => view! { <p class="finder-note" role="alert">{words}</p> }.into_any(),
        (None, Finding::Opening) => view! { <p class="finder-note" role="status">"Opening the camera…"</p> }.into_any(),
        (None, Finding::Not(error)) => view! {
            <div class="finder-note" role="alert">
                <p>{error.to_string()}</p>
                <button class="btn" type="button" on:click=move |_| studio.open_camera()>
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
        (None, Finding::Live) => ().into_any(),
    }
}

#[component]
fn Controls() -> impl IntoView {
    let studio = use_studio();
    let file = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        let Some(input) = file.get_untracked() else { return };
        if let Some(picked) = input.files().and_then(|files| files.get(0)) {
            studio.choose(picked);
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    let waits = move || studio.busy.get() || studio.baseline.with(|baseline| *baseline == Baseline::Fetching);
    let live = move || studio.camera.get() == Finding::Live;
    let has_ghost = move || studio.baseline.with(|baseline| matches!(baseline, Baseline::Ready(..)));
    let strength = move |event: ev::Event| {
        if let Ok(strength) = event_target_value(&event).parse() {
            studio.ghost.set(strength);
        }
    };
    let turn = move |_| {
        studio.front.update(|front| *front = !*front);
        studio.open_camera();
    };
    let by_key = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let typing = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let typing = typing.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT" | "BUTTON" | "A"));
        let open = studio.questioned.try_with_untracked(Option::is_some);
        if event.key() == " " && !typing && open == Some(false) {
            event.prevent_default();
            studio.shoot();
        }
    });
    on_cleanup(move || by_key.remove());
    let taken = move || studio.view.get().and_then(|view| studio.taken(view));
    view! {
        <div class="capture-controls">
            <div class="capture-side">
                <Show when=has_ghost>
                    <label class="ghost-strength">
                        <span>"Ghost"</span>
                        <input type="range" min="0" max="80" step="5" prop:value=move || studio.ghost.get().to_string() on:input=strength />
                    </label>
                </Show>
            </div>
            <Show
                when=live
                fallback=move || {
                    view! {
                        <button class="btn big primary" type="button" aria-disabled=move || waits().to_string() on:click=move |_| pick(file)>
                            <Icon name="file" />
                            "Choose a file"
                        </button>
                    }
                }
            >
                <button
                    class="shutter"
                    type="button"
                    aria-label="Take the photograph"
                    aria-disabled=move || waits().to_string()
                    on:click=move |_| {
                        ask_for_level();
                        studio.shoot();
                    }
                >
                    <span></span>
                </button>
            </Show>
            <div class="capture-side is-end">
                <Show when=live>
                    <button class="icon-btn" type="button" aria-label="Use the other camera" on:click=turn>
                        <Icon name="turn" />
                    </button>
                    <button class="icon-btn" type="button" aria-label="Choose a file instead" on:click=move |_| pick(file)>
                        <Icon name="file" />
                    </button>
                </Show>
            </div>
            <input
                class="vh"
                type="file"
                accept="image/*"
                tabindex="-1"
                aria-label="Picture file"
                node_ref=file
                on:change=chosen
            />
        </div>
        <div class="capture-problem">
            <Problem words=studio.problem />
        </div>
        {move || taken().map(|photo| view! { <AlreadyTaken photo=photo.shot.id plan_view=compare_of(&photo, studio) /> })}
    }
}

fn pick(file: NodeRef<html::Input>) {
    if let Some(input) = file.get_untracked() {
        input.click();
    }
}

fn compare_of(photo: &domain::photo::Photo, studio: super::studio::Studio) -> Option<String> {
    let chart = untrack(|| studio.workspace.chart(studio.client))?;
    let plan = chart.session(photo.shot.session)?.plan;
    Some(compare_address(studio.client, plan, photo.shot.view))
}

/// This view was taken in this session already.
#[component]
fn AlreadyTaken(photo: domain::ids::PhotoId, plan_view: Option<String>) -> impl IntoView {
    let studio = use_studio();
    let taking_out = RwSignal::new(false);
    view! {
        <div class="already-taken">
            <Show
                when=move || taking_out.get()
                fallback=move || {
                    view! {
                        <p class="soft" role="status">
                            <Icon name="check-circle" />
                            "Taken. Another one is kept beside it."
                        </p>
                        <div class="btn-row">
                            {plan_view
                                .clone()
                                .map(|href| {
                                    view! {
                                        <a class="btn quiet" href=href>
                                            "Look at it"
                                        </a>
                                    }
                                })}
                            <button class="btn quiet" type="button" on:click=move |_| taking_out.set(true)>
                                "Take it out"
                            </button>
                        </div>
                    }
                }
            >
                <TakeOut client=studio.client photo close=Callback::new(move |()| taking_out.set(false)) />
            </Show>
        </div>
    }
}
