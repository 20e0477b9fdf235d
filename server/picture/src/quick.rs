//! Thumbnails without decoding the whole picture. Every code of the file is read, so a damaged one is noticed; but of each block of
//! 8 × 8 pixels only the few frequencies are used that are left when it shrinks to one, two or four pixels each way.
//!
//! For the JPEGs that cameras and browsers usually make: baseline, all three colours in one scan. Others take the long way.

mod bits;
mod blocks;
mod codes;
mod header;

use super::{NoPicture, Picture, shrink};
use blocks::Shrunk;
use header::Header;

/// So much larger than the thumbnail has to be what it is made of: the last step is what makes it smooth.
const SPARE_PER_CENT: u32 = 125;

/// The picture with its longer side so long; `None` when it has to be decoded in the usual way, which also tells what is wrong with
/// it.
pub fn within(file: &[u8], longest: u32) -> Option<Result<Picture, NoPicture>> {
    let header = Header::read(file)?;
    let longer = u32::from(header.width.max(header.height));
    let enough = longest * SPARE_PER_CENT / 100;
    let pixels = [1, 2, 4].into_iter().find(|pixels| longer * pixels / 8 >= enough)?;
    let shrunk = Shrunk::read(&header, usize::try_from(pixels).unwrap_or(1))?;
    let side = |side: u16| shrink::scaled(side.into(), longest, longer);
    let part = |side: u16| f64::from(side) * f64::from(pixels) / 8.0;
    let size = (side(header.width), side(header.height));
    Some(shrink::part_resized(&shrunk.picture(), (part(header.width), part(header.height)), size))
}

#[cfg(test)]
mod tests;
