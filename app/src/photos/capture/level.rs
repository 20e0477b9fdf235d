//! Whether the camera is held level, from the device's own sense of down.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Less than this is level, in degrees.
const LEVEL: f64 = 1.0;

/// How far the device is turned about the line of sight: degrees, clockwise positive, 0 is level. `beta` and `gamma` as the browser
/// gives them (front to back, left to right), `screen` the angle by which the system has turned what is shown. `None` when it lies
/// flat: there is no level then.
pub fn roll(beta: f64, gamma: f64, screen: f64) -> Option<f64> {
    let (beta, gamma) = (beta.to_radians(), gamma.to_radians());
    // Down, as the device sees it: to its right, and to its upper edge.
    let (right, up) = (beta.cos() * gamma.sin(), -beta.sin());
    if right.hypot(up) < 0.3 {
        return None;
    }
    let turned = right.atan2(-up).to_degrees() + screen;
    Some((turned + 180.0).rem_euclid(360.0) - 180.0)
}

#[component]
pub fn Level() -> impl IntoView {
    let turned = RwSignal::new(None::<f64>);
    let hear = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let angle = |name: &str| js_sys::Reflect::get(&event, &name.into()).ok().and_then(|value| value.as_f64());
        let found = angle("beta").zip(angle("gamma")).and_then(|(beta, gamma)| roll(beta, gamma, screen_angle()));
        turned.try_set(found);
    });
    let listener = hear.as_ref().unchecked_ref::<js_sys::Function>().clone();
    let _ = window().add_event_listener_with_callback("deviceorientation", &listener);
    let hear = StoredValue::new_local(hear);
    on_cleanup(move || {
        let _ = window().remove_event_listener_with_callback("deviceorientation", &listener);
        hear.dispose();
    });
    let level = move || turned.get().is_some_and(|turned| turned.abs() < LEVEL);
    view! {
        <Show when=move || turned.with(Option::is_some)>
            <div class="level" class:is-level=level aria-hidden="true">
                <span style:transform=move || format!("rotate({:.1}deg)", turned.get().unwrap_or_default())></span>
            </div>
        </Show>
    }
}

/// iPads ask the person before they tell; only a touch may make them ask.
pub fn ask_for_level() {
    let asking = js_sys::Reflect::get(&window(), &"DeviceOrientationEvent".into())
        .and_then(|kind| js_sys::Reflect::get(&kind, &"requestPermission".into()).map(|ask| (kind, ask)));
    if let Ok((kind, ask)) = asking
        && let Some(ask) = ask.dyn_ref::<js_sys::Function>()
    {
        // Refused, there is no level, and everything else works.
        let _ = ask.call0(&kind);
    }
}

fn screen_angle() -> f64 {
    let part = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap_or_default();
    let orientation = part(&part(&window(), "screen"), "orientation");
    if orientation.is_object() { part(&orientation, "angle").as_f64().unwrap_or_default() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, wanted: f64) {
        let found = found.expect("it is held up");
        assert!((found - wanted).abs() < 0.01, "{found} instead of {wanted}");
    }

    #[test]
    fn upright_is_level_whatever_the_tilt() {
        near(roll(90.0, 0.0, 0.0), 0.0);
        near(roll(60.0, 0.0, 0.0), 0.0);
        near(roll(120.0, 0.0, 0.0), 0.0);
        assert_eq!(roll(0.0, 0.0, 0.0), None);
        assert_eq!(roll(5.0, 5.0, 0.0), None);
    }

    #[test]
    fn turned_is_told_with_its_side() {
        assert!(roll(80.0, 30.0, 0.0).unwrap() > 0.0);
        assert!(roll(80.0, -30.0, 0.0).unwrap() < 0.0);
        // On its side, with the picture turned along.
        near(roll(0.0, 90.0, -90.0), 0.0);
        near(roll(0.0, -90.0, 90.0), 0.0);
    }
}
