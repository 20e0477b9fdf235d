//! The entries that were opened on a page. An entry with unsaved changes stays as it is while others are looked at,
//! and other pages too; only closing the tab would lose it, and that asks first.

use crate::this_tab::of_this_tab;
use leptos::{
    ev::beforeunload,
    prelude::*,
    reactive::owner::{Owner, WeakOwner},
};
use std::collections::HashMap;
use uuid::Uuid;

/// What is typed for one entry.
pub trait Editor: Copy + Send + Sync + 'static {
    /// Whether it differs from what is saved, or is being saved right now.
    fn has_changes(&self) -> bool;
}

/// The page's editors.
#[derive(Clone, Copy)]
pub struct Desk<E: Editor> {
    open: RwSignal<HashMap<Uuid, E>>,
    /// Entries that were never saved.
    added: RwSignal<Vec<Uuid>>,
    /// Raised when an editor is made anew, so that its form is too.
    renewed: RwSignal<u32>,
    owner: PageOwner,
}

/// The page as owner of signals. An editor's rows must outlive the form that shows them, and a click in that form
/// would make them the form's.
#[derive(Clone, Copy)]
pub struct PageOwner(StoredValue<Option<WeakOwner>>);

impl PageOwner {
    /// The owner at hand.
    pub fn current() -> Self {
        Self(StoredValue::new(Owner::current().map(|owner| owner.downgrade())))
    }

    /// Runs `make` so that the signals it makes last as long as the page.
    pub fn with<T>(&self, make: impl FnOnce() -> T) -> T {
        match self.0.try_get_value().flatten().and_then(|owner| owner.upgrade()) {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }
}

impl<E: Editor> Desk<E> {
    /// This tab's desk for such entries.
    pub fn of_this_tab() -> Self {
        of_this_tab(|| {
            let desk = Self::new();
            desk.ask_before_closing();
            desk
        })
    }

    fn ask_before_closing(self) {
        let listener = window_event_listener(beforeunload, move |event| {
            let unsaved = self.open.with_untracked(|open| open.values().any(|editor| untrack(|| editor.has_changes())));
            if unsaved {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    }

    fn new() -> Self {
        Self {
            open: RwSignal::new(HashMap::new()),
            added: RwSignal::new(Vec::new()),
            renewed: RwSignal::new(0),
            owner: PageOwner::current(),
        }
    }

    /// The one form to show, as a keyed list: another entry, or an editor made anew, gets a page of its own instead of
    /// the inputs of the one before.
    pub fn form(&self, selected: Option<Uuid>) -> Option<(Uuid, u32)> {
        let renewed = self.renewed.get();
        selected.map(|id| (id, renewed))
    }

    /// The entry's editor. One without changes is made anew, from what is saved by now.
    pub fn open(&self, id: Uuid, make: impl FnOnce() -> E) -> E {
        untrack(|| {
            let kept = self.open.with(|open| open.get(&id).copied()).filter(Editor::has_changes);
            kept.unwrap_or_else(|| {
                let editor = self.owner.with(make);
                self.open.update(|open| {
                    open.insert(id, editor);
                });
                editor
            })
        })
    }

    /// The editor, if the entry was opened.
    pub fn editor(&self, id: Uuid) -> Option<E> {
        self.open.with(|open| open.get(&id).copied())
    }

    pub fn has_changes(&self, id: Uuid) -> bool {
        self.editor(id).is_some_and(|editor| editor.has_changes())
    }

    pub fn add(&self, id: Uuid) {
        self.added.update(|added| added.push(id));
    }

    pub fn added(&self) -> Vec<Uuid> {
        self.added.get()
    }

    /// What is saved meanwhile is shown at once where nothing is typed over it.
    pub fn follow(self, id: Uuid, is_outdated: impl Fn() -> bool + 'static, changed: Memo<bool>) {
        Effect::new(move |_| {
            if is_outdated() && !changed.get() {
                self.forget(id);
            }
        });
    }

    /// Forgets what was typed for an entry; what is saved of it is shown again.
    pub fn forget(&self, id: Uuid) {
        self.open.update(|open| {
            open.remove(&id);
        });
        self.added.update(|added| added.retain(|other| *other != id));
        self.renewed.update(|renewed| *renewed += 1);
    }
}
