//! A new session opens filled with the last confirmed settings for the same device, handpiece and area.

use crate::{
    area::Area,
    catalogue::Catalogue,
    chart::Chart,
    ids::{DeviceId, HandpieceId, PlanId, SessionId},
    note::{NoteDecision, NoteForNext, NoteOutcome, SuggestedChange},
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

impl Chart {
    /// Signed visits, the latest first.
    pub fn history(&self) -> Vec<(&Session, &Signed)> {
        let mut visits: Vec<_> = self.sessions.iter().filter_map(|visit| visit.signed.as_ref().map(|signed| (visit, signed))).collect();
        visits.sort_by_key(|(visit, signed)| std::cmp::Reverse((signed.at, visit.id)));
        visits
    }

    /// The record with which the chart of a session opens: what was treated for the same plan last time,
    /// every value carried and none confirmed.
    pub fn opening_record(&self, session: SessionId, catalogue: &Catalogue) -> Record {
        let Some(plan) = self.session(session).map(|session| session.plan) else { return Record::default() };
        let last = self.history().into_iter().find(|(_, signed)| signed.record.treatments.iter().any(|t| self.counts_for_plan(t, plan)));
        let Some((_, signed)) = last else { return Record::default() };
        let treatments = signed.record.treatments.iter().filter(|t| self.counts_for_plan(t, plan)).filter_map(|last| {
            let areas: Vec<_> = last.areas.iter().map(|treated| treated.area.clone()).collect();
            self.new_treatment(Some(session), last.device, last.handpiece, &areas, catalogue)
        });
        Record { treatments: treatments.collect(), ..Record::default() }
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

    /// Notes left for this plan that nobody has settled, the latest first.
    pub fn standing_notes(&self, plan: PlanId) -> Vec<StandingNote> {
        let settled =
            |session: SessionId| {
                self.sessions.iter().filter_map(|visit| visit.signed.as_ref()).flat_map(|signed| &signed.record.decisions).any(|decision| {
                    decision.session == session && matches!(decision.what, NoteOutcome::Applied | NoteOutcome::Acknowledged)
                })
            };
        let of_plan = |(visit, signed): &(&Session, &Signed)| {
            visit.plan == plan || signed.record.treatments.iter().any(|treatment| self.counts_for_plan(treatment, plan))
        };
        self.history()
            .into_iter()
            .filter(of_plan)
            .filter(|(visit, _)| !settled(visit.id))
            .filter_map(|(visit, signed)| signed.record.note.clone().map(|note| StandingNote { session: visit.id, note }))
            .collect()
    }

    /// The last three values of a field on this handpiece, the latest first, without repeats.
    pub fn last_values(&self, handpiece: HandpieceId, field: &str) -> Vec<Value> {
        let mut values = Vec::new();
        for (_, signed) in self.history() {
            for treatment in signed.record.treatments.iter().filter(|treatment| treatment.handpiece == handpiece) {
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

    /// Signed treatments with this handpiece, the latest visit first.
    fn treatments_with(&self, device: DeviceId, handpiece: HandpieceId) -> impl Iterator<Item = (SessionId, &Treatment)> {
        self.history()
            .into_iter()
            .flat_map(|(visit, signed)| signed.record.treatments.iter().map(|treatment| (visit.id, treatment)))
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
