//! Words in which the templates are written down, so that they read like a catalogue.

use domain::{
    amount::{Amount, Unit},
    skin::SkinType,
    template::{Field, FieldKind, NumberField, Range, UsualRange},
};

/// A field that must be filled in before signing.
pub fn required(mut field: Field) -> Field {
    field.required = true;
    field
}

/// A number without decimals, stepped by one.
pub fn number(key: &str, label: &str, unit: Unit) -> Field {
    decimal(key, label, unit, 0, "1")
}

/// A number with decimals and its stepper's step.
pub fn decimal(key: &str, label: &str, unit: Unit, decimals: u8, step: &str) -> Field {
    field(key, label, FieldKind::Number(NumberField { unit, decimals, step: amount(step), usual: Vec::new(), hard: None }))
}

pub fn choice(key: &str, label: &str, options: &[&str]) -> Field {
    field(key, label, FieldKind::Choice { options: options.iter().map(|option| (*option).to_owned()).collect() })
}

pub fn text(key: &str, label: &str) -> Field {
    field(key, label, FieldKind::Text)
}

fn field(key: &str, label: &str, kind: FieldKind) -> Field {
    Field { key: key.to_owned(), label: label.to_owned(), required: false, kind }
}

/// Limits, written behind a number field.
pub trait Limits {
    /// Outside of these the chart refuses.
    fn hard(self, min: &str, max: &str) -> Self;
    /// Outside of these it warns, whoever is treated and with whatever spot.
    fn usual(self, min: &str, max: &str) -> Self;
    /// For some skin types only.
    fn usual_for(self, skin: (SkinType, SkinType), min: &str, max: &str) -> Self;
    /// For some skin types at one spot size.
    fn usual_at(self, spot: &str, skin: (SkinType, SkinType), min: &str, max: &str) -> Self;
}

impl Limits for Field {
    fn hard(mut self, min: &str, max: &str) -> Self {
        if let FieldKind::Number(number) = &mut self.kind {
            number.hard = Some(range(min, max));
        }
        self
    }

    fn usual(self, min: &str, max: &str) -> Self {
        with_usual(self, UsualRange { skin: None, spot: None, range: range(min, max) })
    }

    fn usual_for(self, skin: (SkinType, SkinType), min: &str, max: &str) -> Self {
        with_usual(self, UsualRange { skin: Some(skin), spot: None, range: range(min, max) })
    }

    fn usual_at(self, spot: &str, skin: (SkinType, SkinType), min: &str, max: &str) -> Self {
        with_usual(self, UsualRange { skin: Some(skin), spot: Some(amount(spot)), range: range(min, max) })
    }
}

fn with_usual(mut field: Field, usual: UsualRange) -> Field {
    if let FieldKind::Number(number) = &mut field.kind {
        number.usual.push(usual);
    }
    field
}

fn range(min: &str, max: &str) -> Range {
    Range { min: amount(min), max: amount(max) }
}

/// Numbers are written as on the device's display.
fn amount(text: &str) -> Amount {
    Amount::parse(text, 3).expect("a number in the demo's tables")
}
