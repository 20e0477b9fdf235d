//! What just happened to a booking, in one line at the foot, and the way back.

use super::{drag::Moved, state::use_calendar};
use crate::icon::Icon;
use domain::booking::Time;
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    words: String,
    refused: bool,
    /// What was moved, and where it was.
    undo: Option<(Moved, Time)>,
}

impl Note {
    pub fn done(words: String) -> Self {
        Self { words, refused: false, undo: None }
    }

    pub fn refused(words: String) -> Self {
        Self { words, refused: true, undo: None }
    }

    pub fn moved(words: String, moved: Moved, before: Time) -> Self {
        Self { words, refused: false, undo: Some((moved, before)) }
    }
}

/// Long enough to be read twice, and to find the button.
const SHOWN: Duration = Duration::from_secs(12);

#[component]
pub fn NoteLine() -> impl IntoView {
    let calendar = use_calendar();
    let note = calendar.note;
    Effect::new(move |last: Option<Option<TimeoutHandle>>| {
        last.flatten().iter().for_each(TimeoutHandle::clear);
        let over = move || {
            note.try_set(None);
        };
        note.with(Option::is_some).then(|| set_timeout_with_handle(over, SHOWN).ok()).flatten()
    });
    let shown = move |Note { words, refused, undo }: Note| {
        let undo = StoredValue::new(undo);
        let back = move |_| {
            if let Some((moved, before)) = undo.get_value() {
                calendar.undo(moved, before);
            }
        };
        view! {
            <div class="toast cal-note">
                <Icon name=if refused { "refuse" } else { "check" } />
                <span>{words}</span>
                <Show when=move || undo.with_value(Option::is_some)>
                    <button class="btn" type="button" on:click=back>
                        "Undo"
                    </button>
                </Show>
                <button class="icon-btn" type="button" aria-label="Close" on:click=move |_| note.set(None)>
                    <Icon name="x" />
                </button>
            </div>
        }
    };
    // The place is there before the words are, so that they are read out.
    view! { <div role="status">{move || note.get().map(shown)}</div> }
}
