//! A consent form while it is typed: the signals behind the page, its saving, and its publishing.

use super::{
    desk::Editor,
    entry_page::{EntryEditor, EntryWords, titled},
    saving::Saving,
    side_list::Entry,
};
use crate::{
    api::{self, ApiError, CatalogueEdit},
    workspace::Workspace,
};
use domain::{
    catalogue::Catalogue,
    consent::{ConsentForm, ConsentKind, Elements},
    ids::ConsentFormId,
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// The signals of one form.
#[derive(Clone, Copy)]
pub struct FormEditor {
    id: ConsentFormId,
    /// The edit it is based on; 0 for a new form.
    edits: RwSignal<u32>,
    /// What was typed when it was last the same as what is saved.
    base: RwSignal<Typed>,
    pub name: RwSignal<String>,
    /// Fixed once the form is saved.
    pub kind: RwSignal<ConsentKind>,
    /// In the order of [`domain::consent::ELEMENTS`].
    pub elements: [RwSignal<String>; 6],
    pub retired: RwSignal<bool>,
    /// The next version says something that those who signed an earlier one should read.
    pub material: RwSignal<bool>,
    saving: Saving,
    pub publishing: Saving,
}

/// A form as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Typed {
    name: String,
    kind: ConsentKind,
    elements: Elements,
    retired: bool,
}

impl Typed {
    fn of(form: &ConsentForm) -> Self {
        Self { name: form.name.clone(), kind: form.kind, elements: form.draft.clone(), retired: form.retired }
    }

    fn blank() -> Self {
        Self { name: String::new(), kind: ConsentKind::Treatment, elements: Elements::default(), retired: false }
    }

    /// What is sent: the versions are the server's own business.
    fn form(&self, id: ConsentFormId, edits: u32) -> ConsentForm {
        ConsentForm {
            id,
            kind: self.kind,
            name: self.name.trim().to_owned(),
            draft: self.elements.clone().map(|text| text.trim().to_owned()),
            versions: Vec::new(),
            retired: self.retired,
            edits,
        }
    }
}

/// Why a draft cannot be published, in words; `saved` is the form as the clinic has it.
pub fn hindrance(draft: &ConsentForm, saved: Option<&ConsentForm>) -> Option<String> {
    let lacks = draft.lacks();
    if !lacks.is_empty() {
        return Some(format!("Still missing: {}. Without all six it cannot be published.", lacks.join(", ")));
    }
    let current = saved.and_then(ConsentForm::current)?;
    (current.elements == draft.draft)
        .then(|| format!("This is version {}, which is signed now. Change something to publish another.", current.number))
}

impl Editor for FormEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.publishing.is_busy() || self.base.with(|base| *base != self.typed())
    }
}

impl EntryEditor for FormEditor {
    const WORDS: EntryWords = EntryWords {
        page: "/settings/forms",
        parameter: "form",
        add: "Add a form",
        unnamed: "New form",
        icon: "file",
        none: (
            "No consent form yet",
            "A form says in six parts what a client agrees to. Packages ask for it, and no session of a series is signed without. \
             Add the first one.",
        ),
    };

    fn listed(catalogue: &Catalogue) -> Vec<Entry> {
        let mut forms: Vec<_> = catalogue.consent_forms.iter().collect();
        forms.sort_by_key(|form| form.retired);
        forms.into_iter().map(entry).collect()
    }

    fn saved_version(id: Uuid, catalogue: &Catalogue) -> Option<u32> {
        catalogue.consent_form(ConsentFormId(id)).map(|form| form.edits)
    }

    fn made(id: Uuid, catalogue: &Catalogue, _: Workspace) -> Self {
        let id = ConsentFormId(id);
        let saved = catalogue.consent_form(id);
        let typed = saved.map_or_else(Typed::blank, Typed::of);
        Self {
            id,
            edits: RwSignal::new(saved.map_or(0, |form| form.edits)),
            name: RwSignal::new(typed.name.clone()),
            kind: RwSignal::new(typed.kind),
            elements: typed.elements.clone().map(RwSignal::new),
            retired: RwSignal::new(typed.retired),
            material: RwSignal::new(false),
            base: RwSignal::new(typed),
            saving: Saving::new(),
            publishing: Saving::new(),
        }
    }

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn title(&self) -> String {
        titled(self.name, Self::WORDS.unnamed)
    }

    fn version(&self) -> RwSignal<u32> {
        self.edits
    }

    /// Publishing raises the number, too: while it is under way, one's own is not a colleague's.
    fn saving(&self) -> Saving {
        if self.publishing.is_busy() { self.publishing } else { self.saving }
    }

