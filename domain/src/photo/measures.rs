//! How a photograph came out, as measured on the device that took it, and what of that is too much.

use crate::ids::PhotoId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// 100 is as sharp as such a picture can be; see [`Limits::sharpness`].
    pub sharpness: u16,
    pub light: Light,
    /// Against the baseline, where there is one.
    pub likeness: Option<Likeness>,
}

/// What can be said of the light without another photograph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Light {
    #[default]
    Fair,
    TooDark,
    TooBright,
}

/// A photograph beside the baseline of its view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    pub baseline: PhotoId,
    /// `None`: the two could not be laid over each other.
    pub placement: Option<Placement>,
    /// Hundredths of a stop; above zero is brighter than the baseline.
    pub exposure_centi_ev: i16,
    /// How far the colours have drifted together, in hundredths of a stop between the channels.
    pub cast_centi_ev: u16,
    /// In per cent of the baseline's.
    pub sharpness: u16,
}

/// How the baseline would have to be moved to lie on the photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// 1000 is the same size; above it the photograph was taken from nearer.
    pub scale_permille: u16,
    /// Tenths of a degree, clockwise.
    pub rotation_decidegrees: i16,
    /// Thousandths of the width; to the right and down.
    pub right_permille: i16,
    pub down_permille: i16,
}

/// Something that differs too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Concern {
    Blurred,
    TooDark,
    TooBright,
    /// It could not be laid over the baseline at all: another pose, another place.
    Unlike,
    Nearer,
    Farther,
    TurnedClockwise,
    TurnedCounterclockwise,
    Brighter,
    Darker,
}

/// How much may differ before the photograph is questioned.
pub struct Limits {
    pub scale_permille: u16,
    pub rotation_decidegrees: i16,
    pub exposure_centi_ev: i16,
    /// Below it a picture is blurred, whatever its baseline.
    pub sharpness: u16,
    /// In per cent of the baseline's.
    pub sharpness_of_baseline: u16,
}

/// 5 % in scale, 5°, 0.3 EV.
pub const LIMITS: Limits =
    Limits { scale_permille: 50, rotation_decidegrees: 50, exposure_centi_ev: 30, sharpness: 20, sharpness_of_baseline: 65 };

impl Measures {
    /// What a person should know before the photograph is kept; empty when it is as the baseline is.
    pub fn concerns(&self) -> Vec<Concern> {
        let mut concerns = Vec::new();
        let mut when = |holds: bool, concern: Concern| {
            if holds {
                concerns.push(concern);
            }
        };
        let blurred = |likeness: &Likeness| likeness.sharpness < LIMITS.sharpness_of_baseline;
        when(self.sharpness < LIMITS.sharpness || self.likeness.as_ref().is_some_and(blurred), Concern::Blurred);
        let Some(likeness) = self.likeness else {
            when(self.light == Light::TooDark, Concern::TooDark);
            when(self.light == Light::TooBright, Concern::TooBright);
            return concerns;
        };
        when(likeness.exposure_centi_ev > LIMITS.exposure_centi_ev, Concern::Brighter);
        when(likeness.exposure_centi_ev < -LIMITS.exposure_centi_ev, Concern::Darker);
        let Some(placement) = likeness.placement else {
            when(true, Concern::Unlike);
            return concerns;
        };
        when(placement.scale_permille > 1000 + LIMITS.scale_permille, Concern::Nearer);
        when(placement.scale_permille < 1000 - LIMITS.scale_permille, Concern::Farther);
        when(placement.rotation_decidegrees > LIMITS.rotation_decidegrees, Concern::TurnedClockwise);
        when(placement.rotation_decidegrees < -LIMITS.rotation_decidegrees, Concern::TurnedCounterclockwise);
        concerns
    }
}

impl Concern {
    /// What is said of the photograph, after "This photograph is".
    pub fn words(self) -> &'static str {
        match self {
            Self::Blurred => "blurred",
            Self::TooDark => "too dark",
            Self::TooBright => "too bright",
            Self::Unlike => "not recognisable as the same view",
            Self::Nearer => "taken from nearer",
            Self::Farther => "taken from farther away",
            Self::TurnedClockwise => "turned clockwise",
            Self::TurnedCounterclockwise => "turned counter-clockwise",
            Self::Brighter => "brighter",
            Self::Darker => "darker",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn measures(change: impl FnOnce(&mut Likeness, &mut Placement)) -> Measures {
        let mut placement = Placement { scale_permille: 1000, rotation_decidegrees: 0, right_permille: 0, down_permille: 0 };
        let baseline = PhotoId(Uuid::nil());
        let mut likeness = Likeness { baseline, placement: None, exposure_centi_ev: 0, cast_centi_ev: 0, sharpness: 100 };
        change(&mut likeness, &mut placement);
        Measures { sharpness: 100, light: Light::Fair, likeness: Some(Likeness { placement: Some(placement), ..likeness }) }
    }

    #[test]
    fn the_limit_itself_still_passes_and_one_beyond_it_is_told() {
        assert!(measures(|_, _| ()).concerns().is_empty());
        assert!(measures(|_, placement| placement.scale_permille = 1050).concerns().is_empty());
        assert_eq!(measures(|_, placement| placement.scale_permille = 1051).concerns(), [Concern::Nearer]);
        assert_eq!(measures(|_, placement| placement.scale_permille = 949).concerns(), [Concern::Farther]);
        assert!(measures(|_, placement| placement.rotation_decidegrees = -50).concerns().is_empty());
        assert_eq!(measures(|_, placement| placement.rotation_decidegrees = -51).concerns(), [Concern::TurnedCounterclockwise]);
        assert!(measures(|likeness, _| likeness.exposure_centi_ev = 30).concerns().is_empty());
        assert_eq!(measures(|likeness, _| likeness.exposure_centi_ev = 31).concerns(), [Concern::Brighter]);
        assert_eq!(measures(|likeness, _| likeness.sharpness = 64).concerns(), [Concern::Blurred]);
    }

    #[test]
    fn without_a_baseline_blur_and_light_are_told() {
        let measures = |sharpness, light| Measures { sharpness, light, likeness: None };
        assert!(measures(20, Light::Fair).concerns().is_empty());
        assert_eq!(measures(19, Light::TooDark).concerns(), [Concern::Blurred, Concern::TooDark]);
    }

    #[test]
    fn what_cannot_be_laid_over_the_baseline_is_told() {
        let mut unlike = measures(|_, _| ());
        unlike.likeness.as_mut().unwrap().placement = None;
        assert_eq!(unlike.concerns(), [Concern::Unlike]);
    }
}
