//! Readings are fixed-point numbers of a named unit: never a bare float, never a number alone.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number in thousandths of its field's unit: 18 J/cm² is `Amount(18_000)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

/// Beyond this nothing on a device's display means anything; it also keeps sums from overflowing.
const LARGEST: i64 = 999_999_999;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("not a number")]
    NotANumber,
    #[error("more decimals than this field has")]
    TooFine,
    #[error("too large")]
    TooLarge,
}

impl Amount {
    pub const fn whole(n: i64) -> Self {
        Self(n * 1000)
    }

    /// Reads what a person typed. A comma is taken for the decimal point, as half the world types it.
    pub fn parse(text: &str, decimals: u8) -> Result<Self, AmountError> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        if (whole.is_empty() && fraction.is_empty()) || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(AmountError::NotANumber);
        }
        if fraction.len() > usize::from(decimals.min(3)) {
            return Err(AmountError::TooFine);
        }
        if whole.len() > 9 {
            return Err(AmountError::TooLarge);
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| AmountError::NotANumber)? };
        let thousandths: i64 = format!("{fraction:0<3}").parse().map_err(|_| AmountError::NotANumber)?;
        let value = whole * 1000 + thousandths;
        if value > LARGEST {
            return Err(AmountError::TooLarge);
        }
        Ok(Self(if negative { -value } else { value }))
    }

    /// Adds within bounds: a stepper never wraps.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0).clamp(-LARGEST, LARGEST))
    }

    pub fn is_sane(self) -> bool {
        (-LARGEST..=LARGEST).contains(&self.0)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let (whole, thousandths) = (magnitude / 1000, magnitude % 1000);
        if thousandths == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let fraction = format!("{thousandths:03}");
            write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
        }
    }
}

/// What a reading is measured in. Part of the field's type, and always shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// A count, or a level on the device's own scale.
    None,
    JoulePerSquareCentimetre,
    Joule,
    Kilojoule,
    Millijoule,
    Watt,
    Nanometre,
    Micrometre,
    Millimetre,
    Picosecond,
    Nanosecond,
    Millisecond,
    Second,
    Minute,
    Hertz,
    Celsius,
    Percent,
    Ph,
    Units,
    Millilitre,
    Gauge,
}

impl Unit {
    pub const ALL: [Self; 21] = [
        Self::None,
        Self::JoulePerSquareCentimetre,
        Self::Joule,
        Self::Kilojoule,
        Self::Millijoule,
        Self::Watt,
        Self::Nanometre,
        Self::Micrometre,
        Self::Millimetre,
        Self::Picosecond,
        Self::Nanosecond,
        Self::Millisecond,
        Self::Second,
        Self::Minute,
        Self::Hertz,
        Self::Celsius,
        Self::Percent,
        Self::Ph,
        Self::Units,
        Self::Millilitre,
        Self::Gauge,
    ];

    pub fn symbol(self) -> &'static str {
        match self {
            Self::None => "",
            Self::JoulePerSquareCentimetre => "J/cm²",
            Self::Joule => "J",
            Self::Kilojoule => "kJ",
            Self::Millijoule => "mJ",
            Self::Watt => "W",
            Self::Nanometre => "nm",
            Self::Micrometre => "µm",
            Self::Millimetre => "mm",
            Self::Picosecond => "ps",
            Self::Nanosecond => "ns",
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hertz => "Hz",
            Self::Celsius => "°C",
            Self::Percent => "%",
            Self::Ph => "pH",
            Self::Units => "U",
            Self::Millilitre => "mL",
            Self::Gauge => "G",
        }
    }

    /// `18 J/cm²`; the unit is never left out.
    pub fn with(self, amount: Amount) -> String {
        let symbol = self.symbol();
        if symbol.is_empty() { amount.to_string() } else { format!("{amount} {symbol}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type() {
        assert_eq!(Amount::parse("18", 0), Ok(Amount(18_000)));
        assert_eq!(Amount::parse("7,5", 1), Ok(Amount(7_500)));
        assert_eq!(Amount::parse("−10", 0), Ok(Amount(-10_000)));
        assert_eq!(Amount::parse(".45", 2), Ok(Amount(450)));
        assert_eq!(Amount::parse("1.25", 1), Err(AmountError::TooFine));
        assert_eq!(Amount::parse("", 1), Err(AmountError::NotANumber));
        assert_eq!(Amount::parse("1e3", 1), Err(AmountError::NotANumber));
        assert_eq!(Amount::parse("9999999999999999999999", 0), Err(AmountError::TooLarge));
        assert_eq!(Amount::parse("999999999", 0), Err(AmountError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(n in -LARGEST..=LARGEST) {
            prop_assert_eq!(Amount::parse(&Amount(n).to_string(), 3), Ok(Amount(n)));
        }
    }
}
