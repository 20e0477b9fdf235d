//! Making pictures smaller.

use super::{NoPicture, Picture};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image, images::ImageRef};

/// The picture with its longer side so long; smaller ones stay as they are.
pub fn within(picture: &Picture, longest: u32) -> Result<Picture, NoPicture> {
    let Picture { width, height, .. } = *picture;
    let longer = width.max(height);
    if longer <= longest {
        return Ok(picture.clone());
    }
    let shorter = |side: u32| scaled(side, longest, longer);
    resized(picture, shorter(width), shorter(height))
}

pub fn resized(picture: &Picture, width: u32, height: u32) -> Result<Picture, NoPicture> {
    part_resized(picture, (picture.width.into(), picture.height.into()), (width, height))
}

/// The same of the picture's left upper part, whose sides need not be whole pixels.
pub fn part_resized(picture: &Picture, part: (f64, f64), (width, height): (u32, u32)) -> Result<Picture, NoPicture> {
    let told = |error: String| NoPicture::Unwritable(error);
    let from = ImageRef::new(picture.width, picture.height, &picture.rgb, PixelType::U8x3).map_err(|error| told(error.to_string()))?;
    let mut to = Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(0.0, 0.0, part.0, part.1);
    Resizer::new().resize(&from, &mut to, &options).map_err(|error| told(error.to_string()))?;
    Ok(Picture { width, height, rgb: to.into_vec() })
}

/// `side` × `by` ÷ `of`, rounded, and at least one pixel.
pub fn scaled(side: u32, by: u32, of: u32) -> u32 {
    let of = u64::from(of.max(1));
    u32::try_from((u64::from(side) * u64::from(by) + of / 2) / of).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_side_is_as_asked_and_the_shape_stays() {
        let size = |width, height| {
            let small = within(&Picture::plain(width, height, [10, 200, 90]), 360).unwrap();
            assert!(small.rgb.chunks(3).all(|pixel| pixel == [10, 200, 90]));
            (small.width, small.height)
        };
        assert_eq!(size(2560, 1920), (360, 270));
        assert_eq!(size(1920, 2560), (270, 360));
        assert_eq!(size(2560, 240), (360, 34));
        assert_eq!(size(300, 240), (300, 240));
    }
}
