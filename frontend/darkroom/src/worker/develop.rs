//! From a camera's picture to the file that is kept: a JPEG of the stored size, its thumbnail, and its SHA-256.

use super::{
    Failure,
    pixels::{Size, canvas},
};
use crate::sha256;
use domain::photo::{LONGEST_SIDE, THUMBNAIL_SIDE};
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, ImageEncodeOptions, OffscreenCanvas};

/// Beyond it files grow and nobody sees a difference.
const QUALITY: f64 = 0.92;
const THUMBNAIL_QUALITY: f64 = 0.8;

/// A picture drawn in the size in which it is kept, and small.
pub struct Drawn {
    canvas: OffscreenCanvas,
    thumbnail: OffscreenCanvas,
    size: Size,
}

pub struct Developed {
    pub jpeg: ArrayBuffer,
    pub thumbnail: ArrayBuffer,
    /// Of the JPEG, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// Under way: the browser encodes on threads of its own.
pub struct Encoding {
    jpeg: Promise,
    thumbnail: Promise,
}

/// Drawing leaves behind whatever else the camera wrote into its file.
pub fn draw(picture: &ImageBitmap) -> Result<Drawn, Failure> {
    let size = Size::of(picture).within(LONGEST_SIDE);
    let (canvas_of_picture, context) = canvas(size, false)?;
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    context.draw_image_with_image_bitmap_and_dw_and_dh(picture, 0.0, 0.0, width, height)?;
    let small = size.within(THUMBNAIL_SIDE);
    let (thumbnail, context) = canvas(small, false)?;
    let (width, height) = (f64::from(small.width), f64::from(small.height));
    context.draw_image_with_offscreen_canvas_and_dw_and_dh(&canvas_of_picture, 0.0, 0.0, width, height)?;
    Ok(Drawn { canvas: canvas_of_picture, thumbnail, size })
}

impl Drawn {
    pub fn canvas(&self) -> &OffscreenCanvas {
        &self.canvas
    }

    pub fn size(&self) -> Size {
        self.size
    }

    pub fn encode(&self) -> Result<Encoding, Failure> {
        let jpeg = |canvas: &OffscreenCanvas, quality| {
            let options = ImageEncodeOptions::new();
            options.set_type("image/jpeg");
            options.set_quality(quality);
            canvas.convert_to_blob_with_options(&options)
        };
        Ok(Encoding { jpeg: jpeg(&self.canvas, QUALITY)?, thumbnail: jpeg(&self.thumbnail, THUMBNAIL_QUALITY)? })
    }
}

impl Encoding {
    pub async fn finish(self) -> Result<Developed, Failure> {
        let (jpeg, thumbnail) = (plain(bytes(self.jpeg).await?), plain(bytes(self.thumbnail).await?));
        let sha256 = sha256(&jpeg).await?;
        Ok(Developed { jpeg, thumbnail, sha256 })
    }
}

/// Some browsers write remarks of their own into what they encode: size, orientation, a profile.
fn plain(encoded: ArrayBuffer) -> ArrayBuffer {
    let bytes = Uint8Array::new(&encoded).to_vec();
    match imaging::jpeg::plain(&bytes) {
        Some(plain) if plain.len() < bytes.len() => Uint8Array::from(plain.as_slice()).buffer(),
        _ => encoded,
    }
}

async fn bytes(blob: Promise) -> Result<ArrayBuffer, Failure> {
    let blob: Blob = JsFuture::from(blob).await?.unchecked_into();
    Ok(JsFuture::from(blob.array_buffer()).await?.unchecked_into())
}
