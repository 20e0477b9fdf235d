//! How many days should lie between two treatments of the same skin. A concern warns; overriding it needs a reason.

use crate::{
    area::{Area, Region, summary},
    carry_forward::Charting,
    catalogue::Catalogue,
    chart::Chart,
    ids::{PlanId, ProcedureId, SessionId, TemplateId},
    record::Treatment,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// "After IPL, 28 days before fractional, on the face."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpacingRule {
    pub earlier: TemplateId,
    pub later: TemplateId,
    /// Only there; `None` is everywhere.
    pub region: Option<Region>,
    pub days: u16,
}

/// What somebody means to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intended {
    pub template: TemplateId,
    /// Where; empty is not known yet, and so anywhere.
    pub areas: Vec<Area>,
}

/// Something that was done too short a time before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    pub visit: SessionId,
    /// `IPL`.
    pub treatment: String,
    /// `the face`, `Calf L+R`.
    pub place: String,
    /// Days that lie between.
    pub days: i32,
    /// Days that should.
    pub wanted: u16,
}

const LONGEST_DAYS: u16 = 366;
const MOST_RULES: usize = 200;

impl Concern {
    /// "IPL on the face 13 days before; 28 are usual."
    pub fn sentence(&self) -> String {
        let Self { treatment, place, days, wanted, .. } = self;
        let before = match days {
            0 => "the same day".to_owned(),
            1 => "the day before".to_owned(),
            days => format!("{days} days before"),
        };
        format!("{treatment} on {place} {before}; {wanted} are usual.")
    }
}

/// What is wrong with a clinic's rules, in words for the person who edits them; empty when they can be saved.
pub fn faults(rules: &[SpacingRule]) -> Vec<String> {
    let mut faults = Vec::new();
    if rules.iter().any(|rule| !(1..=LONGEST_DAYS).contains(&rule.days)) {
        faults.push(format!("Between two treatments lie 1 to {LONGEST_DAYS} days."));
    }
    let same = |a: &SpacingRule, b: &SpacingRule| (a.earlier, a.later, a.region) == (b.earlier, b.later, b.region);
    if rules.iter().enumerate().any(|(n, rule)| rules[n + 1..].iter().any(|other| same(rule, other))) {
        faults.push("Two rules say different things about the same pair.".to_owned());
    }
    if rules.len() > MOST_RULES {
        faults.push(format!("There can be {MOST_RULES} rules."));
    }
    faults
}

impl Chart {
    /// What was done too recently before `day` for what is intended then. The most recent first, each treatment once.
    pub fn spacing_concerns(&self, intended: &[Intended], day: Day, catalogue: &Catalogue) -> Vec<Concern> {
        let mut concerns: Vec<Concern> = Vec::new();
        for Charting { visit, by, record } in self.chartings() {
            let days = day.since(catalogue.clock.day(by.at));
            if days < 0 {
                continue;
            }
            for done in &record.treatments {
                let areas: Vec<_> = done.areas.iter().map(|treated| &treated.area).collect();
                let broken = |intended: &Intended| {
                    let rules = catalogue.spacing.iter().filter(|rule| rule.earlier == done.template.id && rule.later == intended.template);
                    rules.filter(|rule| days < i32::from(rule.days) && rule.concerns(&areas, &intended.areas)).map(|rule| rule.days).max()
                };
                let Some(wanted) = intended.iter().filter_map(broken).max() else { continue };
                let treatment =
                    catalogue.template(done.template).map_or_else(|| "A treatment".to_owned(), |template| template.name.clone());
                let concern = Concern { visit: visit.id, treatment, place: place(&areas), days, wanted };
                if !concerns.contains(&concern) {
                    concerns.push(concern);
                }
            }
        }
        concerns
    }

    /// The first day, `from` or later, on which nothing stands against what is intended.
    pub fn clear_day(&self, intended: &[Intended], from: Day, catalogue: &Catalogue) -> Day {
        let concerns = self.spacing_concerns(intended, from, catalogue);
        let wait = concerns.iter().map(|concern| i32::from(concern.wanted) - concern.days).max().unwrap_or(0);
        from.plus(wait)
    }

    /// What the next session of a plan will do, as far as its terms and its last session tell.
    pub fn intended(&self, plan: PlanId) -> Vec<Intended> {
        self.intended_part(plan, &[])
    }

    /// The same, of these procedures only; empty is all of them.
    pub fn intended_part(&self, plan: PlanId, part: &[ProcedureId]) -> Vec<Intended> {
        let Some(terms) = self.plan(plan) else { return Vec::new() };
        let procedures = || terms.procedures.iter().filter(|procedure| part.is_empty() || part.contains(&procedure.id));
        let is_meant = |done: &Treatment| match done.procedure {
            _ if part.is_empty() => true,
            Some(procedure) => part.contains(&procedure),
            None => procedures().any(|procedure| procedure.template.is_none_or(|template| template == done.template.id)),
        };
        let last = self.chartings().into_iter().find_map(|charting| {
            let of_plan = |counted: Option<SessionId>| counted.and_then(|id| self.session(id)).is_some_and(|session| session.plan == plan);
            let done: Vec<_> = charting.record.treatments.iter().filter(|done| of_plan(done.counts_for) && is_meant(done)).collect();
            (!done.is_empty()).then_some(done)
        });
        let last = last.unwrap_or_default();
        let areas_of = |template: TemplateId| {
            let same = last.iter().filter(|done| done.template.id == template);
            same.flat_map(|done| done.areas.iter().map(|treated| treated.area.clone())).collect()
        };
        let mut templates: Vec<_> = procedures().filter_map(|procedure| procedure.template).collect();
        templates.extend(last.iter().map(|done| done.template.id));
        templates.sort_unstable();
        templates.dedup();
        templates.into_iter().map(|template| Intended { template, areas: areas_of(template) }).collect()
    }
}

impl SpacingRule {
    /// The same skin: the same area, or both on the face, where treatments spread.
    fn concerns(&self, done: &[&Area], intended: &[Area]) -> bool {
        let region = |area: &Area| area.kind().map(|kind| kind.region);
        let here = |area: &&Area| self.region.is_none_or(|wanted| region(area) == Some(wanted));
        let face = |area: &Area| region(area) == Some(Region::Face);
        done.iter().copied().filter(here).any(|done| {
            intended.is_empty() || intended.iter().filter(|area| here(area)).any(|area| area == done || (face(area) && face(done)))
        })
    }
}

fn place(areas: &[&Area]) -> String {
    let all_face = areas.iter().all(|area| area.kind().is_some_and(|kind| kind.region == Region::Face));
    if all_face && areas.len() > 1 { "the face".to_owned() } else { summary(areas.iter().copied()) }
}
