//! What the chart's page shows, worked out from the record: plain data, tested without a browser.

use domain::{
    amount::{Amount, Unit},
    catalogue::Catalogue,
    chart::Chart,
    ids::SessionId,
    record::{Reading, Record, Treatment},
    template::{Circumstances, Field, Range, Template, Value, Verdict},
};

/// One line of the readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingLine {
    pub field: String,
    pub label: String,
    pub unit: Unit,
    /// What stands there now, without its unit; `None` when nothing was read yet.
    pub value: Option<String>,
    /// What it was last time, where it differs.
    pub was: Option<String>,
    /// `session 4 · 10 Oct · A. Osei`
    pub from: String,
    pub confirmed: bool,
    pub required: bool,
    pub is_number: bool,
    pub say: Option<Say>,
}

/// A remark on a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    Warn(String),
    Refuse(String),
}

impl ReadingLine {
    pub fn class(&self) -> String {
        let state = match (&self.value, self.confirmed, &self.was) {
            (None, ..) => "is-empty",
            (Some(_), _, Some(_)) => "is-changed",
            (Some(_), true, None) => "is-confirmed",
            (Some(_), false, None) => "is-carried",
        };
        let say = match &self.say {
            Some(Say::Warn(_)) => " is-warn",
            Some(Say::Refuse(_)) => " is-refused",
            None => "",
        };
        format!("reading {state}{say}")
    }

    pub fn is_refused(&self) -> bool {
        matches!(self.say, Some(Say::Refuse(_)))
    }
}

/// The lines of one treatment, in the template's order.
pub fn reading_lines(treatment: &Treatment, template: &Template, chart: &Chart, catalogue: &Catalogue) -> Vec<ReadingLine> {
    let circumstances = treatment.circumstances(&chart.client);
    template.fields.iter().map(|field| reading_line(field, treatment.reading(&field.key), circumstances, chart, catalogue)).collect()
}

fn reading_line(
    field: &Field,
    reading: Option<&Reading>,
    circumstances: Circumstances,
    chart: &Chart,
    catalogue: &Catalogue,
) -> ReadingLine {
    let from = match reading.map(|reading| &reading.carried) {
        None => "not read yet".to_owned(),
        Some(None) => "entered now".to_owned(),
        Some(Some(carried)) => provenance(chart, catalogue, carried.session),
    };
    ReadingLine {
        field: field.key.clone(),
        label: field.label.clone(),
        unit: field.unit(),
        value: reading.map(|reading| reading.value.show(Unit::None)),
        was: reading.filter(|reading| reading.is_changed()).and_then(|reading| Some(reading.carried.as_ref()?.value.show(Unit::None))),
        from,
        confirmed: reading.is_some_and(|reading| reading.confirmed),
        required: field.required,
        is_number: field.number().is_some(),
        say: reading.and_then(|reading| remark(field, &reading.value, circumstances)),
    }
}

/// `session 4 · 10 Oct · A. Osei`
pub fn provenance(chart: &Chart, catalogue: &Catalogue, session: SessionId) -> String {
    let Some(session) = chart.session(session) else { return "an earlier session".to_owned() };
    match &session.signed {
        Some(signed) => {
            let day = catalogue.clock.day(signed.at).short();
            format!("session {} · {day} · {}", session.number, catalogue.staff_name(signed.by))
        }
        None => format!("session {}", session.number),
    }
}

/// What is to be said about a value, if anything.
pub fn remark(field: &Field, value: &Value, circumstances: Circumstances) -> Option<Say> {
    let unit = field.unit();
    match (field.judge(value, circumstances), value) {
        (Verdict::Fine, _) => None,
        (Verdict::Unusual(usual), Value::Number(amount)) => {
            let side = if *amount > usual.max { "Above" } else { "Below" };
            let skin = circumstances.skin.map_or_else(String::new, |skin| format!(" for type {}", skin.label()));
            Some(Say::Warn(format!("{side} usual {}{skin}", span(usual, unit))))
        }
        (Verdict::Beyond(hard), Value::Number(amount)) if *amount > hard.max => {
            Some(Say::Refuse(format!("Over the hard limit of {}. Cannot be signed.", unit.with(hard.max))))
        }
        (Verdict::Beyond(hard), _) => Some(Say::Refuse(format!("Under the hard limit of {}. Cannot be signed.", unit.with(hard.min)))),
        (Verdict::Unusual(_) | Verdict::Unfit, _) => Some(Say::Refuse("Does not fit this field. Cannot be signed.".to_owned())),
    }
}

