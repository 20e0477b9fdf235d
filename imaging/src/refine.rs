//! From roughly right to exact: Gauss–Newton steps that make the moving picture look like the fixed one, with what does not fit
//! (hair, another background) weighted down.

use crate::{coarse::at, luma::Luma, similarity::Similarity};

/// Pixels of the fixed picture that say where they belong, one of each tile: those with the steepest slope.
pub struct Marks {
    /// From the middle, in pixels.
    x: Vec<f32>,
    y: Vec<f32>,
    value: Vec<f32>,
    /// How the value changes as the picture grows, turns, and moves to the right and down.
    slopes: [Vec<f32>; 4],
}

/// Marks are reckoned with so many at a time.
const LANES: usize = 8;

/// The value of marks outside of the moving picture.
const OUTSIDE: f32 = 1e6;

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
        let mut marks = Self { x: vec![], y: vec![], value: vec![], slopes: Default::default() };
        for first_y in (1..height.saturating_sub(tile)).step_by(tile) {
            for first_x in (1..width.saturating_sub(tile)).step_by(tile) {
                let mut best = (-1.0, 0, 0, 0.0, 0.0);
                for y in first_y..first_y + tile {
                    let around = first_x - 1..first_x + tile + 1;
                    let (above, row, below) = (&fixed.row(y - 1)[around.clone()], &fixed.row(y)[around.clone()], &fixed.row(y + 1)[around]);
                    for x in 1..=tile {
                        let (dx, dy) = (0.5 * (row[x + 1] - row[x - 1]), 0.5 * (below[x] - above[x]));
                        let steep = dx * dx + dy * dy;
                        if steep > best.0 {
                            best = (steep, first_x + x - 1, y, dx, dy);
                        }
                    }
                }
                let (_, x, y, dx, dy) = best;
                marks.value.push(fixed.row(y)[x]);
                let (x, y) = (x as f32 - left, y as f32 - top);
                marks.x.push(x);
                marks.y.push(y);
                marks.slopes.iter_mut().zip([dx * x + dy * y, dy * x - dx * y, dx, dy]).for_each(|(all, slope)| all.push(slope));
            }
        }
        marks.fill_up();
        marks
    }

    /// Those within half a `side` of one of the points, both in widths of `width` pixels.
    pub fn near(&self, points: &[[f32; 2]], side: f32, width: usize) -> Self {
        let (unit, reach) = (width as f32, 0.5 * side * width as f32);
        let near = |x: f32, y: f32| points.iter().any(|[px, py]| (x - px * unit).abs() <= reach && (y - py * unit).abs() <= reach);
        let kept: Vec<usize> = (0..self.x.len()).filter(|i| near(self.x[*i], self.y[*i])).collect();
        let of = |values: &[f32]| kept.iter().map(|i| values[*i]).collect();
        let slopes = std::array::from_fn(|i| of(&self.slopes[i]));
        let mut marks = Self { x: of(&self.x), y: of(&self.y), value: of(&self.value), slopes };
        marks.fill_up();
        marks
    }

    /// To whole lanes, with marks that are outside of any picture.
    fn fill_up(&mut self) {
        let length = self.x.len().next_multiple_of(LANES);
        self.x.resize(length, f32::MAX);
        self.y.resize(length, f32::MAX);
        self.value.resize(length, 0.0);
        self.slopes.iter_mut().for_each(|slopes| slopes.resize(length, 0.0));
    }

    /// Up to `steps` steps from `start`, fewer once one moves nothing farther than `exact` pixels; `None` where the pictures hardly overlap or nothing says where they belong.
    pub fn refined(&self, width: usize, moving: &Luma, start: &Similarity, steps: usize, exact: f32) -> Option<Fit> {
        let mut back = Back::new(start, width);
        let mut spread = 0.7;
        let mut values = vec![OUTSIDE; self.x.len()];
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
            if moved < exact {
                return Some(Fit { similarity: back.similarity(width), ..fit });
            }
        }
        None
    }

    /// The moving picture's values at the marks; correlation and overlap.
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
                *out = OUTSIDE;
            }
        }
        let overlap = inside as f32 / self.x.len().max(1) as f32;
        (overlap > 0.25 && inside > 40).then(|| (both / (one * two).sqrt().max(1e-6), overlap))
    }

    /// One step: the change of the fixed picture's place that the differences ask for, and their spread.
    fn step(&self, values: &[f32], spread: f32) -> Option<([f32; 4], f32)> {
        let scale = 1.0 / (2.0 * spread * spread);
        // Ten sums of products, four with the difference, the differences and their number.
        let mut sums = [[0.0f32; LANES]; 16];
        let lanes = |values: &[f32], at: usize| -> [f32; LANES] { values.as_chunks::<LANES>().0[at] };
        for at in 0..values.len() / LANES {
            let (value, fixed) = (lanes(values, at), lanes(&self.value, at));
            let slopes: [[f32; LANES]; 4] = std::array::from_fn(|i| lanes(&self.slopes[i], at));
            let mut difference = [0.0; LANES];
            let mut weight = [0.0; LANES];
            for i in 0..LANES {
                let inside = if value[i] == OUTSIDE { 0.0 } else { 1.0 };
                difference[i] = inside * (value[i] - fixed[i]);
                // Little weight for what is far off (Geman–McClure).
                let inlier = 1.0 / (1.0 + difference[i] * difference[i] * scale);
                weight[i] = inside * inlier * inlier;
                sums[14][i] += difference[i].abs().min(2.0);
                sums[15][i] += inside;
            }
            let mut next = 0;
            for row in 0..4 {
                let weighted: [f32; LANES] = std::array::from_fn(|i| weight[i] * slopes[row][i]);
                for slope in &slopes[row..] {
                    (0..LANES).for_each(|i| sums[next][i] += weighted[i] * slope[i]);
                    next += 1;
                }
                (0..LANES).for_each(|i| sums[10 + row][i] += weighted[i] * difference[i]);
            }
        }
        let total = sums.map(|lanes| lanes.iter().map(|sum| f64::from(*sum)).sum::<f64>());
        let normal = std::array::from_fn(|i| total[i]);
        let (sum, count) = (total[14], total[15]);
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
    let entry = |row: usize, column: usize| {
        let (row, column) = (row.min(column), row.max(column));
        normal[row * (9 - row) / 2 + column - row]
    };
    let mut rows: [[f64; 5]; 4] =
        std::array::from_fn(|row| std::array::from_fn(|column| if column < 4 { entry(row, column) } else { normal[10 + row] }));
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

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 160;

    fn seen(place: &Similarity, spoilt: bool) -> Luma {
        let value = |i: usize| {
            let (x, y) = ((i % WIDTH) as f32 + 0.5 - 80.0, (i / WIDTH) as f32 + 0.5 - 60.0);
            if spoilt && x < -40.0 {
                return 1.5 * (0.5 * x * y).sin();
            }
            let [x, y] = place.map([x / WIDTH as f32, y / WIDTH as f32]).map(|part| part * WIDTH as f32);
            (0.31 * x + 0.002 * x * y).sin() + (0.27 * y - 0.001 * x * x).cos()
        };
        Luma::from_values(WIDTH, 120, (0..WIDTH * 120).map(value).collect()).unwrap()
    }

    #[test]
    fn from_a_pixel_and_a_degree_beside_to_the_place_itself() {
        let truth = Similarity { scale: 1.06, rotation: 0.08, shift_x: 0.04, shift_y: -0.03 };
        let start = Similarity { scale: 1.05, rotation: 0.095, shift_x: 0.045, shift_y: -0.027 };
        let marks = Marks::of(&seen(&Similarity::IDENTITY, false), 2);
        for (spoilt, most) in [(false, 2e-4), (true, 1e-3)] {
            let fit = marks.refined(WIDTH, &seen(&truth, spoilt), &start, 15, 0.003).unwrap();
            assert!(fit.similarity.distance(&truth, 0.75) < most, "{fit:?}");
            assert!(spoilt || fit.correlation > 0.98, "{fit:?}");
        }
    }

    #[test]
    fn a_plain_picture_says_nothing() {
        let plain = Luma::from_values(WIDTH, 120, vec![0.0; WIDTH * 120]).unwrap();
        assert!(Marks::of(&plain, 2).refined(WIDTH, &plain, &Similarity::IDENTITY, 5, 0.003).is_none());
    }

    #[test]
    fn four_equations_are_solved() {
        let matrix = [[4.0, 1.0, 0.5, 0.0], [1.0, 3.0, 0.0, 0.2], [0.5, 0.0, 2.0, 0.1], [0.0, 0.2, 0.1, 5.0]];
        let truth = [1.0f32, -2.0, 0.5, 3.0];
        let upper = matrix.iter().enumerate().flat_map(|(row, values)| values[row..].iter().copied());
        let right = matrix.iter().map(|row| row.iter().zip(&truth).map(|(value, truth)| value * f64::from(*truth)).sum::<f64>());
        let normal: Vec<f64> = upper.chain(right).collect();
        let normal: [f64; 14] = normal.try_into().unwrap();
        let found = solved(&normal).unwrap();
        assert!(found.iter().zip(&truth).all(|(found, truth)| (found - truth).abs() < 1e-5), "{found:?}");
    }
}
