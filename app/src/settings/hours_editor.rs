//! The hours while they are typed: the signals behind the page, and their saving.

use super::{
    basis::Basis,
    desk::Editor,
    entry_form::PartEditor,
    hours_model::{DayForm, HoursForm, Whose},
    saving::Saving,
};
use crate::{api::CatalogueEdit, workspace::Workspace};
use domain::{catalogue::Catalogue, hours::OpeningHours, time::Day};
use leptos::prelude::*;

/// The signals of all hours. They are saved as a whole, since a provider's lie within the clinic's.
#[derive(Clone, Copy)]
pub struct HoursEditor {
    was: Basis<OpeningHours>,
    /// What was typed when it was last the same as what is saved.
    base: RwSignal<HoursForm>,
    pub form: RwSignal<HoursForm>,
    /// The closure that is being added.
    pub closure: RwSignal<String>,
    pub closure_fault: RwSignal<Option<&'static str>>,
    /// Raised by the first save: from then on wrong inputs are marked.
    pub checked: RwSignal<bool>,
    saving: Saving,
}

impl Editor for HoursEditor {
    fn has_changes(&self) -> bool {
        let waits = self.closure.with(|typed| !typed.is_empty());
        waits || self.saving.is_busy() || self.form.with(|form| self.base.with(|base| form.differs_at_all(base)))
    }
}

impl PartEditor for HoursEditor {
    fn is_outdated(&self, catalogue: &Catalogue) -> bool {
        self.was.is_outdated(&catalogue.hours)
    }

    fn saving(&self) -> Saving {
        self.saving
    }

    fn send(self, workspace: Workspace, catalogue: &Catalogue) {
        // A day that was chosen but not added is meant all the same.
        if self.closure.with_untracked(|typed| !typed.is_empty()) && !self.add_closure() {
            return self.saving.refuse(self.closure_fault.get_untracked().into_iter().map(str::to_owned).collect());
        }
        let form = self.form.get_untracked();
        self.checked.set(true);
        let now = match form.read(|staff| catalogue.staff_name(staff)) {
            Ok(now) => now,
            Err(faults) => return self.saving.refuse(faults),
        };
        let was = self.was.get_untracked();
        self.saving.send(CatalogueEdit::Hours { was, now: now.clone() }, workspace, move || {
            self.was.replace(now);
            self.base.try_set(form);
            self.checked.try_set(false);
        });
    }
}

impl HoursEditor {
    pub fn new(saved: &OpeningHours) -> Self {
        let form = HoursForm::of(saved);
        Self {
            was: Basis::new(saved.clone()),
            base: RwSignal::new(form.clone()),
            form: RwSignal::new(form),
            closure: RwSignal::new(String::new()),
            closure_fault: RwSignal::new(None),
            checked: RwSignal::new(false),
            saving: Saving::new(),
        }
    }

    /// Whether somebody's hours are not saved.
    pub fn has_changes_of(&self, whose: Whose) -> bool {
        let waits = whose == Whose::Clinic && self.closure.with(|typed| !typed.is_empty());
        waits || self.form.with(|form| self.base.with(|base| form.differs(whose, base)))
    }

    pub fn day(&self, whose: Whose, weekday: usize) -> Option<DayForm> {
        self.form.with(|form| form.week(whose).get(weekday).cloned())
    }

    pub fn change_day(&self, whose: Whose, weekday: usize, change: impl FnOnce(&mut DayForm)) {
        self.form.update(|form| {
            if let Some(day) = form.week_mut(whose).and_then(|week| week.get_mut(weekday)) {
                change(day);
            }
        });
    }

    /// Puts the chosen day among the closures; says why when it cannot be.
    pub fn add_closure(&self) -> bool {
        let fault = match self.closure.with_untracked(|typed| typed.parse::<Day>()) {
            Err(_) => Some("Choose a day first."),
            Ok(day) => match self.form.try_update(|form| form.add_closure(day)) {
                Some(true) => None,
                _ => Some("That day is listed already."),
            },
        };
        if fault.is_none() {
            self.closure.set(String::new());
        }
        self.closure_fault.set(fault);
        fault.is_none()
    }

    pub fn remove_closure(&self, day: Day) {
        self.form.update(|form| form.closures.retain(|other| *other != day));
    }
}
