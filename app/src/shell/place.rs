//! How far a page is scrolled. What scrolls stands around all pages and stays as one goes from one to the next: a page one
//! goes to is seen from its beginning, and one that one comes back to where it was left.

use leptos::{ev, html, prelude::*};
use leptos_router::hooks::use_location;
use std::collections::HashMap;

/// The page comes from a step in the browser's history and not from a link.
#[derive(Clone, Copy)]
pub struct Stepped(StoredValue<bool>);

impl Stepped {
    /// To be called before the router listens, too: it draws the page before the next listener is told.
    pub fn listen() -> Self {
        let stepped = Self(StoredValue::new(false));
        let listening = window_event_listener(ev::popstate, move |_| stepped.0.set_value(true));
        on_cleanup(move || listening.remove());
        stepped
    }
}

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
    let Stepped(stepped) = expect_context();
    Effect::new(move |before: Option<String>| {
        // A step that changes only the query is over with it: the link after it is none.
        let _ = (location.search.get(), location.hash.get());
        let path = place.path.get();
        if before.is_some_and(|before| before != path) {
            let left = place.left_at.with_value(|left_at| left_at.get(&path).copied());
            let top = left.filter(|_| stepped.get_value()).unwrap_or(0);
            place.scroll(top);
            if top > 0 {
                // It is as long as it was only once it is drawn.
                request_animation_frame(move || place.scroll(top));
            }
        }
        stepped.set_value(false);
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
