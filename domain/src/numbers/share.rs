//! How many of how many, and when that may be said as a percentage.

use serde::{Deserialize, Serialize};

/// Of fewer than so many no percentage is said: one client more or less would change it by a quarter. Own judgement.
pub const LEAST: u32 = 5;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub part: u32,
    pub whole: u32,
    /// How many cases it rests on: of sessions, the series they belong to.
    pub cases: u32,
}

impl Share {
    pub fn new(part: u32, whole: u32) -> Self {
        Self { part, whole, cases: whole }
    }

    pub fn of_many(part: u32, whole: u32, cases: u32) -> Self {
        Self { part, whole, cases }
    }

    /// In tenths of a percent, rounded; `None`: there are too few to say so.
    pub fn tenths(&self) -> Option<u32> {
        if self.cases < LEAST || self.whole == 0 {
            return None;
        }
        let (part, whole) = (u64::from(self.part), u64::from(self.whole));
        u32::try_from((part * 2000 + whole) / (whole * 2)).ok()
    }

    /// `79.3`; `None` as [`Self::tenths`].
    pub fn percent(&self) -> Option<String> {
        let tenths = self.tenths()?;
        Some(if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) })
    }

    /// `79.3 %`, or `too few`.
    pub fn words(&self) -> String {
        self.percent().map_or_else(|| "too few".to_owned(), |percent| format!("{percent} %"))
    }

    /// How many more there have to be until something can be said.
    pub fn missing(&self) -> u32 {
        LEAST.saturating_sub(self.cases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_rounded_and_never_said_of_few() {
        assert_eq!(Share::new(2, 3).percent(), None);
        assert_eq!((Share::new(0, 0).words().as_str(), Share::new(0, 0).missing()), ("too few", LEAST));
        assert_eq!(Share::new(2, 6).percent().as_deref(), Some("33.3"));
        assert_eq!(Share::new(6, 6).percent().as_deref(), Some("100"));
        assert_eq!(Share::new(1, 2000).percent().as_deref(), Some("0.1"));
        assert_eq!(Share::new(u32::MAX, u32::MAX).percent().as_deref(), Some("100"));
        assert_eq!(Share::of_many(9, 12, 2).percent(), None);
    }
}
