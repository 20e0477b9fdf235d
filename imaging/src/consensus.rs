//! A place from what the blocks ask for: where so much of the picture changed that Gauss–Newton stopped beside the right place, the
//! blocks that did not change still agree with each other.

use crate::similarity::Similarity;

/// Where a block of the fixed picture would fit better, in widths from the picture's middle.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub at: [f32; 2],
    pub by: [f32; 2],
}

/// Blocks that agree, and the place they agree on.
pub struct Consensus {
    pub similarity: Similarity,
    /// Their middles.
    pub blocks: Vec<[f32; 2]>,
}

/// The place that most wishes lead to within `near`, from each pair of wishes: there are few enough for all.
pub fn consensus(wishes: &[Wish], place: &Similarity, near: f32) -> Option<Consensus> {
    let mut best = (0, Motion::NONE);
    for (i, one) in wishes.iter().enumerate() {
        for two in &wishes[..i] {
            let Some(motion) = Motion::through(one, two) else { continue };
            let count = wishes.iter().filter(|wish| motion.misses(wish) < near).count();
            if count > best.0 {
                best = (count, motion);
            }
        }
    }
    let agreeing: Vec<Wish> = wishes.iter().filter(|wish| best.1.misses(wish) < near).copied().collect();
    let motion = Motion::fitted(&agreeing)?;
    let moved = Similarity::from_linear(motion.a, motion.b, motion.x, motion.y);
    let blocks = agreeing.iter().map(|wish| wish.at).collect();
    // The wishes say where in the fixed picture is shown what belongs here.
    Some(Consensus { similarity: place.then(&moved.inverse()), blocks })
}

/// (a, −b; b, a) and a shift: from where blocks are to where they wish to be.
#[derive(Clone, Copy)]
struct Motion {
    a: f32,
    b: f32,
    x: f32,
    y: f32,
}

impl Motion {
    const NONE: Self = Self { a: 1.0, b: 0.0, x: 0.0, y: 0.0 };

    /// `None` for blocks near each other, whose inaccuracy would turn the rest of the picture, and for what is no small correction.
    fn through(one: &Wish, two: &Wish) -> Option<Self> {
        let (px, py) = (one.at[0] - two.at[0], one.at[1] - two.at[1]);
        let (qx, qy) = (px + one.by[0] - two.by[0], py + one.by[1] - two.by[1]);
        let length = px * px + py * py;
        if length < 0.04 {
            return None;
        }
        let (a, b) = ((px * qx + py * qy) / length, (px * qy - py * qx) / length);
        if (a - 1.0).abs() > 0.08 || b.abs() > 0.08 {
            return None;
        }
        let [x, y] = one.at;
        Some(Self { a, b, x: x + one.by[0] - (a * x - b * y), y: y + one.by[1] - (b * x + a * y) })
    }

    /// By least squares.
    fn fitted(wishes: &[Wish]) -> Option<Self> {
        if wishes.len() < 4 {
            return None;
        }
        let count = wishes.len() as f32;
        let mean = |of: fn(&Wish) -> f32| wishes.iter().map(of).sum::<f32>() / count;
        let middle = [mean(|wish| wish.at[0]), mean(|wish| wish.at[1])];
        let shift = [mean(|wish| wish.by[0]), mean(|wish| wish.by[1])];
        let (mut a, mut b, mut length) = (0.0, 0.0, 0.0);
        for wish in wishes {
            let (px, py) = (wish.at[0] - middle[0], wish.at[1] - middle[1]);
            let (qx, qy) = (px + wish.by[0] - shift[0], py + wish.by[1] - shift[1]);
            a += px * qx + py * qy;
            b += px * qy - py * qx;
            length += px * px + py * py;
        }
        if length < 1e-3 {
            return None;
        }
        let (a, b) = (a / length, b / length);
        let [x, y] = middle;
        Some(Self { a, b, x: x + shift[0] - (a * x - b * y), y: y + shift[1] - (b * x + a * y) })
    }

    fn misses(&self, wish: &Wish) -> f32 {
        let [x, y] = wish.at;
        let (dx, dy) = (self.a * x - self.b * y + self.x - x - wish.by[0], self.b * x + self.a * y + self.y - y - wish.by[1]);
        dx.hypot(dy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_that_agree_outvote_those_that_do_not() {
        let place = Similarity { scale: 1.05, rotation: 0.1, shift_x: 0.03, shift_y: -0.02 };
        let truth = Similarity { scale: 1.055, rotation: 0.105, shift_x: 0.034, shift_y: -0.023 };
        // What is at a point in the fixed picture is shown where the wrong place lays it.
        let wish = |number: usize| {
            let at = [(number % 8) as f32 / 8.0 - 0.45, (number / 8) as f32 / 8.0 - 0.3];
            let shown = place.map(truth.inverse().map(at));
            if number % 5 < 3 {
                Wish { at, by: [shown[0] - at[0], shown[1] - at[1]] }
            } else {
                Wish { at, by: [(number * 7 % 11) as f32 * 0.002 - 0.01, (number * 5 % 11) as f32 * 0.002 - 0.01] }
            }
        };
        let wishes: Vec<Wish> = (0..48).map(wish).collect();
        let found = consensus(&wishes, &place, 0.0015).unwrap();
        assert!(found.similarity.distance(&truth, 0.75) < 3e-4, "{:?}", found.similarity);
        assert!(found.blocks.len() >= 29 && found.blocks.len() < 34);
    }

    #[test]
    fn three_blocks_are_no_consensus() {
        let wishes = [[-0.4, 0.0], [0.0, 0.3], [0.4, 0.0]].map(|at| Wish { at, by: [0.01, 0.0] });
        assert!(consensus(&wishes, &Similarity::IDENTITY, 0.002).is_none());
    }
}
