//! The board: hours down, columns across, and what is held above them.

use super::{
    address::Span,
    board::{Board, Column},
    column::{ColumnBody, ColumnHead, heads},
    ghost::Ghost,
    pointer::Pointer,
    state::{Calendar, use_calendar},
};
use leptos::prelude::*;

/// Column widths for the style sheet: closed days of a week are narrow. And how wide the board is at least.
fn widths(board: &Board, span: Span) -> (String, String) {
    let narrow = |column: &Column| span == Span::Week && column.is_idle();
    let track = |column: &Column| if narrow(column) { "3.5rem" } else { "minmax(10rem, 1fr)" };
    let least: f64 = board.columns.iter().map(|column| if narrow(column) { 3.5 } else { 10.0 }).sum();
    (board.columns.iter().map(track).collect::<Vec<_>>().join(" "), format!("{least}rem"))
}

#[component]
pub fn Grid() -> impl IntoView {
    let calendar = use_calendar();
    let pointer = Pointer::new(calendar);
    provide_context(pointer);
    let board = calendar.board;
    let hours = Memo::new(move |_| board.with(|board| (board.from, board.to)));
    let heads = Memo::new(move |_| board.with(heads));
    let widths = Memo::new(move |_| board.with(|board| widths(board, calendar.asked.get().span)));
    // Once, the clinic's morning or now comes into view.
    let first = StoredValue::new(true);
    Effect::new(move |_| {
        let ready = calendar.scroller.get().zip(calendar.columns.get());
        if let Some((scroller, columns)) = ready.filter(|_| first.get_value()) {
            first.set_value(false);
            let (from, to) = hours.get_untracked();
            let shown = first_shown(calendar, from, to);
            scroller.set_scroll_top(columns.client_height() * i32::from(shown.saturating_sub(from)) / i32::from((to - from).max(1)));
        }
    });
    let labels = move || {
        let (from, to) = hours.get();
        (from / 60..to / 60).map(|hour| view! { <span class="num">{format!("{hour:02}:00")}</span> }).collect_view()
    };
    view! {
        <div
            class="cal-scroll"
            role="region"
            aria-label="Bookings"
            tabindex="0"
            node_ref=calendar.scroller
            style=("--cols", move || widths.with(|widths| widths.0.clone()))
            style=("--least", move || widths.with(|widths| widths.1.clone()))
            style=("--from", move || hours.get().0.to_string())
            style=("--minutes", move || hours.get().1.saturating_sub(hours.get().0).to_string())
            on:keydown=move |event| pointer.key(&event)
            on:touchmove=move |event| {
                // Once a card is held, the finger moves it and not the page.
                if calendar.is_held() {
                    event.prevent_default();
                }
            }
        >
            <div class="cal-grid">
                <div class="cal-corner"></div>
                <div class="cal-heads">
                    <For each=move || heads.get() key=Clone::clone let:head>
                        <ColumnHead head />
                    </For>
                </div>
                <div class="cal-axis" aria-hidden="true">
                    {labels}
                </div>
                <div
                    class="cal-cols"
                    node_ref=calendar.columns
                    on:pointermove=move |event| pointer.moved(&event)
                    on:pointerup=move |event| pointer.up(&event)
                    on:pointercancel=move |event| pointer.cancelled(&event)
                >
                    <For each=move || heads.get() key=Clone::clone let:head>
                        <ColumnBody head />
                    </For>
                    <Ghost />
                </div>
            </div>
        </div>
    }
}

/// Now on a day that is shown today; else the first booking; else the morning.
fn first_shown(calendar: Calendar, from: u16, to: u16) -> u16 {
    const BEFORE: u16 = 60;
    let today = calendar.today.get_untracked();
    let now = calendar.workspace.catalogue().map(|catalogue| catalogue.clock.minute(calendar.workspace.now.get_untracked()));
    calendar.board.with_untracked(|board| {
        let shows_today = board.columns.iter().any(|column| column.day == today);
        let cards = board.columns.iter().flat_map(|column| &column.cards).map(|card| card.minute);
        let opens = board.columns.iter().flat_map(|column| &column.open).map(|open| open.from.max(8 * 60));
        let shown = now.filter(|now| shows_today && (from..to).contains(now)).or_else(|| cards.min()).or_else(|| opens.min());
        shown.unwrap_or(from).saturating_sub(BEFORE)
    })
}
