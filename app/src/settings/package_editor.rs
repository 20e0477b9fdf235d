//! A package while it is typed: the signals behind the form, and its saving.

use super::{
    desk::{Editor, PageOwner},
    entry_page::{EntryEditor, EntryWords, titled},
    packages::entry,
    saving::{Saving, faultless},
    side_list::Entry,
};
use crate::{api::CatalogueEdit, workspace::Workspace};
use domain::{
    catalogue::Catalogue,
    ids::{ConsentFormId, PackageId, ProcedureId, TemplateId, ViewSetId},
    money,
    package::{Package, Procedure},
};
use leptos::prelude::*;
use uuid::Uuid;

/// The signals of one package. Numbers are text until they are read.
#[derive(Clone, Copy)]
pub struct PackageEditor {
    id: PackageId,
    /// The version the edit is based on; 0 for a new package.
    version: RwSignal<u32>,
    /// What was typed when it was last the same as what is saved.
    base: RwSignal<Typed>,
    pub name: RwSignal<String>,
    pub price: RwSignal<String>,
    pub sessions: RwSignal<String>,
    pub interval: RwSignal<String>,
    pub retired: RwSignal<bool>,
    pub procedures: RwSignal<Vec<ProcedureRow>>,
    /// What has to be signed for it.
    pub consents: RwSignal<Vec<ConsentFormId>>,
    /// By which views its sessions are photographed.
    pub view_sets: RwSignal<Vec<ViewSetId>>,
    saving: Saving,
    owner: PageOwner,
}

/// The signals of one procedure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ProcedureRow {
    pub id: ProcedureId,
    pub name: RwSignal<String>,
    pub minutes: RwSignal<String>,
    /// With which kind of device it is done.
    pub template: RwSignal<Option<TemplateId>>,
}

impl ProcedureRow {
    fn of(typed: &TypedProcedure) -> Self {
        let TypedProcedure { id, name, minutes, template } = typed.clone();
        Self { id, name: RwSignal::new(name), minutes: RwSignal::new(minutes), template: RwSignal::new(template) }
    }

    fn typed(&self) -> TypedProcedure {
        TypedProcedure { id: self.id, name: self.name.get(), minutes: self.minutes.get(), template: self.template.get() }
    }
}

/// A package as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Typed {
    name: String,
    price: String,
    sessions: String,
    interval: String,
    retired: bool,
    procedures: Vec<TypedProcedure>,
    consents: Vec<ConsentFormId>,
    view_sets: Vec<ViewSetId>,
}

/// A procedure as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TypedProcedure {
    id: ProcedureId,
    name: String,
    minutes: String,
    template: Option<TemplateId>,
}

impl TypedProcedure {
    fn of(procedure: &Procedure) -> Self {
        let Procedure { id, name, minutes, template } = procedure;
        Self { id: *id, name: name.clone(), minutes: minutes.to_string(), template: *template }
    }
}

impl Typed {
    fn of(package: &Package, currency: &str) -> Self {
        Self {
            name: package.name.clone(),
            price: money::typed(package.price_minor, currency),
            sessions: package.sessions.to_string(),
            interval: package.interval_days.to_string(),
            retired: package.retired,
            procedures: package.procedures.iter().map(TypedProcedure::of).collect(),
            consents: package.consents.clone(),
            view_sets: package.view_sets.clone(),
        }
    }

    fn blank(first: ProcedureId) -> Self {
        Self {
            name: String::new(),
            price: String::new(),
            sessions: "6".to_owned(),
            interval: "42".to_owned(),
            retired: false,
            procedures: vec![TypedProcedure { id: first, name: String::new(), minutes: "45".to_owned(), template: None }],
            consents: Vec::new(),
            view_sets: Vec::new(),
        }
    }

    fn read(&self, id: PackageId, version: u32, currency: &str) -> Result<Package, Vec<String>> {
        let mut faults = Vec::new();
        let mut number = |text: &str, words: &str| {
            text.trim().parse::<u16>().unwrap_or_else(|_| {
                faults.push(format!("{words} is a whole number."));
                1
            })
        };
        let (sessions, interval_days) = (number(&self.sessions, "How many sessions"), number(&self.interval, "The days between two"));
        let procedures = self.procedures.iter().map(|typed| Procedure {
            id: typed.id,
            name: typed.name.trim().to_owned(),
            minutes: number(&typed.minutes, "A procedure's length"),
            template: typed.template,
        });
        let procedures = procedures.collect();
        let price_minor = money::read(&self.price, currency).unwrap_or_else(|error| {
            faults.push(format!("The price: {}", error.to_string().to_lowercase()));
            0
        });
        let name = self.name.trim().to_owned();
        let (consents, view_sets, retired) = (self.consents.clone(), self.view_sets.clone(), self.retired);
        let package = Package { id, name, price_minor, sessions, interval_days, procedures, consents, view_sets, retired, version };
        faults.extend(package.faults());
        faultless(package, faults)
    }
}

