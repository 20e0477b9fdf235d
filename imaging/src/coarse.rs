//! Where the moving picture may lie at all: every rotation and scale of a grid is tried, and the shift read off a correlation of
//! the directions of brightness's slopes, which changed light does not turn.

use crate::{
    fft::{Fourier, Square},
    luma::Luma,
    similarity::Similarity,
};

/// What is tried.
pub struct Grid {
    /// The longer side of what is searched; leaves room in the square for shifts without wrapping around.
    pub side: usize,
    /// Rotations tried, either way, and their distance in radians.
    turns: i32,
    turn: f32,
    /// Scales tried, either way, and the logarithm of their ratio.
    sizes: i32,
    size: f32,
}

const DEGREE: f32 = std::f32::consts::PI / 180.0;

/// In few pixels, which shows what is large: a fraction of the other's work. For a square of 64.
pub const QUICK: Grid = Grid { side: 50, turns: 3, turn: 4.5 * DEGREE, sizes: 2, size: 0.09 };
/// For a square of 128.
pub const FULL: Grid = Grid { side: 100, turns: 4, turn: 3.5 * DEGREE, sizes: 3, size: 0.06 };

/// The farthest shift searched, in parts of each side.
const FARTHEST: f32 = 0.19;
/// Peaks taken from each correlation.
const PEAKS: usize = 3;

/// A place, and how well it fits: a correlation, 1 for the same picture.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    pub similarity: Similarity,
    pub score: f32,
}

/// The best places, best first, no two nearly the same. Both planes are levelled, of the same unit (pixels a width).
pub fn candidates<const N: usize>(fixed: &Luma, moving: &Luma, grid: &Grid, most: usize) -> Vec<Candidate> {
    let fourier = Fourier::<N>::new();
    let mut reference = Square::<N>::zero();
    let fixed_energy = slopes(fixed.width(), fixed.height(), |y, row| row.copy_from_slice(fixed.row(y)), &mut reference);
    fourier.forward(&mut reference);

    let mut found = Vec::new();
    let mut square = Square::<N>::zero();
    for turn in -grid.turns..=grid.turns {
        for size in -grid.sizes..=grid.sizes {
            let rotation = turn as f32 * grid.turn;
            let scale = (size as f32 * grid.size).exp();
            let turned = Similarity { scale, rotation, ..Similarity::IDENTITY };
            let back = Rows::new(fixed, moving, &turned);
            let energy = slopes(fixed.width(), fixed.height(), |y, row| back.sample(y, row), &mut square);
            if energy < 1e-3 {
                continue;
            }
            fourier.forward(&mut square);
            correlate(&reference, &mut square);
            fourier.inverse(&mut square);
            let gain = 1.0 / ((N * N) as f32 * (energy * fixed_energy).sqrt().max(1e-6));
            peaks::<N>(&square.re, fixed, gain, |score, dx, dy| {
                let unit = 1.0 / fixed.width() as f32;
                let similarity = Similarity { scale, rotation, shift_x: dx * unit, shift_y: dy * unit };
                found.push(Candidate { similarity, score });
            });
        }
    }
    found.sort_by(|a: &Candidate, b| b.score.total_cmp(&a.score));
    distinct(found, most, 3.5 / fixed.width() as f32, fixed.height() as f32 / fixed.width() as f32)
}

/// The first of those that lie within `apart` of each other; `most` at most.
pub fn distinct(found: Vec<Candidate>, most: usize, apart: f32, aspect: f32) -> Vec<Candidate> {
    let mut kept: Vec<Candidate> = Vec::with_capacity(most);
    for candidate in found {
        if kept.len() == most {
            break;
        }
        if kept.iter().all(|other| other.similarity.distance(&candidate.similarity, aspect) > apart) {
            kept.push(candidate);
        }
    }
    kept
}

/// The moving picture as it looks turned and scaled about its middle, in the fixed picture's pixels.
struct Rows<'a> {
    moving: &'a Luma,
    width: usize,
    middle: f32,
    a: f32,
    b: f32,
}

impl<'a> Rows<'a> {
    fn new(fixed: &Luma, moving: &'a Luma, turned: &Similarity) -> Self {
        let (a, b) = turned.inverse().linear();
        Self { moving, width: fixed.width(), middle: fixed.middle(), a, b }
    }

    /// NaN outside.
    fn sample(&self, y: usize, row: &mut [f32]) {
        let dy = y as f32 + 0.5 - self.middle;
        let (left, top) = (self.moving.width() as f32 / 2.0 - 0.5, self.moving.middle() - 0.5);
        for (x, out) in row.iter_mut().enumerate() {
            let dx = x as f32 + 0.5 - self.width as f32 / 2.0;
            *out = at(self.moving, self.a * dx - self.b * dy + left, self.b * dx + self.a * dy + top).unwrap_or(f32::NAN);
        }
    }
}

