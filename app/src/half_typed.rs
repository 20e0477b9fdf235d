//! Text that is not saved yet outlives the page: it is still in its box after a reload or a look elsewhere.

use crate::workspace::use_workspace;
use leptos::prelude::*;

/// What somebody is typing about one thing.
#[derive(Clone)]
pub struct HalfTyped {
    pub text: RwSignal<String>,
    key: String,
}

/// The text somebody is typing about one thing, named by `about`.
///
/// Kept under the person who types, so that the next person at a shared iPad does not save another's words.
pub fn half_typed(about: &str) -> HalfTyped {
    let staff = use_workspace().signed_in.with_untracked(|who| who.as_ref().map(|who| who.staff));
    let key = format!("typed/{}/{about}", staff.map_or_else(String::new, |staff| staff.to_string()));
    let text = RwSignal::new(stored(&key).unwrap_or_default());
    let half_typed = HalfTyped { text, key: key.clone() };
    Effect::new(move |_| {
        let typed = text.get();
        // A full or forbidden storage costs only the safety net: the text stays in its box, and saving
        // says by itself when the device cannot keep it.
        if let Some(storage) = storage() {
            let _ = if typed.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, &typed) };
        }
    });
    half_typed
}

impl HalfTyped {
    /// `typed` is saved now, and leaves its box. What was typed on meanwhile stays.
    pub fn saved(&self, typed: &str) {
        self.text.try_update(|text| {
            if text.as_str() == typed {
                text.clear();
            }
        });
        // The page may be gone by now, and with it what would have noticed.
        if stored(&self.key).as_deref() == Some(typed)
            && let Some(storage) = storage()
        {
            let _ = storage.remove_item(&self.key);
        }
    }
}

fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
