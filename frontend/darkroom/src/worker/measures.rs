//! Measures in the whole numbers in which they are kept.

use domain::{
    ids::PhotoId,
    photo::{Light, Likeness, Measures, Placement},
};
use imaging::Differences;

/// What a chart keeps of the differences from a baseline.
pub fn measures(baseline: Option<PhotoId>, seen: &Differences) -> Measures {
    let sharpness = unsigned(seen.sharpness * 100.0);
    let placement = seen.registered.then(|| Placement {
        scale_permille: unsigned(1000.0 + 10.0 * seen.scale_percent),
        rotation_decidegrees: signed(10.0 * seen.rotation_degrees),
        right_permille: signed(10.0 * seen.shift_percent[0]),
        down_permille: signed(10.0 * seen.shift_percent[1]),
    });
    let likeness = baseline.map(|baseline| Likeness {
        baseline,
        placement,
        exposure_centi_ev: signed(100.0 * seen.exposure_ev.unwrap_or_default()),
        cast_centi_ev: unsigned(100.0 * seen.cast.map(|cast| cast.strength()).unwrap_or_default()),
        sharpness: unsigned(100.0 * seen.sharpness_ratio.unwrap_or(1.0)),
    });
    let light = match &seen.exposure {
        exposure if exposure.too_dark() => Light::TooDark,
        exposure if exposure.too_bright() => Light::TooBright,
        _ => Light::Fair,
    };
    Measures { sharpness, light, likeness }
}

#[expect(clippy::cast_possible_truncation, reason = "saturates")]
fn signed(value: f32) -> i16 {
    value.round() as i16
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn unsigned(value: f32) -> u16 {
    value.round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_bounds_is_kept_at_the_bound() {
        assert_eq!((signed(1e9), signed(-1e9), unsigned(-3.0), signed(f32::NAN)), (i16::MAX, i16::MIN, 0, 0));
        assert_eq!((signed(-0.6), unsigned(1049.5)), (-1, 1050));
    }
}
