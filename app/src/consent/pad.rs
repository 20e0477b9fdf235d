//! The field to sign in, with finger, pencil or mouse.

use super::ink::{Dot, Drawing, Tool};
use domain::consent::{INK_HEIGHT, INK_WIDTH};
use leptos::{
    ev::{KeyboardEvent, PointerEvent, focus},
    html,
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver};

/// Draws into `drawing`, which outlives it.
#[component]
pub fn SignaturePad(drawing: RwSignal<Drawing>) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    repaint(canvas, drawing);
    // Only one of the pointers draws; what the others do changes nothing, and so is not told to anybody.
    let change = move |change: &dyn Fn(&mut Drawing)| drawing.update(|drawing| change(drawing));
    let down = move |event: PointerEvent| {
        let Some(canvas) = canvas.get_untracked().filter(|_| event.button() == 0) else { return };
        let tool = Tool::of(&event.pointer_type());
        let dot = dot(&event, &canvas, tool);
        change(&|drawing| drawing.down(event.pointer_id(), tool, dot));
        // So that a line that leaves the field and comes back is one line. Not possible for a pointer that is gone already.
        let _ = canvas.set_pointer_capture(event.pointer_id());
    };
    let moved = move |event: PointerEvent| {
        let pointer = event.pointer_id();
        let tool = drawing.with_untracked(|drawing| drawing.tool().filter(|_| drawing.is_drawn_by(pointer)));
        let Some((tool, canvas)) = tool.zip(canvas.get_untracked()) else { return };
        let dots: Vec<_> = samples(&event).iter().map(|sample| dot(sample, &canvas, tool)).collect();
        change(&|drawing| dots.iter().for_each(|dot| drawing.moved(pointer, *dot)));
    };
    let up = move |event: PointerEvent| change(&|drawing| drawing.up(event.pointer_id()));
    let cancelled = move |event: PointerEvent| change(&|drawing| drawing.cancelled(event.pointer_id()));
    let by_key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Delete" | "Backspace") {
            change(&Drawing::clear);
        }
    };
    let state = Memo::new(move |_| {
        drawing.with(|drawing| match (drawing.is_signature(), drawing.is_full()) {
            (false, _) => "Sign above with finger, pencil or mouse.",
            (true, false) => "Signature drawn.",
            (true, true) => "Signature drawn. The field is full.",
        })
    });
    view! {
        <div class="pad">
            <canvas
                tabindex="0"
                role="img"
                aria-label="Signature"
                aria-describedby="pad-state"
                node_ref=canvas
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=cancelled
                on:keydown=by_key
            ></canvas>
        </div>
        <p class="soft" id="pad-state" role="status">
            {state}
        </p>
    }
}

/// Paints anew whenever something was drawn or the field has another size, at most once a frame.
fn repaint(canvas: NodeRef<html::Canvas>, drawing: RwSignal<Drawing>) {
    let waits = StoredValue::new(false);
    let paint_soon = move || {
        if waits.try_update_value(|waits| std::mem::replace(waits, true)) != Some(false) {
            return;
        }
        request_animation_frame(move || {
            waits.try_set_value(false);
            if let Some(canvas) = canvas.try_get_untracked().flatten() {
                // Nothing to be done about a browser that has no canvas; the ink is kept.
                let _ = drawing.try_with_untracked(|drawing| paint(&canvas, drawing));
            }
        });
    };
    Effect::new(move |_| {
        drawing.track();
        paint_soon();
    });
    let observed = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let resized = Closure::<dyn FnMut()>::new(paint_soon);
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&canvas);
            observed.set_value(Some((observer, resized)));
        }
    });
    // A browser may throw away what is painted while another tab is shown.
    let back = window_event_listener(focus, move |_| paint_soon());
    on_cleanup(move || {
        back.remove();
        observed.try_update_value(|observed| {
            if let Some((observer, _)) = observed.take() {
                observer.disconnect();
            }
        });
    });
}

/// Always in black: the style sheet turns it white where the ground is dark.
fn paint(canvas: &HtmlCanvasElement, drawing: &Drawing) -> Result<(), JsValue> {
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let ratio = window().device_pixel_ratio();
    let (width, height) = (pixels(canvas.client_width(), ratio), pixels(canvas.client_height(), ratio));
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let (field_width, field_height) = (f64::from(INK_WIDTH), f64::from(INK_HEIGHT));
    context.set_transform(f64::from(width) / field_width, 0.0, 0.0, f64::from(height) / field_height, 0.0, 0.0)?;
    context.clear_rect(0.0, 0.0, field_width, field_height);
    context.set_line_cap("round");
    context.set_line_join("round");
    context.set_stroke_style_str("#000");
    for piece in drawing.pieces() {
        context.begin_path();
        context.set_line_width(piece.width);
        context.move_to(piece.from.0, piece.from.1);
        context.quadratic_curve_to(piece.through.0, piece.through.1, piece.to.0, piece.to.1);
        context.stroke();
    }
    Ok(())
}

fn pixels(length: i32, ratio: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a screen's width")]
    let pixels = (f64::from(length) * ratio).round().max(0.0) as u32;
    pixels
}

/// All places a pointer was at since the last event, where the browser tells them.
fn samples(event: &PointerEvent) -> Vec<PointerEvent> {
    let told = js_sys::Reflect::has(event, &JsValue::from_str("getCoalescedEvents")).unwrap_or(false);
    let samples: Vec<_> =
        if told { event.get_coalesced_events().iter().filter_map(|sample| sample.dyn_into().ok()).collect() } else { Vec::new() };
    if samples.is_empty() { vec![event.clone()] } else { samples }
}

fn dot(event: &PointerEvent, canvas: &HtmlCanvasElement, tool: Tool) -> Dot {
    // Not through the bindings, which would round it: a pencil is finer than a pixel.
    let number =
        |name: &str| js_sys::Reflect::get(event, &JsValue::from_str(name)).ok().and_then(|value| value.as_f64()).unwrap_or_default();
    let field = canvas.get_bounding_client_rect();
    let place = (number("clientX") - field.left(), number("clientY") - field.top());
    Dot::at(place, (field.width(), field.height()), tool, number("pressure"))
}
