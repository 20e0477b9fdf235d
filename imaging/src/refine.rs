//! From roughly right to exact: Gauss–Newton steps that make the moving picture look like the fixed one, with what does not fit
//! (hair, another background) weighted down.

use crate::{coarse::at, luma::Luma, similarity::Similarity};

/// Pixels of the fixed picture that say where they belong, one of each tile: those with the steepest slope.
pub struct Marks {
    /// From the middle, in pixels.
    x: Vec<f32>,
    y: Vec<f32>,
    value: Vec<f32>,
    /// The slope of the picture there.
    dx: Vec<f32>,
    dy: Vec<f32>,
}

/// How well the pictures fit after the last step.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    pub similarity: Similarity,
    /// Of the marks inside both pictures, −1…1.
    pub correlation: f32,
    /// The part of the marks inside both pictures.
    pub overlap: f32,
}

impl Fit {
    /// Orders places of the same two pictures: a small overlap fits easily.
    pub fn score(&self) -> f32 {
        self.correlation * self.overlap.sqrt()
    }
}

impl Marks {
    /// One of each `tile` × `tile` pixels.
    pub fn of(fixed: &Luma, tile: usize) -> Self {
        let (width, height) = (fixed.width(), fixed.height());
        let (left, top) = (width as f32 / 2.0 - 0.5, fixed.middle() - 0.5);
        let mut marks = Self { x: vec![], y: vec![], value: vec![], dx: vec![], dy: vec![] };
        for first_y in (1..height.saturating_sub(tile)).step_by(tile) {
            for first_x in (1..width.saturating_sub(tile)).step_by(tile) {
                let mut best = (-1.0, 0, 0, 0.0, 0.0);
                for y in first_y..first_y + tile {
                    let (above, row, below) = (fixed.row(y - 1), fixed.row(y), fixed.row(y + 1));
                    for x in first_x..first_x + tile {
                        let (dx, dy) = (0.5 * (row[x + 1] - row[x - 1]), 0.5 * (below[x] - above[x]));
                        let steep = dx * dx + dy * dy;
                        if steep > best.0 {
                            best = (steep, x, y, dx, dy);
                        }
                    }
                }
                let (_, x, y, dx, dy) = best;
                marks.x.push(x as f32 - left);
                marks.y.push(y as f32 - top);
                marks.value.push(fixed.row(y)[x]);
                marks.dx.push(dx);
                marks.dy.push(dy);
            }
        }
        marks
    }

    /// Up to `steps` steps from `start`; `None` where the pictures hardly overlap or nothing says where they belong.
    pub fn refined(&self, width: usize, moving: &Luma, start: &Similarity, steps: usize) -> Option<Fit> {
        let mut back = Back::new(start, width);
        let mut spread = 0.7;
        let mut values = vec![f32::NAN; self.x.len()];
        for step in 0..=steps {
            let (correlation, overlap) = self.sample(&back, moving, &mut values)?;
            let fit = Fit { similarity: back.similarity(width), correlation, overlap };
            if step == steps {
                return Some(fit);
            }
            let (change, next) = self.step(&values, spread)?;
            spread = next;
            back.update(&change);
            let reach = width as f32 * 0.4;
            let moved = change[2].hypot(change[3]) + reach * change[0].hypot(change[1]);
            if moved < 0.003 {
                return Some(Fit { similarity: back.similarity(width), ..fit });
            }
        }
        None
    }

    /// The moving picture's values at the marks, NaN outside; correlation and overlap.
    fn sample(&self, back: &Back, moving: &Luma, values: &mut [f32]) -> Option<(f32, f32)> {
        let (left, top) = (moving.width() as f32 / 2.0 - 0.5, moving.middle() - 0.5);
        let (mut both, mut one, mut two, mut inside) = (0.0f32, 0.0f32, 0.0f32, 0);
        for (((x, y), fixed), out) in self.x.iter().zip(&self.y).zip(&self.value).zip(values.iter_mut()) {
            let u = back.a * x - back.b * y + back.x + left;
            let v = back.b * x + back.a * y + back.y + top;
            if let Some(value) = at(moving, u, v) {
                *out = value;
                inside += 1;
                both += fixed * value;
                one += fixed * fixed;
                two += value * value;
            } else {
                *out = f32::NAN;
            }
        }
        let overlap = inside as f32 / self.x.len().max(1) as f32;
        (overlap > 0.25 && inside > 40).then(|| (both / (one * two).sqrt().max(1e-6), overlap))
    }

