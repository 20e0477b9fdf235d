//! From bytes that anybody may have sent to pixels, within limits.

use super::{Picture, orientation::Orientation};
use domain::photo::LONGEST_SIDE;
use png::{ColorType, Transformations};
use std::io::Cursor;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// Why bytes are no picture that can be kept.
#[derive(Debug, thiserror::Error)]
pub enum NoPicture {
    #[error("it is neither a JPEG nor a PNG")]
    OtherKind,
    #[error("it has more pixels than a picture may have")]
    TooLarge,
    #[error("it is damaged")]
    Damaged,
    #[error("it has not the size the record says")]
    OtherSize,
    #[error("its pixels could not be written: {0}")]
    Unwritable(String),
}

/// More scans than any camera makes: each one costs another pass over the whole picture.
const MOST_SCANS: usize = 64;
/// A PNG's rows, before they become red, green and blue: two bytes for each of four channels.
const MOST_PNG_BYTES: usize = LONGEST_SIDE as usize * LONGEST_SIDE as usize * 8;

/// The picture, upright. Nothing is decoded that says it is larger than a photograph may be.
pub fn read(bytes: &[u8]) -> Result<Picture, NoPicture> {
    if bytes.starts_with(&[0xff, 0xd8]) {
        read_jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        read_png(bytes)
    } else {
        Err(NoPicture::OtherKind)
    }
}

/// The size a JPEG says it has.
pub fn size(bytes: &[u8]) -> Result<(u16, u16), NoPicture> {
    imaging::jpeg::size(bytes).ok_or(NoPicture::Damaged)
}

fn read_jpeg(bytes: &[u8]) -> Result<Picture, NoPicture> {
    let (width, height) = size(bytes)?;
    check(width.into(), height.into())?;
    let longest = usize::from(LONGEST_SIDE);
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(longest)
        .set_max_height(longest)
        .jpeg_set_max_scans(MOST_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let rgb = decoder.decode().map_err(|_| NoPicture::Damaged)?;
    let picture = Picture { width: width.into(), height: height.into(), rgb };
    let orientation = decoder.exif().map_or_else(Orientation::default, |exif| Orientation::of(exif));
    whole(picture).map(|picture| orientation.upright(picture))
}

fn read_png(bytes: &[u8]) -> Result<Picture, NoPicture> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: MOST_PNG_BYTES });
    decoder.set_transformations(Transformations::normalize_to_color8());
    // Nothing of it is kept, so nothing of it is unpacked.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|_| NoPicture::Damaged)?;
    let (width, height) = (header.width, header.height);
    check(width, height)?;
    let mut reader = decoder.read_info().map_err(|_| NoPicture::Damaged)?;
    let orientation = reader.info().exif_metadata.as_ref().map_or_else(Orientation::default, |exif| Orientation::of(exif));
    let mut rows = vec![0; reader.output_buffer_size().ok_or(NoPicture::TooLarge)?];
    let frame = reader.next_frame(&mut rows).map_err(|_| NoPicture::Damaged)?;
    rows.truncate(frame.buffer_size());
    let rgb = match frame.color_type {
        ColorType::Rgb => rows,
        ColorType::Rgba => rows.chunks_exact(4).flat_map(|p| on_white([p[0], p[1], p[2]], p[3])).collect(),
        ColorType::Grayscale => rows.iter().flat_map(|shade| [*shade; 3]).collect(),
        ColorType::GrayscaleAlpha => rows.chunks_exact(2).flat_map(|p| on_white([p[0]; 3], p[1])).collect(),
        ColorType::Indexed => return Err(NoPicture::Damaged),
    };
    whole(Picture { width, height, rgb }).map(|picture| orientation.upright(picture))
}

/// What shows through is white, as on paper.
fn on_white(colour: [u8; 3], alpha: u8) -> [u8; 3] {
    let alpha = u16::from(alpha);
    let mixed = |channel: u8| (u16::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255;
    colour.map(|channel| u8::try_from(mixed(channel)).unwrap_or(u8::MAX))
}

fn check(width: u32, height: u32) -> Result<(), NoPicture> {
    let sides = 1..=u32::from(LONGEST_SIDE);
    if sides.contains(&width) && sides.contains(&height) { Ok(()) } else { Err(NoPicture::TooLarge) }
}

fn whole(picture: Picture) -> Result<Picture, NoPicture> {
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    if u64::try_from(picture.rgb.len()) == Ok(pixels * 3) { Ok(picture) } else { Err(NoPicture::Damaged) }
}
