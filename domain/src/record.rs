//! What was done in one visit: treatments, readings, areas, the skin's response, the note.
//!
//! The same shape serves the draft on the iPad and the signed record. A draft may hold readings nobody
//! has confirmed yet; [`Record::check`] is what stands between the two.

use crate::{
    amount::Amount,
    area::Area,
    catalogue::Catalogue,
    client::Client,
    ids::{DeviceId, HandpieceId, ProcedureId, SessionId},
    note::{LONGEST_NOTE, NoteDecision, NoteForNext},
    rejection::Rejection,
    skin::SkinResponse,
    template::{Circumstances, Field, SPOT, Template, TemplateVersion, Value, Verdict},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub treatments: Vec<Treatment>,
    pub response: SkinResponse,
    pub note: Option<NoteForNext>,
    /// What was done with the notes that stood on top.
    pub decisions: Vec<NoteDecision>,
    /// Why it was done despite a spacing concern.
    #[serde(default)]
    pub despite: Option<String>,
}

/// One procedure with one group of settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treatment {
    /// The session of a series that this treatment delivers. In a combined visit each treatment
    /// counts against its own series; `None` is a treatment outside any.
    pub counts_for: Option<SessionId>,
    /// Which of that session's procedures it performs; `None` is all of them.
    #[serde(default)]
    pub procedure: Option<ProcedureId>,
    pub device: DeviceId,
    pub handpiece: HandpieceId,
    pub template: TemplateVersion,
    pub readings: Vec<Reading>,
    pub areas: Vec<TreatedArea>,
}

/// One setting with its value and where the value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Key of the template's field.
    pub field: String,
    pub value: Value,
    pub carried: Option<Carried>,
    /// Somebody looked at it today: typed, changed or confirmed it.
    pub confirmed: bool,
}

/// Where a carried value was taken from, and what it was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub session: SessionId,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreatedArea {
    pub area: Area,
    pub pulses: Option<u32>,
    /// Pulses on this area last time, for comparison.
    pub last_pulses: Option<u32>,
}

/// More than anyone does in one visit; a record beyond is a mistake or an attack.
const MOST_TREATMENTS: usize = 20;
const MOST_PULSES: u32 = 100_000;

impl Reading {
    /// Differs from last time.
    pub fn is_changed(&self) -> bool {
        self.carried.as_ref().is_some_and(|carried| carried.value != self.value)
    }
}

impl Treatment {
    pub fn reading(&self, field: &str) -> Option<&Reading> {
        self.readings.iter().find(|reading| reading.field == field)
    }

    pub fn has_area(&self, area: &Area) -> bool {
        self.areas.iter().any(|treated| treated.area == *area)
    }

    /// What the usual ranges depend on, here.
    pub fn circumstances(&self, client: &Client) -> Circumstances {
        let spot = self.reading(SPOT).and_then(|reading| reading.value.amount());
        Circumstances { skin: client.skin_type, spot }
    }

    /// Sets a value a person entered. What was carried stays beside it as the old one.
    pub fn enter(&mut self, field: &str, value: Value) {
        match self.readings.iter_mut().find(|reading| reading.field == field) {
            Some(reading) => {
                reading.value = value;
                reading.confirmed = true;
            }
            None => self.readings.push(Reading { field: field.to_owned(), value, carried: None, confirmed: true }),
        }
    }

    /// Takes a value out again: back to the carried one, unconfirmed, or to nothing.
    pub fn clear(&mut self, field: &str) {
        self.readings.retain_mut(|reading| {
            if reading.field != field {
                return true;
            }
            match &reading.carried {
                Some(carried) => {
                    reading.value = carried.value.clone();
                    reading.confirmed = false;
                    true
                }
                None => false,
            }
        });
    }

    /// Confirms every carried value as it stands.
    pub fn confirm_all(&mut self) {
        for reading in &mut self.readings {
            reading.confirmed = true;
        }
    }

    /// What is still open before it can be signed: words for the person charting, and the field they concern.
    pub fn open_points(&self, template: &Template) -> OpenPoints {
        OpenPoints {
            unconfirmed: self.readings.iter().filter(|reading| !reading.confirmed).count(),
            missing: template.fields.iter().filter(|field| field.required && self.reading(&field.key).is_none()).count(),
            beyond: self
                .readings
                .iter()
                .filter(|reading| {
                    let verdict = template.field(&reading.field).map(|field| field.judge(&reading.value, Circumstances::default()));
                    matches!(verdict, Some(Verdict::Beyond(_) | Verdict::Unfit))
                })
                .count(),
            no_area: self.areas.is_empty(),
        }
    }
}

