//! A template as it is typed: every number is still text. Knows nothing of signals or pages.

use domain::{
    amount::{Amount, Unit},
    ids::TemplateId,
    skin::SkinType,
    template::{Field, FieldKind, NumberField, Range, SPOT, Template, UsualRange, key_from_label},
};

/// A template being edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateForm {
    pub name: String,
    pub source: String,
    pub fields: Vec<FieldForm>,
}

/// One field being edited. It holds the words of every kind, so that trying another kind loses none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldForm {
    /// `None` until the field is saved for the first time; then it never changes.
    pub key: Option<String>,
    pub label: String,
    pub required: bool,
    pub kind: Kind,
    pub unit: Unit,
    pub decimals: String,
    pub step: String,
    pub hard: Ends,
    pub usual: Vec<UsualForm>,
    /// One option a line. Not separated by commas: options may hold some (`Positive, withdrawn`).
    pub options: String,
}

/// What is entered for a range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    pub min: String,
    pub max: String,
}

/// One usual range being edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsualForm {
    /// `None`: from the lightest.
    pub from: Option<SkinType>,
    /// `None`: to the darkest.
    pub to: Option<SkinType>,
    /// Empty: at any spot size.
    pub spot: String,
    pub ends: Ends,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Choice,
    Text,
}

/// Something wrong in one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub part: Part,
    /// Lower case, without a full stop: `not a number`.
    pub words: String,
}

/// Which input of a field; usual ranges are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Label,
    Decimals,
    Step,
    Hard,
    Skin(usize),
    Spot(usize),
    Usual(usize),
    Options,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Number, Self::Choice, Self::Text];

    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "Number",
            Self::Choice => "Choice",
            Self::Text => "Text",
        }
    }
}

impl Part {
    fn name(self) -> String {
        match self {
            Self::Label => "label".to_owned(),
            Self::Decimals => "decimals".to_owned(),
            Self::Step => "step".to_owned(),
            Self::Hard => "hard limit".to_owned(),
            Self::Skin(i) => format!("skin types of usual range {}", i + 1),
            Self::Spot(i) => format!("spot of usual range {}", i + 1),
            Self::Usual(i) => format!("usual range {}", i + 1),
            Self::Options => "options".to_owned(),
        }
    }
}

impl Fault {
    fn new(part: Part, words: impl Into<String>) -> Self {
        Self { part, words: words.into() }
    }

    /// As it stands beside the field: `Step: not a number.`
    pub fn sentence(&self) -> String {
        let name = self.part.name();
        let mut letters = name.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        format!("{}{}: {}.", first.into_iter().collect::<String>(), letters.as_str(), self.words)
    }
}

impl Ends {
    fn of(range: Range) -> Self {
        Self { min: range.min.to_string(), max: range.max.to_string() }
    }

    fn is_blank(&self) -> bool {
        self.min.trim().is_empty() && self.max.trim().is_empty()
    }

    /// Limits may be finer than what is entered: a field without decimals may be limited to 0.5–10.
    fn range(&self) -> Result<Range, String> {
        if self.min.trim().is_empty() || self.max.trim().is_empty() {
            return Err("enter both ends".to_owned());
        }
        let end = |text: &str| amount(text, 3).map_err(|words| format!("“{}” is {words}", text.trim()));
        let range = Range { min: end(&self.min)?, max: end(&self.max)? };
        if range.min > range.max { Err("the first number lies above the second".to_owned()) } else { Ok(range) }
    }
}

impl UsualForm {
    fn of(usual: &UsualRange) -> Self {
        Self {
            from: usual.skin.map(|(from, _)| from),
            to: usual.skin.map(|(_, to)| to),
            spot: usual.spot.map(|spot| spot.to_string()).unwrap_or_default(),
            ends: Ends::of(usual.range),
        }
    }

