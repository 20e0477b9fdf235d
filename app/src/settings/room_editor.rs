//! A room while it is typed: the signals behind the form, and its saving.

use super::{
    desk::Editor,
    entry_page::{EntryEditor, EntryWords, titled},
    saving::{Saving, faultless},
    side_list::Entry,
};
use crate::{api::CatalogueEdit, workspace::Workspace};
use domain::{
    catalogue::{Catalogue, Room},
    ids::RoomId,
};
use leptos::prelude::*;
use uuid::Uuid;

/// The signals of one room.
#[derive(Clone, Copy)]
pub struct RoomEditor {
    id: RoomId,
    /// The version the edit is based on; 0 for a new room.
    version: RwSignal<u32>,
    /// The room as it was last the same as what is saved.
    base: RwSignal<Room>,
    pub name: RwSignal<String>,
    pub retired: RwSignal<bool>,
    /// Raised by the first save: from then on wrong inputs are marked.
    pub checked: RwSignal<bool>,
    saving: Saving,
}

impl Editor for RoomEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| *base != self.room(base.version))
    }
}

impl EntryEditor for RoomEditor {
    const WORDS: EntryWords = EntryWords {
        page: "/settings/rooms",
        parameter: "room",
        add: "Add a room",
        unnamed: "New room",
        icon: "pin",
        none: ("No room yet", "Without rooms, bookings are made with a provider alone. With them, no room is booked twice at a time."),
    };

    fn listed(catalogue: &Catalogue) -> Vec<Entry> {
        let mut rooms: Vec<_> = catalogue.rooms.iter().collect();
        rooms.sort_by_key(|room| room.retired);
        rooms.into_iter().map(entry).collect()
    }

    fn saved_version(id: Uuid, catalogue: &Catalogue) -> Option<u32> {
        catalogue.room(RoomId(id)).map(|room| room.version)
    }

    fn made(id: Uuid, catalogue: &Catalogue, _: Workspace) -> Self {
        let blank = Room { id: RoomId(id), name: String::new(), retired: false, version: 0 };
        let room = catalogue.room(RoomId(id)).cloned().unwrap_or(blank);
        Self {
            id: room.id,
            version: RwSignal::new(room.version),
            name: RwSignal::new(room.name.clone()),
            retired: RwSignal::new(room.retired),
            base: RwSignal::new(room),
            checked: RwSignal::new(false),
            saving: Saving::new(),
        }
    }

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn title(&self) -> String {
        titled(self.name, Self::WORDS.unnamed)
    }

    fn version(&self) -> RwSignal<u32> {
        self.version
    }

    fn saving(&self) -> Saving {
        self.saving
    }

    fn send(self, workspace: Workspace, _: &Catalogue) {
        let room = untrack(|| self.room(self.version.get()));
        self.checked.set(true);
        let faults = room.faults();
        self.saving.send_read(faultless(room, faults), CatalogueEdit::Room, workspace, move |mut room| {
            room.version += 1;
            self.version.try_set(room.version);
            self.base.try_set(room);
            self.checked.try_set(false);
        });
    }
}

impl RoomEditor {
    fn room(&self, version: u32) -> Room {
        Room { id: self.id, name: self.name.with(|name| name.trim().to_owned()), retired: self.retired.get(), version }
    }

    pub fn is_nameless(&self) -> bool {
        self.name.with(|name| name.trim().is_empty())
    }

    /// Whether taking it out of use, or back into it, waits for the save.
    pub fn retirement_waits(&self) -> bool {
        self.base.with(|base| base.retired) != self.retired.get()
    }
}

/// `Room 2`, and below it whether it is used.
fn entry(room: &Room) -> Entry {
    let note = if room.retired { "no longer used" } else { "in use" };
    Entry { id: room.id.0, name: room.name.clone(), note: note.to_owned() }
}
