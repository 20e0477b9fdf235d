//! A template while it is typed: the signals behind the form, and its saving.

use super::{
    desk::{Editor, PageOwner},
    entry_page::{EntryEditor, EntryWords, titled},
    input::local_key,
    model::{Ends, FieldForm, Kind, TemplateForm, UsualForm},
    order::move_row,
    saving::Saving,
    side_list::Entry,
    templates::entry,
};
use crate::{api::CatalogueEdit, workspace::Workspace};
use domain::{amount::Unit, catalogue::Catalogue, ids::TemplateId, skin::SkinType, template::Template};
use leptos::prelude::*;
use uuid::Uuid;

/// The signals of one template.
#[derive(Clone, Copy)]
pub struct TemplateEditor {
    id: TemplateId,
    /// The version the edit is based on; 0 for a new template.
    pub version: RwSignal<u32>,
    /// What was typed when it was last the same as what is saved.
    base: RwSignal<TemplateForm>,
    pub name: RwSignal<String>,
    pub source: RwSignal<String>,
    pub fields: RwSignal<Vec<FieldRow>>,
    /// Raised by the first save: from then on wrong inputs are marked, and lose their mark as they are put right.
    pub checked: RwSignal<bool>,
    saving: Saving,
    /// What just moved, for those who cannot see it.
    pub told: RwSignal<String>,
    owner: PageOwner,
}

/// The signals of one field. Its row keeps its number whatever is typed or moved.
#[derive(Clone, Copy)]
pub struct FieldRow {
    pub row: u64,
    key: RwSignal<Option<String>>,
    pub label: RwSignal<String>,
    pub required: RwSignal<bool>,
    pub kind: RwSignal<Kind>,
    pub unit: RwSignal<Unit>,
    pub decimals: RwSignal<String>,
    pub step: RwSignal<String>,
    pub hard: EndsRow,
    pub usual: RwSignal<Vec<UsualRow>>,
    pub options: RwSignal<String>,
}

/// The signals of one usual range.
#[derive(Clone, Copy)]
pub struct UsualRow {
    pub row: u64,
    pub from: RwSignal<Option<SkinType>>,
    pub to: RwSignal<Option<SkinType>>,
    pub spot: RwSignal<String>,
    pub ends: EndsRow,
}

/// The signals of one range.
#[derive(Clone, Copy)]
pub struct EndsRow {
    pub min: RwSignal<String>,
    pub max: RwSignal<String>,
}

impl EndsRow {
    fn new(ends: Ends) -> Self {
        Self { min: RwSignal::new(ends.min), max: RwSignal::new(ends.max) }
    }

    fn form(&self) -> Ends {
        Ends { min: self.min.get(), max: self.max.get() }
    }
}

impl UsualRow {
    fn new(form: UsualForm) -> Self {
        Self {
            row: local_key(),
            from: RwSignal::new(form.from),
            to: RwSignal::new(form.to),
            spot: RwSignal::new(form.spot),
            ends: EndsRow::new(form.ends),
        }
    }

    fn form(&self) -> UsualForm {
        UsualForm { from: self.from.get(), to: self.to.get(), spot: self.spot.get(), ends: self.ends.form() }
    }
}

impl FieldRow {
    fn new(form: FieldForm) -> Self {
        Self {
            row: local_key(),
            key: RwSignal::new(form.key),
            label: RwSignal::new(form.label),
            required: RwSignal::new(form.required),
            kind: RwSignal::new(form.kind),
            unit: RwSignal::new(form.unit),
            decimals: RwSignal::new(form.decimals),
            step: RwSignal::new(form.step),
            hard: EndsRow::new(form.hard),
            usual: RwSignal::new(form.usual.into_iter().map(UsualRow::new).collect()),
            options: RwSignal::new(form.options),
        }
    }

    /// What is typed in it now.
    pub fn form(&self) -> FieldForm {
        FieldForm {
            key: self.key.get(),
            label: self.label.get(),
            required: self.required.get(),
            kind: self.kind.get(),
            unit: self.unit.get(),
            decimals: self.decimals.get(),
            step: self.step.get(),
            hard: self.hard.form(),
            usual: self.usual.with(|usual| usual.iter().map(UsualRow::form).collect()),
            options: self.options.get(),
        }
    }

