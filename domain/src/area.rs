//! Where on the body: a closed list of areas, so that "cheek" is always the same cheek.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The client's left or right, never the viewer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    Left,
    Right,
}

impl Side {
    pub fn label(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }

    pub fn letter(self) -> &'static str {
        match self {
            Self::Left => "L",
            Self::Right => "R",
        }
    }
}

/// A treated place: an entry of [`KINDS`], with the side where it is paired.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Area {
    pub key: String,
    pub side: Option<Side>,
}

/// One entry of the closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaKind {
    pub key: &'static str,
    pub label: &'static str,
    pub paired: bool,
    pub region: Region,
}

/// The coarse part of the body, by which the skin's recovery time is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Region {
    Face,
    Trunk,
    Arm,
    Leg,
}

impl Region {
    pub const ALL: [Self; 4] = [Self::Face, Self::Trunk, Self::Arm, Self::Leg];

    pub fn label(self) -> &'static str {
        match self {
            Self::Face => "Face",
            Self::Trunk => "Trunk",
            Self::Arm => "Arms",
            Self::Leg => "Legs",
        }
    }
}

const fn kind(key: &'static str, label: &'static str, paired: bool, region: Region) -> AreaKind {
    AreaKind { key, label, paired, region }
}

/// Every area, head to toe.
pub const KINDS: &[AreaKind] = &[
    kind("forehead", "Forehead", false, Region::Face),
    kind("glabella", "Glabella", false, Region::Face),
    kind("temple", "Temple", true, Region::Face),
    kind("periorbital", "Periorbital", true, Region::Face),
    kind("nose", "Nose", false, Region::Face),
    kind("cheek", "Cheek", true, Region::Face),
    kind("ear", "Ear", true, Region::Face),
    kind("upper-lip", "Upper lip", false, Region::Face),
    kind("perioral", "Perioral", false, Region::Face),
    kind("chin", "Chin", false, Region::Face),
    kind("jawline", "Jawline", true, Region::Face),
    kind("neck-front", "Neck, front", false, Region::Face),
    kind("neck-back", "Neck, back", false, Region::Trunk),
    kind("shoulder", "Shoulder", true, Region::Trunk),
    kind("chest", "Chest", true, Region::Trunk),
    kind("axilla", "Axilla", true, Region::Trunk),
    kind("abdomen", "Abdomen", false, Region::Trunk),
    kind("flank", "Flank", true, Region::Trunk),
    kind("bikini", "Bikini line", false, Region::Trunk),
    kind("upper-back", "Upper back", false, Region::Trunk),
    kind("lower-back", "Lower back", false, Region::Trunk),
    kind("buttock", "Buttock", true, Region::Trunk),
    kind("upper-arm", "Upper arm, front", true, Region::Arm),
    kind("upper-arm-back", "Upper arm, back", true, Region::Arm),
    kind("elbow", "Elbow", true, Region::Arm),
    kind("forearm", "Forearm", true, Region::Arm),
    kind("hand", "Hand", true, Region::Arm),
    kind("inner-thigh", "Inner thigh", true, Region::Leg),
    kind("thigh-front", "Thigh, front", true, Region::Leg),
    kind("thigh-back", "Thigh, back", true, Region::Leg),
    kind("knee", "Knee", true, Region::Leg),
    kind("lower-leg-front", "Lower leg, front", true, Region::Leg),
    kind("calf", "Calf", true, Region::Leg),
    kind("foot", "Foot", true, Region::Leg),
];

impl AreaKind {
    /// The area itself; of a paired one the left and the right.
    pub fn areas(&self) -> Vec<Area> {
        let sides = if self.paired { &[Some(Side::Left), Some(Side::Right)][..] } else { &[None] };
        sides.iter().map(|side| Area::new(self.key, *side)).collect()
    }
}

impl Area {
    pub fn new(key: &str, side: Option<Side>) -> Self {
        Self { key: key.to_owned(), side }
    }

    pub fn kind(&self) -> Option<&'static AreaKind> {
        KINDS.iter().find(|kind| kind.key == self.key)
    }

    /// On the list, and with a side exactly when it is paired.
    pub fn is_known(&self) -> bool {
        self.kind().is_some_and(|kind| kind.paired == self.side.is_some())
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().map_or(self.key.as_str(), |kind| kind.label))?;
        match self.side {
            Some(side) => write!(f, " {}", side.letter()),
            None => Ok(()),
        }
    }
}

/// `Cheeks`, `Cheek L, Forehead`: a short name for a set of areas, pairs drawn together.
pub fn summary<'a>(areas: impl IntoIterator<Item = &'a Area>) -> String {
    let areas: Vec<_> = areas.into_iter().collect();
    let mut parts: Vec<String> = Vec::new();
    for area in &areas {
        let other = |side| areas.iter().any(|a| a.key == area.key && a.side == Some(side));
        let part = match (area.side, area.kind()) {
            (Some(Side::Left | Side::Right), Some(kind)) if other(Side::Left) && other(Side::Right) => {
                format!("{} L+R", kind.label)
            }
            _ => area.to_string(),
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_sides_are_checked() {
        for (i, kind) in KINDS.iter().enumerate() {
            assert!(KINDS[i + 1..].iter().all(|other| other.key != kind.key), "{}", kind.key);
        }
        assert!(KINDS.iter().flat_map(AreaKind::areas).all(|area| area.is_known()));
        assert!(Area::new("cheek", Some(Side::Left)).is_known());
        assert!(!Area::new("cheek", None).is_known());
        assert!(!Area::new("nose", Some(Side::Left)).is_known());
        assert!(!Area::new("tail", None).is_known());
    }

    #[test]
    fn pairs_are_drawn_together() {
        let both = [Area::new("cheek", Some(Side::Left)), Area::new("cheek", Some(Side::Right)), Area::new("chin", None)];
        assert_eq!(summary(&both), "Cheek L+R, Chin");
        assert_eq!(summary(&both[..1]), "Cheek L");
    }
}