    fn send(self, workspace: Workspace, _: &Catalogue) {
        if untrack(|| self.is_busy()) {
            return;
        }
        let faults = untrack(|| self.draft()).faults();
        if !faults.is_empty() {
            return self.saving.refuse(faults);
        }
        self.saving.begin();
        spawn_local(async move {
            let result = self.put().await;
            self.saving.finish(&result, workspace);
        });
    }
}

/// `Laser and light treatment`, and below it `Treatment · version 2`.
fn entry(form: &ConsentForm) -> Entry {
    let version = form.current().map_or_else(|| "not published".to_owned(), |version| format!("version {}", version.number));
    let retired = if form.retired { "retired · " } else { "" };
    Entry { id: form.id.0, name: form.name.clone(), note: format!("{retired}{} · {version}", form.kind.label()) }
}

impl FormEditor {
    fn typed(&self) -> Typed {
        Typed { name: self.name.get(), kind: self.kind.get(), elements: self.elements.map(|text| text.get()), retired: self.retired.get() }
    }

    /// The form as the clinic has it.
    pub fn saved(&self, catalogue: &Catalogue) -> Option<ConsentForm> {
        catalogue.consent_form(self.id).cloned()
    }

    /// The form as it would be saved.
    pub fn draft(&self) -> ConsentForm {
        self.typed().form(self.id, self.edits.get())
    }

    pub fn is_busy(&self) -> bool {
        self.saving.is_busy() || self.publishing.is_busy()
    }

    /// Saves what is typed, and makes it the next version.
    pub fn publish(self, workspace: Workspace) {
        if untrack(|| self.is_busy()) {
            return;
        }
        let faults = untrack(|| self.draft()).faults();
        if !faults.is_empty() {
            return self.publishing.refuse(faults);
        }
        let material = self.material.get_untracked();
        // While the draft is saved and the version published, nothing else is.
        let unsaved = untrack(|| self.edits.get() == 0 || self.has_changes());
        self.publishing.begin();
        spawn_local(async move {
            let result = self.send_and_publish(unsaved, material).await;
            self.publishing.finish(&result, workspace);
        });
    }

    async fn send_and_publish(&self, unsaved: bool, material: bool) -> Result<(), ApiError> {
        if unsaved {
            self.put().await?;
        }
        let Some(edits) = self.edits.try_get_untracked() else { return Ok(()) };
        api::edit_catalogue(CatalogueEdit::PublishConsent { form: self.id, edits, material }).await?;
        self.edits.try_set(edits + 1);
        self.material.try_set(false);
        Ok(())
    }

    /// Sends the draft and goes on from it. The person may have typed on meanwhile, and the page may be gone.
    async fn put(&self) -> Result<(), ApiError> {
        let (typed, draft) = untrack(|| (self.typed(), self.draft()));
        let edits = draft.edits;
        api::edit_catalogue(CatalogueEdit::ConsentForm(draft)).await?;
        self.edits.try_set(edits + 1);
        self.base.try_set(typed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        consent::{ConsentVersion, ELEMENTS},
        ids::StaffId,
        time::Moment,
    };
    use uuid::Uuid;

    fn typed() -> Typed {
        Typed { name: " Laser ".into(), elements: ELEMENTS.map(|label| format!("{label}.\n")), ..Typed::blank() }
    }

    #[test]
    fn what_is_typed_is_sent_without_the_space_around_it() {
        let form = typed().form(ConsentFormId(Uuid::nil()), 3);
        assert_eq!((form.name.as_str(), form.draft[1].as_str(), form.edits), ("Laser", "Risks.", 3));
        assert!(form.faults().is_empty());
    }

    #[test]
    fn a_draft_is_published_when_it_is_whole_and_new() {
        let id = ConsentFormId(Uuid::nil());
        let whole = typed().form(id, 1);
        assert_eq!(hindrance(&whole, None), None);
        let mut lacking = typed();
        lacking.elements[1] = "  ".into();
        lacking.elements[4] = String::new();
        let words = hindrance(&lacking.form(id, 1), None).expect("two are missing");
        assert!(words.starts_with("Still missing: Risks, Aftercare."), "{words}");
        let version = ConsentVersion {
            number: 2,
            elements: whole.draft.clone(),
            material: false,
            published_at: Moment::from_millis(0),
            published_by: StaffId(Uuid::nil()),
        };
        let saved = ConsentForm { versions: vec![version], ..whole.clone() };
        assert!(hindrance(&whole, Some(&saved)).is_some_and(|words| words.contains("version 2")));
        let mut other = typed();
        other.elements[0] = "Something else.".into();
        assert_eq!(hindrance(&other.form(id, 1), Some(&saved)), None);
    }
}
