//! Whether a place is right: parts of the picture, each on its own, have to agree with it.

use crate::{coarse::at, consensus::Wish, luma::Luma, similarity::Similarity};

/// The side of a block, in parts of the width of a plane `columns` wide.
pub fn block(columns: usize) -> f32 {
    BLOCK as f32 / columns as f32
}

/// The side of a block, in pixels.
const BLOCK: usize = 40;
/// How far a block looks around for a better place.
const REACH: usize = 5;
/// The places it may choose among.
const PLACES: usize = SIDE * SIDE;
const SIDE: usize = 2 * REACH + 1;
const LANES: usize = 8;

/// What the blocks say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Blocks inside both pictures.
    pub blocks: u32,
    /// Of them, those that fit nowhere around better than within a pixel of the place. Chance alone gives about a tenth.
    pub agreeing: u32,
    /// The median correlation of the blocks at the place.
    pub correlation: f32,
    /// How far the best place stands out from other places around, in the mean of all blocks' correlations.
    pub prominence: f32,
}

impl Evidence {
    pub fn agreement(&self) -> f32 {
        self.agreeing as f32 / self.blocks.max(1) as f32
    }
}

/// Asks all blocks of the overlap; and where each would rather be, if that is not beyond its reach. Both planes are levelled and of
/// the same unit.
pub fn evidence(fixed: &Luma, moving: &Luma, similarity: &Similarity) -> (Evidence, Vec<Wish>) {
    let laid = laid(fixed, moving, similarity);
    let (width, height) = (fixed.width(), fixed.height());
    let mut blocks = 0;
    let mut agreeing = 0;
    let mut centres = Vec::new();
    let mut wishes = Vec::new();
    let mut sums = [0.0f32; PLACES];
    let across = (width.saturating_sub(2 * REACH)) / BLOCK;
    let down = (height.saturating_sub(2 * REACH)) / BLOCK;
    if across == 0 || down == 0 {
        return Default::default();
    }
    let (left, top) = ((width - across * BLOCK) / 2, (height - down * BLOCK) / 2);
    for row in 0..down {
        for column in 0..across {
            let Some(places) = correlations(fixed, &laid, left + column * BLOCK, top + row * BLOCK) else { continue };
            blocks += 1;
            let best = (0..PLACES).max_by(|a, b| places[*a].total_cmp(&places[*b])).unwrap_or(0);
            let (x, y) = ((best % SIDE).abs_diff(REACH), (best / SIDE).abs_diff(REACH));
            agreeing += u32::from(x <= 1 && y <= 1);
            if x < REACH && y < REACH {
                let middle = |at: usize, half: f32| (at as f32 + BLOCK as f32 / 2.0 - half) / width as f32;
                let at = [middle(left + column * BLOCK, width as f32 / 2.0), middle(top + row * BLOCK, fixed.middle())];
                wishes.push(Wish { at, by: peak(&places, best).map(|pixels| pixels / width as f32) });
            }
            centres.push(places[PLACES / 2]);
            sums.iter_mut().zip(&places).for_each(|(sum, place)| *sum += place);
        }
    }
    if blocks == 0 {
        return Default::default();
    }
    let middle = centres.len() / 2;
    let (_, correlation, _) = centres.select_nth_unstable_by(middle, f32::total_cmp);
    (Evidence { blocks, agreeing, correlation: *correlation, prominence: prominence(&sums) / blocks as f32 }, wishes)
}

/// Where the highest place is, between pixels: the top of a parabola through it and its neighbours. It is not at the rim.
fn peak(places: &[f32; PLACES], best: usize) -> [f32; 2] {
    let top = |before: f32, here: f32, after: f32| {
        let bend = before - 2.0 * here + after;
        if bend < -1e-6 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 }
    };
    let x = top(places[best - 1], places[best], places[best + 1]);
    let y = top(places[best - SIDE], places[best], places[best + SIDE]);
    [(best % SIDE) as f32 - REACH as f32 + x, (best / SIDE) as f32 - REACH as f32 + y]
}

/// The centre above the mean of the outermost places.
fn prominence(sums: &[f32; PLACES]) -> f32 {
    let (mut rim, mut count) = (0.0, 0.0);
    for (at, sum) in sums.iter().enumerate() {
        if at % SIDE == 0 || at % SIDE == SIDE - 1 || at / SIDE == 0 || at / SIDE == SIDE - 1 {
            rim += sum;
            count += 1.0;
        }
    }
    sums[PLACES / 2] - rim / count
}

