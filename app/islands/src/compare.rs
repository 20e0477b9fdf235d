//! One view of a client's treatment, then and now: side by side as it comes, and once it moves, one above the other with a line to
//! pull between them, and any of the photographs for "now".

use leptos::{ev::PointerEvent, html, prelude::*};
use serde::{Deserialize, Serialize};

/// A photograph, and what stands below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Of the whole picture.
    pub address: String,
    pub thumbnail: String,
    /// `Session 1 · 12 Mar`
    pub words: String,
}

/// Where the line stands at first, in hundredths of the picture's width.
const MIDDLE: u8 = 50;

/// All photographs of a view, the oldest first. With one there is nothing to compare.
#[island]
pub fn Compare(
    /// `Face: Front`
    name: String,
    shown: Vec<Shown>,
) -> impl IntoView {
    let moves = RwSignal::new(false);
    // Runs in the browser only, once it has taken this over.
    Effect::new(move |_| moves.set(true));
    let slides = RwSignal::new(false);
    let later = RwSignal::new(shown.len().saturating_sub(1));
    let count = shown.len();
    let shown = StoredValue::new(shown);
    let name = StoredValue::new(name);
    let photo = move |place: usize| shown.with_value(|shown| shown.get(place).cloned());
    let first = move || photo(0);
    let latest = move || photo(later.get()).filter(|_| count > 1);
    view! {
        <figure class="pair">
            <figcaption>{name.get_value()}</figcaption>
            <Show when=move || moves.get() && (count > 1)>
                <div class="ways" role="group" aria-label="How to compare">
                    <Way words="Side by side" pressed=Signal::derive(move || !slides.get()) choose=move || slides.set(false) />
                    <Way words="Slide" pressed=slides.into() choose=move || slides.set(true) />
                </div>
            </Show>
            <Show
                when=move || slides.get()
                fallback=move || {
                    view! {
                        <div class="halves">
                            {move || first().map(|one| view! { <Half shown=one which="First" name=name.get_value() /> })}
                            {move || latest().map(|one| view! { <Half shown=one which="Latest" name=name.get_value() /> })}
                        </div>
                    }
                }
            >
                {move || first().zip(latest()).map(|(first, latest)| view! { <Slide name=name.get_value() first latest /> })}
            </Show>
            <Show when=move || moves.get() && (count > 2)>
                <p class="soft small" id="other">
                    "Compare the first with"
                </p>
                <ul class="thumbs strip">
                    {(1..count)
                        .filter_map(|place| Some((place, photo(place)?)))
                        .map(|(place, one)| view! { <Other one pressed=Signal::derive(move || later.get() == place) choose=move || later.set(place) /> })
                        .collect_view()}
                </ul>
            </Show>
        </figure>
    }
}

/// One way to look at them.
#[component]
fn Way(words: &'static str, pressed: Signal<bool>, choose: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button type="button" aria-pressed=move || pressed.get().to_string() on:click=move |_| choose()>
            {words}
        </button>
    }
}

/// Another photograph to compare with.
#[component]
fn Other(one: Shown, pressed: Signal<bool>, choose: impl Fn() + 'static) -> impl IntoView {
    view! {
        <li>
            <button type="button" class="thumb" aria-pressed=move || pressed.get().to_string() on:click=move |_| choose()>
                <img src=one.thumbnail alt="" loading="lazy" />
                <small>{one.words}</small>
            </button>
        </li>
    }
}

/// Beside the other; a tap shows it whole.
#[component]
fn Half(shown: Shown, which: &'static str, name: String) -> impl IntoView {
    let Shown { address, words, .. } = shown;
    view! {
        <a href=address.clone()>
            <img src=address.clone() alt=format!("{which}: {name}, {words}") loading="lazy" />
            <small>{words}</small>
        </a>
    }
}

/// The later above the earlier, cut at a line that is pulled: on the picture with a finger, below it also by keys.
#[component]
fn Slide(name: String, first: Shown, latest: Shown) -> impl IntoView {
    let part = RwSignal::new(MIDDLE);
    let stage = NodeRef::<html::Div>::new();
    let pull = move |event: &PointerEvent| {
        let Some(rect) = stage.get_untracked().map(|stage| stage.get_bounding_client_rect()) else { return };
        if rect.width() > 0.0 {
            let hundredths = (f64::from(event.client_x()) - rect.left()) / rect.width() * 100.0;
            // Between 0 and 100 after clamping, so the cast keeps it.
            part.set(hundredths.clamp(0.0, 100.0).round() as u8);
        }
    };
    let down = move |event: PointerEvent| {
        if let Some(stage) = stage.get_untracked() {
            let _ = stage.set_pointer_capture(event.pointer_id());
        }
        pull(&event);
    };
    let drag = move |event: PointerEvent| {
        if event.buttons() > 0 {
            pull(&event);
        }
    };
    view! {
        <div class="slide" node_ref=stage on:pointerdown=down on:pointermove=drag>
            <img src=first.address alt=format!("First: {name}, {}", first.words) draggable="false" />
            <img
                class="above"
                src=latest.address
                alt=format!("Latest: {name}, {}", latest.words)
                draggable="false"
                style:clip-path=move || format!("inset(0 0 0 {}%)", part.get())
            />
            <span class="line" aria-hidden="true" style:left=move || format!("{}%", part.get())></span>
        </div>
        <div class="ends small">
            <span>{first.words}</span>
            <span>{latest.words}</span>
        </div>
        <input
            type="range"
            min="0"
            max="100"
            aria-label="Where the first photo ends and the latest begins"
            prop:value=move || part.get().to_string()
            on:input:target=move |event| part.set(event.target().value().parse().unwrap_or(MIDDLE))
        />
    }
}
