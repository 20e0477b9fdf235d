//! A set of views while it is typed: the signals behind the form, and its saving.

use super::{
    area_choice::sorted,
    desk::{Editor, PageOwner},
    entry_page::{EntryEditor, EntryWords, titled},
    order::move_row,
    saving::{Saving, faultless},
    side_list::Entry,
    standard_sets::StandardSetsOffer,
    views::entry,
};
use crate::{api::CatalogueEdit, workspace::Workspace};
use domain::{
    area::Area,
    catalogue::Catalogue,
    ids::{ViewId, ViewSetId},
    view::{Guide, Setup, View, ViewSet},
};
use leptos::prelude::*;
use uuid::Uuid;

/// The signals of one set.
#[derive(Clone, Copy)]
pub struct ViewSetEditor {
    id: ViewSetId,
    /// The version the edit is based on; 0 for a new set.
    version: RwSignal<u32>,
    /// The set as it was last the same as what is saved.
    base: RwSignal<ViewSet>,
    pub name: RwSignal<String>,
    pub distance: RwSignal<String>,
    pub light: RwSignal<String>,
    pub background: RwSignal<String>,
    /// What it shows.
    pub areas: RwSignal<Vec<Area>>,
    pub views: RwSignal<Vec<ViewRow>>,
    pub retired: RwSignal<bool>,
    /// Raised by the first save: from then on wrong inputs are marked.
    pub checked: RwSignal<bool>,
    saving: Saving,
    /// What was just moved or removed, for those who cannot see it.
    pub told: RwSignal<String>,
    owner: PageOwner,
}

/// The signals of one view.
#[derive(Clone, Copy)]
pub struct ViewRow {
    pub id: ViewId,
    /// Photographs may name it: from then on it can be retired, not removed.
    pub saved: RwSignal<bool>,
    pub name: RwSignal<String>,
    pub guide: RwSignal<Guide>,
    pub instruction: RwSignal<String>,
    pub retired: RwSignal<bool>,
}

impl ViewRow {
    fn new(view: &View, saved: bool) -> Self {
        Self {
            id: view.id,
            saved: RwSignal::new(saved),
            name: RwSignal::new(view.name.clone()),
            guide: RwSignal::new(view.guide),
            instruction: RwSignal::new(view.instruction.clone()),
            retired: RwSignal::new(view.retired),
        }
    }

    fn view(&self) -> View {
        View {
            id: self.id,
            name: trimmed(self.name),
            guide: self.guide.get(),
            instruction: trimmed(self.instruction),
            retired: self.retired.get(),
        }
    }

    pub fn is_nameless(&self) -> bool {
        self.name.with(|name| name.trim().is_empty())
    }

    /// What to call it in the labels of its buttons.
    pub fn title(&self) -> String {
        titled(self.name, "the unnamed view")
    }

    /// The id of its first input.
    pub fn name_id(&self) -> String {
        format!("vw{}", self.id)
    }
}

fn trimmed(text: RwSignal<String>) -> String {
    text.with(|text| text.trim().to_owned())
}

/// A view just added.
fn blank_view(id: ViewId) -> View {
    View { id, name: String::new(), guide: Guide::None, instruction: String::new(), retired: false }
}

impl Editor for ViewSetEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| *base != self.set(base.version))
    }
}

impl EntryEditor for ViewSetEditor {
    const WORDS: EntryWords = EntryWords {
        page: "/settings/views",
        parameter: "set",
        add: "Add a set",
        unnamed: "New set",
        icon: "eye",
        none: (
            "No set of views yet",
            "A set says how one part of the body is photographed, so that pictures taken months apart can be compared. Start from the \
             standard sets and change what is different here, or add your own.",
        ),
    };

    fn listed(catalogue: &Catalogue) -> Vec<Entry> {
        let mut sets: Vec<_> = catalogue.view_sets.iter().collect();
        sets.sort_by_key(|set| set.retired);
        sets.into_iter().map(entry).collect()
    }

    fn saved_version(id: Uuid, catalogue: &Catalogue) -> Option<u32> {
        catalogue.view_set(ViewSetId(id)).map(|set| set.version)
    }