/// A block's correlation with each place around; `None` where the moving picture does not reach.
fn correlations(fixed: &Luma, laid: &[f32], left: usize, top: usize) -> Option<[f32; PLACES]> {
    let width = fixed.width();
    const WIDE: usize = BLOCK + 2 * REACH;
    let around: [&[f32]; WIDE] = std::array::from_fn(|y| {
        let start = (top - REACH + y) * width + left - REACH;
        &laid[start..start + WIDE]
    });
    if around.iter().any(|row| row.iter().any(|value| value.is_nan())) {
        return None;
    }
    // Each row's sums of squares for each horizontal place: differences of sums from the row's start.
    let mut squares = [[0.0f32; SIDE]; WIDE];
    for (row, sums) in around.iter().zip(&mut squares) {
        let mut from_start = [0.0f32; WIDE + 1];
        (0..WIDE).for_each(|x| from_start[x + 1] = from_start[x] + row[x] * row[x]);
        (0..SIDE).for_each(|dx| sums[dx] = from_start[dx + BLOCK] - from_start[dx]);
    }
    // Eight sums for each place, added up only at the end.
    let mut sums = [[0.0f32; LANES]; PLACES];
    let mut energy = [0.0f32; LANES];
    for y in 0..BLOCK {
        let row = &fixed.row(top + y)[left..left + BLOCK];
        multiplied(row, row, &mut energy);
        for dy in 0..SIDE {
            let other = around[y + dy];
            for dx in 0..SIDE {
                multiplied(row, &other[dx..dx + BLOCK], &mut sums[dy * SIDE + dx]);
            }
        }
    }
    let energy: f32 = energy.iter().sum();
    Some(std::array::from_fn(|place| {
        let (dx, dy) = (place % SIDE, place / SIDE);
        let other: f32 = squares[dy..dy + BLOCK].iter().map(|row| row[dx]).sum();
        sums[place].iter().sum::<f32>() / (energy * other).sqrt().max(1e-3)
    }))
}

/// Adds the products of two rows, the block's side being a whole number of lanes.
#[inline]
fn multiplied(one: &[f32], two: &[f32], sums: &mut [f32; LANES]) {
    let ((one, _), (two, _)) = (one.as_chunks::<LANES>(), two.as_chunks::<LANES>());
    for (one, two) in one.iter().zip(two) {
        for i in 0..LANES {
            sums[i] += one[i] * two[i];
        }
    }
}

/// The moving picture in the fixed picture's pixels, NaN outside.
fn laid(fixed: &Luma, moving: &Luma, similarity: &Similarity) -> Vec<f32> {
    let unit = fixed.width() as f32;
    let back = similarity.inverse();
    let (a, b) = back.linear();
    let (left, top) = (moving.width() as f32 / 2.0 - 0.5 + back.shift_x * unit, moving.middle() - 0.5 + back.shift_y * unit);
    let mut out = vec![f32::NAN; fixed.width() * fixed.height()];
    for (y, row) in out.chunks_exact_mut(fixed.width()).enumerate() {
        let dy = y as f32 + 0.5 - fixed.middle();
        for (x, out) in row.iter_mut().enumerate() {
            let dx = x as f32 + 0.5 - fixed.width() as f32 / 2.0;
            if let Some(value) = at(moving, a * dx - b * dy + left, b * dx + a * dy + top) {
                *out = value;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A texture without repetition, seen `off` pixels to the right.
    fn textured(off: f32) -> Luma {
        let value = |i: usize| {
            let (x, y) = ((i % 300) as f32 + off, (i / 300) as f32);
            (0.31 * x + 0.0011 * x * y).sin() + (0.27 * y - 0.0007 * x * x).cos()
        };
        Luma::from_values(300, 220, (0..300 * 220).map(value).collect()).unwrap()
    }

    #[test]
    fn blocks_agree_with_the_right_place_only() {
        let (fixed, moving) = (textured(0.0), textured(3.0));
        let right = Similarity { shift_x: 3.0 / 300.0, ..Similarity::IDENTITY };
        let (said, _) = evidence(&fixed, &moving, &right);
        assert!(said.blocks >= 20 && said.agreeing == said.blocks && said.correlation > 0.99, "{said:?}");
        let (said, wishes) = evidence(&fixed, &moving, &Similarity::IDENTITY);
        assert_eq!(said.agreeing, 0);
        // What belongs at a block is shown three pixels farther to the left.
        assert_eq!(wishes.len(), said.blocks as usize);
        assert!(wishes.iter().all(|wish| (wish.by[0] * 300.0 + 3.0).abs() < 0.2 && (wish.by[1] * 300.0).abs() < 0.2), "{wishes:?}");
    }
}
