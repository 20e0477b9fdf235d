//! What moves on the pages the server draws for clients. Those pages are whole before any program runs; each island is drawn with
//! them, and what it adds appears once the browser has taken it over. Small by itself: a phone loads none of the staff's app for it.

mod compare;

pub use compare::{Compare, Shown};

/// What [`start`] is for, as it stands in the script that loads this: it takes over what the server drew.
#[cfg(feature = "browser")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {
    leptos::mount::hydrate_islands();
}
