//! Where the keyboard goes when what it was on is gone, or was just made.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Focuses the first element that fits `selector`, once what changed is on the page.
pub fn focus_soon(selector: String) {
    request_animation_frame(move || {
        // A selector that finds nothing leaves the focus where it is, which is no harm.
        let Ok(Some(element)) = document().query_selector(&selector) else { return };
        if let Ok(element) = element.dyn_into::<web_sys::HtmlElement>() {
            let _ = element.focus();
        }
    });
}

/// Focuses the first input that is marked as wrong.
pub fn focus_first_fault() {
    focus_soon(".set-form [aria-invalid='true']".to_owned());
}
