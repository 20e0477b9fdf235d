//! Before and after, side by side, as it is shown outside the clinic.

use super::{
    NoPicture, Picture, laid,
    lettering::Lettering,
    shrink::{resized, scaled},
};

/// What stands on the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// `Before · session 1`.
    pub before: String,
    pub after: String,
    pub clinic: String,
}

/// The app's own paper and inks.
pub(super) const GROUND: [u8; 3] = [0xf3, 0xf1, 0xee];
const INK: [u8; 3] = [0x1f, 0x1c, 0x19];
const FAINT_INK: [u8; 3] = [0x66, 0x60, 0x58];

/// The two pictures are at most so high, and together so wide.
const MOST_HEIGHT: u32 = 1280;
const MOST_WIDTH: u32 = 2240;
/// In parts of the pictures' height.
const MARGIN: f32 = 0.045;
const GAP: f32 = 0.018;
const CAPTION: f32 = 0.036;
const SMALLEST_LETTERS: f32 = 15.0;

/// Draws both pictures at one height, what they are below each, and the clinic's name below both. Where they show the same, the
/// second is laid on the first.
pub fn draw(before: &Picture, after: &Picture, words: &Words) -> Result<Picture, NoPicture> {
    let laid = laid::on(before, after);
    let sides = laid.as_ref().map_or([before, after], |[before, after]| [before, after]);
    let height = common_height(sides);
    let wide = sides.map(|side| scaled(side.width, height, side.height));
    let part = |part: f32| (height as f32 * part).round();
    let (margin, gap, letters) = (part(MARGIN), part(GAP), part(CAPTION).max(SMALLEST_LETTERS));

    let (left, top) = (margin as u32, margin as u32);
    let second = left + wide[0] + gap as u32;
    let width = second + wide[1] + left;
    let captions = (top + height) as f32 + letters * 1.35;
    let name = captions + letters * 1.9;
    let mut sheet = Picture::plain(width, (name + margin * 0.9) as u32, GROUND);
    for ((side, wide), (from, caption)) in sides.into_iter().zip(wide).zip([(left, &words.before), (second, &words.after)]) {
        sheet.lay(&resized(side, wide, height)?, from, top);
        Lettering::regular(letters).fitted(caption, wide as f32).draw(&mut sheet, caption, from as f32, captions, INK);
    }
    let room = (width - 2 * left) as f32;
    let lettering = Lettering::bold(letters * 0.85).fitted(&words.clinic, room);
    let middle = (width as f32 - lettering.width(&words.clinic)) / 2.0;
    lettering.draw(&mut sheet, &words.clinic, middle, name, FAINT_INK);
    Ok(sheet)
}

/// As high as the lower of the two, and no higher than the sheet has room for.
fn common_height(sides: [&Picture; 2]) -> u32 {
    let height = sides.map(|side| side.height).into_iter().min().unwrap_or(1).min(MOST_HEIGHT);
    let together = sides.map(|side| scaled(side.width, height, side.height)).into_iter().sum();
    if together > MOST_WIDTH { scaled(height, MOST_WIDTH, together) } else { height }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words { before: "Before · session 1".into(), after: "After · session 5".into(), clinic: "Lindenhof Skin & Laser".into() }
    }

    #[test]
    fn both_stand_at_the_same_height_and_nothing_covers_them() {
        let (red, green) = (Picture::plain(900, 1200, [200, 20, 20]), Picture::plain(1500, 2000, [20, 200, 20]));
        let sheet = draw(&red, &green, &words()).unwrap();
        let count = |colour: [u8; 3]| sheet.rgb.chunks(3).filter(|pixel| *pixel == colour).count();
        assert_eq!((count([200, 20, 20]), count([20, 200, 20])), (900 * 1200, 900 * 1200));
        // Words there are, in ink, and room around them.
        assert!(count(INK) > 500 && count(FAINT_INK) > 500);
        assert!((0..sheet.width).all(|x| sheet.pixel(x, 0) == GROUND && sheet.pixel(x, sheet.height - 1) == GROUND));
    }

    #[test]
    fn the_largest_and_the_smallest_fit() {
        let wide = Picture::plain(2560, 1440, [9; 3]);
        let sheet = draw(&wide, &wide, &words()).unwrap();
        assert!(sheet.width < 2400 && sheet.height < 900, "{} × {}", sheet.width, sheet.height);
        let narrow = Picture::plain(240, 2560, [9; 3]);
        let long = Words { clinic: "A clinic with a name that goes on and on and on and on and on".into(), ..words() };
        assert!(draw(&narrow, &narrow, &long).is_ok());
        assert!(draw(&narrow, &wide, &long).is_ok());
    }
}