    fn read(&self, i: usize, hard: Option<Range>, faults: &mut Vec<Fault>) -> Option<UsualRange> {
        let before = faults.len();
        let skin = match (self.from, self.to) {
            (None, None) => None,
            (from, to) => Some((from.unwrap_or(SkinType::I), to.unwrap_or(SkinType::VI))),
        };
        if skin.is_some_and(|(from, to)| from > to) {
            faults.push(Fault::new(Part::Skin(i), "the first lies above the second"));
        }
        let spot = match self.spot.trim() {
            "" => None,
            text => amount(text, 3).map_err(|words| faults.push(Fault::new(Part::Spot(i), words))).ok(),
        };
        let range = self.ends.range().map_err(|words| faults.push(Fault::new(Part::Usual(i), words))).ok()?;
        if let Some(hard) = hard.filter(|hard| !hard.contains(range.min) || !hard.contains(range.max)) {
            faults.push(Fault::new(Part::Usual(i), format!("reaches beyond the hard limit {}–{}", hard.min, hard.max)));
        }
        (faults.len() == before).then_some(UsualRange { skin, spot, range })
    }
}

impl FieldForm {
    /// A field just added.
    pub fn blank() -> Self {
        Self {
            key: None,
            label: String::new(),
            required: false,
            kind: Kind::Number,
            unit: Unit::None,
            decimals: "0".to_owned(),
            step: "1".to_owned(),
            hard: Ends::default(),
            usual: Vec::new(),
            options: String::new(),
        }
    }

    fn of(field: &Field) -> Self {
        let form = Self { key: Some(field.key.clone()), label: field.label.clone(), required: field.required, ..Self::blank() };
        match &field.kind {
            FieldKind::Number(number) => Self {
                unit: number.unit,
                decimals: number.decimals.to_string(),
                step: number.step.to_string(),
                hard: number.hard.map(Ends::of).unwrap_or_default(),
                usual: number.usual.iter().map(UsualForm::of).collect(),
                ..form
            },
            FieldKind::Choice { options } => Self { kind: Kind::Choice, options: options.join("\n"), ..form },
            FieldKind::Text => Self { kind: Kind::Text, ..form },
        }
    }

    /// What is wrong with it, taken by itself.
    pub fn faults(&self) -> Vec<Fault> {
        self.read().err().unwrap_or_default()
    }

    fn read(&self) -> Result<FieldKind, Vec<Fault>> {
        let mut faults = Vec::new();
        if self.label.trim().is_empty() {
            faults.push(Fault::new(Part::Label, "enter what stands beside the field"));
        }
        let kind = match self.kind {
            Kind::Number => self.number(&mut faults).map(FieldKind::Number),
            Kind::Choice => self.choice(&mut faults),
            Kind::Text => Some(FieldKind::Text),
        };
        kind.filter(|_| faults.is_empty()).ok_or(faults)
    }

    fn number(&self, faults: &mut Vec<Fault>) -> Option<NumberField> {
        let decimals = self.decimals.trim().parse::<u8>().ok().filter(|decimals| *decimals <= 3);
        if decimals.is_none() {
            faults.push(Fault::new(Part::Decimals, "enter 0, 1, 2 or 3"));
        }
        // A step finer than the field would make values that the field refuses.
        let step = match amount(&self.step, decimals.unwrap_or(3)) {
            Ok(step) if step > Amount(0) => Some(step),
            Ok(_) => {
                faults.push(Fault::new(Part::Step, "enter a number above zero"));
                None
            }
            Err(words) => {
                faults.push(Fault::new(Part::Step, words));
                None
            }
        };
        let hard = match self.hard.is_blank() {
            true => None,
            false => self.hard.range().map_err(|words| faults.push(Fault::new(Part::Hard, words))).ok(),
        };
        let mut usual = Vec::new();
        for (i, form) in self.usual.iter().enumerate() {
            usual.extend(form.read(i, hard, faults));
        }
        Some(NumberField { unit: self.unit, decimals: decimals?, step: step?, usual, hard })
    }

    fn choice(&self, faults: &mut Vec<Fault>) -> Option<FieldKind> {
        let mut options: Vec<String> = Vec::new();
        for option in self.options.lines().map(str::trim).filter(|option| !option.is_empty()) {
            if options.iter().any(|other| other == option) {
                faults.push(Fault::new(Part::Options, format!("“{option}” stands there twice")));
            }
            options.push(option.to_owned());
        }
        if options.is_empty() {
            faults.push(Fault::new(Part::Options, "enter at least one"));
        }
        Some(FieldKind::Choice { options })
    }
}