    fn made(id: Uuid, catalogue: &Catalogue, workspace: Workspace) -> Self {
        Self::new(ViewSetId(id), catalogue.view_set(ViewSetId(id)), || ViewId(workspace.new_id()))
    }

    fn below_list() -> AnyView {
        view! { <StandardSetsOffer /> }.into_any()
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
        let rows = self.views.get_untracked();
        self.checked.set(true);
        self.saving.send_read(self.read(), CatalogueEdit::ViewSet, workspace, move |set| self.settle(set, &rows));
    }
}

impl ViewSetEditor {
    /// Made from what is saved; `None` for a new set, which starts with one view to fill in.
    pub fn new(id: ViewSetId, saved: Option<&ViewSet>, first: impl FnOnce() -> ViewId) -> Self {
        let mut set = saved.cloned().unwrap_or_else(|| ViewSet {
            id,
            name: String::new(),
            areas: Vec::new(),
            setup: Setup::default(),
            views: vec![blank_view(first())],
            retired: false,
            version: 0,
        });
        set.areas = sorted(set.areas);
        let editor = Self {
            id,
            version: RwSignal::new(set.version),
            name: RwSignal::new(set.name.clone()),
            distance: RwSignal::new(set.setup.distance.clone()),
            light: RwSignal::new(set.setup.light.clone()),
            background: RwSignal::new(set.setup.background.clone()),
            areas: RwSignal::new(set.areas.clone()),
            views: RwSignal::new(set.views.iter().map(|view| ViewRow::new(view, saved.is_some())).collect()),
            retired: RwSignal::new(set.retired),
            base: RwSignal::new(set),
            checked: RwSignal::new(false),
            saving: Saving::new(),
            told: RwSignal::new(String::new()),
            owner: PageOwner::current(),
        };
        // As it is read back: a space at an end that is saved is not something that was typed.
        editor.base.set(untrack(|| editor.set(editor.version.get())));
        editor
    }

    fn set(&self, version: u32) -> ViewSet {
        ViewSet {
            id: self.id,
            name: trimmed(self.name),
            areas: self.areas.get(),
            setup: Setup { distance: trimmed(self.distance), light: trimmed(self.light), background: trimmed(self.background) },
            views: self.views.with(|rows| rows.iter().map(ViewRow::view).collect()),
            retired: self.retired.get(),
            version,
        }
    }

    /// The set that was typed, or all that is wrong with it.
    fn read(&self) -> Result<ViewSet, Vec<String>> {
        let set = untrack(|| self.set(self.version.get()));
        let faults = set.faults();
        faultless(set, faults)
    }

    pub fn is_nameless(&self) -> bool {
        self.name.with(|name| name.trim().is_empty())
    }

    /// Whether taking it out of use, or back into it, waits for the save.
    pub fn retirement_waits(&self) -> bool {
        self.base.with(|base| base.retired) != self.retired.get()
    }

    /// Adds an empty view at the end.
    pub fn add_view(&self, id: ViewId) -> ViewRow {
        let row = self.owner.with(|| ViewRow::new(&blank_view(id), false));
        self.views.update(|rows| rows.push(row));
        row
    }

    /// Removes a view that was never saved, and tells so. Any other stays, since photographs may name it.
    pub fn remove_view(&self, row: ViewRow) {
        if !row.saved.get_untracked() {
            self.told.set(format!("{} was removed.", untrack(|| row.title())));
            self.views.update(|rows| rows.retain(|other| other.id != row.id));
        }
    }

    /// Moves a view one place up or down, and tells where it is then.
    pub fn move_view(&self, row: ViewRow, down: bool) {
        if let Some((place, count)) = move_row(self.views, |other| other.id == row.id, down) {
            self.told.set(format!("{} is now view {place} of {count}.", untrack(|| row.title())));
        }
    }

