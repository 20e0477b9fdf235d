//! Long lists: only the rows on the screen are drawn, so that 100,000 are as quick as 20. The list scrolls with its
//! page, and coming back one stands where one was.

mod window;

use leptos::{ev, html, prelude::*};
use std::{cell::Cell, thread::LocalKey};
use window::{Window, window};

/// Where a list was scrolled to when it was left.
pub type LeftAt = LocalKey<Cell<i32>>;

/// What a page ties to its elements: `scroller` to what scrolls, `body` to what holds the rows.
#[derive(Clone, Copy)]
pub struct LongList {
    pub scroller: NodeRef<html::Div>,
    pub body: NodeRef<html::Div>,
    drawn: RwSignal<Window>,
    row_height: RwSignal<f64>,
    total: Memo<usize>,
    left_at: &'static LeftAt,
}

/// A list of `total` rows. Rows are `row_height` high until one can be measured.
pub fn long_list(total: Memo<usize>, row_height: f64, left_at: &'static LeftAt) -> LongList {
    let list = LongList {
        scroller: NodeRef::new(),
        body: NodeRef::new(),
        drawn: RwSignal::new(window(0.0, 1000.0, row_height, total.get_untracked())),
        row_height: RwSignal::new(row_height),
        total,
        left_at,
    };
    // Once the list stands on the page with its full height, and whenever its length changes.
    let back = StoredValue::new(Some(left_at.get()));
    Effect::new(move |_| {
        total.track();
        if let Some(scroller) = list.scroller.get().filter(|_| list.body.get().is_some())
            && let Some(left) = back.try_update_value(Option::take).flatten()
        {
            scroller.set_scroll_top(left);
        }
        list.measure();
    });
    let resized = window_event_listener(ev::resize, move |_| list.measure());
    on_cleanup(move || resized.remove());
    list
}

impl LongList {
    fn measure(self) {
        let Some((scroller, body)) = self.scroller.get_untracked().zip(self.body.get_untracked()) else { return };
        if let Ok(Some(first)) = body.query_selector("[role=row]") {
            let height = first.get_bounding_client_rect().height();
            if height > 1.0 && (height - self.row_height.get_untracked()).abs() > 0.5 {
                self.row_height.set(height);
            }
        }
        let top = body.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
        let now = window(top, f64::from(scroller.client_height()), self.row_height.get_untracked(), self.total.get_untracked());
        if self.drawn.get_untracked() != now {
            self.drawn.set(now);
        }
    }

    /// For `on:scroll` of the scroller.
    pub fn scrolled(self) {
        self.measure();
        if let Some(scroller) = self.scroller.get_untracked() {
            self.left_at.set(scroller.scroll_top());
        }
    }

    /// Other rows stand there now: they are looked at from their beginning.
    pub fn to_top(self) {
        self.left_at.set(0);
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    }

    /// Positions of the rows to draw.
    pub fn drawn(self) -> std::ops::Range<usize> {
        let Window { first, end } = self.drawn.get();
        first..end.min(self.total.get())
    }

    /// Height of the body, in pixels.
    pub fn height(self) -> String {
        format!("{}px", self.total.get() as f64 * self.row_height.get())
    }

    /// What stands in for the rows above the drawn ones.
    pub fn space_above(self) -> String {
        format!("{}px", self.drawn.get().first as f64 * self.row_height.get())
    }
}
