//! What a record says, in words: the one view model behind every place that shows one.

use crate::words;
use domain::{
    amount::Amount,
    area::{Area, summary},
    catalogue::Catalogue,
    chart::Chart,
    ids::SessionId,
    note::{NoteForNext, NoteOutcome, SuggestedChange},
    record::{Reading, Record, TreatedArea, Treatment},
    skin::{Severity, SkinResponse},
    template::Template,
};

/// A record, ready to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFacts {
    pub treatments: Vec<TreatmentFacts>,
    /// `Erythema 2 (mild) at 10 min, oedema mild`; `None` when nothing was noted.
    pub response: Option<String>,
    /// `No greying, no blister.`: what was not seen.
    pub absent: Option<String>,
    /// `Grade 2: blister, right temple`.
    pub adverse: Option<String>,
    pub note: Option<NoteFacts>,
    /// What was done with the notes that stood on top.
    pub decisions: Vec<String>,
    /// Why it was done although something else was too short a time before.
    pub despite: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreatmentFacts {
    /// `Clarity II · 755 nm`.
    pub device: String,
    /// `Cheek L+R, Chin`.
    pub areas: String,
    /// `Laser hair removal · 5 of 6`, or that it counts for none.
    pub series: String,
    /// `Alexandrite, version 2`; `None` when this device does not have that version.
    pub template: Option<String>,
    pub readings: Vec<ReadingFacts>,
    pub places: Vec<PlaceFacts>,
    /// Over all areas; `None` when none were counted.
    pub pulses: Option<u32>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingFacts {
    /// Key of the template's field.
    pub field: String,
    pub label: String,
    /// The value of last time, where this one differs from it.
    pub was: Option<String>,
    pub now: String,
    /// Symbol of the unit; empty for counts, choices and texts.
    pub unit: &'static str,
}

/// One treated area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceFacts {
    pub area: Area,
    /// `Cheek, left`.
    pub label: String,
    /// `42 pulses (40 last time)`.
    pub pulses: String,
}

/// The note for next time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteFacts {
    pub text: String,
    /// `Raise Fluence by 2 J/cm² on Cheek L+R.`
    pub change: Option<String>,
}

impl ReadingFacts {
    /// `20 J/cm²`: the value with its unit.
    pub fn with_unit(&self) -> String {
        if self.unit.is_empty() { self.now.clone() } else { format!("{} {}", self.now, self.unit) }
    }
}

impl TreatmentFacts {
    /// `Clarity II · 755 nm · Cheek L+R`.
    pub fn title(&self) -> String {
        if self.areas.is_empty() { self.device.clone() } else { format!("{} · {}", self.device, self.areas) }
    }
}

impl RecordFacts {
    /// Reads a record with the template versions it names, whatever is the newest today.
    pub fn new(record: &Record, chart: &Chart, catalogue: &Catalogue) -> Self {
        Self {
            treatments: record.treatments.iter().map(|treatment| treatment_facts(treatment, chart, catalogue)).collect(),
            response: response(&record.response),
            absent: absent(&record.response),
            adverse: record.response.adverse.as_ref().map(|event| format!("Grade {}: {}", event.grade, event.text)),
            despite: record.despite.clone(),
            note: record.note.as_ref().map(|note| note_facts(note, record, catalogue)),
            decisions: record
                .decisions
                .iter()
                .map(|decision| {
                    let earlier = chart.session(decision.session).and_then(|session| session.signed.as_ref());
                    let day = earlier.map_or_else(String::new, |signed| format!(" of {}", catalogue.clock.day(signed.at).short()));
                    let text =
                        earlier.and_then(|signed| signed.record.note.as_ref()).map_or_else(String::new, |note| format!(" “{}”", note.text));
                    format!("Note{day}{text}: {}", outcome(decision.what))
                })
                .collect(),
        }
    }
}

/// What became of a note.
fn outcome(what: NoteOutcome) -> &'static str {
    match what {
        NoteOutcome::Applied => "applied",
        NoteOutcome::Acknowledged => "read and settled",
        NoteOutcome::NotToday => "not today, left standing",
    }
}

