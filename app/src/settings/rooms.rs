//! The page of the rooms.

use super::{
    desk::Desk,
    entry_form::{EntryForm, Retirement, Standing},
    entry_page::{EntryEditor, entry_page},
    input::TextField,
    room_editor::RoomEditor,
};
use leptos::prelude::*;

/// Where treatment is held.
#[component]
pub fn RoomsPage() -> impl IntoView {
    entry_page(room_form)
}

/// Edits one room and saves it.
fn room_form(editor: RoomEditor, desk: Desk<RoomEditor>) -> AnyView {
    let nameless = Signal::derive(move || (editor.checked.get() && editor.is_nameless()).then_some("The room needs a name."));
    let standing = move || {
        let (is_new, waits) = (Signal::derive(move || editor.is_new()), Signal::derive(move || editor.retirement_waits()));
        view! { <Standing is_new retired=editor.retired waits out="no longer used" /> }
    };
    view! {
        <EntryForm
            editor
            desk
            standing
            note=Signal::stored("A room no longer used cannot be booked any more; bookings made before keep it.".to_owned())
            retirement=Retirement {
                retired: editor.retired,
                stop: "No longer used",
                again: "Use again",
            }
        >
            <TextField label="Name" value=editor.name fault=nameless />
        </EntryForm>
    }
    .into_any()
}