/// The value between pixels, by how near each is.
#[inline]
pub fn at(plane: &Luma, x: f32, y: f32) -> Option<f32> {
    let (width, values) = (plane.width(), plane.values());
    if !(x >= 0.0 && y >= 0.0 && x < (width - 1) as f32 && y < (plane.height() - 1) as f32) {
        return None;
    }
    let (left, top) = (x as usize, y as usize);
    let (fx, fy) = (x - left as f32, y - top as f32);
    let i = top * width + left;
    let upper = values[i] + fx * (values[i + 1] - values[i]);
    let lower = values[i + width] + fx * (values[i + width + 1] - values[i + width]);
    Some(upper + fy * (lower - upper))
}

/// The slopes of the rows as complex numbers, steep ones shortened to nearly 1, in the upper left of the square; their energy.
fn slopes<const N: usize>(width: usize, height: usize, mut row: impl FnMut(usize, &mut [f32]), out: &mut Square<N>) -> f32 {
    out.clear();
    let mut rows = vec![0.0; 3 * width];
    row(0, &mut rows[width..2 * width]);
    row(1, &mut rows[2 * width..]);
    let mut energy = 0.0;
    for y in 1..height - 1 {
        rows.copy_within(width.., 0);
        row(y + 1, &mut rows[2 * width..]);
        let (above, rest) = rows.split_at(width);
        let (here, below) = rest.split_at(width);
        for x in 1..width - 1 {
            let (dx, dy) = (here[x + 1] - here[x - 1], below[x] - above[x]);
            let length = (dx * dx + dy * dy + 0.16).sqrt();
            // Not a number at the moving picture's borders.
            if length.is_finite() {
                (out.re[y * N + x], out.im[y * N + x]) = (dx / length, dy / length);
                energy += (dx * dx + dy * dy) / (length * length);
            }
        }
    }
    energy
}

/// Into `square`: the spectrum of the correlation of `reference` with it.
fn correlate<const N: usize>(reference: &Square<N>, square: &mut Square<N>) {
    let Square { re, im } = square;
    for (((re, im), a), b) in re.iter_mut().zip(im.iter_mut()).zip(&reference.re).zip(&reference.im) {
        (*re, *im) = (a * *re + b * *im, b * *re - a * *im);
    }
}

/// The highest places of a correlation within the farthest shift, as (score, right, down) in pixels.
fn peaks<const N: usize>(correlation: &[f32], fixed: &Luma, gain: f32, mut found: impl FnMut(f32, f32, f32)) {
    let (far_x, far_y) = ((fixed.width() as f32 * FARTHEST) as i32, (fixed.height() as f32 * FARTHEST) as i32);
    let value = |x: i32, y: i32| correlation[(y & (N as i32 - 1)) as usize * N + (x & (N as i32 - 1)) as usize];
    let mut best = [(f32::MIN, 0, 0); PEAKS];
    for y in -far_y..=far_y {
        for x in -far_x..=far_x {
            let here = value(x, y);
            if here > best[PEAKS - 1].0 && here >= value(x - 1, y).max(value(x + 1, y)) && here >= value(x, y - 1).max(value(x, y + 1)) {
                best[PEAKS - 1] = (here, x, y);
                best.sort_by(|a, b| b.0.total_cmp(&a.0));
            }
        }
    }
    best.iter().filter(|peak| peak.0 > 0.0).for_each(|(score, x, y)| found(score * gain, *x as f32, *y as f32));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_among_the_first() {
        let seen = |place: &Similarity| {
            let value = |i: usize| {
                let (x, y) = ((i % 100) as f32 - 49.5, (i / 100) as f32 - 37.0);
                let [x, y] = place.map([x / 100.0, y / 100.0]).map(|part| part * 100.0);
                (0.31 * x + 0.004 * x * y).sin() + (0.27 * y - 0.002 * x * x).cos()
            };
            Luma::from_values(100, 75, (0..100 * 75).map(value).collect()).unwrap()
        };
        let fixed = seen(&Similarity::IDENTITY);
        for (scale, rotation, shift_x, shift_y) in [(1.14, 0.17, 0.15, 0.1), (0.86, -0.16, -0.14, 0.09), (1.0, 0.0, 0.0, 0.0)] {
            let truth = Similarity { scale, rotation, shift_x, shift_y };
            let found = candidates::<128>(&fixed, &seen(&truth), &FULL, 3);
            assert!(found.iter().any(|place| place.similarity.distance(&truth, 0.75) < 0.02), "{truth:?}: {found:?}");
        }
    }
}