fn treatment_facts(treatment: &Treatment, chart: &Chart, catalogue: &Catalogue) -> TreatmentFacts {
    let template = catalogue.template(treatment.template);
    let device = catalogue.device(treatment.device);
    let handpiece = device.and_then(|device| device.handpiece(treatment.handpiece));
    let device = match (device, handpiece) {
        // A device with one handpiece often names it after itself; once is enough then.
        (Some(device), Some(handpiece)) if handpiece.name != device.model => format!("{} · {}", device.model, handpiece.name),
        (Some(device), _) => device.model.clone(),
        (None, _) => "A device no longer listed".to_owned(),
    };
    let counted: Vec<_> = treatment.areas.iter().filter_map(|treated| treated.pulses).collect();
    TreatmentFacts {
        device,
        areas: summary(treatment.areas.iter().map(|treated| &treated.area)),
        series: treatment.counts_for.map_or_else(|| "Outside any series".to_owned(), |session| series(chart, session, treatment)),
        template: template.map(|template| format!("{}, version {}", template.name, template.version)),
        readings: readings(treatment, template),
        places: treatment.areas.iter().map(place).collect(),
        pulses: (!counted.is_empty()).then(|| counted.into_iter().fold(0, u32::saturating_add)),
    }
}

/// `Laser hair removal · 5 of 6, Legs`.
fn series(chart: &Chart, session: SessionId, treatment: &Treatment) -> String {
    let plan = chart.session(session).and_then(|session| chart.plan(session.plan));
    let procedure = plan.and_then(|plan| plan.procedures.iter().find(|procedure| Some(procedure.id) == treatment.procedure));
    let series = words::series(chart, session);
    procedure.map_or(series.clone(), |procedure| format!("{series}, {}", procedure.name))
}

/// In the template's order; what the template does not know comes last, under its key.
fn readings(treatment: &Treatment, template: Option<&Template>) -> Vec<ReadingFacts> {
    let position = |reading: &Reading| {
        let known = template.and_then(|template| template.fields.iter().position(|field| field.key == reading.field));
        known.unwrap_or(usize::MAX)
    };
    let mut sorted: Vec<_> = treatment.readings.iter().collect();
    sorted.sort_by_key(|reading| position(reading));
    let facts = |reading: &Reading| {
        let field = template.and_then(|template| template.field(&reading.field));
        let bare = |value: &domain::template::Value| value.show(domain::amount::Unit::None);
        ReadingFacts {
            field: reading.field.clone(),
            label: field.map_or_else(|| reading.field.clone(), |field| field.label.clone()),
            was: reading.carried.as_ref().filter(|_| reading.is_changed()).map(|carried| bare(&carried.value)),
            now: bare(&reading.value),
            unit: field.map_or("", |field| field.unit().symbol()),
        }
    };
    sorted.into_iter().map(facts).collect()
}

fn place(treated: &TreatedArea) -> PlaceFacts {
    let name = treated.area.kind().map_or(treated.area.key.as_str(), |kind| kind.label);
    let label = match treated.area.side {
        Some(side) => format!("{name}, {}", side.label()),
        None => name.to_owned(),
    };
    let pulses = treated.pulses.map_or_else(|| "pulses not counted".to_owned(), |pulses| words::count(pulses, "pulse", "pulses"));
    let last = treated.last_pulses.filter(|_| treated.pulses.is_some()).filter(|last| Some(*last) != treated.pulses);
    let last = last.map_or_else(String::new, |last| format!(" ({last} last time)"));
    PlaceFacts { area: treated.area.clone(), label, pulses: format!("{pulses}{last}") }
}

fn response(response: &SkinResponse) -> Option<String> {
    let skin = SkinResponse { adverse: None, ..response.clone() }.summary();
    (!skin.is_empty()).then_some(skin)
}

