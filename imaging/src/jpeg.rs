//! The segments of a JPEG, read without decoding anything: how large the picture says it is, whether the file holds nothing but
//! the picture, and the same picture without the rest.

/// Markers by their second byte; the first is always FF.
mod marker {
    pub const SOI: u8 = 0xd8;
    pub const EOI: u8 = 0xd9;
    pub const SOS: u8 = 0xda;
    pub const DQT: u8 = 0xdb;
    pub const DRI: u8 = 0xdd;
    pub const DHT: u8 = 0xc4;
    pub const APP0: u8 = 0xe0;
    /// Baseline, extended and progressive, each with Huffman's codes.
    pub const FRAMES: std::ops::RangeInclusive<u8> = 0xc0..=0xc2;
    /// Where scans may be entered anew.
    pub const RESTARTS: std::ops::RangeInclusive<u8> = 0xd0..=0xd7;
}

/// `JFIF`, version, unit and density, and a thumbnail of no size: all that this segment may say.
const JFIF_BYTES: usize = 14;

/// Width and height as the header says, whatever else the file holds; `None` when it says nothing of the kind.
pub fn size(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut walk = Walk::begin(bytes)?;
    loop {
        let (marker, body) = walk.segment_of_any_file()?;
        // All frames but the Huffman table, an extension and the arithmetic table, which stand among them.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side = |at: usize| Some(u16::from_be_bytes([*body.get(at)?, *body.get(at + 1)?]));
            return Some((side(3)?, side(1)?));
        }
        if marker == marker::SOS {
            return None;
        }
    }
}

/// Whether the file is one picture, with the segments a decoder needs and no other byte: nothing about camera or place, no
/// thumbnail, no comment, no profile, and nothing after the end.
pub fn is_plain(bytes: &[u8]) -> bool {
    walk_plain(bytes) == Some(())
}

/// The same picture, without whatever else the file holds: not one pixel is touched. `None` when it is no whole JPEG. How the camera
/// was held is lost with the rest: the picture has to be upright already.
pub fn plain(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut walk = Walk::begin(bytes)?;
    let mut kept = vec![0xff, marker::SOI];
    loop {
        let before = walk.rest;
        let marker = walk.marker()?;
        if marker == marker::EOI {
            kept.extend([0xff, marker::EOI]);
            return is_plain(&kept).then_some(kept);
        }
        let body = walk.body()?;
        match marker {
            marker::APP0 if kept.len() == 2 && is_jfif(body) => {}
            0xe0..=0xef | 0xfe => continue,
            marker::SOS => walk.skip_scan()?,
            _ => {}
        }
        kept.extend_from_slice(&before[..before.len() - walk.rest.len()]);
    }
}

fn walk_plain(bytes: &[u8]) -> Option<()> {
    let mut walk = Walk::begin(bytes)?;
    let (mut frames, mut scans) = (0, 0);
    loop {
        let marker = walk.marker()?;
        if marker == marker::EOI {
            return (frames == 1 && scans > 0 && walk.rest.is_empty()).then_some(());
        }
        let first = frames == 0 && scans == 0;
        let body = walk.body()?;
        match marker {
            marker::APP0 if first => is_jfif(body).then_some(())?,
            marker::DQT | marker::DHT | marker::DRI => {}
            frame if marker::FRAMES.contains(&frame) => frames += 1,
            marker::SOS if frames == 1 => {
                scans += 1;
                walk.skip_scan()?;
            }
            _ => return None,
        }
    }
}

fn is_jfif(body: &[u8]) -> bool {
    body.len() == JFIF_BYTES && body.starts_with(b"JFIF\0") && body[JFIF_BYTES - 2..] == [0, 0]
}

struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    fn begin(bytes: &'a [u8]) -> Option<Self> {
        bytes.strip_prefix(&[0xff, marker::SOI]).map(|rest| Self { rest })
    }

    fn marker(&mut self) -> Option<u8> {
        let [0xff, marker, rest @ ..] = self.rest else { return None };
        self.rest = rest;
        Some(*marker)
    }

    /// What follows a marker, without its length.
    fn body(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(u16::from_be_bytes([*self.rest.first()?, *self.rest.get(1)?]));
        let segment = self.rest.get(..length)?;
        self.rest = &self.rest[length..];
        segment.get(2..)
    }

    /// The next marker and its body; fill bytes before it are allowed.
    fn segment_of_any_file(&mut self) -> Option<(u8, &'a [u8])> {
        while self.rest.starts_with(&[0xff, 0xff]) {
            self.rest = &self.rest[1..];
        }
        let marker = self.marker()?;
        let stands_alone = marker == 0x01 || marker::RESTARTS.contains(&marker);
        Some((marker, if stands_alone { &[] } else { self.body()? }))
    }

    /// To the next marker that ends a scan.
    fn skip_scan(&mut self) -> Option<()> {
        loop {
            let at = self.rest.iter().position(|byte| *byte == 0xff)?;
            let after = *self.rest.get(at + 1)?;
            if after != 0 && !marker::RESTARTS.contains(&after) {
                self.rest = &self.rest[at..];
                return Some(());
            }
            self.rest = &self.rest[at + 2..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
    use proptest::prelude::*;

    fn picture() -> Vec<u8> {
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).encode(&[200, 100, 50].repeat(48 * 32), 48, 32, ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    /// A picture with a segment put in behind the beginning.
    fn with_segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        let mut bytes = picture();
        bytes.splice(2..2, [0xff, marker].into_iter().chain(length).chain(body.iter().copied()));
        bytes
    }

    #[test]
    fn an_encoders_picture_is_plain() {
        assert!(is_plain(&picture()));
        assert_eq!(size(&picture()), Some((48, 32)));
    }

    #[test]
    fn whatever_a_decoder_does_not_need_is_noticed() {
        for marker in (0xe1..=0xef).chain([0xfe, 0xf0, 0xcc, 0xdc, 0x01]) {
            assert!(!is_plain(&with_segment(marker, b"Exif\0\0 and more")), "{marker:x}");
        }
        let jfif_with_thumbnail = [b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01".as_slice(), &[9, 9, 9]].concat();
        assert!(!is_plain(&with_segment(0xe0, &jfif_with_thumbnail)));
        assert!(!is_plain(&with_segment(0xe0, b"JFXX\0\x10")));
        let mut trailing = picture();
        trailing.extend(b"<html>");
        assert!(!is_plain(&trailing));
        // A second picture behind the first.
        assert!(!is_plain(&picture().repeat(2)));
        let whole = picture();
        assert!(!is_plain(&whole[..whole.len() - 1]));
        assert!(!is_plain(&whole[..whole.len() / 2]));
        // Still the size is told, for the picture may be drawn anew.
        assert_eq!(size(&with_segment(0xe1, b"Exif\0\0")), Some((48, 32)));
    }

    #[test]
    fn what_is_taken_away_is_all_but_the_picture() {
        assert_eq!(plain(&picture()), Some(picture()));
        for marker in (0xe1..=0xef).chain([0xfe]) {
            assert_eq!(plain(&with_segment(marker, b"Exif\0\0 GPS and more")), Some(picture()), "{marker:x}");
        }
        assert_eq!(plain(&[picture(), b"PK and more".to_vec()].concat()), Some(picture()));
        assert_eq!(plain(&picture()[..300]), None);
        assert_eq!(plain(b"<svg/>"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_looked_at(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = (is_plain(&bytes), size(&bytes));
            let behind_a_beginning = [&[0xff, 0xd8], bytes.as_slice()].concat();
            let _ = (is_plain(&behind_a_beginning), size(&behind_a_beginning), plain(&behind_a_beginning));
        }

        #[test]
        fn any_damage_can_be_looked_at(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
            let mut bytes = picture();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = (is_plain(&bytes), size(&bytes));
            bytes.truncate(cut.index(bytes.len()));
            prop_assert!(!is_plain(&bytes));
        }

        #[test]
        fn nothing_can_be_added_behind_the_end(extra in prop::collection::vec(any::<u8>(), 1..40)) {
            prop_assert!(!is_plain(&[picture(), extra].concat()));
        }
    }
}
