//! The brightness of a picture, in as many pixels as an answer needs.

use crate::picture::Picture;

/// A plane of brightness: gamma-coded (as stored, not linear light), 0–255, one `f32` a pixel: 4 · width · height bytes, 1.9 MB for
/// 800 × 600.
#[derive(Clone, Debug, PartialEq)]
pub struct Luma {
    width: usize,
    height: usize,
    /// Where the middle of the picture is, in rows from the upper edge: not quite `height / 2` where a fraction of a row was left over.
    middle: f32,
    values: Vec<f32>,
}

impl Luma {
    /// The picture's brightness, averaged over areas so that neither side is longer than `longest`. Never enlarged. Beside its result
    /// this needs two rows of memory.
    pub fn of(picture: &Picture, longest: usize) -> Self {
        let columns = columns_for(picture.width(), picture.height(), longest);
        let middle = picture.height() as f32 / 2.0;
        shrink(picture.width(), picture.height(), middle, columns, |y, row| brightness(picture.row(y), row))
    }

    /// From values between 0 and 255, row by row. `None` where their number is not `width` · `height`, or one side is 0.
    pub fn from_values(width: usize, height: usize, values: Vec<f32>) -> Option<Self> {
        let fits = width > 0 && height > 0 && values.len() == width * height;
        fits.then(|| Self { width, height, middle: height as f32 / 2.0, values })
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub fn values(&self) -> &[f32] {
        &self.values
    }

    pub(crate) fn middle(&self) -> f32 {
        self.middle
    }

    pub(crate) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    /// The same, `columns` wide; as it is where it has no more.
    pub(crate) fn shrunk(&self, columns: usize) -> Self {
        if columns >= self.width {
            return self.clone();
        }
        shrink(self.width, self.height, self.middle, columns, |y, row| row.copy_from_slice(self.row(y)))
    }

    /// Of the same size and place, with other values.
    pub(crate) fn with_values(&self, values: Vec<f32>) -> Self {
        debug_assert_eq!(values.len(), self.values.len());
        Self { values, ..*self }
    }
}

/// How wide a picture is whose longer side is `longest` at most.
pub(crate) fn columns_for(width: usize, height: usize, longest: usize) -> usize {
    let side = width.max(height);
    if side <= longest { width } else { ((width * longest) as f64 / side as f64).round().max(1.0) as usize }
}

/// The brightness of a row of RGBA pixels, by Rec. 601's weights in 256ths: whole numbers, so that it is done four or more at a time.
fn brightness(rgba: &[u8], out: &mut [f32]) {
    let (pixels, _) = rgba.as_chunks::<4>();
    for (pixel, out) in pixels.iter().zip(out) {
        let pixel = u32::from_le_bytes(*pixel);
        let sum = (pixel & 0xff) * 77 + ((pixel >> 8) & 0xff) * 150 + ((pixel >> 16) & 0xff) * 29;
        *out = sum as i32 as f32 * (1.0 / 256.0);
    }
}

/// Averages over areas of `width / columns` pixels squared; a fraction of a row left over at the lower edge is dropped. `row` gives
/// the values of row y.
fn shrink(width: usize, height: usize, middle: f32, columns: usize, mut row: impl FnMut(usize, &mut [f32])) -> Luma {
    if columns >= width {
        let mut values = vec![0.0; width * height];
        values.chunks_exact_mut(width).enumerate().for_each(|(y, out)| row(y, out));
        return Luma { width, height, middle, values };
    }
    let factor = width as f64 / columns as f64;
    let rows = ((height as f64 / factor + 1e-6) as usize).max(1);
    let mut values = vec![0.0; columns * rows];
    let mut source = vec![0.0; width];
    let mut sum = vec![0.0; width];
    let taps = Taps::new(width, columns, factor);
    let mut loaded = usize::MAX;
    for (y, out) in values.chunks_exact_mut(columns).enumerate() {
        sum.fill(0.0);
        let mut total = 0.0;
        for (at, weight) in covered(y, factor, height) {
            if loaded != at {
                row(at, &mut source);
                loaded = at;
            }
            sum.iter_mut().zip(&source).for_each(|(sum, value)| *sum += weight * value);
            total += weight;
        }
        taps.narrow(&sum, 1.0 / total, out);
    }
    Luma { width: columns, height: rows, middle: (f64::from(middle) / factor) as f32, values }
}

/// What each column averages of a row.
struct Taps {
    first: Vec<usize>,
    /// So many for each column, some of them 0.
    count: usize,
    weights: Vec<f32>,
}

impl Taps {
    fn new(width: usize, columns: usize, factor: f64) -> Self {
        let count = (factor.ceil() as usize + 1).min(width);
        let mut taps = Self { first: Vec::with_capacity(columns), count, weights: vec![0.0; columns * count] };
        for (x, weights) in taps.weights.chunks_exact_mut(count).enumerate() {
            let first = ((x as f64 * factor) as usize).min(width - count);
            taps.first.push(first);
            covered(x, factor, width).for_each(|(at, weight)| weights[at - first] = weight / factor as f32);
        }
        taps
    }

