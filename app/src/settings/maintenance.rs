//! How far below retail maintenance is sold.

use super::{
    basis::Basis,
    desk::{Desk, Editor},
    entry_form::{PartEditor, PartForm},
    input::{FaultLine, Mark, NumberInput},
    saving::Saving,
};
use crate::{
    api::CatalogueEdit,
    workspace::{Workspace, use_workspace},
};
use domain::{
    billing::below_retail,
    catalogue::{Catalogue, MAINTENANCE_PERCENT},
    money,
};
use leptos::prelude::*;

/// The percentage while it is typed.
#[derive(Clone, Copy)]
pub struct MaintenanceEditor {
    was: Basis<u8>,
    percent: RwSignal<String>,
    /// Raised by the first save: from then on a wrong input is marked.
    checked: RwSignal<bool>,
    saving: Saving,
}

/// The percentage that was typed, when it is one of those that are allowed.
fn read(text: &str) -> Result<u8, String> {
    let percent = text.trim().trim_end_matches('%').trim_end().parse::<u8>().ok();
    percent.filter(|percent| MAINTENANCE_PERCENT.contains(percent)).ok_or_else(|| {
        format!("Maintenance is {} to {} % below retail, in whole numbers.", MAINTENANCE_PERCENT.start(), MAINTENANCE_PERCENT.end())
    })
}

/// `Laser hair removal: one session is $300 at retail, $255 as maintenance.`
fn example(catalogue: &Catalogue, percent: u8) -> Option<String> {
    let package = catalogue.packages.iter().find(|package| !package.retired && package.sessions > 0)?;
    let retail = package.price_minor / i64::from(package.sessions);
    let written = |minor| money::written(minor, &catalogue.currency);
    let maintenance = written(below_retail(retail, percent));
    Some(format!("{}: one session is {} at retail, {maintenance} as maintenance.", package.name, written(retail)))
}

impl Editor for MaintenanceEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.percent.with(|typed| typed.trim() != self.was.with(u8::to_string))
    }
}

impl PartEditor for MaintenanceEditor {
    fn is_outdated(&self, catalogue: &Catalogue) -> bool {
        self.was.is_outdated(&catalogue.maintenance_percent)
    }

    fn saving(&self) -> Saving {
        self.saving
    }

    fn send(self, workspace: Workspace, _: &Catalogue) {
        self.checked.set(true);
        let was = self.was.get_untracked();
        let now = match self.percent.with_untracked(|typed| read(typed)) {
            Ok(now) => now,
            Err(fault) => return self.saving.refuse(vec![fault]),
        };
        self.saving.send(CatalogueEdit::Maintenance { was, now }, workspace, move || {
            self.was.replace(now);
            self.checked.try_set(false);
        });
    }
}

impl MaintenanceEditor {
    pub fn new(saved: u8) -> Self {
        Self { was: Basis::new(saved), percent: RwSignal::new(saved.to_string()), checked: RwSignal::new(false), saving: Saving::new() }
    }
}

/// Edits it and saves it.
#[component]
pub fn MaintenanceForm(editor: MaintenanceEditor, desk: Desk<MaintenanceEditor>) -> impl IntoView {
    const SAYS: &str = "maintenance-says";
    let workspace = use_workspace();
    let fault = Memo::new(move |_| editor.percent.with(|typed| read(typed)).err().filter(|_| editor.checked.get()));
    let example = move || {
        let percent = editor.percent.with(|typed| read(typed)).unwrap_or_else(|_| editor.was.with(|was| *was));
        workspace.catalogue().and_then(|catalogue| example(&catalogue, percent))
    };
    let note = Signal::stored("Maintenance that was sold keeps its price.".to_owned());
    view! {
        <PartForm editor desk key="maintenance-h" title=Signal::stored("Maintenance".to_owned()) note>
            <p class="soft">"After the last session of a package the same series goes on, session by session, below the retail price."</p>
            <div class="percent">
                <NumberInput
                    label="Percent below retail"
                    mode="numeric"
                    value=editor.percent
                    mark=Mark::new(SAYS, move || fault.with(Option::is_some))
                />
                <p class="soft num">{example}</p>
            </div>
            {move || {
                fault
                    .get()
                    .map(|words| {
                        view! {
                            <div class="field">
                                <FaultLine id=SAYS words />
                            </div>
                        }
                    })
            }}
        </PartForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{ids::PackageId, package::Package};
    use uuid::Uuid;

    #[test]
    fn a_percentage_is_read_and_shown_by_a_package() {
        assert_eq!((read("15"), read(" 20 % ")), (Ok(15), Ok(20)));
        for wrong in ["", "14", "21", "15.5", "x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let mut catalogue = sample::catalogue();
        assert_eq!(example(&catalogue, 15), None);
        catalogue.packages.push(Package {
            id: PackageId(Uuid::nil()),
            name: "Laser hair removal".into(),
            price_minor: 180_000,
            sessions: 6,
            interval_days: 42,
            procedures: vec![],
            consents: vec![],
            view_sets: vec![],
            retired: false,
            version: 1,
        });
        let words = example(&catalogue, 15).unwrap();
        assert_eq!(words, "Laser hair removal: one session is $300 at retail, $255 as maintenance.");
    }
}
