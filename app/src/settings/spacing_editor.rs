//! The spacing rules while they are typed: the signals behind the form, and their saving.

use super::{
    basis::Basis,
    desk::{Editor, PageOwner},
    entry_form::PartEditor,
    input::local_key,
    saving::Saving,
};
use crate::{api::CatalogueEdit, workspace::Workspace};
use domain::{
    area::Region,
    catalogue::Catalogue,
    ids::TemplateId,
    spacing::{self, SpacingRule},
};
use leptos::prelude::*;

/// The signals of all rules.
#[derive(Clone, Copy)]
pub struct SpacingEditor {
    was: Basis<Vec<SpacingRule>>,
    /// What was typed when it was last the same as what is saved.
    base: RwSignal<Vec<RuleForm>>,
    pub rows: RwSignal<Vec<RuleRow>>,
    /// Raised by the first save: from then on wrong inputs are marked.
    pub checked: RwSignal<bool>,
    saving: Saving,
    owner: PageOwner,
}

/// The signals of one rule. Its row keeps its number whatever is typed.
#[derive(Clone, Copy)]
pub struct RuleRow {
    pub row: u64,
    pub earlier: RwSignal<Option<TemplateId>>,
    pub later: RwSignal<Option<TemplateId>>,
    pub region: RwSignal<Option<Region>>,
    pub days: RwSignal<String>,
}

/// A rule as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RuleForm {
    earlier: Option<TemplateId>,
    later: Option<TemplateId>,
    region: Option<Region>,
    days: String,
}

impl RuleForm {
    fn of(rule: &SpacingRule) -> Self {
        Self { earlier: Some(rule.earlier), later: Some(rule.later), region: rule.region, days: rule.days.to_string() }
    }

    fn read(&self) -> Result<SpacingRule, &'static str> {
        let (earlier, later) = self.earlier.zip(self.later).ok_or("choose both treatments.")?;
        let days = self.days.trim().parse().map_err(|_| "the days are a whole number.")?;
        Ok(SpacingRule { earlier, later, region: self.region, days })
    }
}

/// The rules that were typed, or what is wrong with them.
fn read(forms: &[RuleForm]) -> Result<Vec<SpacingRule>, Vec<String>> {
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for (form, number) in forms.iter().zip(1..) {
        match form.read() {
            Ok(rule) => rules.push(rule),
            Err(words) => faults.push(format!("Rule {number}: {words}")),
        }
    }
    faults.extend(spacing::faults(&rules));
    if faults.is_empty() { Ok(rules) } else { Err(faults) }
}

/// By the names of both treatments; within a pair, everywhere first.
fn sorted(rules: &[SpacingRule], catalogue: &Catalogue) -> Vec<SpacingRule> {
    let name = |id| catalogue.latest_template(id).map(|template| template.name.to_lowercase());
    let region = |rule: &SpacingRule| rule.region.map(|region| Region::ALL.iter().position(|other| *other == region));
    let mut rules = rules.to_vec();
    rules.sort_by_cached_key(|rule| (name(rule.earlier), name(rule.later), region(rule)));
    rules
}

impl Editor for SpacingEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| *base != self.forms())
    }
}

impl PartEditor for SpacingEditor {
    fn is_outdated(&self, catalogue: &Catalogue) -> bool {
        self.was.is_outdated(&catalogue.spacing)
    }

    fn saving(&self) -> Saving {
        self.saving
    }

    fn send(self, workspace: Workspace, catalogue: &Catalogue) {
        let forms = untrack(|| self.forms());
        self.checked.set(true);
        let now = match read(&forms) {
            Ok(rules) => sorted(&rules, catalogue),
            Err(faults) => return self.saving.refuse(faults),
        };
        let was = self.was.get_untracked();
        self.saving.send(CatalogueEdit::Spacing { was, now: now.clone() }, workspace, move || {
            self.was.replace(now);
            self.base.try_set(forms);
            self.checked.try_set(false);
        });
    }
}

impl SpacingEditor {
    pub fn new(catalogue: &Catalogue) -> Self {
        let forms: Vec<_> = sorted(&catalogue.spacing, catalogue).iter().map(RuleForm::of).collect();
        Self {
            was: Basis::new(catalogue.spacing.clone()),
            rows: RwSignal::new(forms.iter().cloned().map(RuleRow::new).collect()),
            base: RwSignal::new(forms),
            checked: RwSignal::new(false),
            saving: Saving::new(),
            owner: PageOwner::current(),
        }
    }

    fn forms(&self) -> Vec<RuleForm> {
        self.rows.with(|rows| rows.iter().map(RuleRow::form).collect())
    }

    /// Adds an empty rule at the end.
    pub fn add(&self) -> RuleRow {
        let row = self.owner.with(|| RuleRow::new(RuleForm::default()));
        self.rows.update(|rows| rows.push(row));
        row
    }

    pub fn remove(&self, row: u64) {
        self.rows.update(|rows| rows.retain(|other| other.row != row));
    }

    /// Counted from 1.
    pub fn place(&self, row: u64) -> usize {
        self.rows.with(|rows| rows.iter().position(|other| other.row == row)).map_or(1, |place| place + 1)
    }
}

impl RuleRow {
    fn new(form: RuleForm) -> Self {
        let RuleForm { earlier, later, region, days } = form;
        Self {
            row: local_key(),
            earlier: RwSignal::new(earlier),
            later: RwSignal::new(later),
            region: RwSignal::new(region),
            days: RwSignal::new(days),
        }
    }

    fn form(&self) -> RuleForm {
        RuleForm { earlier: self.earlier.get(), later: self.later.get(), region: self.region.get(), days: self.days.get() }
    }

    /// Whether the days are a number that a rule may have.
    pub fn has_days(&self) -> bool {
        let days = self.days.with(|days| days.trim().parse::<u16>().ok());
        let any = TemplateId(uuid::Uuid::nil());
        days.is_some_and(|days| spacing::faults(&[SpacingRule { earlier: any, later: any, region: None, days }]).is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::template::Template;
    use uuid::Uuid;

    #[test]
    fn rules_are_read_sorted_or_told() {
        let mut catalogue = sample::catalogue();
        let id = |n| TemplateId(Uuid::from_u128(n));
        let template = |n, name: &str| Template { id: id(n), version: 1, name: name.into(), fields: vec![], source: String::new() };
        catalogue.templates = vec![template(1, "Peel"), template(2, "IPL")];
        let rule = |earlier, later, region| SpacingRule { earlier: id(earlier), later: id(later), region, days: 28 };
        let rules = vec![rule(1, 2, None), rule(2, 1, Some(Region::Face)), rule(2, 1, None)];
        let by_name = sorted(&rules, &catalogue);
        assert_eq!(by_name, [rules[2].clone(), rules[1].clone(), rules[0].clone()]);
        let mut forms: Vec<_> = by_name.iter().map(RuleForm::of).collect();
        assert_eq!(read(&forms), Ok(by_name));
        forms[1].region = None;
        assert_eq!(read(&forms).unwrap_err().len(), 1);
        forms[0].days = "a month".into();
        forms[2].later = None;
        assert_eq!(read(&forms).unwrap_err(), ["Rule 1: the days are a whole number.", "Rule 3: choose both treatments."]);
    }
}
