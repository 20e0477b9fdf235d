//! Remarks that point at places: over the picture, never in it.

use super::table::use_table;
use crate::{icon::Icon, problem::Problem, recording::Recording, sheet::Sheet, words};
use domain::{
    command::Change,
    ids::{MarkId, PhotoId},
    photo::{Mark, Spot},
};
use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;

/// A mark's radius where nobody chose one: a fortieth of the width.
const RADIUS: u16 = 250;

/// Ten-thousandths of the width, in per cent.
fn percent(part: u16) -> f64 {
    f64::from(part) / 100.0
}

/// Where a tap falls, in ten-thousandths of the picture's width. `offset` and `width` are of the picture's own box, before it is
/// turned and enlarged.
pub fn spot(offset: (f64, f64), width: f64) -> Spot {
    let part = |length: f64| {
        let part = (length / width * 10_000.0).round().clamp(0.0, 60_000.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within")]
        let part = part as u16;
        part
    };
    Spot { x: part(offset.0).min(10_000), y: part(offset.1), radius: RADIUS }
}

#[component]
pub fn Marks(photo: PhotoId) -> impl IntoView {
    let table = use_table();
    let marks = Memo::new(move |_| {
        let chart = table.workspace.chart(table.client)?;
        chart.photo(photo).map(|photo| photo.marks.clone())
    });
    let new = RwSignal::new(None::<Spot>);
    let open = RwSignal::new(None::<MarkId>);
    // The offset is in the picture's own coordinates, however it is turned.
    let tapped = move |event: MouseEvent| {
        let Some(layer) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
        let width = f64::from(layer.client_width());
        if width > 0.0 {
            new.set(Some(spot((f64::from(event.offset_x()), f64::from(event.offset_y())), width)));
            table.marking.set(false);
        }
    };
    view! {
        <Show when=move || table.marking.get()>
            <div class="mark-layer" on:click=tapped></div>
        </Show>
        <Show when=move || table.marks.get()>
            <For each=move || marks.get().unwrap_or_default() key=|mark| mark.id let:mark>
                <Ring mark open />
            </For>
        </Show>
        {move || new.get().map(|spot| view! { <NewMark photo spot close=Callback::new(move |()| new.set(None)) /> })}
        {move || {
            let mark = open.get().and_then(|id| marks.get().unwrap_or_default().into_iter().find(|mark| mark.id == id))?;
            Some(view! { <OpenMark photo mark close=Callback::new(move |()| open.set(None)) /> })
        }}
    }
}

#[component]
fn Ring(mark: Mark, open: RwSignal<Option<MarkId>>) -> impl IntoView {
    let Spot { x, y, radius } = mark.spot;
    let id = mark.id;
    view! {
        <button
            class="mark-ring"
            type="button"
            aria-label=format!("Mark: {}", mark.remark.text)
            style:left=format!("{}%", percent(x))
            style:top=format!("calc({} * 1cqw)", percent(y))
            style:width=format!("{}%", percent(radius) * 2.0)
            // The frame would take the finger for a hand that moves the picture, and the tap would never arrive.
            on:pointerdown=|event| event.stop_propagation()
            on:click=move |_| open.set(Some(id))
        ></button>
    }
}

#[component]
fn NewMark(photo: PhotoId, spot: Spot, close: Callback<()>) -> impl IntoView {
    let table = use_table();
    let recording = Recording::new(table.client);
    let text = RwSignal::new(String::new());
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let mark = MarkId(table.workspace.new_id());
        let change = Change::MarkPhoto { photo, mark, spot, text: text.get_untracked() };
        recording.record(change, "The mark was not kept.", move || close.run(()));
    };
    view! {
        <MarkNote title="A mark here" close>
            <form class="plan-form" on:submit=save>
                <div class="field">
                    <label for="mark-text">"What is to be seen here?"</label>
                    <input class="input" id="mark-text" autocomplete="off" maxlength="500" bind:value=text />
                </div>
                <Problem words=recording.problem />
                <div class="btn-row">
                    <button class="btn primary" type="submit" aria-disabled=move || recording.busy.get().to_string()>
                        "Keep the mark"
                    </button>
                </div>
            </form>
        </MarkNote>
    }
}

#[component]
fn OpenMark(photo: PhotoId, mark: Mark, close: Callback<()>) -> impl IntoView {
    let table = use_table();
    let recording = Recording::new(table.client);
    let id = mark.id;
    let remove = move |_| {
        recording.record(Change::UnmarkPhoto { photo, mark: id }, "The mark was not removed.", move || close.run(()));
    };
    let by = table
        .workspace
        .catalogue()
        .map(|catalogue| format!("{}, {}", catalogue.staff_name(mark.remark.by), words::moment(&catalogue.clock, mark.remark.at)));
    view! {
        <MarkNote title="Mark" close>
            <p>{mark.remark.text.clone()}</p>
            <p class="soft small">{by.clone()}</p>
            <Problem words=recording.problem />
            <button class="btn" type="button" on:click=remove>
                <Icon name="trash" />
                "Remove the mark"
            </button>
        </MarkNote>
    }
}

/// Out of the frame, where taps and keys move the pictures.
#[component]
fn MarkNote(title: &'static str, close: Callback<()>, children: ChildrenFn) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <leptos::portal::Portal>
            <Sheet title close>
                {children.with_value(|children| children())}
            </Sheet>
        </leptos::portal::Portal>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_is_a_part_of_the_width() {
        assert_eq!(spot((200.0, 300.0), 400.0), Spot { x: 5_000, y: 7_500, radius: RADIUS });
        assert_eq!(spot((-3.0, 4_000.0), 400.0), Spot { x: 0, y: 60_000, radius: RADIUS });
    }
}
