//! How far a page is scrolled. What scrolls stands around all pages and stays as one goes from one to the next: a page one
//! goes to is seen from its beginning, and one that one comes back to where it was left.

use leptos::{ev, html, prelude::*};
use leptos_router::hooks::use_location;
use std::collections::HashMap;

#[derive(Clone, Copy)]
pub struct Place {
    pub scroller: NodeRef<html::Main>,
    path: Memo<String>,
    /// Where pages of this visit were left, by their path.
    left_at: StoredValue<HashMap<String, i32>>,
}

pub fn place_in_page() -> Place {
    let location = use_location();
    let path = Memo::new(move |_| location.pathname.get());
    let place = Place { scroller: NodeRef::new(), path, left_at: StoredValue::default() };
    let back = StoredValue::new(false);
    let stepped = window_event_listener(ev::popstate, move |_| back.set_value(true));
    on_cleanup(move || stepped.remove());
    Effect::new(move |before: Option<String>| {
        let path = place.path.get();
        if before.is_some_and(|before| before != path) {
            let left = if back.get_value() { place.left_at.with_value(|left_at| left_at.get(&path).copied()) } else { None };
            place.scroll(left.unwrap_or(0));
            if left.is_some_and(|left| left > 0) {
                // It is as long as it was only once it is drawn.
                request_animation_frame(move || place.scroll(left.unwrap_or(0)));
            }
        }
        back.set_value(false);
        path
    });
    place
}

impl Place {
    /// For `on:scroll` of the scroller.
    pub fn scrolled(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            self.left_at.update_value(|left_at| {
                left_at.insert(self.path.get_untracked(), scroller.scroll_top());
            });
        }
    }

    fn scroll(self, top: i32) {
        if let Some(scroller) = self.scroller.get_untracked()
            && scroller.scroll_top() != top
        {
            scroller.set_scroll_top(top);
        }
    }
}
