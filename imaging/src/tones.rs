//! The colours of a picture in linear light, in few pixels: what exposure and cast are read from.

use crate::{luma::columns_for, picture::Picture, similarity::Similarity};

/// The longer side.
const SIDE: usize = 96;
/// Channel values outside of this are not measured: crushed to black, or cut at white.
const DARKEST: u8 = 4;
const BRIGHTEST: u8 = 250;

/// Linear red, green and blue, 0–1, averaged over areas: at most 96 × 96 pixels, 16 bytes each.
#[derive(Clone, Debug, PartialEq)]
pub struct Tones {
    width: usize,
    height: usize,
    /// Rows from the upper edge to the picture's middle.
    middle: f32,
    /// With the part of the area's pixels whose channels were all measurable.
    pixels: Vec<[f32; 4]>,
    dark: f32,
    bright: f32,
}

impl Tones {
    /// Reads at most nine pixels of each area, which is enough for a mean. Needs no more memory than its result.
    pub fn of(picture: &Picture) -> Self {
        let table = linear_table();
        let width = columns_for(picture.width(), picture.height(), SIDE);
        let factor = picture.width() as f32 / width as f32;
        let height = ((picture.height() as f32 / factor + 1e-3) as usize).max(1);
        let taps = (factor as usize).clamp(1, 3);
        let mut pixels = Vec::with_capacity(width * height);
        let (mut dark, mut bright) = (0u32, 0u32);
        let place =
            |at: usize, tap: usize, length: usize| (((at as f32 + (tap as f32 + 0.5) / taps as f32) * factor) as usize).min(length - 1);
        for y in 0..height {
            for x in 0..width {
                let mut sum = [0.0f32; 4];
                for tap in 0..taps * taps {
                    let row = picture.row(place(y, tap / taps, picture.height()));
                    let at = place(x, tap % taps, picture.width()) * 4;
                    let [red, green, blue] = [row[at], row[at + 1], row[at + 2]];
                    let most = red.max(green).max(blue);
                    let least = red.min(green).min(blue);
                    dark += u32::from(most <= DARKEST);
                    bright += u32::from(most >= BRIGHTEST);
                    sum[3] += f32::from(u8::from(most < BRIGHTEST && least > DARKEST));
                    for (sum, value) in sum.iter_mut().zip([red, green, blue]) {
                        *sum += table[usize::from(value)];
                    }
                }
                let gain = 1.0 / (taps * taps) as f32;
                pixels.push(sum.map(|sum| sum * gain));
            }
        }
        let count = (width * height * taps * taps) as f32;
        let middle = picture.height() as f32 / 2.0 / factor;
        Self { width, height, middle, pixels, dark: dark as f32 / count, bright: bright as f32 / count }
    }

    /// The mean of linear luminance, 0–1.
    pub fn mean(&self) -> f32 {
        self.pixels.iter().map(luminance).sum::<f32>() / self.pixels.len() as f32
    }

    /// The part of the picture that is crushed to black.
    pub fn black(&self) -> f32 {
        self.dark
    }

    /// The part of the picture that has a channel cut at white.
    pub fn clipped(&self) -> f32 {
        self.bright
    }

    /// Where both pictures can be measured, pixel by pixel: (fixed, moving).
    pub(crate) fn pairs<'a>(&'a self, moving: &'a Self, place: &Similarity) -> impl Iterator<Item = ([f32; 4], [f32; 4])> + 'a {
        let back = place.inverse();
        let unit = self.width as f32;
        self.pixels.iter().enumerate().filter_map(move |(at, pixel)| {
            let x = ((at % self.width) as f32 + 0.5) / unit - 0.5;
            let y = ((at / self.width) as f32 + 0.5 - self.middle) / unit;
            let other = moving.at(back.map([x, y]))?;
            (pixel[3] > 0.9 && other[3] > 0.9).then_some((*pixel, other))
        })
    }

    /// The colour at a point, by how near the pixels are.
    fn at(&self, [x, y]: [f32; 2]) -> Option<[f32; 4]> {
        let (x, y) = ((x + 0.5) * self.width as f32 - 0.5, y * self.width as f32 + self.middle - 0.5);
        if !(x >= 0.0 && y >= 0.0 && x < (self.width - 1) as f32 && y < (self.height - 1) as f32) {
            return None;
        }
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let at = top * self.width + left;
        let corner = |at: usize, channel: usize| self.pixels[at][channel];
        Some(std::array::from_fn(|c| {
            let upper = corner(at, c) + fx * (corner(at + 1, c) - corner(at, c));
            let lower = corner(at + self.width, c) + fx * (corner(at + self.width + 1, c) - corner(at + self.width, c));
            upper + fy * (lower - upper)
        }))
    }
}

/// Rec. 709's luminance of a linear colour.
pub fn luminance(pixel: &[f32; 4]) -> f32 {
    0.2126 * pixel[0] + 0.7152 * pixel[1] + 0.0722 * pixel[2]
}

/// sRGB's curve.
fn linear_table() -> [f32; 256] {
    std::array::from_fn(|value| {
        let value = value as f32 / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}
