//! A plane freed from the light: each pixel's deviation from its surroundings, in units of how much they vary.

use crate::luma::Luma;

/// Deviations beyond this many units are cut: one hard edge or highlight is not to outweigh a cheek.
const MOST: f32 = 3.0;

/// Local mean and contrast taken out, over squares of 2 · `radius` + 1 pixels. What varies less than noise does stays small.
pub fn levelled(luma: &Luma, radius: usize) -> Luma {
    let (width, height) = (luma.width(), luma.height());
    let floor = 0.3 + 1.5 * noise(luma);
    let mean = blurred(luma.values(), width, height, radius);
    let mut deviation: Vec<f32> = luma.values().iter().zip(&mean).map(|(value, mean)| value - mean).collect();
    let squares: Vec<f32> = deviation.iter().map(|value| value * value).collect();
    let variance = blurred(&squares, width, height, radius);
    for (value, variance) in deviation.iter_mut().zip(&variance) {
        *value = (*value / (variance.max(0.0) + floor * floor).sqrt()).clamp(-MOST, MOST);
    }
    luma.with_values(deviation)
}

/// Rows that are summed at once.
const ROWS: usize = 8;

/// The standard deviation of noise: the smooth parts' differences from what their neighbours predict.
pub fn noise(luma: &Luma) -> f32 {
    const SIDE: usize = 12;
    let (width, height) = (luma.width(), luma.height());
    let step = if width.min(height) >= 10 * SIDE { 2 * SIDE } else { SIDE };
    let mut blocks = Vec::new();
    // Every other one both ways: a quarter says as much.
    for top in (1..height.saturating_sub(SIDE)).step_by(step) {
        for left in (1..width.saturating_sub(SIDE)).step_by(step) {
            let mut sum = 0.0;
            for y in top..top + SIDE {
                let (above, row, below) = (luma.row(y - 1), luma.row(y), luma.row(y + 1));
                for x in left..left + SIDE {
                    let corners = above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1];
                    let sides = above[x] + below[x] + row[x - 1] + row[x + 1];
                    sum += (corners - 2.0 * sides + 4.0 * row[x]).abs();
                }
            }
            blocks.push(sum / (SIDE * SIDE) as f32);
        }
    }
    if blocks.is_empty() {
        return 0.0;
    }
    let fifth = blocks.len() / 5;
    let (_, sum, _) = blocks.select_nth_unstable_by(fifth, f32::total_cmp);
    // The sum of squares of the mask is 36; the mean of |N(0, 1)| is 0.798.
    *sum / (6.0 * 0.798)
}

/// The mean over a square, fewer pixels at the borders.
pub fn blurred(values: &[f32], width: usize, height: usize, radius: usize) -> Vec<f32> {
    let mut across = vec![0.0; values.len()];
    for (rows, out) in values.chunks(ROWS * width).zip(across.chunks_mut(ROWS * width)) {
        if rows.len() == ROWS * width {
            along::<ROWS>(rows, out, width, radius);
        } else {
            rows.chunks_exact(width).zip(out.chunks_exact_mut(width)).for_each(|(row, out)| along::<1>(row, out, width, radius));
        }
    }
    let mut result = vec![0.0; values.len()];
    let mut sum = vec![0.0; width];
    let add = |sum: &mut [f32], y: usize, sign: f32| {
        sum.iter_mut().zip(&across[y * width..(y + 1) * width]).for_each(|(sum, value)| *sum += sign * value);
    };
    (0..radius.min(height)).for_each(|y| add(&mut sum, y, 1.0));
    for y in 0..height {
        if y + radius < height {
            add(&mut sum, y + radius, 1.0);
        }
        if y > radius {
            add(&mut sum, y - radius - 1, -1.0);
        }
        let count = (y + radius).min(height - 1) + 1 - y.saturating_sub(radius);
        let gain = 1.0 / count as f32;
        result[y * width..(y + 1) * width].iter_mut().zip(&sum).for_each(|(out, sum)| *out = sum * gain);
    }
    result
}

/// The means along rows, of some rows at once: each waits for its own sum only.
fn along<const R: usize>(rows: &[f32], out: &mut [f32], width: usize, radius: usize) {
    let rows: [&[f32]; R] = std::array::from_fn(|r| &rows[r * width..(r + 1) * width]);
    let mut sums = rows.map(|row| row[..radius.min(width)].iter().sum::<f32>());
    let whole = 1.0 / (2 * radius + 1) as f32;
    for x in 0..width {
        let (enters, leaves) = (x + radius < width, x > radius);
        let gain = if enters && x >= radius { whole } else { 1.0 / ((x + radius).min(width - 1) + 1 - x.saturating_sub(radius)) as f32 };
        for r in 0..R {
            let entering = if enters { rows[r][x + radius] } else { 0.0 };
            let leaving = if leaves { rows[r][x - radius - 1] } else { 0.0 };
            sums[r] += entering - leaving;
            out[r * width + x] = sums[r] * gain;
        }
    }
}

/// Lightly smoothed: the weights 1 2 1 in both directions.
pub fn softened(luma: &Luma) -> Luma {
    let (width, height) = (luma.width(), luma.height());
    let mut across = vec![0.0; width * height];
    for (row, out) in luma.values().chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        for x in 0..width {
            out[x] = 0.25 * (row[x.saturating_sub(1)] + row[(x + 1).min(width - 1)]) + 0.5 * row[x];
        }
    }
    let mut values = vec![0.0; width * height];
    for y in 0..height {
        let (above, below) = (y.saturating_sub(1) * width, (y + 1).min(height - 1) * width);
        for x in 0..width {
            values[y * width + x] = 0.25 * (across[above + x] + across[below + x]) + 0.5 * across[y * width + x];
        }
    }
    luma.with_values(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn textured(gain: f32, slope: f32) -> Luma {
        let value = |i: usize| {
            let (x, y) = ((i % 90) as f32, (i / 90) as f32);
            100.0 + gain * 20.0 * ((x * 0.7).sin() + (y * 0.9).cos()) + slope * x
        };
        Luma::from_values(90, 70, (0..90 * 70).map(value).collect()).unwrap()
    }

    #[test]
    fn light_and_its_slope_are_taken_out() {
        let (one, two) = (levelled(&textured(1.0, 0.0), 6), levelled(&textured(0.6, 0.4), 6));
        for y in 10..60 {
            for x in 10..80 {
                assert!((one.row(y)[x] - two.row(y)[x]).abs() < 0.25, "{x}, {y}");
            }
        }
    }

    #[test]
    fn the_mean_over_a_square() {
        let values: Vec<f32> = (0..35).map(|i| (i * 7 % 13) as f32).collect();
        let blurred = blurred(&values, 7, 5, 1);
        let expected = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3)];
        let mean = expected.iter().map(|(y, x)| values[y * 7 + x]).sum::<f32>() / 9.0;
        assert!((blurred[2 * 7 + 2] - mean).abs() < 1e-5);
        let corner = (values[0] + values[1] + values[7] + values[8]) / 4.0;
        assert!((blurred[0] - corner).abs() < 1e-5);
    }

    #[test]
    fn noise_is_measured_beside_edges() {
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let noisy = (0..120 * 90).map(|i| if i % 120 < 40 { 30.0 } else { 200.0 } + 10.0 * (random() + random())).collect();
        let measured = noise(&Luma::from_values(120, 90, noisy).unwrap());
        let expected = 10.0 * (1.0f32 / 6.0).sqrt();
        assert!((measured / expected - 1.0).abs() < 0.15, "{measured} for {expected}");
    }
}