    /// Goes on from what was saved. The person may have typed on meanwhile, and the page may be gone.
    fn settle(&self, mut saved: ViewSet, rows: &[ViewRow]) {
        for row in rows {
            row.saved.try_set(true);
        }
        saved.version += 1;
        self.version.try_set(saved.version);
        self.base.try_set(saved);
        self.checked.try_set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{area::Side, view::standard_sets};
    use leptos::reactive::owner::Owner;

    fn id(n: u128) -> ViewId {
        ViewId(Uuid::from_u128(n))
    }

    fn standard() -> Vec<ViewSet> {
        let mut n = 1_000;
        let sets = standard_sets(|| {
            n += 1;
            Uuid::from_u128(n)
        });
        sets.into_iter().map(|set| ViewSet { version: 3, ..set }).collect()
    }

    fn of(set: &ViewSet) -> ViewSetEditor {
        ViewSetEditor::new(set.id, Some(set), || id(0))
    }

    fn order(editor: ViewSetEditor) -> Vec<String> {
        editor.views.get_untracked().iter().map(|row| row.name.get_untracked()).collect()
    }

    fn in_page(test: impl FnOnce()) {
        let owner = Owner::new();
        owner.with(test);
    }

    #[test]
    fn what_was_saved_reads_back_the_same() {
        in_page(|| {
            for set in standard() {
                let editor = of(&set);
                assert_eq!(editor.read(), Ok(set));
                assert!(!editor.has_changes());
            }
        });
    }

    #[test]
    fn what_is_typed_is_read_without_the_space_around_it() {
        in_page(|| {
            let editor = ViewSetEditor::new(ViewSetId(Uuid::nil()), None, || id(1));
            assert_eq!(editor.read().unwrap_err(), ["The set of views needs a name.", "Every view needs a name."]);
            editor.name.set(" Hands ".into());
            editor.light.set("Two soft lights\n".into());
            editor.areas.set(vec![Area::new("hand", Some(Side::Left))]);
            let first = editor.views.get_untracked()[0];
            first.name.set("Backs ".into());
            first.guide.set(Guide::Armpit);
            editor.add_view(id(2)).name.set("Palms".into());
            let set = editor.read().unwrap();
            assert_eq!((set.name.as_str(), set.setup.light.as_str(), set.version), ("Hands", "Two soft lights", 0));
            assert_eq!((set.views[0].name.as_str(), set.views[0].guide, set.views[1].id), ("Backs", Guide::Armpit, id(2)));
        });
    }

    #[test]
    fn a_saved_view_is_retired_and_never_removed() {
        in_page(|| {
            let set = &standard()[0];
            let editor = of(set);
            let (saved, added) = (editor.views.get_untracked()[0], editor.add_view(id(7)));
            editor.remove_view(saved);
            assert_eq!(editor.views.get_untracked().len(), set.views.len() + 1);
            editor.remove_view(added);
            assert_eq!(editor.views.get_untracked().len(), set.views.len());
            assert_eq!(editor.told.get_untracked(), "the unnamed view was removed.");
            assert!(!editor.has_changes());
            saved.retired.set(true);
            let read = editor.read().unwrap();
            assert!(editor.has_changes() && read.views[0].retired && read.current().count() == set.views.len() - 1);
            for row in editor.views.get_untracked() {
                row.retired.set(true);
            }
            assert_eq!(editor.read().unwrap_err(), ["A set has 1 to 16 views."]);
        });
    }

    #[test]
    fn views_are_moved_as_far_as_the_ends() {
        in_page(|| {
            let editor = of(&standard()[3]);
            let last = editor.views.get_untracked()[1];
            editor.move_view(last, true);
            assert_eq!((order(editor), editor.told.get_untracked()), (vec!["Front".into(), "Back".into()], String::new()));
            editor.move_view(last, false);
            assert_eq!(
                (order(editor), editor.told.get_untracked()),
                (vec!["Back".into(), "Front".into()], "Back is now view 1 of 2.".into())
            );
            assert!(editor.has_changes());
            editor.move_view(last, false);
            editor.move_view(last, true);
            assert!(!editor.has_changes());
        });
    }

    #[test]
    fn the_next_edit_is_based_on_what_was_saved() {
        in_page(|| {
            let editor = of(&standard()[1]);
            let added = editor.add_view(id(8));
            added.name.set("Neck".into());
            let (sent, rows) = (editor.read().unwrap(), editor.views.get_untracked());
            // Typed while it was being saved.
            let late = editor.add_view(id(9));
            editor.settle(sent, &rows);
            assert_eq!(editor.version.get_untracked(), 4);
            assert!(editor.has_changes() && added.saved.get_untracked() && !late.saved.get_untracked());
            editor.remove_view(late);
            assert!(!editor.has_changes());
        });
    }
}
