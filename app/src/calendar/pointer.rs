//! Dragging with a mouse at once, with a finger or pencil after a long press, so that a touch can still scroll.

use super::{drag::Moved, state::Calendar};
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    prelude::*,
};
use std::time::Duration;

const LONG_PRESS: Duration = Duration::from_millis(350);
/// A mouse that is moved so far drags; a finger that is, before the long press is over, scrolls.
const MOUSE_SLACK: f64 = 4.0;
const TOUCH_SLACK: f64 = 10.0;
/// Held so near to an edge, the board scrolls on.
const EDGE: f64 = 48.0;
const SCROLL_EVERY: Duration = Duration::from_millis(40);
const SCROLL_BY: f64 = 14.0;

/// A card is being pressed, or dragged.
#[derive(Clone)]
struct Press {
    pointer: i32,
    is_mouse: bool,
    start: (f64, f64),
    now: (f64, f64),
    /// How far below the card's upper edge it is held.
    grip: f64,
    moved: Moved,
    long_press: Option<TimeoutHandle>,
    scrolling: Option<IntervalHandle>,
}

#[derive(Clone, Copy)]
pub struct Pointer {
    calendar: Calendar,
    press: StoredValue<Option<Press>>,
    /// The click that ends a drag selects nothing.
    just_dragged: StoredValue<bool>,
}

impl Pointer {
    pub fn new(calendar: Calendar) -> Self {
        let pointer = Self { calendar, press: StoredValue::new(None), just_dragged: StoredValue::new(false) };
        on_cleanup(move || pointer.forget());
        pointer
    }

    /// `card_top` is the upper edge of the card on the screen.
    pub fn down(self, event: &PointerEvent, moved: Moved, card_top: f64) {
        if event.button() != 0 || !event.is_primary() || self.calendar.drag.with_untracked(Option::is_some) {
            return;
        }
        self.forget();
        let at = position(event);
        let is_mouse = event.pointer_type() == "mouse";
        let long_press = if is_mouse { None } else { set_timeout_with_handle(move || self.begin(), LONG_PRESS).ok() };
        let grip = at.1 - card_top;
        let press = Press { pointer: event.pointer_id(), is_mouse, start: at, now: at, grip, moved, long_press, scrolling: None };
        self.press.set_value(Some(press));
    }

    pub fn moved(self, event: &PointerEvent) {
        let at = position(event);
        let Some((is_mouse, far)) = self.with(event, |press| {
            press.now = at;
            (press.is_mouse, (at.0 - press.start.0).hypot(at.1 - press.start.1))
        }) else {
            return;
        };
        if self.calendar.is_held() {
            event.prevent_default();
            self.aim();
        } else if is_mouse && far > MOUSE_SLACK {
            self.begin();
            self.aim();
        } else if !is_mouse && far > TOUCH_SLACK {
            self.forget();
        }
    }

    pub fn up(self, event: &PointerEvent) {
        if self.with(event, |_| ()).is_none() {
            return;
        }
        if self.calendar.is_held() {
            self.swallow_click();
            self.calendar.drop_here();
        }
        self.forget();
    }

    pub fn cancelled(self, event: &PointerEvent) {
        if self.with(event, |_| ()).is_some() {
            self.calendar.back();
            self.forget();
        }
    }

    /// Escape lets everything be as it was.
    pub fn key(self, event: &KeyboardEvent) {
        if event.key() == "Escape" && self.calendar.is_held() {
            event.stop_propagation();
            self.swallow_click();
            self.calendar.back();
            self.forget();
        }
    }

    pub fn just_dragged(self) -> bool {
        self.just_dragged.get_value()
    }

    /// A finger rests on a card: no menu and no scrolling come in between.
    pub fn is_touching(self) -> bool {
        self.press.with_value(|press| press.as_ref().is_some_and(|press| !press.is_mouse))
    }

    fn with<T>(self, event: &PointerEvent, look: impl FnOnce(&mut Press) -> T) -> Option<T> {
        let pointer = event.pointer_id();
        self.press.try_update_value(|press| press.as_mut().filter(|press| press.pointer == pointer).map(look)).flatten()
    }

    fn begin(self) {
        let Some(press) = self.press.try_get_value().flatten() else { return };
        if self.calendar.is_held() || !self.calendar.lift(press.moved, false) {
            return self.forget();
        }
        if let Some(columns) = self.calendar.columns.get_untracked() {
            // Without it a pointer that leaves the board is lost, and the booking goes back: bearable.
            let _ = columns.set_pointer_capture(press.pointer);
        }
        let scrolling = set_interval_with_handle(move || self.scroll(), SCROLL_EVERY).ok();
        self.press.update_value(|press| {
            if let Some(press) = press {
                press.scrolling = scrolling;
            }
        });
    }

    fn aim(self) {
        let Some((at, grip)) = self.press.with_value(|press| press.as_ref().map(|press| (press.now, press.grip))) else { return };
        let Some(columns) = self.calendar.columns.get_untracked() else { return };
        let frame = columns.get_bounding_client_rect();
        self.calendar.aim(|drag| drag.drawn.target(at.0 - frame.left(), at.1 - frame.top() - grip, drag.moved.booked.minutes));
    }

    /// Near an edge, what lies beyond comes into view.
    fn scroll(self) {
        let Some(at) = self.press.try_with_value(|press| press.as_ref().map(|press| press.now)).flatten() else { return };
        let Some(scroller) = self.calendar.scroller.get_untracked().filter(|_| self.calendar.is_held()) else { return };
        let frame = scroller.get_bounding_client_rect();
        let towards = |at: f64, low: f64, high: f64| match at {
            at if at < low + EDGE => -SCROLL_BY,
            at if at > high - EDGE => SCROLL_BY,
            _ => 0.0,
        };
        let (right, down) = (towards(at.0, frame.left(), frame.right()), towards(at.1, frame.top(), frame.bottom()));
        if right != 0.0 || down != 0.0 {
            scroller.scroll_by_with_x_and_y(right, down);
            self.aim();
        }
    }

    fn swallow_click(self) {
        self.just_dragged.set_value(true);
        let over = move || {
            self.just_dragged.try_set_value(false);
        };
        set_timeout(over, Duration::from_millis(60));
    }

    fn forget(self) {
        let press = self.press.try_update_value(Option::take).flatten();
        if let Some(Press { long_press, scrolling, .. }) = press {
            long_press.iter().for_each(TimeoutHandle::clear);
            scrolling.iter().for_each(IntervalHandle::clear);
        }
    }
}

fn position(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}
