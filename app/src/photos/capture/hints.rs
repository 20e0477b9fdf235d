//! What to do with the camera, so that the picture lies on the baseline.

use domain::photo::{LIMITS, Light, Measures};

/// Shifted farther, in thousandths of the width, is told; the photograph can be laid on the baseline all the same.
const SHIFT_PERMILLE: i16 = 50;
/// Colours drifted farther apart are told.
const CAST_CENTI_EV: u16 = 35;

/// In the order of what matters; empty when it fits.
pub fn hints(measures: &Measures) -> Vec<String> {
    let mut hints = Vec::new();
    let Some(likeness) = &measures.likeness else {
        match measures.light {
            Light::TooDark => hints.push("More light".to_owned()),
            Light::TooBright => hints.push("Less light".to_owned()),
            Light::Fair => {}
        }
        if measures.sharpness < LIMITS.sharpness {
            hints.push("Hold still, or tap to focus".to_owned());
        }
        return hints;
    };
    match &likeness.placement {
        None => hints.push("Find the same view".to_owned()),
        Some(placement) => {
            let scale = i32::from(placement.scale_permille) - 1000;
            if scale.abs() > i32::from(LIMITS.scale_permille) {
                let words = if scale > 0 { "Go farther away" } else { "Come nearer" };
                hints.push(format!("{words}, {} %", tenths(scale.abs())));
            }
            let turned = placement.rotation_decidegrees;
            if turned.abs() > LIMITS.rotation_decidegrees {
                // The picture's content turned clockwise: the camera has to follow it.
                let words = if turned > 0 { "Turn the camera clockwise" } else { "Turn the camera counter-clockwise" };
                hints.push(format!("{words}, {}°", tenths(i32::from(turned.abs()))));
            }
            let (right, down) = (placement.right_permille, placement.down_permille);
            // What is too far to the right comes to the middle when the camera moves there.
            if right.abs() > SHIFT_PERMILLE {
                hints.push(if right > 0 { "Move to the right" } else { "Move to the left" }.to_owned());
            }
            if down.abs() > SHIFT_PERMILLE {
                hints.push(if down > 0 { "Move down" } else { "Move up" }.to_owned());
            }
        }
    }
    let light = likeness.exposure_centi_ev;
    if light.abs() > LIMITS.exposure_centi_ev {
        let words = if light > 0 { "Less light" } else { "More light" };
        hints.push(format!("{words}, {} EV", hundredths(light.unsigned_abs())));
    }
    if likeness.cast_centi_ev > CAST_CENTI_EV {
        hints.push("Another colour of light than before".to_owned());
    }
    if measures.sharpness < LIMITS.sharpness || likeness.sharpness < LIMITS.sharpness_of_baseline {
        hints.push("Hold still, or tap to focus".to_owned());
    }
    hints
}

/// `8.2`
fn tenths(n: i32) -> String {
    format!("{}.{}", n / 10, n % 10)
}

/// `0.42`
fn hundredths(n: u16) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

/// What differs, in figures, for somebody who decides whether to keep it.
pub fn figures(measures: &Measures) -> Vec<(&'static str, String)> {
    let mut figures = Vec::new();
    if let Some(likeness) = &measures.likeness {
        if let Some(placement) = &likeness.placement {
            let scale = i32::from(placement.scale_permille) - 1000;
            figures.push(("Size", format!("{} % {}", tenths(scale.abs()), if scale < 0 { "smaller" } else { "larger" })));
            let turned = i32::from(placement.rotation_decidegrees);
            let way = if turned < 0 { "counter-clockwise" } else { "clockwise" };
            figures.push(("Turned", format!("{}° {way}", tenths(turned.abs()))));
        }
        let light = likeness.exposure_centi_ev;
        let way = if light < 0 { "darker" } else { "brighter" };
        figures.push(("Light", format!("{} EV {way}", hundredths(light.unsigned_abs()))));
        figures.push(("Sharpness", format!("{} % of the baseline’s", likeness.sharpness)));
    } else {
        figures.push(("Sharpness", format!("{} of 100", measures.sharpness)));
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::PhotoId,
        photo::{Likeness, Placement},
    };
    use uuid::Uuid;

    fn measures(change: impl FnOnce(&mut Likeness, &mut Placement)) -> Measures {
        let mut placement = Placement { scale_permille: 1000, rotation_decidegrees: 0, right_permille: 0, down_permille: 0 };
        let baseline = PhotoId(Uuid::nil());
        let mut likeness = Likeness { baseline, placement: None, exposure_centi_ev: 0, cast_centi_ev: 0, sharpness: 100 };
        change(&mut likeness, &mut placement);
        likeness.placement = likeness.placement.or(Some(placement));
        Measures { sharpness: 100, light: Light::Fair, likeness: Some(likeness) }
    }

    #[test]
    fn the_camera_is_moved_and_not_the_client() {
        assert!(hints(&measures(|_, _| ())).is_empty());
        assert_eq!(hints(&measures(|_, placement| placement.scale_permille = 1082)), ["Go farther away, 8.2 %"]);
        assert_eq!(hints(&measures(|_, placement| placement.rotation_decidegrees = -73)), ["Turn the camera counter-clockwise, 7.3°"]);
        assert_eq!(hints(&measures(|_, placement| placement.right_permille = 80)), ["Move to the right"]);
        assert_eq!(hints(&measures(|likeness, _| likeness.exposure_centi_ev = -42)), ["More light, 0.42 EV"]);
    }

    #[test]
    fn without_a_baseline_only_the_picture_speaks() {
        let alone = Measures { sharpness: 10, light: Light::TooDark, likeness: None };
        assert_eq!(hints(&alone).len(), 2);
        assert_eq!(figures(&alone), [("Sharpness", "10 of 100".to_owned())]);
    }
}
