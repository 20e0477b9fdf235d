//! From files and frames to pixels, in the size in which they are looked at.

use super::Failure;
use js_sys::{Array, ArrayBuffer, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DedicatedWorkerGlobalScope, ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d as Context};

/// RGBA, 8 bits each.
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    pub rgba: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub width: u16,
    pub height: u16,
}

impl Size {
    /// In the same proportions, with no side longer than that.
    pub fn within(self, longest: u16) -> Self {
        let side = self.width.max(self.height);
        if side <= longest {
            return self;
        }
        let shrunk = |length: u16| {
            let exact = u32::from(length) * u32::from(longest) + u32::from(side) / 2;
            u16::try_from(exact / u32::from(side)).unwrap_or(longest).max(1)
        };
        Self { width: shrunk(self.width), height: shrunk(self.height) }
    }

    pub fn of(bitmap: &ImageBitmap) -> Self {
        let side = |length: u32| u16::try_from(length).unwrap_or(u16::MAX);
        Self { width: side(bitmap.width()), height: side(bitmap.height()) }
    }
}

/// A frame as it is; a file, upright whatever its camera noted.
pub async fn open(picture: &JsValue) -> Result<ImageBitmap, Failure> {
    if let Some(bitmap) = picture.dyn_ref::<ImageBitmap>() {
        return Ok(bitmap.clone());
    }
    let blob = match picture.dyn_ref::<ArrayBuffer>() {
        Some(bytes) => Blob::new_with_buffer_source_sequence(&Array::of1(bytes))?,
        None => picture.clone().unchecked_into(),
    };
    let scope: DedicatedWorkerGlobalScope = global().unchecked_into();
    let opening = scope.create_image_bitmap_with_blob(&blob)?;
    match JsFuture::from(opening).await {
        Ok(bitmap) => Ok(bitmap.unchecked_into()),
        Err(error) => Err(Failure { unreadable: true, ..error.into() }),
    }
}

/// A canvas of that size, and what draws on it.
pub fn canvas(size: Size, read_often: bool) -> Result<(OffscreenCanvas, Context), Failure> {
    let canvas = OffscreenCanvas::new(size.width.into(), size.height.into())?;
    let options = js_sys::Object::new();
    // Kept where reading it costs nothing.
    js_sys::Reflect::set(&options, &"willReadFrequently".into(), &read_often.into())?;
    js_sys::Reflect::set(&options, &"alpha".into(), &false.into())?;
    let context = canvas.get_context_with_context_options("2d", &options)?;
    let context: Context = context.ok_or_else(|| JsValue::from_str("no canvas"))?.unchecked_into();
    js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    Ok((canvas, context))
}

/// Its pixels, with no side longer than that.
pub fn read(bitmap: &ImageBitmap, longest: usize) -> Result<Pixels, Failure> {
    let size = Size::of(bitmap).within(u16::try_from(longest).unwrap_or(u16::MAX));
    let (_, context) = canvas(size, true)?;
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)?;
    pixels(&context, size)
}

/// The same of something drawn already.
pub fn of_canvas(drawn: &OffscreenCanvas, longest: usize) -> Result<Pixels, Failure> {
    let side = |length: u32| u16::try_from(length).unwrap_or(u16::MAX);
    let size = Size { width: side(drawn.width()), height: side(drawn.height()) };
    let size = size.within(u16::try_from(longest).unwrap_or(u16::MAX));
    let (_, context) = canvas(size, true)?;
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    context.draw_image_with_offscreen_canvas_and_dw_and_dh(drawn, 0.0, 0.0, width, height)?;
    pixels(&context, size)
}

fn pixels(context: &Context, size: Size) -> Result<Pixels, Failure> {
    let data = context.get_image_data(0.0, 0.0, f64::from(size.width), f64::from(size.height))?;
    Ok(Pixels { width: size.width.into(), height: size.height.into(), rgba: data.data().0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions_are_kept() {
        let size = |width, height| Size { width, height };
        assert_eq!(size(4032, 3024).within(2560), size(2560, 1920));
        assert_eq!(size(3024, 4032).within(2560), size(1920, 2560));
        assert_eq!(size(640, 480).within(2560), size(640, 480));
        assert_eq!(size(60_000, 3).within(360), size(360, 1));
    }
}
