//! Gains that show one photograph in the light of another.

use crate::{similarity::Similarity, tones::Tones};

/// Pairs of pixels below which no gain is told.
const FEWEST: usize = 60;

/// Factors for the moving picture's linear red, green and blue. For showing only: the photograph stays as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Gains {
    pub red: f32,
    pub green: f32,
    pub blue: f32,
}

impl Gains {
    pub const NONE: Self = Self { red: 1.0, green: 1.0, blue: 1.0 };

    /// What brings the moving picture's overlap to the fixed one's: for each channel the median of the ratios of all small areas, so
    /// that neither a changed background nor a healed spot counts. `None` where the overlap has too little that is neither black nor
    /// cut at white.
    pub fn between(fixed: &Tones, moving: &Tones, place: &Similarity) -> Option<Self> {
        let mut ratios: [Vec<f32>; 3] = Default::default();
        for (fixed, moving) in fixed.pairs(moving, place) {
            for (channel, ratios) in ratios.iter_mut().enumerate() {
                ratios.push(fixed[channel] / moving[channel].max(1e-4));
            }
        }
        let [red, green, blue] = ratios.map(|mut ratios| {
            let middle = ratios.len() / 2;
            (ratios.len() >= FEWEST).then(|| *ratios.select_nth_unstable_by(middle, f32::total_cmp).1)
        });
        Some(Self { red: red?, green: green?, blue: blue? })
    }

    /// In linear light, weighted as the eye does.
    pub fn luminance(&self) -> f32 {
        0.2126 * self.red + 0.7152 * self.green + 0.0722 * self.blue
    }

    /// Factors for sRGB's coded values, near enough for an SVG filter or CSS that cannot reckon in linear light.
    pub fn coded(&self) -> Self {
        let coded = |gain: f32| gain.max(0.0).powf(1.0 / 2.2);
        Self { red: coded(self.red), green: coded(self.green), blue: coded(self.blue) }
    }
}

/// [`Gains::between`].
pub fn brightness_match(fixed: &Tones, moving: &Tones, place: &Similarity) -> Option<Gains> {
    Gains::between(fixed, moving, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Picture;

    /// A coloured texture, its linear light multiplied.
    fn picture(gains: [f32; 3], patch: bool) -> Tones {
        let (width, height) = (200, 150);
        let mut rgba = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let wave = 0.2 + 0.1 * ((x as f32 * 0.11).sin() * (y as f32 * 0.07).cos());
                for gain in gains {
                    let value = if patch && x < 60 { 0.01 } else { wave };
                    let linear: f32 = value * gain;
                    rgba.push((255.0 * (1.055 * linear.powf(1.0 / 2.4) - 0.055)).round() as u8);
                }
                rgba.push(255);
            }
        }
        Tones::of(&Picture::new(width, height, &rgba).unwrap())
    }

    #[test]
    fn gains_undo_another_light_beside_a_changed_background() {
        let (fixed, moving) = (picture([1.0, 0.9, 0.8], false), picture([0.7, 0.9, 1.0], true));
        let gains = Gains::between(&fixed, &moving, &Similarity::IDENTITY).unwrap();
        assert!((gains.red - 1.0 / 0.7).abs() < 0.02, "{gains:?}");
        assert!((gains.green - 1.0).abs() < 0.02, "{gains:?}");
        assert!((gains.blue - 0.8).abs() < 0.02, "{gains:?}");
    }

    #[test]
    fn white_paper_tells_no_gain() {
        let white = Tones::of(&Picture::new(64, 64, &[255; 64 * 64 * 4]).unwrap());
        assert_eq!(Gains::between(&white, &picture([1.0; 3], false), &Similarity::IDENTITY), None);
    }
}