    /// One step: the change of the fixed picture's place that the differences ask for, and their spread.
    fn step(&self, values: &[f32], spread: f32) -> Option<([f32; 4], f32)> {
        let mut normal = [0.0f64; 14];
        let scale = 1.0 / (2.0 * spread * spread);
        let (mut sum, mut count) = (0.0f64, 0.0f64);
        const CHUNK: usize = 256;
        for start in (0..values.len()).step_by(CHUNK) {
            let mut part = [0.0f32; 14];
            let (mut part_sum, mut part_count) = (0.0f32, 0.0f32);
            for i in start..(start + CHUNK).min(values.len()) {
                let difference = values[i] - self.value[i];
                if difference.is_nan() {
                    continue;
                }
                let (x, y, dx, dy) = (self.x[i], self.y[i], self.dx[i], self.dy[i]);
                // Little weight for what is far off (Geman–McClure).
                let inlier = 1.0 / (1.0 + difference * difference * scale);
                let weight = inlier * inlier;
                part_sum += difference.abs().min(2.0);
                part_count += 1.0;
                let slope = [dx * x + dy * y, dy * x - dx * y, dx, dy];
                let mut at = 0;
                for row in 0..4 {
                    let weighted = weight * slope[row];
                    for value in &slope[row..] {
                        part[at] += weighted * value;
                        at += 1;
                    }
                    part[10 + row] += weighted * difference;
                }
            }
            normal.iter_mut().zip(&part).for_each(|(all, part)| *all += f64::from(*part));
            sum += f64::from(part_sum);
            count += f64::from(part_count);
        }
        let change = solved(&normal)?;
        // The mean of |N(0, 1)| is 0.8.
        Some((change, ((sum / count.max(1.0)) as f32 * 1.25).clamp(0.1, 1.0)))
    }
}

/// From the fixed picture's pixels to the moving one's, both from their middles, one unit: (a, −b; b, a) and a shift.
struct Back {
    a: f32,
    b: f32,
    x: f32,
    y: f32,
}

impl Back {
    fn new(similarity: &Similarity, width: usize) -> Self {
        let back = similarity.inverse();
        let (a, b) = back.linear();
        Self { a, b, x: back.shift_x * width as f32, y: back.shift_y * width as f32 }
    }

    fn similarity(&self, width: usize) -> Similarity {
        let unit = 1.0 / width as f32;
        Similarity::from_linear(self.a, self.b, self.x * unit, self.y * unit).inverse()
    }

    /// The change is one of the fixed picture: undone before going over to the moving one.
    fn update(&mut self, change: &[f32; 4]) {
        let (a, b) = (1.0 + change[0], change[1]);
        let length = a * a + b * b;
        let (a, b) = (a / length, -b / length);
        let (x, y) = (-(a * change[2] - b * change[3]), -(b * change[2] + a * change[3]));
        *self = Self {
            a: self.a * a - self.b * b,
            b: self.b * a + self.a * b,
            x: self.a * x - self.b * y + self.x,
            y: self.b * x + self.a * y + self.y,
        };
    }
}

/// The solution of four normal equations, given as the upper triangle's ten sums and the right side's four.
fn solved(normal: &[f64; 14]) -> Option<[f32; 4]> {
    let mut rows = [[0.0; 5]; 4];
    let mut at = 0;
    for row in 0..4 {
        for column in row..4 {
            rows[row][column] = normal[at];
            rows[column][row] = normal[at];
            at += 1;
        }
        rows[row][4] = normal[10 + row];
    }
    for pivot in 0..4 {
        if rows[pivot][pivot] < 1e-9 * normal[0].max(1e-3) {
            return None;
        }
        let chosen = rows[pivot];
        for (index, row) in rows.iter_mut().enumerate() {
            if index != pivot {
                let factor = row[pivot] / chosen[pivot];
                row.iter_mut().zip(&chosen).for_each(|(value, pivot)| *value -= factor * pivot);
            }
        }
    }
    let solution = std::array::from_fn(|i| (rows[i][4] / rows[i][i]) as f32);
    solution.iter().all(|value: &f32| value.is_finite()).then_some(solution)
}
