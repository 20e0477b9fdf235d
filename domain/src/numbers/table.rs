//! The tables in which the numbers come, each of which can be downloaded.

/// A table of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    Series,
    DropOff,
    Months,
    AtRisk,
    Touches,
    Lapses,
    Calls,
    Zero,
    Packages,
    Apart,
    /// What all of it means.
    Definitions,
}

impl Table {
    pub const ALL: [Self; 11] = [
        Self::Series,
        Self::DropOff,
        Self::Months,
        Self::AtRisk,
        Self::Touches,
        Self::Lapses,
        Self::Calls,
        Self::Zero,
        Self::Packages,
        Self::Apart,
        Self::Definitions,
    ];

    /// In addresses and names of files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Series => "series",
            Self::DropOff => "drop-off",
            Self::Months => "months",
            Self::AtRisk => "at-risk",
            Self::Touches => "on-time",
            Self::Lapses => "lapses",
            Self::Calls => "calls",
            Self::Zero => "must-be-0",
            Self::Packages => "packages",
            Self::Apart => "apart",
            Self::Definitions => "definitions",
        }
    }

    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.code() == code)
    }
}
