//! The skin: its type, and how it took a treatment.

use serde::{Deserialize, Serialize};

/// Fitzpatrick skin type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SkinType {
    I,
    II,
    III,
    IV,
    V,
    VI,
}

impl SkinType {
    pub const ALL: [Self; 6] = [Self::I, Self::II, Self::III, Self::IV, Self::V, Self::VI];

    pub fn label(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
            Self::IV => "IV",
            Self::V => "V",
            Self::VI => "VI",
        }
    }
}

/// Clinician's Erythema Assessment, 0–4. Validated on types I–III only, so the other signs stand beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Erythema {
    Clear,
    AlmostClear,
    Mild,
    Moderate,
    Severe,
}

impl Erythema {
    pub const ALL: [Self; 5] = [Self::Clear, Self::AlmostClear, Self::Mild, Self::Moderate, Self::Severe];

    /// 0–4.
    pub fn grade(self) -> u8 {
        match self {
            Self::Clear => 0,
            Self::AlmostClear => 1,
            Self::Mild => 2,
            Self::Moderate => 3,
            Self::Severe => 4,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Clear => "Clear",
            Self::AlmostClear => "Almost clear",
            Self::Mild => "Mild",
            Self::Moderate => "Moderate",
            Self::Severe => "Severe",
        }
    }
}

/// How marked a sign is, beside erythema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    #[default]
    None,
    Mild,
    Marked,
}

impl Severity {
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Mild => "mild",
            Self::Marked => "marked",
        }
    }
}

/// Something went wrong; graded 1–5 as in CTCAE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdverseEvent {
    pub grade: u8,
    pub text: String,
}

impl AdverseEvent {
    /// From this grade on a provider has to follow up, and nothing promotional is sent meanwhile.
    pub const FOLLOW_UP_FROM: u8 = 2;
}

/// How the skin took the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkinResponse {
    pub erythema: Option<Erythema>,
    /// How long after the last pulse it was judged.
    pub minutes_after: Option<u16>,
    pub oedema: Severity,
    pub warmth: Severity,
    pub greying: Severity,
    pub blister: Severity,
    pub adverse: Option<AdverseEvent>,
}

impl SkinResponse {
    /// In words, for the timeline: `Erythema 2 (mild) at 10 min, oedema mild`.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        if let Some(erythema) = self.erythema {
            let when = self.minutes_after.map_or_else(String::new, |minutes| format!(" at {minutes} min"));
            parts.push(format!("Erythema {} ({}){when}", erythema.grade(), erythema.label().to_lowercase()));
        }
        for (name, severity) in self.signs() {
            if severity != Severity::None {
                parts.push(format!("{} {}", name.to_lowercase(), severity.label()));
            }
        }
        if let Some(adverse) = &self.adverse {
            parts.push(format!("adverse event grade {}: {}", adverse.grade, adverse.text));
        }
        parts.join(", ")
    }

    pub fn signs(&self) -> [(&'static str, Severity); 4] {
        [("Oedema", self.oedema), ("Warmth", self.warmth), ("Greying", self.greying), ("Blister", self.blister)]
    }
}