    /// What to call it in the labels of its buttons.
    pub fn title(&self) -> String {
        titled(self.label, "the unnamed field")
    }

    /// The id of its first input.
    pub fn label_id(&self) -> String {
        format!("tn{}", self.row)
    }
}

impl Editor for TemplateEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| *base != self.form())
    }
}

impl EntryEditor for TemplateEditor {
    const WORDS: EntryWords = EntryWords {
        page: "/settings/templates",
        parameter: "template",
        add: "Add a template",
        unnamed: "New template",
        icon: "template",
        none: (
            "No template yet",
            "A template says which settings are charted for one kind of treatment, and within which limits. Add the first one.",
        ),
    };

    fn listed(catalogue: &Catalogue) -> Vec<Entry> {
        catalogue.latest_templates().into_iter().map(entry).collect()
    }

    fn saved_version(id: Uuid, catalogue: &Catalogue) -> Option<u32> {
        catalogue.latest_template(TemplateId(id)).map(|template| template.version)
    }

    fn made(id: Uuid, catalogue: &Catalogue, _: Workspace) -> Self {
        Self::new(TemplateId(id), catalogue.latest_template(TemplateId(id)))
    }

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn title(&self) -> String {
        let name = self.name.get();
        if name.trim().is_empty() { Self::WORDS.unnamed.to_owned() } else { name }
    }

    fn version(&self) -> RwSignal<u32> {
        self.version
    }

    fn saving(&self) -> Saving {
        self.saving
    }

    fn send(self, workspace: Workspace, _: &Catalogue) {
        let form = untrack(|| self.form());
        let rows = self.fields.get_untracked();
        self.checked.set(true);
        let template = form.read(self.id, self.version.get_untracked());
        self.saving.send_read(template, CatalogueEdit::Template, workspace, move |template| self.settle(form, &rows, &template));
    }
}

impl TemplateEditor {
    /// Made from what is saved; `None` for a new template.
    pub fn new(id: TemplateId, saved: Option<&Template>) -> Self {
        let form = saved.map(TemplateForm::of).unwrap_or_default();
        Self {
            id,
            version: RwSignal::new(saved.map_or(0, |saved| saved.version)),
            base: RwSignal::new(form.clone()),
            name: RwSignal::new(form.name),
            source: RwSignal::new(form.source),
            fields: RwSignal::new(form.fields.into_iter().map(FieldRow::new).collect()),
            checked: RwSignal::new(false),
            saving: Saving::new(),
            told: RwSignal::new(String::new()),
            owner: PageOwner::current(),
        }
    }

    fn form(&self) -> TemplateForm {
        TemplateForm {
            name: self.name.get(),
            source: self.source.get(),
            fields: self.fields.with(|fields| fields.iter().map(FieldRow::form).collect()),
        }
    }

    /// Adds an empty field at the end.
    pub fn add_field(&self) -> FieldRow {
        let row = self.owner.with(|| FieldRow::new(FieldForm::blank()));
        self.fields.update(|fields| fields.push(row));
        row
    }

    pub fn remove_field(&self, row: u64) {
        self.fields.update(|fields| fields.retain(|field| field.row != row));
    }

    /// Moves a field one place up or down, and tells where it is then.
    pub fn move_field(&self, row: FieldRow, down: bool) {
        if let Some((place, count)) = move_row(self.fields, |field| field.row == row.row, down) {
            self.told.set(format!("{} is now field {place} of {count}.", row.title()));
        }
    }

    /// Adds an empty usual range to a field.
    pub fn add_usual(&self, field: FieldRow) {
        let row = self.owner.with(|| UsualRow::new(UsualForm::default()));
        field.usual.update(|usual| usual.push(row));
    }

    /// Goes on from what was saved. The person may have typed on meanwhile, and the page may be gone.
    fn settle(&self, form: TemplateForm, rows: &[FieldRow], saved: &Template) {
        for (row, field) in rows.iter().zip(&saved.fields) {
            row.key.try_set(Some(field.key.clone()));
        }
        self.base.try_set(form.with_keys_of(saved));
        self.version.try_set(saved.version + 1);
        self.checked.try_set(false);
    }
}
