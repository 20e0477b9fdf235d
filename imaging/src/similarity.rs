//! Shift, scale and rotation: how one photograph lies on another.

/// Maps points of the *moving* photograph onto the *fixed* one: `fixed = scale · R(rotation) · moving + shift`.
///
/// Points are measured from the **centre of each picture**, x to the right, y **down**, in units of **that picture's own width**: the
/// corners of a 4:3 picture are at (±0.5, ±0.375). So a similarity says the same for a thumbnail and for the original. `R` turns
/// clockwise as seen on the screen for positive angles: (x, y) → (x·cos − y·sin, x·sin + y·cos). Rotation and scale are about the
/// moving picture's centre, which comes to lie at `shift` from the fixed picture's centre.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Similarity {
    /// Above 1: the moving picture shows things smaller and is enlarged.
    pub scale: f32,
    /// Radians, clockwise on the screen.
    pub rotation: f32,
    /// In widths of the fixed picture, to the right.
    pub shift_x: f32,
    /// In **widths** of the fixed picture, down.
    pub shift_y: f32,
}

impl Default for Similarity {
    fn default() -> Self {
        Self::IDENTITY
    }
}

impl Similarity {
    pub const IDENTITY: Self = Self { scale: 1.0, rotation: 0.0, shift_x: 0.0, shift_y: 0.0 };

    /// Where a point of the moving picture lies in the fixed one.
    pub fn map(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (a, b) = self.linear();
        [a * x - b * y + self.shift_x, b * x + a * y + self.shift_y]
    }

    /// Maps the fixed picture onto the moving one. `scale` must not be 0.
    pub fn inverse(&self) -> Self {
        let back = Self { scale: 1.0 / self.scale, rotation: -self.rotation, shift_x: 0.0, shift_y: 0.0 };
        let [x, y] = back.map([self.shift_x, self.shift_y]);
        Self { shift_x: -x, shift_y: -y, ..back }
    }

    /// First this one, then `next`.
    pub fn then(&self, next: &Self) -> Self {
        let [shift_x, shift_y] = next.map([self.shift_x, self.shift_y]);
        Self { scale: self.scale * next.scale, rotation: wrapped(self.rotation + next.rotation), shift_x, shift_y }
    }

    /// For pixels: `[a, b, c, d, e, f]` as a canvas's `setTransform` and CSS's `matrix()` take them (x' = a·x + c·y + e,
    /// y' = b·x + d·y + f), from the moving picture's pixels to the fixed picture's. Sizes are (width, height); a pixel's centre is
    /// at its index + ½.
    pub fn matrix(&self, moving: (f32, f32), fixed: (f32, f32)) -> [f32; 6] {
        let (a, b) = self.linear();
        let ratio = fixed.0 / moving.0;
        let (a, b) = (a * ratio, b * ratio);
        let (x, y) = (moving.0 / 2.0, moving.1 / 2.0);
        let e = fixed.0 * (0.5 + self.shift_x) - a * x + b * y;
        let f = fixed.1 / 2.0 + fixed.0 * self.shift_y - b * x - a * y;
        [a, b, -b, a, e, f]
    }

    /// The mean distance, in widths, between where this and `other` put the points of a moving picture whose height is `aspect`
    /// times its width: a grid of 9 × 9.
    pub fn distance(&self, other: &Self, aspect: f32) -> f32 {
        let mut sum = 0.0;
        for row in 0..9 {
            for column in 0..9 {
                let point = [column as f32 / 8.0 - 0.5, (row as f32 / 8.0 - 0.5) * aspect];
                let (one, two) = (self.map(point), other.map(point));
                sum += (one[0] - two[0]).hypot(one[1] - two[1]);
            }
        }
        sum / 81.0
    }

    /// scale · cos, scale · sin
    pub(crate) fn linear(&self) -> (f32, f32) {
        let (sin, cos) = self.rotation.sin_cos();
        (self.scale * cos, self.scale * sin)
    }

    pub(crate) fn from_linear(a: f32, b: f32, shift_x: f32, shift_y: f32) -> Self {
        Self { scale: a.hypot(b), rotation: b.atan2(a), shift_x, shift_y }
    }
}

/// The same angle within ±π.
fn wrapped(angle: f32) -> f32 {
    use std::f32::consts::{PI, TAU};
    if (-PI..=PI).contains(&angle) { angle } else { (angle + PI).rem_euclid(TAU) - PI }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any() -> impl Strategy<Value = Similarity> {
        (0.5f32..2.0, -3.0f32..3.0, -1.0f32..1.0, -1.0f32..1.0).prop_map(|(scale, rotation, shift_x, shift_y)| Similarity {
            scale,
            rotation,
            shift_x,
            shift_y,
        })
    }

    fn near(one: [f32; 2], two: [f32; 2]) -> bool {
        (one[0] - two[0]).abs() < 1e-4 && (one[1] - two[1]).abs() < 1e-4
    }

    proptest! {
        #[test]
        fn the_inverse_leads_back(s in any(), x in -0.5f32..0.5, y in -0.5f32..0.5) {
            prop_assert!(near(s.inverse().map(s.map([x, y])), [x, y]));
            prop_assert!(s.then(&s.inverse()).distance(&Similarity::IDENTITY, 0.75) < 1e-4);
        }

        #[test]
        fn one_after_the_other_is_their_product(s in any(), t in any(), x in -0.5f32..0.5, y in -0.5f32..0.5) {
            prop_assert!(near(s.then(&t).map([x, y]), t.map(s.map([x, y]))));
        }

        #[test]
        fn distances_and_angles_keep_their_proportions(s in any(), x in -0.5f32..0.5, y in -0.5f32..0.5) {
            let (o, p) = (s.map([0.0, 0.0]), s.map([x, y]));
            prop_assert!(((p[0] - o[0]).hypot(p[1] - o[1]) - s.scale * x.hypot(y)).abs() < 1e-4);
        }

        #[test]
        fn the_matrix_says_the_same_in_pixels(s in any(), x in -0.5f32..0.5, y in -0.5f32..0.5) {
            let (moving, fixed) = ((400.0, 300.0), (1200.0, 800.0));
            let [a, b, c, d, e, f] = s.matrix(moving, fixed);
            let pixel = [moving.0 * (0.5 + x), moving.1 / 2.0 + moving.0 * y];
            let there = [a * pixel[0] + c * pixel[1] + e, b * pixel[0] + d * pixel[1] + f];
            let point = s.map([x, y]);
            prop_assert!((there[0] - fixed.0 * (0.5 + point[0])).abs() < 0.05);
            prop_assert!((there[1] - (fixed.1 / 2.0 + fixed.0 * point[1])).abs() < 0.05);
        }
    }

    #[test]
    fn positive_angles_turn_clockwise_on_the_screen() {
        let quarter = Similarity { rotation: std::f32::consts::FRAC_PI_2, ..Similarity::IDENTITY };
        // What pointed to the right points down.
        assert!(near(quarter.map([0.5, 0.0]), [0.0, 0.5]));
    }
}
