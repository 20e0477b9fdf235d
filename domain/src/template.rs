//! Which fields a modality has, in which units, and within which limits.
//!
//! A template is data the clinic edits. Every saved edit is a new version; a session keeps the version
//! it was recorded with and is shown with it for ever.

use crate::{
    amount::{Amount, Unit},
    ids::TemplateId,
    skin::SkinType,
};
use serde::{Deserialize, Serialize};

/// One version of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub id: TemplateId,
    /// Counts from 1.
    pub version: u32,
    pub name: String,
    pub fields: Vec<Field>,
    /// Where the ranges come from, and when they were looked up.
    pub source: String,
}

/// Names one version of one template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TemplateVersion {
    pub id: TemplateId,
    pub version: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Stays the same over all versions: carry-forward follows it. Lower case, digits, hyphens.
    pub key: String,
    pub label: String,
    /// A session cannot be signed without it.
    pub required: bool,
    pub kind: FieldKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    Number(NumberField),
    Choice { options: Vec<String> },
    Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberField {
    pub unit: Unit,
    /// Digits after the point, 0–3.
    pub decimals: u8,
    /// What one tap on the stepper adds.
    pub step: Amount,
    /// Outside of these the chart warns. The first that fits the client and the spot holds.
    pub usual: Vec<UsualRange>,
    /// From the manual of the clinic's own device: outside of it nothing can be signed.
    pub hard: Option<Range>,
}

/// Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub min: Amount,
    pub max: Amount,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsualRange {
    /// Only for skin types from the first to the second.
    pub skin: Option<(SkinType, SkinType)>,
    /// Only at this spot size.
    pub spot: Option<Amount>,
    pub range: Range,
}

/// What was entered for one field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    Number(Amount),
    Choice(String),
    Text(String),
}

/// The key of the field that tells the spot size; usual ranges may depend on it.
pub const SPOT: &str = "spot";

/// Longest text in one reading.
pub const LONGEST_TEXT: usize = 500;

/// How a value stands against its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    /// Outside the usual range: a warning.
    Unusual(Range),
    /// Beyond the hard limit: refused.
    Beyond(Range),
    /// Not something this field can hold.
    Unfit,
}

/// What the usual range may depend on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances {
    pub skin: Option<SkinType>,
    pub spot: Option<Amount>,
}

impl Range {
    pub fn contains(&self, amount: Amount) -> bool {
        self.min <= amount && amount <= self.max
    }
}

impl Template {
    pub fn reference(&self) -> TemplateVersion {
        TemplateVersion { id: self.id, version: self.version }
    }

    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// What is wrong with it, in words for the person who edits it; empty when it can be saved.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push("The template needs a name.".to_owned());
        }
        if self.fields.is_empty() {
            faults.push("A template needs at least one field.".to_owned());
        }
        for (i, field) in self.fields.iter().enumerate() {
            let name = if field.label.trim().is_empty() { format!("Field {}", i + 1) } else { field.label.clone() };
            if field.label.trim().is_empty() {
                faults.push(format!("{name} needs a label."));
            }
            let key_fits = !field.key.is_empty() && field.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !key_fits || self.fields[..i].iter().any(|other| other.key == field.key) {
                faults.push(format!("{name} needs a label of its own."));
            }
            match &field.kind {
                FieldKind::Number(number) => faults.extend(number.faults(&name)),
                FieldKind::Choice { options } if options.iter().all(|option| option.trim().is_empty()) => {
                    faults.push(format!("{name} needs at least one option."));
                }
                FieldKind::Choice { .. } | FieldKind::Text => {}
            }
        }
        faults
    }
}

impl NumberField {
    /// The usual range that holds under these circumstances.
    pub fn usual_range(&self, circumstances: Circumstances) -> Option<Range> {
        let fits = |usual: &&UsualRange| {
            let skin_fits = usual.skin.is_none_or(|(from, to)| circumstances.skin.is_some_and(|skin| from <= skin && skin <= to));
            let spot_fits = usual.spot.is_none_or(|spot| circumstances.spot == Some(spot));
            skin_fits && spot_fits
        };
        self.usual.iter().find(fits).map(|usual| usual.range)
    }

