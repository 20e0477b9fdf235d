//! How a camera says that its picture stands on its side.

use super::Picture;

/// What has to be done to the pixels so that the picture stands upright.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orientation {
    /// Rows become columns; before the picture is mirrored.
    transposed: bool,
    mirrored: bool,
    upside_down: bool,
}

impl Orientation {
    /// From the data about the camera: a TIFF file, with or without `Exif` before it. What cannot be read says nothing.
    pub fn of(exif: &[u8]) -> Self {
        Self::read(exif).unwrap_or_default()
    }

    fn read(exif: &[u8]) -> Option<Self> {
        const ORIENTATION: u16 = 0x0112;
        let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        let little = match tiff.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let short = |at: usize| {
            let bytes = [*tiff.get(at)?, *tiff.get(at.checked_add(1)?)?];
            Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
        };
        let long = |at: usize| {
            let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
            Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
        };
        let first = usize::try_from(long(4)?).ok()?;
        let entries = usize::from(short(first)?);
        let at = |entry: usize| first.checked_add(2 + entry * 12);
        let found = (0..entries).map_while(at).find(|at| short(*at) == Some(ORIENTATION))?;
        Self::numbered(short(found.checked_add(8)?)?)
    }

    /// As cameras number them, from 1 to 8.
    fn numbered(number: u16) -> Option<Self> {
        let number = number.checked_sub(1).filter(|number| *number < 8)?;
        let (transposed, mirrored, upside_down) = match number {
            0 => (false, false, false),
            1 => (false, true, false),
            2 => (false, true, true),
            3 => (false, false, true),
            4 => (true, false, false),
            5 => (true, true, false),
            6 => (true, true, true),
            _ => (true, false, true),
        };
        Some(Self { transposed, mirrored, upside_down })
    }

    pub fn upright(self, picture: Picture) -> Picture {
        if self == Self::default() {
            return picture;
        }
        let Picture { width, height, .. } = picture;
        let (wide, high) = if self.transposed { (height, width) } else { (width, height) };
        let mut upright = Picture::plain(wide, high, [0; 3]);
        for y in 0..high {
            for x in 0..wide {
                let from_x = if self.mirrored { wide - 1 - x } else { x };
                let from_y = if self.upside_down { high - 1 - y } else { y };
                let (from_x, from_y) = if self.transposed { (from_y, from_x) } else { (from_x, from_y) };
                upright.set(x, y, picture.pixel(from_x, from_y));
            }
        }
        upright
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exif(number: u8, little: bool) -> Vec<u8> {
        if little {
            [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[number, 0, 0, 0, 0, 0, 0, 0]].concat()
        } else {
            [b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".as_slice(), &[0, number, 0, 0, 0, 0, 0, 0]].concat()
        }
    }

    /// A dark, a middle and a light pixel above another dark one and two black ones.
    fn picture() -> Picture {
        Picture { width: 3, height: 2, rgb: [1, 2, 3, 4, 5, 6].into_iter().flat_map(|shade| [shade; 3]).collect() }
    }

    fn shades(number: u8) -> (u32, Vec<u8>) {
        for little in [true, false] {
            let upright = Orientation::of(&exif(number, little)).upright(picture());
            if !little {
                return (upright.width, upright.rgb.chunks(3).map(|pixel| pixel[0]).collect());
            }
        }
        unreachable!()
    }

    #[test]
    fn a_picture_on_its_side_is_set_upright() {
        assert_eq!(shades(1), (3, vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(shades(2), (3, vec![3, 2, 1, 6, 5, 4]));
        assert_eq!(shades(3), (3, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(shades(4), (3, vec![4, 5, 6, 1, 2, 3]));
        assert_eq!(shades(5), (2, vec![1, 4, 2, 5, 3, 6]));
        // A quarter clockwise: what was at the left below is at the left above now.
        assert_eq!(shades(6), (2, vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(shades(7), (2, vec![6, 3, 5, 2, 4, 1]));
        assert_eq!(shades(8), (2, vec![3, 6, 2, 5, 1, 4]));
        assert_eq!(shades(9), shades(1));
    }

    #[test]
    fn both_orders_of_bytes_are_read() {
        assert_eq!(Orientation::of(&exif(6, true)), Orientation::of(&exif(6, false)));
        assert_ne!(Orientation::of(&exif(6, true)), Orientation::default());
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..60), little in any::<bool>()) {
            let _ = Orientation::of(&bytes);
            let _ = Orientation::of(&[if little { b"II".as_slice() } else { b"MM" }, &bytes].concat());
        }
    }
}
