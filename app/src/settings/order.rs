//! Rows whose order is changed with buttons.

use super::focus::focus_soon;
use crate::icon::Icon;
use leptos::prelude::*;

/// Moves the row that `is_it` one place up or down: its new place, counted from 1, and how many there are. `None` where it
/// cannot go further.
pub fn move_row<T: Send + Sync + 'static>(rows: RwSignal<Vec<T>>, is_it: impl Fn(&T) -> bool, down: bool) -> Option<(usize, usize)> {
    let moved = rows.try_update(|rows| {
        let from = rows.iter().position(is_it)?;
        let to = if down { from + 1 } else { from.checked_sub(1)? };
        (to < rows.len()).then(|| {
            rows.swap(from, to);
            (to + 1, rows.len())
        })
    });
    moved.flatten()
}

/// Up and down.
#[component]
pub fn MoveButtons(
    /// What tells the row from all others on the page, for the ids of the buttons.
    row: String,
    /// What the row is called.
    title: Signal<String>,
    is_first: Signal<bool>,
    is_last: Signal<bool>,
    /// Moves it: down, if so.
    #[prop(into)]
    go: Callback<bool>,
) -> impl IntoView {
    let (up, down) = (format!("up{row}"), format!("down{row}"));
    let row = StoredValue::new(row);
    // A row that is moved loses the focus with its place in the page.
    let step = move |to_end: bool| {
        go.run(to_end);
        focus_soon(format!("#{}{}", if to_end { "down" } else { "up" }, row.get_value()));
    };
    view! {
        <button
            class="icon-btn is-up"
            type="button"
            id=up
            aria-label=move || format!("Move {} up", title.get())
            aria-disabled=move || is_first.get().to_string()
            on:click=move |_| step(false)
        >
            <Icon name="down" />
        </button>
        <button
            class="icon-btn"
            type="button"
            id=down
            aria-label=move || format!("Move {} down", title.get())
            aria-disabled=move || is_last.get().to_string()
            on:click=move |_| step(true)
        >
            <Icon name="down" />
        </button>
    }
}
