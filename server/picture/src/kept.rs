//! What the clinic keeps of a picture that was sent: the file as it came, when there is nothing in it but the picture; drawn anew
//! from its pixels, when there is.

use crate::{NoPicture, PICTURE_QUALITY, Picture, THUMBNAIL_QUALITY, encode, read, shrink};
use bytes::Bytes;
use imaging::jpeg::is_plain;

/// Ready for the store.
#[derive(Debug)]
pub struct Kept {
    pub picture: Bytes,
    pub thumbnail: Bytes,
}

/// Takes a file in that should be a picture of this width and height, and makes its thumbnail, with the longer side so long. Reads
/// it to the end: what is kept can be shown.
pub fn keep(file: Bytes, expected: (u16, u16), thumbnail: u16) -> Result<Kept, NoPicture> {
    let picture = read(&file)?;
    if !is_of(&picture, expected) {
        return Err(NoPicture::OtherSize);
    }
    let thumbnail = encode::jpeg(&shrink::within(&picture, thumbnail.into())?, THUMBNAIL_QUALITY)?;
    let picture = if is_plain(&file) { file } else { encode::jpeg(&picture, PICTURE_QUALITY)?.into() };
    Ok(Kept { picture, thumbnail: thumbnail.into() })
}

/// Whoever measured a picture that stands on its side may not have set it upright before.
fn is_of(picture: &Picture, (width, height): (u16, u16)) -> bool {
    let (width, height) = (u32::from(width), u32::from(height));
    [(width, height), (height, width)].contains(&(picture.width, picture.height))
}

/// Only the thumbnail of a JPEG.
pub fn thumbnail(file: &[u8], longest: u16) -> Result<Vec<u8>, NoPicture> {
    encode::jpeg(&shrink::within(&read(file)?, longest.into())?, THUMBNAIL_QUALITY)
}
