//! What a photographer is told: how sharp and how bright a picture is, and how it differs from the baseline.

use crate::{
    brightness::Gains,
    field,
    luma::Luma,
    picture::Picture,
    register::{Registration, Unregistered, register, register_roughly},
    similarity::Similarity,
    tones::Tones,
};

/// Mean linear luminance below is too dark: five stops below white.
pub const TOO_DARK: f32 = 0.03;
/// Mean linear luminance above, or a quarter of the picture cut at white, is too bright.
pub const TOO_BRIGHT: f32 = 0.7;
const TOO_MUCH_CLIPPED: f32 = 0.25;

/// Up to this longer side a picture is a frame of the live view: registered roughly.
const LIVE: usize = 400;

/// A picture made ready to be compared, once for however many comparisons. For 800 pixels 1.9 MB, for 320 pixels 0.3 MB, and up to
/// 0.15 MB of colours.
#[derive(Clone, Debug)]
pub struct Photo {
    luma: Luma,
    tones: Tones,
    sharpness: f32,
}

impl Photo {
    /// `longest` is the longer side to compare in: 320 for live hints, 800 for the shutter.
    pub fn of(picture: &Picture, longest: usize) -> Self {
        let luma = Luma::of(picture, longest);
        let sharpness = sharpness(&luma);
        Self { luma, tones: Tones::of(picture), sharpness }
    }

    pub fn luma(&self) -> &Luma {
        &self.luma
    }

    pub fn tones(&self) -> &Tones {
        &self.tones
    }

    /// 0 without any fine detail … 1. Real photographs have 0.25 to 0.7, at 320 pixels 0.4 to 0.8; the same blurred by three thousandths
    /// of the width less than 0.15, at 320 pixels 0.15 to 0.4, where only the baseline tells.
    pub fn sharpness(&self) -> f32 {
        self.sharpness
    }
}

/// What can be said of a picture without another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exposure {
    /// Mean luminance in linear light, 0–1.
    pub mean: f32,
    /// The part of the picture crushed to black, 0–1.
    pub black: f32,
    /// The part of the picture cut at white, 0–1.
    pub clipped: f32,
}

impl Exposure {
    pub fn too_dark(&self) -> bool {
        self.mean < TOO_DARK
    }

    pub fn too_bright(&self) -> bool {
        self.mean > TOO_BRIGHT || self.clipped > TOO_MUCH_CLIPPED
    }
}

/// How colours differ, in stops: independent of exposure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cast {
    /// Red over blue: positive is warmer, negative is colder.
    pub warm: f32,
    /// Green over red and blue: positive is greener, negative is more magenta.
    pub green: f32,
}

impl Cast {
    pub fn strength(&self) -> f32 {
        self.warm.hypot(self.green)
    }
}

/// How `now` differs from the baseline; positive values say that `now` has more of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Differences {
    pub registered: bool,
    /// Why not; `None` as well where there is no baseline.
    pub unregistered: Option<Unregistered>,
    pub registration: Option<Registration>,
    /// Things are larger (nearer) now. 0 where not registered, like the next two.
    pub scale_percent: f32,
    /// Things are turned clockwise now.
    pub rotation_degrees: f32,
    /// Things are farther to the right, farther down now, in percent of the picture's width.
    pub shift_percent: [f32; 2],
    /// `now` is brighter, over the registered overlap. `None` where not registered, or too little can be measured.
    pub exposure_ev: Option<f32>,
    pub cast: Option<Cast>,
    /// What brings `now` to the baseline's light.
    pub gains: Option<Gains>,
    /// Sharpness in parts of the baseline's; `None` without a baseline.
    pub sharpness_ratio: Option<f32>,
    /// Of `now` alone.
    pub sharpness: f32,
    pub exposure: Exposure,
}