impl TemplateForm {
    /// The template as it can be typed over.
    pub fn of(template: &Template) -> Self {
        Self { name: template.name.clone(), source: template.source.clone(), fields: template.fields.iter().map(FieldForm::of).collect() }
    }

    /// The template that was typed, or all that is wrong with it, each with the field's name.
    pub fn read(&self, id: TemplateId, version: u32) -> Result<Template, Vec<String>> {
        let mut faults = Vec::new();
        let mut fields = Vec::new();
        let keys = self.keys();
        for (i, (form, key)) in self.fields.iter().zip(keys).enumerate() {
            match form.read() {
                Ok(kind) => fields.push(Field { key, label: form.label.trim().to_owned(), required: form.required, kind }),
                Err(wrong) => faults.extend(wrong.iter().map(|fault| {
                    let name = if form.label.trim().is_empty() { format!("Field {}", i + 1) } else { form.label.trim().to_owned() };
                    format!("{name}, {}: {}.", fault.part.name(), fault.words)
                })),
            }
        }
        let template = Template { id, version, name: self.name.trim().to_owned(), fields, source: self.source.trim().to_owned() };
        if faults.is_empty() {
            faults = template.faults();
            faults.extend(ranges_without_a_spot(&template));
        } else if template.name.is_empty() {
            faults.insert(0, "The template needs a name.".to_owned());
        }
        if faults.is_empty() { Ok(template) } else { Err(faults) }
    }

    /// The same form once `saved` is saved: its fields have their keys now.
    pub fn with_keys_of(mut self, saved: &Template) -> Self {
        for (form, field) in self.fields.iter_mut().zip(&saved.fields) {
            form.key = Some(field.key.clone());
        }
        self
    }

    /// Each field's key: its own for good, or one made from its label that no other field has.
    fn keys(&self) -> Vec<String> {
        let mut taken: Vec<String> = self.fields.iter().filter_map(|field| field.key.clone()).collect();
        let mut keys = Vec::new();
        for field in &self.fields {
            let key = field.key.clone().unwrap_or_else(|| {
                let key = unique_key(&field.label, &taken);
                taken.push(key.clone());
                key
            });
            keys.push(key);
        }
        keys
    }
}

/// Such a range would never hold, and so never warn, without anybody noticing.
fn ranges_without_a_spot(template: &Template) -> Option<String> {
    if template.field(SPOT).is_some() {
        return None;
    }
    let depends = |field: &&Field| field.number().is_some_and(|number| number.usual.iter().any(|usual| usual.spot.is_some()));
    let field = template.fields.iter().find(depends)?;
    Some(format!("{}: a usual range depends on the spot, but there is no field called Spot. Add one, or empty the spot.", field.label))
}

fn unique_key(label: &str, taken: &[String]) -> String {
    let base = match key_from_label(label) {
        // A label in another script.
        key if key.is_empty() => "field".to_owned(),
        key => key,
    };
    let is_free = |key: &String| !taken.contains(key);
    let numbered = || (2..=taken.len() + 2).map(|n| format!("{base}-{n}")).find(is_free);
    Some(base.clone()).filter(is_free).or_else(numbered).unwrap_or(base)
}