    fn narrow(&self, row: &[f32], gain: f32, out: &mut [f32]) {
        // The usual one: a half, exactly.
        if self.count == 3 && row.len() == 2 * out.len() {
            let (pairs, _) = row.as_chunks::<2>();
            pairs.iter().zip(out).for_each(|([one, two], out)| *out = (one + two) * 0.5 * gain);
            return;
        }
        for ((first, weights), out) in self.first.iter().zip(self.weights.chunks_exact(self.count)).zip(out) {
            let values = &row[*first..*first + self.count];
            *out = gain * values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f32>();
        }
    }
}

/// The pixels that area `index` covers, and how much of each.
fn covered(index: usize, factor: f64, length: usize) -> impl Iterator<Item = (usize, f32)> {
    let (from, to) = (index as f64 * factor, (index + 1) as f64 * factor);
    let first = (from as usize).min(length - 1);
    let last = ((to - 1e-6).ceil() as usize).clamp(first + 1, length);
    (first..last).map(move |at| (at, ((to.min((at + 1) as f64)) - from.max(at as f64)).max(1e-6) as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_255_and_green_counts_most() {
        let rgba = [255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255];
        let luma = Luma::of(&Picture::new(4, 1, &rgba).unwrap(), 4);
        assert_eq!(luma.values()[0], 255.0);
        assert!((luma.values()[1..].iter().sum::<f32>() - 255.0).abs() < 1e-3);
        assert!(luma.values()[2] > luma.values()[1] && luma.values()[1] > luma.values()[3]);
    }

    #[test]
    fn shrinking_keeps_the_mean_and_the_slope() {
        let (width, height) = (300, 200);
        let ramp = (0..width * height).map(|i| (i % width) as f32 + 0.5).collect();
        let luma = Luma::from_values(width, height, ramp).unwrap();
        for columns in [299, 200, 150, 101, 77, 50] {
            let small = luma.shrunk(columns);
            let step = width as f32 / columns as f32;
            assert_eq!(small.width(), columns);
            for (x, value) in small.row(0).iter().enumerate() {
                // A pixel shared by two areas counts in both with its mean.
                assert!((value - (x as f32 + 0.5) * step).abs() < 0.13, "{columns} columns, column {x}: {value}");
            }
            assert!((small.middle() - 100.0 / step).abs() < 1e-3);
        }
    }

    #[test]
    fn nothing_is_enlarged_and_the_longer_side_counts() {
        assert_eq!(columns_for(300, 200, 400), 300);
        assert_eq!(columns_for(1600, 1200, 800), 800);
        assert_eq!(columns_for(1200, 1600, 800), 600);
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert!(Luma::from_values(2, 2, vec![0.0; 3]).is_none());
        assert!(Luma::from_values(0, 2, vec![]).is_none());
    }
}
