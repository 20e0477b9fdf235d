//! Before and after, side by side, as it is shown outside the clinic.

use super::{
    NoPicture, Picture,
    lettering::Lettering,
    shrink::{resized, scaled},
};

/// How the second picture is laid onto the first: turned and scaled about its centre, then moved. Lengths are in widths of the
/// first picture, angles in radians, clockwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    pub scale: f32,
    pub rotation: f32,
    pub right: f32,
    pub down: f32,
}

/// What stands on the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// `Before · session 1`.
    pub before: String,
    pub after: String,
    pub clinic: String,
}

/// The app's own paper and inks.
const GROUND: [u8; 3] = [0xf3, 0xf1, 0xee];
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

/// Draws both pictures at one height, what they are below each, and the clinic's name below both.
pub fn draw(before: &Picture, after: &Picture, similarity: Option<Similarity>, words: &Words) -> Result<Picture, NoPicture> {
    let moved = similarity.map(|similarity| laid_over(before, after, similarity));
    let sides = [before, moved.as_ref().unwrap_or(after)];
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

/// The second picture as it lies in the frame of the first. Where it does not reach there is the ground.
fn laid_over(first: &Picture, second: &Picture, similarity: Similarity) -> Picture {
    let mut laid = Picture::plain(first.width, first.height, GROUND);
    let (unit, own) = (first.width as f32, second.width as f32);
    let middle = |picture: &Picture| (picture.width as f32 / 2.0, picture.height as f32 / 2.0);
    let ((first_x, first_y), (second_x, second_y)) = (middle(first), middle(second));
    let (sin, cos) = similarity.rotation.sin_cos();
    for y in 0..laid.height {
        for x in 0..laid.width {
            // From the pixel's middle back to where it came from.
            let right = (x as f32 + 0.5 - first_x) / unit - similarity.right;
            let down = (y as f32 + 0.5 - first_y) / unit - similarity.down;
            let from_x = (right * cos + down * sin) / similarity.scale * own + second_x - 0.5;
            let from_y = (down * cos - right * sin) / similarity.scale * own + second_y - 0.5;
            if let Some(colour) = between(second, from_x, from_y) {
                laid.set(x, y, colour);
            }
        }
    }
    laid
}

/// The colour at a place between four pixels.
fn between(picture: &Picture, x: f32, y: f32) -> Option<[u8; 3]> {
    let last = |side: u32| side.saturating_sub(1);
    let inside = |at: f32, side: u32| at >= -0.5 && at <= last(side) as f32 + 0.5;
    if !inside(x, picture.width) || !inside(y, picture.height) {
        return None;
    }
    let (x, y) = (x.clamp(0.0, last(picture.width) as f32), y.clamp(0.0, last(picture.height) as f32));
    let (left, top) = (x as u32, y as u32);
    let (right, below) = ((left + 1).min(last(picture.width)), (top + 1).min(last(picture.height)));
    let (dx, dy) = (x.fract(), y.fract());
    let corners = [(left, top), (right, top), (left, below), (right, below)].map(|(x, y)| picture.pixel(x, y));
    let shares = [(1.0 - dx) * (1.0 - dy), dx * (1.0 - dy), (1.0 - dx) * dy, dx * dy];
    let channel = |at: usize| corners.iter().zip(shares).map(|(corner, share)| f32::from(corner[at]) * share).sum::<f32>().round() as u8;
    Some([channel(0), channel(1), channel(2)])
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
        let sheet = draw(&red, &green, None, &words()).unwrap();
        let count = |colour: [u8; 3]| sheet.rgb.chunks(3).filter(|pixel| *pixel == colour).count();
        assert_eq!((count([200, 20, 20]), count([20, 200, 20])), (900 * 1200, 900 * 1200));
        // Words there are, in ink, and room around them.
        assert!(count(INK) > 500 && count(FAINT_INK) > 500);
        assert!((0..sheet.width).all(|x| sheet.pixel(x, 0) == GROUND && sheet.pixel(x, sheet.height - 1) == GROUND));
    }

    #[test]
    fn the_largest_and_the_smallest_fit() {
        let wide = Picture::plain(2560, 1440, [9; 3]);
        let sheet = draw(&wide, &wide, None, &words()).unwrap();
        assert!(sheet.width < 2400 && sheet.height < 900, "{} × {}", sheet.width, sheet.height);
        let narrow = Picture::plain(240, 2560, [9; 3]);
        let long = Words { clinic: "A clinic with a name that goes on and on and on and on and on".into(), ..words() };
        assert!(draw(&narrow, &narrow, None, &long).is_ok());
        assert!(draw(&narrow, &wide, None, &long).is_ok());
    }

    #[test]
    fn the_second_is_laid_where_it_belongs() {
        let mut second = Picture::plain(40, 20, [0; 3]);
        second.set(30, 10, [255; 3]);
        let first = Picture::plain(80, 40, [0; 3]);
        let still = Similarity { scale: 1.0, rotation: 0.0, right: 0.0, down: 0.0 };
        let brightest = |similarity| {
            let laid = laid_over(&first, &second, similarity);
            let all = (0..laid.height).flat_map(|y| (0..laid.width).map(move |x| (x, y)));
            all.filter(|(x, y)| laid.pixel(*x, *y) != GROUND).max_by_key(|(x, y)| laid.pixel(*x, *y)[0]).unwrap()
        };
        assert_eq!(laid_over(&second, &second, still), second);
        let near = |found: (u32, u32), wanted: (u32, u32)| found.0.abs_diff(wanted.0) <= 1 && found.1.abs_diff(wanted.1) <= 1;
        // The first is twice as wide: one pixel of the second covers four.
        assert!(near(brightest(still), (61, 21)));
        assert!(near(brightest(Similarity { right: 0.125, ..still }), (71, 21)));
        assert!(near(brightest(Similarity { scale: 0.5, ..still }), (50, 20)));
        // A quarter clockwise: what was on the right is below.
        let quarter = Similarity { rotation: std::f32::consts::FRAC_PI_2, scale: 0.5, ..still };
        assert!(near(brightest(quarter), (39, 30)));
    }
}
