//! A new session opens filled with the last confirmed settings for the same device, handpiece and area.

use crate::{
    area::Area,
    catalogue::Catalogue,
    chart::{Author, Chart},
    ids::{DeviceId, HandpieceId, PlanId, SessionId},
    note::{NoteDecision, NoteForNext, NoteOutcome, SuggestedChange},
    package::Procedure,
    record::{Carried, Reading, Record, TreatedArea, Treatment},
    session::{Session, Signed},
    template::{Template, Value},
};

/// A note from an earlier session that nobody has settled yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingNote {
    pub session: SessionId,
    pub note: NoteForNext,
}

/// What applying a suggested change would do to one reading: for the button that says `Apply 18 → 20`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Position in the record's treatments.
    pub treatment: usize,
    pub field: String,
    pub from: Value,
    pub to: Value,
}

/// What was charted at one time: a visit's signed record, or what was left of it for another day.
#[derive(Clone, Copy, Debug)]
pub struct Charting<'a> {
    pub visit: &'a Session,
    pub by: Author,
    pub record: &'a Record,
}

impl Chart {
    /// Signed visits, the latest first.
    pub fn history(&self) -> Vec<(&Session, &Signed)> {
        let mut visits: Vec<_> = self.sessions.iter().filter_map(|visit| visit.signed.as_ref().map(|signed| (visit, signed))).collect();
        visits.sort_by_key(|(visit, signed)| std::cmp::Reverse((signed.at, visit.id)));
        visits
    }

    /// All chartings, the latest first: of a session that was held on several days, each.
    pub fn chartings(&self) -> Vec<Charting<'_>> {
        let of_visit = |visit| Session::chartings(visit).map(move |(by, record)| Charting { visit, by, record });
        let mut all: Vec<_> = self.sessions.iter().flat_map(of_visit).collect();
        all.sort_by_key(|charting| std::cmp::Reverse((charting.by.at, charting.visit.id)));
        all
    }

    /// The record with which the chart of a session opens: what was treated for the same plan last time, every value
    /// carried and none confirmed. Of several procedures only those that are still to be performed, each as it was last.
    pub fn opening_record(&self, session: SessionId, catalogue: &Catalogue) -> Record {
        let Some(plan) = self.session(session).and_then(|session| self.plan(session.plan)) else { return Record::default() };
        let chartings = self.chartings();
        let last = |wanted: &dyn Fn(&Treatment) -> bool| {
            let of_plan = |charting: &Charting<'_>| -> Vec<_> {
                let done = charting.record.treatments.iter();
                done.filter(|done| self.counts_for_plan(done, plan.id) && wanted(done)).cloned().collect()
            };
            chartings.iter().map(of_plan).find(|done| !done.is_empty()).unwrap_or_default()
        };
        let again = |last: &Treatment, procedure| {
            let areas: Vec<_> = last.areas.iter().map(|treated| treated.area.clone()).collect();
            let new = self.new_treatment(Some(session), last.device, last.handpiece, &areas, catalogue)?;
            Some(Treatment { procedure, ..new })
        };
        let treatments = if plan.procedures.len() < 2 {
            last(&|_| true).iter().filter_map(|last| again(last, None)).collect()
        } else {
            let of_procedure = |procedure: &Procedure| {
                let same = last(&|done| done.procedure == Some(procedure.id));
                // A charting that performed the whole session at once says by its device what is whose.
                let like = |done: &Treatment| done.procedure.is_none() && procedure.template == Some(done.template.id);
                let known = if same.is_empty() { last(&like) } else { same };
                known.iter().filter_map(|last| again(last, Some(procedure.id))).collect::<Vec<_>>()
            };
            self.outstanding(session).into_iter().flat_map(of_procedure).collect()
        };
        Record { treatments, ..Record::default() }
    }

    /// A treatment with everything carried over that is known for this device, handpiece and these areas.
    pub fn new_treatment(
        &self,
        counts_for: Option<SessionId>,
        device: DeviceId,
        handpiece: HandpieceId,
        areas: &[Area],
        catalogue: &Catalogue,
    ) -> Option<Treatment> {
        let template = catalogue.latest_template(catalogue.device(device)?.handpiece(handpiece)?.template)?;
        Some(Treatment {
            counts_for,
            procedure: None,
            device,
            handpiece,
            template: template.reference(),
            readings: self.carried_readings(device, handpiece, areas, template),
            areas: areas.iter().map(|area| self.carried_area(device, handpiece, area)).collect(),
        })
    }

    /// Adds or removes an area. Readings nobody has touched follow: they are carried from the last time
    /// these areas had this handpiece.
    pub fn toggle_area(&self, treatment: &mut Treatment, area: &Area, catalogue: &Catalogue) {
        if treatment.has_area(area) {
            treatment.areas.retain(|treated| treated.area != *area);
        } else {
            treatment.areas.push(self.carried_area(treatment.device, treatment.handpiece, area));
        }
        let Some(template) = catalogue.template(treatment.template) else { return };
        let areas: Vec<_> = treatment.areas.iter().map(|treated| treated.area.clone()).collect();
        treatment.readings.retain(|reading| reading.confirmed);
        for carried in self.carried_readings(treatment.device, treatment.handpiece, &areas, template) {
            if treatment.reading(&carried.field).is_none() {
                treatment.readings.push(carried);
            }
        }
    }

    /// Notes left for this plan that nobody has settled, the latest first; one for each visit.
    pub fn standing_notes(&self, plan: PlanId) -> Vec<StandingNote> {
        let chartings = self.chartings();
        let settled = |noted: &Charting<'_>| {
            let was_first = noted.visit.signed.as_ref().is_some_and(|signed| std::ptr::eq(&signed.record, noted.record));
            // Who decided about the first part of a visit has not seen what was noted when the rest of it was charted.
            let seen = chartings.iter().filter(|other| was_first || other.by.at > noted.by.at);
            seen.flat_map(|other| &other.record.decisions).any(|decision| {
                decision.session == noted.visit.id && matches!(decision.what, NoteOutcome::Applied | NoteOutcome::Acknowledged)
            })
        };
        let of_plan = |noted: &&Charting<'_>| {
            noted.visit.plan == plan || noted.record.treatments.iter().any(|treatment| self.counts_for_plan(treatment, plan))
        };
        let mut standing: Vec<StandingNote> = Vec::new();
        for noted in chartings.iter().filter(of_plan) {
            let Some(note) = noted.record.note.clone().filter(|_| !settled(noted)) else { continue };
            match standing.iter_mut().find(|other| other.session == noted.visit.id) {
                Some(later) => {
                    later.note.text = format!("{} {}", note.text, later.note.text);
                    later.note.change = later.note.change.take().or(note.change);
                }
                None => standing.push(StandingNote { session: noted.visit.id, note }),
            }
        }
        standing
    }

    /// The last three values of a field on this handpiece, the latest first, without repeats.
    pub fn last_values(&self, handpiece: HandpieceId, field: &str) -> Vec<Value> {
        let mut values = Vec::new();
        for charting in self.chartings() {
            for treatment in charting.record.treatments.iter().filter(|treatment| treatment.handpiece == handpiece) {
                if let Some(reading) = treatment.reading(field).filter(|reading| !values.contains(&reading.value)) {
                    values.push(reading.value.clone());
                }
            }
        }
        values.truncate(3);
        values
    }

    fn counts_for_plan(&self, treatment: &Treatment, plan: PlanId) -> bool {
        treatment.counts_for.and_then(|id| self.session(id)).is_some_and(|session| session.plan == plan)
    }

    /// Signed treatments with this handpiece, the latest first.
    fn treatments_with(&self, device: DeviceId, handpiece: HandpieceId) -> impl Iterator<Item = (SessionId, &Treatment)> {
        self.chartings()
            .into_iter()
            .flat_map(|charting| charting.record.treatments.iter().map(move |treatment| (charting.visit.id, treatment)))
            .filter(move |(_, treatment)| treatment.device == device && treatment.handpiece == handpiece)
    }

    fn carried_readings(&self, device: DeviceId, handpiece: HandpieceId, areas: &[Area], template: &Template) -> Vec<Reading> {
        let shares_area = |treatment: &Treatment| areas.iter().any(|area| treatment.has_area(area));
        let Some((session, last)) = self.treatments_with(device, handpiece).find(|(_, treatment)| shares_area(treatment)) else {
            return Vec::new();
        };
        // A field that a newer template dropped, or that now holds something else, is not carried.
        let fits = |reading: &&Reading| {
            template
                .field(&reading.field)
                .is_some_and(|field| !matches!(field.judge(&reading.value, Default::default()), crate::template::Verdict::Unfit))
        };
        last.readings
            .iter()
            .filter(fits)
            .map(|reading| Reading {
                field: reading.field.clone(),
                value: reading.value.clone(),
                carried: Some(Carried { session, value: reading.value.clone() }),
                confirmed: false,
            })
            .collect()
    }

    fn carried_area(&self, device: DeviceId, handpiece: HandpieceId, area: &Area) -> TreatedArea {
        let last = self
            .treatments_with(device, handpiece)
            .find_map(|(_, treatment)| treatment.areas.iter().find(|treated| treated.area == *area).and_then(|treated| treated.pulses));
        TreatedArea { area: area.clone(), pulses: None, last_pulses: last }
    }
}

