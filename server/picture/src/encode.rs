//! Pixels as a JPEG, without any data about anything.

use super::{NoPicture, Picture};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Of pictures that had to be drawn anew: nobody sees the difference.
pub const PICTURE_QUALITY: u8 = 95;
pub const THUMBNAIL_QUALITY: u8 = 80;

pub fn jpeg(picture: &Picture, quality: u8) -> Result<Vec<u8>, NoPicture> {
    let side = |side: u32| u16::try_from(side).map_err(|_| NoPicture::TooLarge);
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let mut bytes = Vec::with_capacity(picture.rgb.len() / 8);
    let mut encoder = Encoder::new(&mut bytes, quality);
    // Thumbnails are loaded by the dozen, over the room's Wi-Fi; skin has no fine lines of colour.
    if quality <= THUMBNAIL_QUALITY {
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
    }
    encoder.encode(&picture.rgb, width, height, ColorType::Rgb).map_err(|error| NoPicture::Unwritable(error.to_string()))?;
    Ok(bytes)
}