/// Compares a picture with the baseline; without one tells what the picture says alone. Pictures of at most 400 pixels are
/// registered roughly, within a frame's time.
pub fn differences(baseline: Option<&Photo>, now: &Photo) -> Differences {
    let exposure = Exposure { mean: now.tones.mean(), black: now.tones.black(), clipped: now.tones.clipped() };
    let mut result = Differences {
        registered: false,
        unregistered: None,
        registration: None,
        scale_percent: 0.0,
        rotation_degrees: 0.0,
        shift_percent: [0.0; 2],
        exposure_ev: None,
        cast: None,
        gains: None,
        sharpness_ratio: None,
        sharpness: now.sharpness,
        exposure,
    };
    let Some(baseline) = baseline else { return result };
    let live = now.luma.width().max(now.luma.height()) <= LIVE;
    let registration = if live { register_roughly(&baseline.luma, &now.luma) } else { register(&baseline.luma, &now.luma) };
    let registration = match registration {
        Ok(registration) => registration,
        Err(reason) => {
            // The whole of both, then.
            let sharpness_ratio = ratio(baseline, now, &Similarity::IDENTITY);
            return Differences { unregistered: Some(reason), sharpness_ratio, ..result };
        }
    };
    let there = registration.similarity.inverse();
    result.registered = true;
    result.sharpness_ratio = ratio(baseline, now, &registration.similarity);
    result.registration = Some(registration);
    result.scale_percent = 100.0 * (there.scale - 1.0);
    result.rotation_degrees = there.rotation.to_degrees();
    result.shift_percent = [100.0 * there.shift_x, 100.0 * there.shift_y];
    if let Some(gains) = Gains::between(&baseline.tones, &now.tones, &registration.similarity) {
        result.exposure_ev = Some(-gains.luminance().log2());
        let (red, green, blue) = (gains.red.log2(), gains.green.log2(), gains.blue.log2());
        result.cast = Some(Cast { warm: blue - red, green: 0.5 * (red + blue) - green });
        result.gains = Some(gains);
    }
    result
}

/// The sharpness of `now` in parts of the baseline's, of what both show and in a resolution in which things are of one size: what is
/// larger in a picture looks less sharp. `None` where the baseline has no detail.
fn ratio(baseline: &Photo, now: &Photo, place: &Similarity) -> Option<f32> {
    let (before, after) = (baseline.luma.width() as f32, now.luma.width() as f32 / place.scale);
    let unit = before.min(after);
    let of = |luma: &Luma, other: &Luma, columns: f32, there: &Similarity| {
        let aspect = other.height() as f32 / other.width() as f32;
        sharpness_where(&luma.shrunk(columns.round() as usize), |point| {
            let [x, y] = there.map(point);
            x.abs() < 0.5 && y.abs() < 0.5 * aspect
        })
    };
    let before = of(&baseline.luma, &now.luma, unit, &place.inverse());
    let after = of(&now.luma, &baseline.luma, unit * place.scale, place);
    (before > 0.02).then(|| after / before)
}

fn sharpness(luma: &Luma) -> f32 {
    sharpness_where(luma, |_| true)
}

/// How much of the finest differences a blur over 5 × 5 pixels takes away where the picture has most detail: a blurred picture loses
/// little. Noise is taken out of both. `counts` is asked for blocks' middles, in widths from the picture's.
fn sharpness_where(luma: &Luma, counts: impl Fn([f32; 2]) -> bool) -> f32 {
    const SIDE: usize = 16;
    let (width, height) = (luma.width(), luma.height());
    let noise = field::noise(luma);
    let blurred = field::blurred(luma.values(), width, height, 2);
    let mut blocks = Vec::new();
    let mut all = 0;
    for top in (0..height.saturating_sub(SIDE)).step_by(SIDE) {
        for left in (0..width.saturating_sub(SIDE)).step_by(SIDE) {
            let middle = |at: usize, half: f32| (at as f32 + SIDE as f32 / 2.0 - half) / width as f32;
            if !counts([middle(left, width as f32 / 2.0), middle(top, luma.middle())]) {
                continue;
            }
            all += 1;
            let (mut fine, mut coarse) = (0.0, 0.0);
            for y in top..top + SIDE {
                let energy = |values: &[f32]| {
                    let (row, below) = (&values[y * width + left..], &values[(y + 1) * width + left..]);
                    (0..SIDE).map(|x| (row[x + 1] - row[x]).powi(2) + (below[x] - row[x]).powi(2)).sum::<f32>()
                };
                fine += energy(luma.values());
                coarse += energy(&blurred);
            }
            let count = (2 * SIDE * SIDE) as f32;
            let fine = fine / count - 2.0 * noise * noise;
            // Neighbouring means over 5 × 5 share 20 of 25 pixels: the noise of their difference is 10 / 625.
            let coarse = (coarse / count - 0.016 * noise * noise).max(0.0);
            // Differences smaller than noise say nothing of sharpness.
            if fine > 1.0 + noise * noise {
                blocks.push((fine, 1.0 - (coarse / fine).sqrt()));
            }
        }
    }
    if blocks.len() * 50 < all || blocks.is_empty() {
        return 0.0;
    }
    // The median of the third of the picture with most detail.
    blocks.sort_by(|a, b| b.0.total_cmp(&a.0));
    blocks.truncate((all / 3).max(1));
    let middle = blocks.len() / 2;
    let (_, (_, sharp), _) = blocks.select_nth_unstable_by(middle, |a, b| a.1.total_cmp(&b.1));
    sharp.clamp(0.0, 1.0)
}
