//! One booking on the board: selected by a tap, dragged, or moved with Alt and the arrow keys.

use super::{
    board::Card,
    drag::Moved,
    pointer::Pointer,
    state::{Open, use_calendar},
};
use crate::icon::Icon;
use domain::{ids::AppointmentId, time::Moment};
use leptos::{
    ev::{KeyboardEvent, MouseEvent, PointerEvent},
    prelude::*,
    web_sys::{Element, HtmlElement},
};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// A chip: icon and word.
type Chip = (&'static str, &'static str, &'static str);

fn chips(card: &Card, now: Moment) -> Vec<Chip> {
    let mut chips = Vec::new();
    if card.completed {
        chips.push(("chip is-ok", "check", "completed"));
    } else if card.is_undocumented(now) {
        chips.push(("chip is-warn", "alert", "not documented"));
    } else if card.booked.arrived.is_some() {
        chips.push(("chip is-ok", "user", "arrived"));
    }
    if card.tentative {
        chips.push(("chip is-outline", "tablet", "tentative"));
    }
    chips
}

/// The card's column and place come with `card`, which follows the chart.
#[component]
pub fn BookingCard(id: AppointmentId, #[prop(into)] card: Signal<Option<Card>>) -> impl IntoView {
    let calendar = use_calendar();
    let pointer: Pointer = expect_context();
    let workspace = calendar.workspace;
    let moved =
        move || card.get_untracked().map(|card| Moved { client: card.client, session: card.session, booked: card.booked, name: card.name });
    let down = move |event: PointerEvent| {
        let button = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let can_move = card.with_untracked(|card| card.as_ref().is_some_and(|card| !card.completed));
        if let Some((moved, button)) = moved().zip(button).filter(|_| can_move) {
            pointer.down(&event, moved, button.get_bounding_client_rect().top());
        }
    };
    let select = move |_: MouseEvent| {
        if pointer.just_dragged() {
            return;
        }
        if let Some(Moved { client, session, .. }) = moved() {
            calendar.open.set(Open::Booking { client, session, appointment: id });
        }
    };
    let held_by_key = move || calendar.drag.with_untracked(|drag| drag.as_ref().is_some_and(|drag| drag.by_key)) && calendar.is_held();
    let key = move |event: KeyboardEvent| {
        let (right, down) = match event.key().as_str() {
            "ArrowUp" => (0, -1),
            "ArrowDown" => (0, 1),
            "ArrowLeft" => (-1, 0),
            "ArrowRight" => (1, 0),
            "Enter" | " " if held_by_key() => {
                event.prevent_default();
                calendar.drop_here();
                return focus_soon(id, MOVED);
            }
            _ => return,
        };
        if !event.alt_key() {
            return;
        }
        event.prevent_default();
        if held_by_key() || moved().is_some_and(|moved| calendar.lift(moved, true)) {
            calendar.aim(|drag| drag.drawn.step(drag.target, right, down, drag.moved.booked.minutes));
        }
    };
    let selected = move || calendar.open.with(|open| matches!(open, Open::Booking { appointment, .. } if *appointment == id));
    let lifted = move || calendar.drag.with(|drag| drag.as_ref().is_some_and(|drag| drag.moved.booked.id == id));
    let over = move || card.with(|card| card.as_ref().is_some_and(|card| card.ends() <= workspace.now.get()));
    let chips = Memo::new(move |_| card.with(|card| card.as_ref().map(|card| chips(card, workspace.now.get())).unwrap_or_default()));
    let number = move |of: fn(&Card) -> usize| move || card.with(|card| card.as_ref().map_or(0, of).to_string());
    view! {
        <li
            class="cal-slot"
            class:is-short=move || card.with(|card| card.as_ref().is_some_and(|card| card.booked.minutes < 30))
            style=("--at", number(|card| card.minute.into()))
            style=("--for", number(|card| card.drawn_minutes().into()))
            style=("--lane", number(|card| card.lane.lane))
            style=("--lanes", number(|card| card.lane.of))
        >
            <button
                class="cal-card"
                type="button"
                class:is-over=over
                class:is-lifted=lifted
                data-appointment=id.to_string()
                aria-pressed=move || selected().to_string()
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight"
                on:pointerdown=down
                on:click=select
                on:keydown=key
                on:blur=move |_| {
                    if held_by_key() {
                        calendar.back();
                    }
                }
                on:contextmenu=move |event| {
                    if pointer.is_touching() {
                        event.prevent_default();
                    }
                }
            >
                {move || card.get().map(|card| view! { <Face card chips /> })}
            </button>
        </li>
    }
}

/// What the card says: the most needed first, for short ones show only their beginning.
#[component]
fn Face(card: Card, chips: Memo<Vec<Chip>>) -> impl IntoView {
    let chip = |(class, icon, words): Chip| {
        view! {
            <span class=class>
                <Icon name=icon />
                {words}
            </span>
        }
    };
    view! {
        <span class="cal-face">
            <span class="cal-who">
                <b>{card.name}</b>
                <span class="num">
                    {card.from} <span class="cal-until">"–" {card.until}</span>
                </span>
            </span>
            <span class="cal-what">
                {move || chips.get().into_iter().map(chip).collect_view()} <span class="cal-package">{card.package}</span>
                <span class="num">" · " {card.nth}</span>
            </span>
            <span class="vh">{format!(", {}", card.provider)}</span>
        </span>
        <span class="cal-place">{card.place}</span>
    }
}

/// A booking that was moved is drawn anew; the keyboard stays with it.
pub fn focus_soon(id: AppointmentId, after: Duration) {
    let again = move || {
        let found = document().query_selector(&format!("[data-appointment='{id}']")).ok().flatten();
        if let Some(card) = found.and_then(|card| card.dyn_into::<HtmlElement>().ok()) {
            // Where it cannot have the focus, the page has it.
            let _ = card.focus();
        }
    };
    set_timeout(again, after);
}

/// By then what was moved stands in its new place.
const MOVED: Duration = Duration::from_millis(250);