fn amount(text: &str, decimals: u8) -> Result<Amount, String> {
    Amount::parse(text, decimals).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> TemplateId {
        TemplateId(uuid::Uuid::nil())
    }

    fn range(min: i64, max: i64) -> Range {
        Range { min: Amount(min), max: Amount(max) }
    }

    fn field(key: &str, label: &str, kind: FieldKind) -> Field {
        Field { key: key.into(), label: label.into(), required: key == "fluence", kind }
    }

    fn number(usual: Vec<UsualRange>, hard: Option<Range>) -> FieldKind {
        FieldKind::Number(NumberField { unit: Unit::JoulePerSquareCentimetre, decimals: 1, step: Amount(500), usual, hard })
    }

    fn template() -> Template {
        let usual = vec![
            UsualRange { skin: Some((SkinType::III, SkinType::IV)), spot: Some(Amount(12_000)), range: range(10_000, 16_500) },
            UsualRange { skin: None, spot: None, range: range(-4_000, 20_000) },
        ];
        let options = vec!["Positive, withdrawn".into(), "Not done".into()];
        Template {
            id: id(),
            version: 2,
            name: "Alexandrite 755 nm".into(),
            source: "The manual, looked up 2026".into(),
            fields: vec![
                field("fluence", "Fluence", number(usual, Some(range(-5_350, 40_000)))),
                field(SPOT, "Spot", number(vec![], None)),
                field("aspiration", "Aspiration", FieldKind::Choice { options }),
                field("lot", "Lot", FieldKind::Text),
            ],
        }
    }

    #[test]
    fn what_was_saved_reads_back_the_same() {
        let template = template();
        assert_eq!(TemplateForm::of(&template).read(id(), 2), Ok(template));
    }

    #[test]
    fn a_bad_number_is_told_with_the_name_of_its_field() {
        let mut form = TemplateForm::of(&template());
        form.fields[0].step = "1.25".into();
        form.fields[0].hard.max = "4o".into();
        form.fields[0].usual[1].ends.min = String::new();
        form.fields[1].decimals = "4".into();
        let faults = form.read(id(), 2).expect_err("four bad numbers");
        assert_eq!(
            faults,
            [
                "Fluence, step: more decimals than this field has.",
                "Fluence, hard limit: “4o” is not a number.",
                "Fluence, usual range 2: enter both ends.",
                "Spot, decimals: enter 0, 1, 2 or 3.",
            ]
        );
        let marks: Vec<_> = form.fields[0].faults().iter().map(Fault::sentence).collect();
        assert_eq!(marks[0], "Step: more decimals than this field has.");
    }

    #[test]
    fn a_usual_range_beyond_the_hard_limit_is_marked_at_the_range() {
        let mut form = TemplateForm::of(&template());
        form.fields[0].usual[0].ends.max = "41".into();
        form.fields[0].usual[0].from = Some(SkinType::V);
        let parts: Vec<_> = form.fields[0].faults().iter().map(|fault| fault.part).collect();
        assert_eq!(parts, [Part::Skin(0), Part::Usual(0)]);
    }

    #[test]
    fn new_keys_are_unique_and_old_ones_stay() {
        let mut form = TemplateForm::of(&template());
        form.fields[0].label = "Energy density".into();
        let named = |label: &str| FieldForm { label: label.into(), kind: Kind::Text, ..FieldForm::blank() };
        form.fields.splice(0..0, [named("Fluence"), named("Pulse width"), named("Pulse width"), named("波长")]);
        let saved = form.read(id(), 2).expect("a template without faults");
        let keys: Vec<_> = saved.fields.iter().map(|field| field.key.as_str()).collect();
        assert_eq!(keys, ["fluence-2", "pulse-width", "pulse-width-2", "field", "fluence", SPOT, "aspiration", "lot"]);
        let kept = form.with_keys_of(&saved);
        assert_eq!(kept.fields[1].key.as_deref(), Some("pulse-width"));
    }

    #[test]
    fn a_range_by_spot_needs_a_spot() {
        let mut form = TemplateForm::of(&template());
        form.fields.remove(1);
        let faults = form.read(id(), 2).expect_err("no spot");
        assert!(faults[0].starts_with("Fluence: a usual range depends on the spot"), "{faults:?}");
    }

    #[test]
    fn nothing_typed_is_told() {
        let faults = TemplateForm::default().read(id(), 0).expect_err("nothing typed");
        assert_eq!(faults, ["The template needs a name.", "A template needs at least one field."]);
        let form = TemplateForm { fields: vec![FieldForm::blank()], ..TemplateForm::default() };
        let faults = form.read(id(), 0).expect_err("no label");
        assert_eq!(faults, ["The template needs a name.", "Field 1, label: enter what stands beside the field."]);
    }

    #[test]
    fn an_open_skin_range_reaches_to_the_end() {
        let mut form = TemplateForm::of(&template());
        form.fields[0].usual[0].to = None;
        let saved = form.read(id(), 2).expect("a template without faults");
        let number = saved.fields[0].number().expect("a number");
        assert_eq!(number.usual[0].skin, Some((SkinType::III, SkinType::VI)));
    }
}