    fn faults(&self, name: &str) -> Vec<String> {
        let mut faults = Vec::new();
        if self.decimals > 3 {
            faults.push(format!("{name} can have three decimals at most."));
        }
        if self.step <= Amount(0) {
            faults.push(format!("{name} needs a step above zero."));
        }
        if self.hard.is_some_and(|hard| hard.min > hard.max) {
            faults.push(format!("{name}: the lower hard limit lies above the upper one."));
        }
        for usual in &self.usual {
            if usual.range.min > usual.range.max {
                faults.push(format!("{name}: the usual range runs backwards."));
            }
            if self.hard.is_some_and(|hard| !hard.contains(usual.range.min) || !hard.contains(usual.range.max)) {
                faults.push(format!("{name}: the usual range reaches beyond the hard limit."));
            }
        }
        faults
    }
}

impl Field {
    pub fn number(&self) -> Option<&NumberField> {
        match &self.kind {
            FieldKind::Number(number) => Some(number),
            FieldKind::Choice { .. } | FieldKind::Text => None,
        }
    }

    pub fn unit(&self) -> Unit {
        self.number().map_or(Unit::None, |number| number.unit)
    }

    pub fn judge(&self, value: &Value, circumstances: Circumstances) -> Verdict {
        match (&self.kind, value) {
            (FieldKind::Number(number), Value::Number(amount)) => {
                let grain = 10_i64.pow(3 - u32::from(number.decimals.min(3)));
                if !amount.is_sane() || amount.0 % grain != 0 {
                    return Verdict::Unfit;
                }
                if let Some(hard) = number.hard.filter(|hard| !hard.contains(*amount)) {
                    return Verdict::Beyond(hard);
                }
                match number.usual_range(circumstances).filter(|usual| !usual.contains(*amount)) {
                    Some(usual) => Verdict::Unusual(usual),
                    None => Verdict::Fine,
                }
            }
            (FieldKind::Choice { options }, Value::Choice(choice)) if options.contains(choice) => Verdict::Fine,
            (FieldKind::Text, Value::Text(text)) if !text.trim().is_empty() && text.len() <= LONGEST_TEXT => Verdict::Fine,
            _ => Verdict::Unfit,
        }
    }
}

impl Value {
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Self::Number(amount) => Some(*amount),
            Self::Choice(_) | Self::Text(_) => None,
        }
    }

    /// As shown, with its unit.
    pub fn show(&self, unit: Unit) -> String {
        match self {
            Self::Number(amount) => unit.with(*amount),
            Self::Choice(text) | Self::Text(text) => text.clone(),
        }
    }
}

/// A key for a field that gets its first version: `Pulse width` becomes `pulse-width`.
pub fn key_from_label(label: &str) -> String {
    let mut key = String::new();
    for c in label.trim().chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    key.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fluence() -> Field {
        let usual = |from, to, spot, min, max| UsualRange {
            skin: Some((from, to)),
            spot: Some(Amount::whole(spot)),
            range: Range { min: Amount::whole(min), max: Amount::whole(max) },
        };
        Field {
            key: "fluence".into(),
            label: "Fluence".into(),
            required: true,
            kind: FieldKind::Number(NumberField {
                unit: Unit::JoulePerSquareCentimetre,
                decimals: 1,
                step: Amount::whole(1),
                usual: vec![usual(SkinType::III, SkinType::III, 12, 18, 30), usual(SkinType::III, SkinType::III, 18, 10, 16)],
                hard: Some(Range { min: Amount::whole(1), max: Amount::whole(60) }),
            }),
        }
    }

    #[test]
    fn two_hundred_for_twenty_is_refused_and_the_spot_moves_the_usual_range() {
        let at = |spot| Circumstances { skin: Some(SkinType::III), spot: Some(Amount::whole(spot)) };
        let judge = |n, c| fluence().judge(&Value::Number(Amount::whole(n)), c);
        assert_eq!(judge(20, at(12)), Verdict::Fine);
        assert!(matches!(judge(20, at(18)), Verdict::Unusual(_)));
        assert!(matches!(judge(200, at(12)), Verdict::Beyond(hard) if hard.max == Amount::whole(60)));
        assert_eq!(judge(20, Circumstances::default()), Verdict::Fine);
        assert_eq!(fluence().judge(&Value::Number(Amount(20_050)), at(12)), Verdict::Unfit);
        assert_eq!(fluence().judge(&Value::Text("20".into()), at(12)), Verdict::Unfit);
    }

    #[test]
    fn faults_are_told() {
        let mut template = Template {
            id: TemplateId(uuid::Uuid::nil()),
            version: 1,
            name: "Alexandrite".into(),
            fields: vec![fluence()],
            source: String::new(),
        };
        assert_eq!(template.faults(), Vec::<String>::new());
        template.fields.push(fluence());
        assert_eq!(template.faults().len(), 1);
        assert_eq!(key_from_label(" Pulse width (ms) "), "pulse-width-ms");
    }
}
