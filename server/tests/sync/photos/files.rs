//! Files that devices send, and files that nobody should.

use picture::{PICTURE_QUALITY, Picture, jpeg};

/// What must not be found in anything that is kept.
pub const PLACE: &[u8] = b"41.8781 N, 87.6298 W";

/// A picture with something to see: its left upper quarter is red, the right one green, the left lower one blue. `grain` is the
/// noise on it, which makes the file as long as a camera's.
pub fn picture(width: u32, height: u32, grain: u8) -> Picture {
    let mut picture = Picture::plain(width, height, [0; 3]);
    let mut noise = 12_345_u32;
    for (n, pixel) in (0..).zip(picture.rgb.chunks_exact_mut(3)) {
        let (x, y) = (n % width, n / width);
        let colour = match (x * 2 < width, y * 2 < height) {
            (true, true) => [180, 50, 50],
            (false, true) => [50, 180, 50],
            (true, false) => [50, 50, 180],
            (false, false) => [120, 120, 120],
        };
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = if grain == 0 { 0 } else { u8::try_from((noise >> 24) % u32::from(grain)).unwrap() };
        pixel.copy_from_slice(&colour.map(|channel: u8| channel.saturating_add(grain)));
    }
    picture
}

/// As the app's camera makes it, of some pieces.
pub fn photograph() -> Vec<u8> {
    let file = jpeg(&picture(1200, 900, 60), PICTURE_QUALITY).unwrap();
    assert!(file.len() > 2 * 256 * 1024, "{} bytes", file.len());
    file
}

/// A short one, of one piece.
pub fn small() -> Vec<u8> {
    jpeg(&picture(400, 300, 0), PICTURE_QUALITY).unwrap()
}

pub fn progressive() -> Vec<u8> {
    let picture = picture(400, 300, 20);
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.set_progressive(true);
    encoder.encode(&picture.rgb, 400, 300, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

/// A segment put in behind the beginning.
pub fn with_segment(file: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&file[..2], &[0xff, marker], &length, body, &file[2..]].concat()
}

/// As a telephone makes it: turned on its side, with the place where it was taken and a small picture of itself.
pub fn of_a_telephone(orientation: u8) -> Vec<u8> {
    let within = jpeg(&picture(40, 30, 0), 60).unwrap();
    let orientation = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
    let maker = [0x01, 0x0f, 0, 2, 0, 0, 0, 20, 0, 0, 0, 38];
    let tiff = [b"MM\0*\0\0\0\x08\0\x02".as_slice(), &maker, &orientation, &[0; 4], PLACE, &within].concat();
    with_segment(&small(), 0xe1, &[b"Exif\0\0".as_slice(), &tiff].concat())
}

/// A JPEG whose header promises sixty thousand pixels each way.
pub fn jpeg_bomb() -> Vec<u8> {
    let mut bytes = small();
    let frame = bytes.windows(2).position(|two| two[0] == 0xff && (0xc0..=0xc2).contains(&two[1])).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[60_000_u16.to_be_bytes(), 60_000_u16.to_be_bytes()].concat());
    bytes
}

pub fn png(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.add_text_chunk("Location".into(), String::from_utf8(PLACE.to_vec()).unwrap()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(rgb).unwrap();
    writer.finish().unwrap();
    bytes
}

/// The same as a PNG, with all sums right.
pub fn png_bomb() -> Vec<u8> {
    let small = png(300, 300, &[0; 300 * 300 * 3]);
    let mut bytes = small.clone();
    let sides = [60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat();
    bytes[16..24].copy_from_slice(&sides);
    let sum = crc(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&sum);
    bytes
}

/// The sum by which a PNG checks its chunks.
pub fn crc(bytes: &[u8]) -> u32 {
    let step =
        |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 });
    !bytes.iter().fold(u32::MAX, step)
}

/// Whether the bytes hold these bytes.
pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|part| part == wanted)
}
