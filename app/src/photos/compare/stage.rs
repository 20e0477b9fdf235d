//! The pictures on stage, and the hands on them: drag, pinch, wheel and keys move all of them together.

use super::{
    gaze::Gaze,
    plate::{Plate, Which, aspect},
    table::{Laying, Mode, use_table},
};
use crate::photos::session_photos::despite;
use leptos::{
    ev::{self, KeyboardEvent, PointerEvent, WheelEvent},
    html,
    prelude::*,
};
use std::collections::BTreeMap;

/// One press of an arrow, in frames' widths; one of + or −.
const STEP: f64 = 0.08;
const NEARER: f64 = 1.25;

#[component]
pub fn Stage() -> impl IntoView {
    let table = use_table();
    let both = move || table.mode.get() == Mode::SideBySide;
    let shape = move || table.pair().map_or_else(|| "1 / 1".to_owned(), |(earlier, _)| format!("{:.5}", 1.0 / aspect(&earlier)));
    let wide = move || table.pair().is_some_and(|(earlier, _)| aspect(&earlier) < 1.0);
    let values = move || {
        let gains = table.laid().and_then(|laid| laid.gains);
        gains.map_or_else(
            || "1 0 0 0 0  0 1 0 0 0  0 0 1 0 0  0 0 0 1 0".to_owned(),
            |gains| format!("{:.4} 0 0 0 0  0 {:.4} 0 0 0  0 0 {:.4} 0 0  0 0 0 1 0", gains.red, gains.green, gains.blue),
        )
    };
    view! {
        <svg class="vh" aria-hidden="true">
            // Light is multiplied where it adds up: in linear values.
            <filter id="same-light" color-interpolation-filters="linearRGB" x="0" y="0" width="100%" height="100%">
                <feColorMatrix type="matrix" values=values />
            </filter>
        </svg>
        <div class="stage" class:is-pair=both class:of-wide=wide style:--shape=shape>
            <Show
                when=both
                fallback=|| {
                    view! {
                        <Frame which=Which::Earlier>
                            <Plate which=Which::Earlier />
                            <Above />
                        </Frame>
                    }
                }
            >
                <Frame which=Which::Earlier>
                    <Plate which=Which::Earlier />
                </Frame>
                <Frame which=Which::Later>
                    <Plate which=Which::Later />
                </Frame>
            </Show>
        </div>
        <Laid />
    }
}

/// The later picture above the earlier: cut at the slider, or shining through.
#[component]
fn Above() -> impl IntoView {
    let table = use_table();
    let slides = move || table.mode.get() == Mode::Slider;
    let cut = move || slides().then(|| format!("inset(0 0 0 {:.3}%)", table.part.get()));
    let opacity = move || (!slides()).then(|| format!("{:.3}", table.part.get() / 100.0));
    view! {
        <div class="above" style:clip-path=cut style:opacity=opacity>
            <Plate which=Which::Later />
        </div>
        <Show when=slides>
            <div class="slider-line" style:left=move || format!("{:.3}%", table.part.get()) aria-hidden="true"></div>
        </Show>
    }
}

/// What the fingers on the stage do.
#[derive(Clone, Debug, Default)]
struct Hands {
    /// Where each is, in pixels of the page.
    fingers: BTreeMap<i32, (f64, f64)>,
}

impl Hands {
    /// Their middle, and how far apart they are.
    fn span(&self) -> Option<((f64, f64), f64)> {
        let mut fingers = self.fingers.values();
        let first = *fingers.next()?;
        let Some(second) = fingers.next() else { return Some((first, 0.0)) };
        let middle = ((first.0 + second.0) / 2.0, (first.1 + second.1) / 2.0);
        Some((middle, (first.0 - second.0).hypot(first.1 - second.1)))
    }
}