/// `10–16 J/cm²`
pub fn span(range: Range, unit: Unit) -> String {
    format!("{}–{}", range.min, unit.with(range.max))
}

/// Something that still keeps the session from being signed, and where on the page it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    pub text: String,
    /// Position of the treatment concerned.
    pub treatment: Option<usize>,
    /// Id of the section to jump to.
    pub section: &'static str,
}

/// All that is still open, in the order of the page.
pub fn open_items(record: &Record, session: SessionId, catalogue: &Catalogue) -> Vec<OpenItem> {
    let mut items = Vec::new();
    if record.treatments.is_empty() {
        return vec![OpenItem { text: "No treatment yet".to_owned(), treatment: None, section: "treatments" }];
    }
    for (position, treatment) in record.treatments.iter().enumerate() {
        let Some(template) = catalogue.template(treatment.template) else { continue };
        let points = treatment.open_points(template);
        let mut open = |text: String, section| items.push(OpenItem { text, treatment: Some(position), section });
        if points.unconfirmed > 0 {
            open(format!("{} unconfirmed", count(points.unconfirmed, "reading")), "readings");
        }
        if points.missing > 0 {
            open(format!("{} missing", count(points.missing, "reading")), "readings");
        }
        if points.beyond > 0 {
            open(format!("{} refused", count(points.beyond, "reading")), "readings");
        }
        if points.no_area {
            open("Areas missing".to_owned(), "areas");
        }
    }
    if !record.treatments.iter().any(|treatment| treatment.counts_for == Some(session)) {
        let text = "No treatment counts for this session".to_owned();
        items.push(OpenItem { text, treatment: Some(0), section: "treatments" });
    }
    items
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// `Clarity II · 755 nm · Cheek L+R`: a treatment's tab.
pub fn treatment_title(treatment: &Treatment, catalogue: &Catalogue) -> String {
    let device = catalogue.device(treatment.device);
    let model = device.map_or("Device", |device| device.model.as_str());
    let handpiece = device.and_then(|device| device.handpiece(treatment.handpiece)).map_or("", |handpiece| handpiece.name.as_str());
    let areas = domain::area::summary(treatment.areas.iter().map(|treated| &treated.area));
    [model, handpiece, &areas].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The range drawn behind the keypad: from the hard limits, or around what is usual and was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    pub whole: Range,
    pub usual: Option<Range>,
    pub has_limits: bool,
}

impl Scale {
    pub fn of(field: &Field, circumstances: Circumstances, last: Option<Amount>) -> Option<Self> {
        let number = field.number()?;
        let usual = number.usual_range(circumstances);
        let whole = match (number.hard, usual, last) {
            (Some(hard), ..) => hard,
            (None, Some(usual), _) => {
                let margin = Amount((usual.max.0 - usual.min.0).max(number.step.0));
                Range { min: usual.min.plus(Amount(-margin.0)), max: usual.max.plus(margin) }
            }
            (None, None, _) => return None,
        };
        Some(Self { whole, usual, has_limits: number.hard.is_some() })
    }

    /// Where an amount lies, in percent of the bar.
    pub fn percent(&self, amount: Amount) -> f64 {
        let (min, width) = (self.whole.min.0, (self.whole.max.0 - self.whole.min.0).max(1));
        let offset = (amount.0 - min).clamp(0, width);
        // Thousandths of a unit within a few thousand units: exact in a double.
        #[expect(clippy::cast_precision_loss, reason = "for drawing")]
        let percent = offset as f64 * 100.0 / width as f64;
        percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        hours::OpeningHours,
        ids::{DeviceId, HandpieceId, TemplateId},
        record::Carried,
        skin::SkinType,
        template::{FieldKind, NumberField, TemplateVersion, UsualRange},
        time::ClinicClock,
    };
    use uuid::Uuid;

    fn field() -> Field {
        let range = |min, max| Range { min: Amount::whole(min), max: Amount::whole(max) };
        Field {
            key: "fluence".into(),
            label: "Fluence".into(),
            required: true,
            kind: FieldKind::Number(NumberField {
                unit: Unit::JoulePerSquareCentimetre,
                decimals: 1,
                step: Amount::whole(1),
                usual: vec![UsualRange { skin: None, spot: None, range: range(10, 16) }],
                hard: Some(range(1, 40)),
            }),
        }
    }

    fn treatment(readings: Vec<Reading>) -> Treatment {
        Treatment {
            counts_for: Some(SessionId(Uuid::from_u128(1))),
            procedure: None,
            device: DeviceId(Uuid::nil()),
            handpiece: HandpieceId(Uuid::nil()),
            template: TemplateVersion { id: TemplateId(Uuid::nil()), version: 1 },
            readings,
            areas: vec![],
        }
    }

    fn catalogue() -> Catalogue {
        Catalogue {
            clinic: domain::ids::ClinicId(Uuid::nil()),
            name: String::new(),
            currency: "USD".into(),
            clock: ClinicClock { zone: "UTC".into(), offsets: vec![] },
            hours: OpeningHours::default(),
            staff: vec![],
            devices: vec![],
            templates: vec![Template {
                id: TemplateId(Uuid::nil()),
                version: 1,
                name: "Alexandrite".into(),
                fields: vec![field()],
                source: String::new(),
            }],
            packages: vec![],
            rooms: vec![],
            consent_forms: vec![],
            spacing: vec![],
            view_sets: vec![],
            maintenance_percent: 15,
        }
    }

    #[test]
    fn warns_and_refuses_in_words_that_name_the_limit() {
        let circumstances = Circumstances { skin: Some(SkinType::III), spot: None };
        let say = |n| remark(&field(), &Value::Number(Amount::whole(n)), circumstances);
        assert_eq!(say(12), None);
        assert_eq!(say(20), Some(Say::Warn("Above usual 10–16 J/cm² for type III".into())));
        assert_eq!(say(200), Some(Say::Refuse("Over the hard limit of 40 J/cm². Cannot be signed.".into())));
        assert_eq!(say(0), Some(Say::Refuse("Under the hard limit of 1 J/cm². Cannot be signed.".into())));
    }

    #[test]
    fn says_what_is_still_open_and_where() {
        let session = SessionId(Uuid::from_u128(1));
        let texts = |record: &Record| open_items(record, session, &catalogue()).into_iter().map(|item| item.text).collect::<Vec<_>>();
        assert_eq!(texts(&Record::default()), ["No treatment yet"]);
        let value = Value::Number(Amount::whole(12));
        let carried = Some(Carried { session, value: value.clone() });
        let reading = Reading { field: "fluence".into(), value, carried, confirmed: false };
        let mut record = Record { treatments: vec![treatment(vec![reading])], ..Record::default() };
        assert_eq!(texts(&record), ["1 reading unconfirmed", "Areas missing"]);
        record.treatments[0].enter("fluence", Value::Number(Amount::whole(200)));
        assert_eq!(texts(&record), ["1 reading refused", "Areas missing"]);
        record.treatments[0].readings.clear();
        record.treatments[0].counts_for = None;
        assert_eq!(texts(&record), ["1 reading missing", "Areas missing", "No treatment counts for this session"]);
    }

    #[test]
    fn the_scale_spans_the_hard_limits() {
        let scale = Scale::of(&field(), Circumstances::default(), None).unwrap();
        assert!(scale.has_limits);
        assert_eq!(scale.percent(Amount::whole(1)), 0.0);
        assert_eq!(scale.percent(Amount::whole(400)), 100.0);
    }
}
