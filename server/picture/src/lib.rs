//! Photographs as bytes and as pixels: what may be kept, and how it is drawn. Pure: knows neither clinic nor store. A room of its
//! own because it is compiled for speed.

pub mod beside;
mod encode;
mod kept;
mod laid;
mod lettering;
mod orientation;
mod read;
mod shrink;

pub use encode::{PICTURE_QUALITY, THUMBNAIL_QUALITY, jpeg};
pub use imaging::jpeg::is_plain;
pub use kept::{Kept, keep, thumbnail};
pub use read::{NoPicture, read, size};

/// Pixels in rows from the top, each of red, green and blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Picture {
    /// A ground of one colour.
    pub fn plain(width: u32, height: u32, colour: [u8; 3]) -> Self {
        let pixels = widened(width) * widened(height);
        Self { width, height, rgb: colour.repeat(pixels) }
    }

    /// Where a row begins among the bytes.
    fn row(&self, y: u32) -> usize {
        widened(y) * widened(self.width) * 3
    }

    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = self.row(y) + widened(x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    fn set(&mut self, x: u32, y: u32, colour: [u8; 3]) {
        let at = self.row(y) + widened(x) * 3;
        self.rgb[at..at + 3].copy_from_slice(&colour);
    }

    /// What lies within that rectangle, which has to lie within the picture.
    fn part(&self, left: u32, top: u32, width: u32, height: u32) -> Self {
        let row = |y: u32| {
            let from = self.row(top + y) + widened(left) * 3;
            &self.rgb[from..from + widened(width) * 3]
        };
        Self { width, height, rgb: (0..height).flat_map(row).copied().collect() }
    }

    /// Lays another picture on this one, which has to be large enough for it.
    pub fn lay(&mut self, other: &Self, left: u32, top: u32) {
        let bytes = widened(other.width) * 3;
        for y in 0..other.height {
            let (from, to) = (other.row(y), self.row(top + y) + widened(left) * 3);
            self.rgb[to..to + bytes].copy_from_slice(&other.rgb[from..from + bytes]);
        }
    }
}

/// Sides are far smaller than addresses.
fn widened(side: u32) -> usize {
    usize::try_from(side).unwrap_or(usize::MAX)
}
