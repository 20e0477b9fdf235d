//! A decoded picture as a canvas hands it over.

use thiserror::Error;

/// A borrowed RGBA picture of 8 bits a channel, sRGB, rows from the top without gaps: what a canvas's `getImageData` gives.
/// Transparency is ignored. Costs no memory of its own.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    width: usize,
    height: usize,
    rgba: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadPicture {
    #[error("the picture has no pixels")]
    Empty,
    #[error("{width} by {height} pixels need {expected} bytes, there are {found}")]
    Length { width: usize, height: usize, expected: usize, found: usize },
}

impl<'a> Picture<'a> {
    /// `rgba` holds exactly `width` · `height` · 4 bytes.
    pub fn new(width: usize, height: usize, rgba: &'a [u8]) -> Result<Self, BadPicture> {
        if width == 0 || height == 0 {
            return Err(BadPicture::Empty);
        }
        let expected = width.saturating_mul(height).saturating_mul(4);
        if rgba.len() != expected {
            return Err(BadPicture::Length { width, height, expected, found: rgba.len() });
        }
        Ok(Self { width, height, rgba })
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// The bytes of row `y`, four for each pixel.
    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        &self.rgba[y * self.width * 4..(y + 1) * self.width * 4]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_has_to_fit_its_size() {
        assert!(Picture::new(2, 3, &[0; 24]).is_ok());
        assert_eq!(Picture::new(0, 3, &[]).unwrap_err(), BadPicture::Empty);
        let wrong = BadPicture::Length { width: 2, height: 3, expected: 24, found: 23 };
        assert_eq!(Picture::new(2, 3, &[0; 23]).unwrap_err(), wrong);
    }
}