/// A frame with a plate in it, whose contents are moved together with every other frame's.
#[component]
fn Frame(which: Which, children: Children) -> impl IntoView {
    let table = use_table();
    let frame = NodeRef::<html::Div>::new();
    let hands = StoredValue::new(Hands::default());
    // A point of the page, in widths of this frame from its middle.
    let place = move |(x, y): (f64, f64)| {
        let rect = frame.get_untracked().map(|frame| frame.get_bounding_client_rect());
        rect.filter(|rect| rect.width() > 0.0).map(|rect| {
            let (width, height) = (rect.width(), rect.height());
            ((x - rect.left() - width / 2.0) / width, (y - rect.top() - height / 2.0) / width)
        })
    };
    let down = move |event: PointerEvent| {
        if table.marking.get_untracked() || event.button() > 0 {
            return;
        }
        if let Some(frame) = frame.get_untracked() {
            let _ = frame.set_pointer_capture(event.pointer_id());
        }
        hands.update_value(|hands| {
            hands.fingers.insert(event.pointer_id(), at(&event));
        });
    };
    let moved = move |event: PointerEvent| {
        let change = hands.try_update_value(|hands| {
            let before = hands.span()?;
            *hands.fingers.get_mut(&event.pointer_id())? = at(&event);
            Some((before, hands.span()?))
        });
        let Some(Some(((from, apart), (to, now_apart)))) = change else { return };
        let (Some(from), Some(to)) = (place(from), place(to)) else { return };
        let slides = table.mode.get_untracked() == Mode::Slider && table.gaze.with_untracked(|gaze| gaze.zoom <= 1.0) && apart == 0.0;
        if slides {
            return table.part.set(slid(table.part.get_untracked(), to.0 - from.0));
        }
        table.gaze.update(|gaze| {
            *gaze = gaze.moved(to.0 - from.0, to.1 - from.1);
            if apart > 0.0 && now_apart > 0.0 {
                *gaze = gaze.nearer(now_apart / apart, to);
            }
        });
    };
    let up = move |event: PointerEvent| {
        hands.update_value(|hands| {
            hands.fingers.remove(&event.pointer_id());
        });
    };
    let turned = move |event: WheelEvent| {
        event.prevent_default();
        let Some(place) = place((f64::from(event.client_x()), f64::from(event.client_y()))) else { return };
        table.gaze.update(|gaze| *gaze = gaze.nearer((-event.delta_y() / 400.0).exp(), place));
    };
    let twice = move |event: ev::MouseEvent| {
        let Some(place) = place((f64::from(event.client_x()), f64::from(event.client_y()))) else { return };
        table.gaze.update(|gaze| *gaze = if gaze.zoom > 1.0 { Gaze::default() } else { gaze.nearer(3.0, place) });
    };
    let caption = move || {
        let (earlier, later) = table.pair()?;
        Some(match (which, table.mode.get()) {
            (Which::Earlier, Mode::SideBySide) => table.caption(&earlier),
            (Which::Later, _) => table.caption(&later),
            (Which::Earlier, _) => format!("{} → {}", table.caption(&earlier), table.caption(&later)),
        })
    };
    let remark = move || {
        let (earlier, later) = table.pair()?;
        match which {
            Which::Earlier => despite(&earlier),
            Which::Later => despite(&later),
        }
    };
    view! {
        <figure class="frame-of-picture">
            <div
                class="frame"
                class:is-marking=move || table.marking.get()
                node_ref=frame
                tabindex="0"
                role="group"
                aria-label="Picture: drag or arrows to move, pinch, wheel or + and − to come nearer, 0 for all of it"
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=up
                on:wheel=turned
                on:dblclick=twice
                on:keydown=by_key
            >
                <div class="moved" style:transform=move || table.gaze.get().transform()>
                    <div class="plate">{children()}</div>
                </div>
            </div>
            <figcaption>
                {caption} {move || remark().map(|words| view! { <small>{words}</small> })}
            </figcaption>
        </figure>
    }
}

fn at(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

fn slid(part: f64, by: f64) -> f64 {
    (part + by * 100.0).clamp(0.0, 100.0)
}

fn by_key(event: KeyboardEvent) {
    let table = use_table();
    let slides = table.mode.get_untracked() != Mode::SideBySide && table.gaze.with_untracked(|gaze| gaze.zoom <= 1.0);
    let change: fn(Gaze) -> Gaze = match event.key().as_str() {
        "ArrowLeft" if slides => return table.part.update(|part| *part = slid(*part, -0.02)),
        "ArrowRight" if slides => return table.part.update(|part| *part = slid(*part, 0.02)),
        "ArrowLeft" => |gaze| gaze.moved(STEP, 0.0),
        "ArrowRight" => |gaze| gaze.moved(-STEP, 0.0),
        "ArrowUp" => |gaze| gaze.moved(0.0, STEP),
        "ArrowDown" => |gaze| gaze.moved(0.0, -STEP),
        "+" | "=" => |gaze| gaze.nearer(NEARER, (0.0, 0.0)),
        "-" => |gaze| gaze.nearer(1.0 / NEARER, (0.0, 0.0)),
        "0" => |_| Gaze::default(),
        _ => return,
    };
    event.prevent_default();
    table.gaze.update(|gaze| *gaze = change(*gaze));
}

/// What is said of how the two lie.
#[component]
fn Laid() -> impl IntoView {
    let table = use_table();
    let words = move || match table.laying.get() {
        _ if table.marking.get() => Some("Tap the place in the picture.".to_owned()),
        Laying::Nothing => Some("Only one photograph of this view so far.".to_owned()),
        Laying::UnderWay => Some("Laying them on each other…".to_owned()),
        Laying::Laid(_) => None,
        Laying::Unlike => Some("They could not be laid on each other, and lie as they were taken.".to_owned()),
        Laying::Not(why) => Some(why),
    };
    view! {
        <p class="laid-words" role="status">
            {words}
        </p>
    }
}