fn absent(response: &SkinResponse) -> Option<String> {
    // Without a judgement of the skin, "none" only means that nobody looked.
    response.erythema?;
    let mut signs: Vec<_> = response
        .signs()
        .into_iter()
        .filter(|(_, severity)| *severity == Severity::None)
        .map(|(name, _)| format!("no {}", name.to_lowercase()))
        .collect();
    if response.adverse.is_none() {
        signs.push("no adverse event".to_owned());
    }
    let sentence = signs.join(", ");
    let mut letters = sentence.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

fn note_facts(note: &NoteForNext, record: &Record, catalogue: &Catalogue) -> NoteFacts {
    NoteFacts { text: note.text.clone(), change: note.change.as_ref().map(|change| change_words(change, record, catalogue)) }
}

fn change_words(change: &SuggestedChange, record: &Record, catalogue: &Catalogue) -> String {
    let mut templates = record.treatments.iter().filter_map(|treatment| catalogue.template(treatment.template));
    let field = templates.find_map(|template| template.field(&change.field));
    let label = field.map_or(change.field.as_str(), |field| field.label.as_str());
    let (verb, by) = if change.by < Amount(0) { ("Lower", Amount(-change.by.0)) } else { ("Raise", change.by) };
    let by = field.map_or_else(|| by.to_string(), |field| field.unit().with(by));
    let place = if change.areas.is_empty() { String::new() } else { format!(" on {}", summary(&change.areas)) };
    format!("{verb} {label} by {by}{place}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{skin::Erythema, template::Value};

    #[test]
    fn a_record_is_read_with_the_version_it_was_recorded_with() {
        let (chart, mut catalogue) = (sample::chart(6), sample::catalogue());
        let record = sample::record(&chart, &catalogue, 1, 18);
        let before = RecordFacts::new(&record, &chart, &catalogue);
        let mut newer = catalogue.templates[0].clone();
        newer.version = 2;
        newer.fields[0].label = "Energy".into();
        catalogue.templates.push(newer);
        assert_eq!(RecordFacts::new(&record, &chart, &catalogue), before);
        let fluence = &before.treatments[0].readings[0];
        assert_eq!((fluence.label.as_str(), fluence.with_unit().as_str()), ("Fluence", "18 J/cm²"));
        assert_eq!(before.treatments[0].title(), "Clarity II · 755 nm · Cheek L");
        assert_eq!(before.treatments[0].series, "Laser hair removal · 1 of 6");
    }

    #[test]
    fn without_the_template_nothing_is_hidden() {
        let (chart, mut catalogue) = (sample::chart(6), sample::catalogue());
        let record = sample::record(&chart, &catalogue, 1, 18);
        catalogue.templates.clear();
        let facts = RecordFacts::new(&record, &chart, &catalogue);
        assert_eq!(facts.treatments[0].template, None);
        assert_eq!(facts.treatments[0].readings[0].with_unit(), "18");
    }

    #[test]
    fn what_changed_stands_beside_what_was() {
        let catalogue = sample::catalogue();
        let chart = sample::signed(&sample::chart(6), &catalogue, 1, 18);
        let mut record = chart.opening_record(sample::session(2), &catalogue);
        record.treatments[0].enter("fluence", Value::Number(Amount::whole(20)));
        let facts = RecordFacts::new(&record, &chart, &catalogue);
        assert_eq!(facts.treatments[0].readings[0].was.as_deref(), Some("18"));
        assert_eq!(facts.treatments[0].readings[0].now, "20");
    }

    #[test]
    fn the_skin_and_the_note_are_told_in_words() {
        let (chart, catalogue) = (sample::chart(6), sample::catalogue());
        let mut record = sample::record(&chart, &catalogue, 1, 18);
        assert_eq!(RecordFacts::new(&record, &chart, &catalogue).absent, None);
        record.response =
            SkinResponse { erythema: Some(Erythema::Mild), minutes_after: Some(10), oedema: Severity::Mild, ..Default::default() };
        let change = SuggestedChange { areas: vec![sample::cheek()], field: "fluence".into(), by: Amount::whole(-2) };
        record.note = Some(NoteForNext { text: "Cooler.".into(), change: Some(change) });
        let facts = RecordFacts::new(&record, &chart, &catalogue);
        assert_eq!(facts.response.as_deref(), Some("Erythema 2 (mild) at 10 min, oedema mild"));
        assert_eq!(facts.absent.as_deref(), Some("No warmth, no greying, no blister, no adverse event."));
        assert_eq!(facts.note.and_then(|note| note.change).as_deref(), Some("Lower Fluence by 2 J/cm² on Cheek L."));
    }
}