/// What still keeps one treatment from being signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenPoints {
    pub unconfirmed: usize,
    pub missing: usize,
    pub beyond: usize,
    pub no_area: bool,
}

impl OpenPoints {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Record {
    /// Whether it may be signed as the record of `session`, seen apart from the rest of the chart.
    pub fn check(&self, session: SessionId, catalogue: &Catalogue) -> Result<(), Rejection> {
        if self.treatments.is_empty() || !self.treatments.iter().any(|t| t.counts_for == Some(session)) {
            return Err(Rejection::NothingTreated);
        }
        if self.treatments.len() > MOST_TREATMENTS {
            return Err(Rejection::TooMuch { what: "treatments".to_owned() });
        }
        for treatment in &self.treatments {
            treatment.check(catalogue)?;
        }
        let note = self.note.as_ref().map_or(0, |note| note.text.len());
        let adverse = self.response.adverse.as_ref().map_or(0, |event| event.text.len());
        let despite = self.despite.as_ref().map_or(0, String::len);
        if note.max(adverse).max(despite) > LONGEST_NOTE {
            return Err(Rejection::TooMuch { what: "text in one note".to_owned() });
        }
        if self.response.adverse.as_ref().is_some_and(|event| !(1..=5).contains(&event.grade)) {
            return Err(Rejection::Unfit { field: "Adverse event grade".to_owned() });
        }
        if self.note.as_ref().and_then(|note| note.change.as_ref()).is_some_and(|change| !change.by.is_sane() || change.by == Amount(0)) {
            return Err(Rejection::Unfit { field: "Change for next time".to_owned() });
        }
        Ok(())
    }
}

impl Treatment {
    fn check(&self, catalogue: &Catalogue) -> Result<(), Rejection> {
        let device = catalogue.device(self.device).ok_or(Rejection::UnknownDevice)?;
        device.handpiece(self.handpiece).ok_or(Rejection::UnknownDevice)?;
        let template = catalogue.template(self.template).ok_or(Rejection::UnknownTemplate)?;
        if self.areas.is_empty() {
            return Err(Rejection::NoArea { treatment: template.name.clone() });
        }
        for (i, treated) in self.areas.iter().enumerate() {
            let repeated = self.areas[..i].iter().any(|other| other.area == treated.area);
            if !treated.area.is_known() || repeated {
                return Err(Rejection::UnknownArea { area: treated.area.to_string() });
            }
            if treated.pulses.is_some_and(|pulses| pulses > MOST_PULSES) {
                return Err(Rejection::Unfit { field: format!("Pulses, {}", treated.area) });
            }
        }
        for (i, reading) in self.readings.iter().enumerate() {
            let field = template.field(&reading.field).ok_or_else(|| Rejection::Unfit { field: reading.field.clone() })?;
            if self.readings[..i].iter().any(|other| other.field == reading.field) {
                return Err(Rejection::Unfit { field: field.label.clone() });
            }
            reading.check(field)?;
        }
        match template.fields.iter().find(|field| field.required && self.reading(&field.key).is_none()) {
            Some(field) => Err(Rejection::Missing { field: field.label.clone() }),
            None => Ok(()),
        }
    }
}

impl Reading {
    fn check(&self, field: &Field) -> Result<(), Rejection> {
        match field.judge(&self.value, Circumstances::default()) {
            Verdict::Fine | Verdict::Unusual(_) if self.confirmed => Ok(()),
            Verdict::Fine | Verdict::Unusual(_) => Err(Rejection::Unconfirmed { field: field.label.clone() }),
            Verdict::Unfit => Err(Rejection::Unfit { field: field.label.clone() }),
            Verdict::Beyond(hard) => {
                let amount = self.value.amount().unwrap_or(hard.max);
                let limit = if amount > hard.max { hard.max } else { hard.min };
                Err(Rejection::BeyondLimit { field: field.label.clone(), unit: field.unit(), amount, limit })
            }
        }
    }
}