impl Editor for PackageEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| *base != self.typed())
    }
}

impl EntryEditor for PackageEditor {
    const WORDS: EntryWords = EntryWords {
        page: "/settings/packages",
        parameter: "package",
        add: "Add a package",
        unnamed: "New package",
        icon: "list",
        none: ("No package yet", "A package is what a client buys: so many sessions, so many days apart, at one price. Add the first one."),
    };

    fn listed(catalogue: &Catalogue) -> Vec<Entry> {
        let mut packages: Vec<_> = catalogue.packages.iter().collect();
        packages.sort_by_key(|package| package.retired);
        packages.into_iter().map(|package| entry(package, &catalogue.currency)).collect()
    }

    fn saved_version(id: Uuid, catalogue: &Catalogue) -> Option<u32> {
        catalogue.package(PackageId(id)).map(|package| package.version)
    }

    fn made(id: Uuid, catalogue: &Catalogue, workspace: Workspace) -> Self {
        let saved = catalogue.package(PackageId(id));
        Self::new(PackageId(id), saved, &catalogue.currency, || ProcedureId(workspace.new_id()))
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

    fn send(self, workspace: Workspace, catalogue: &Catalogue) {
        let typed = untrack(|| self.typed());
        let package = typed.read(self.id, self.version.get_untracked(), &catalogue.currency);
        self.saving.send_read(package, CatalogueEdit::Package, workspace, move |package| {
            // The person may have typed on meanwhile, and the page may be gone.
            self.version.try_set(package.version + 1);
            self.base.try_set(typed);
        });
    }
}

impl PackageEditor {
    /// Made from what is saved; `None` for a new package, which starts with one procedure to fill in.
    pub fn new(id: PackageId, saved: Option<&Package>, currency: &str, first: impl FnOnce() -> ProcedureId) -> Self {
        let typed = saved.map_or_else(|| Typed::blank(first()), |package| Typed::of(package, currency));
        Self {
            id,
            version: RwSignal::new(saved.map_or(0, |package| package.version)),
            name: RwSignal::new(typed.name.clone()),
            price: RwSignal::new(typed.price.clone()),
            sessions: RwSignal::new(typed.sessions.clone()),
            interval: RwSignal::new(typed.interval.clone()),
            retired: RwSignal::new(typed.retired),
            procedures: RwSignal::new(typed.procedures.iter().map(ProcedureRow::of).collect()),
            consents: RwSignal::new(typed.consents.clone()),
            view_sets: RwSignal::new(typed.view_sets.clone()),
            base: RwSignal::new(typed),
            saving: Saving::new(),
            owner: PageOwner::current(),
        }
    }

    fn typed(&self) -> Typed {
        Typed {
            name: self.name.get(),
            price: self.price.get(),
            sessions: self.sessions.get(),
            interval: self.interval.get(),
            retired: self.retired.get(),
            procedures: self.procedures.with(|rows| rows.iter().map(ProcedureRow::typed).collect()),
            consents: self.consents.get(),
            view_sets: self.view_sets.get(),
        }
    }

    /// Adds an empty procedure at the end.
    pub fn add_procedure(&self, id: ProcedureId) {
        let typed = TypedProcedure { id, name: String::new(), minutes: "30".to_owned(), template: None };
        let row = self.owner.with(|| ProcedureRow::of(&typed));
        self.procedures.update(|rows| rows.push(row));
    }

    pub fn remove_procedure(&self, id: ProcedureId) {
        self.procedures.update(|rows| rows.retain(|row| row.id != id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_or_told() {
        let first = ProcedureId(Uuid::nil());
        let mut typed = Typed { name: " Legs ".into(), price: "1,800".into(), ..Typed::blank(first) };
        typed.procedures[0].name = "Laser, legs".into();
        typed.procedures[0].template = Some(TemplateId(Uuid::nil()));
        typed.consents = vec![ConsentFormId(Uuid::nil())];
        let package = typed.read(PackageId(Uuid::nil()), 0, "USD").unwrap();
        assert_eq!((package.name.as_str(), package.price_minor, package.sessions), ("Legs", 180_000, 6));
        assert_eq!(Typed::of(&package, "USD").price, "1800");
        assert_eq!((package.consents.len(), package.procedures[0].template), (1, Some(TemplateId(Uuid::nil()))));
        typed.price = "-5".into();
        typed.sessions = "six".into();
        typed.procedures[0].minutes = "0".into();
        let faults = typed.read(PackageId(Uuid::nil()), 0, "USD").unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
    }
}