impl Record {
    /// What a suggested change would do here, before anybody taps it.
    pub fn proposals(&self, change: &SuggestedChange) -> Vec<Proposal> {
        let concerns = |treatment: &Treatment| change.areas.is_empty() || change.areas.iter().any(|area| treatment.has_area(area));
        let treatments = self.treatments.iter().enumerate().filter(|(_, treatment)| concerns(treatment));
        treatments
            .filter_map(|(position, treatment)| {
                let reading = treatment.reading(&change.field)?;
                let base = reading.carried.as_ref().map_or(&reading.value, |carried| &carried.value);
                let to = Value::Number(base.amount()?.plus(change.by));
                Some(Proposal { treatment: position, field: change.field.clone(), from: base.clone(), to })
            })
            .collect()
    }

    /// Applies a standing note's change, and keeps that it was applied. Twice is the same as once.
    pub fn apply_note(&mut self, standing: &StandingNote) {
        let Some(change) = &standing.note.change else { return };
        for proposal in self.proposals(change) {
            self.treatments[proposal.treatment].enter(&proposal.field, proposal.to);
        }
        self.settle_note(standing.session, NoteOutcome::Applied);
    }

    /// Keeps what was done with a standing note; a later decision replaces the earlier.
    pub fn settle_note(&mut self, session: SessionId, what: NoteOutcome) {
        self.decisions.retain(|decision| decision.session != session);
        self.decisions.push(NoteDecision { session, what });
    }

    /// Takes a decision back: the note stands on top again.
    pub fn reopen_note(&mut self, session: SessionId) {
        self.decisions.retain(|decision| decision.session != session);
    }

    pub fn note_decision(&self, session: SessionId) -> Option<NoteOutcome> {
        self.decisions.iter().find(|decision| decision.session == session).map(|decision| decision.what)
    }
}
