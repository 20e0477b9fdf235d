//! A later picture laid on an earlier one, so that both show the same at the same place.

use super::{Picture, beside::GROUND, shrink, widened};
use imaging::{Luma, Similarity, register};

/// The longer side in which they are laid on each other.
const LOOKED_AT: u32 = 800;
/// No more of each side is cut away than this part; beyond it the ground shows.
const MOST_CUT: f32 = 0.2;
const STEP: f32 = 0.005;

/// Both, cut to what both show. `None`: nothing was found that is the same in both.
pub fn on(first: &Picture, second: &Picture) -> Option<[Picture; 2]> {
    let similarity = register(&luma(first)?, &luma(second)?).ok()?.similarity;
    let cut = to_cut(aspect(first), aspect(second), similarity);
    Some([within(first, cut), within(&moved(first, second, similarity), cut)])
}

fn luma(picture: &Picture) -> Option<Luma> {
    let small = shrink::within(picture, LOOKED_AT).ok()?;
    let rgba: Vec<u8> = small.rgb.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect();
    let picture = imaging::Picture::new(widened(small.width), widened(small.height), &rgba).ok()?;
    Some(Luma::of(&picture, widened(LOOKED_AT)))
}

/// Height over width.
fn aspect(picture: &Picture) -> f32 {
    picture.height as f32 / picture.width as f32
}

/// What part of each side has to go until the second picture reaches everywhere.
fn to_cut(first: f32, second: f32, similarity: Similarity) -> f32 {
    let back = similarity.inverse();
    let reaches = |cut: f32| {
        let (x, y) = (0.5 - cut, (0.5 - cut) * first);
        let corners = [[-x, -y], [x, -y], [-x, y], [x, y]].map(|corner| back.map(corner));
        corners.iter().all(|[x, y]| x.abs() <= 0.5 && y.abs() <= second / 2.0)
    };
    let mut cut = 0.0;
    while cut < MOST_CUT && !reaches(cut) {
        cut += STEP;
    }
    if cut < MOST_CUT { cut } else { 0.0 }
}

fn within(picture: &Picture, cut: f32) -> Picture {
    let off = |side: u32| (side as f32 * cut).round() as u32;
    let (left, top) = (off(picture.width), off(picture.height));
    picture.part(left, top, picture.width - 2 * left, picture.height - 2 * top)
}

/// The second picture as it lies in the frame of the first. Where it does not reach there is the ground.
fn moved(first: &Picture, second: &Picture, similarity: Similarity) -> Picture {
    let mut laid = Picture::plain(first.width, first.height, GROUND);
    let (unit, own) = (first.width as f32, second.width as f32);
    let middle = |picture: &Picture| (picture.width as f32 / 2.0, picture.height as f32 / 2.0);
    let ((first_x, first_y), (second_x, second_y)) = (middle(first), middle(second));
    let (sin, cos) = similarity.rotation.sin_cos();
    for y in 0..laid.height {
        for x in 0..laid.width {
            // From the pixel's middle back to where it came from.
            let right = (x as f32 + 0.5 - first_x) / unit - similarity.shift_x;
            let down = (y as f32 + 0.5 - first_y) / unit - similarity.shift_y;
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

    #[test]
    fn the_second_is_laid_where_it_belongs() {
        let mut second = Picture::plain(40, 20, [0; 3]);
        second.set(30, 10, [255; 3]);
        let first = Picture::plain(80, 40, [0; 3]);
        let still = Similarity::IDENTITY;
        let brightest = |similarity| {
            let laid = moved(&first, &second, similarity);
            let all = (0..laid.height).flat_map(|y| (0..laid.width).map(move |x| (x, y)));
            all.filter(|(x, y)| laid.pixel(*x, *y) != GROUND).max_by_key(|(x, y)| laid.pixel(*x, *y)[0]).unwrap()
        };
        assert_eq!(moved(&second, &second, still), second);
        let near = |found: (u32, u32), wanted: (u32, u32)| found.0.abs_diff(wanted.0) <= 1 && found.1.abs_diff(wanted.1) <= 1;
        // The first is twice as wide: one pixel of the second covers four.
        assert!(near(brightest(still), (61, 21)));
        assert!(near(brightest(Similarity { shift_x: 0.125, ..still }), (71, 21)));
        assert!(near(brightest(Similarity { scale: 0.5, ..still }), (50, 20)));
        // A quarter clockwise: what was on the right is below.
        let quarter = Similarity { rotation: std::f32::consts::FRAC_PI_2, scale: 0.5, ..still };
        assert!(near(brightest(quarter), (39, 30)));
    }

    #[test]
    fn what_only_one_of_them_shows_is_cut_away() {
        assert_eq!(to_cut(0.75, 0.75, Similarity::IDENTITY), 0.0);
        let shifted = to_cut(0.75, 0.75, Similarity { shift_x: 0.04, ..Similarity::IDENTITY });
        assert!((0.0399..0.046).contains(&shifted), "{shifted}");
        // Taken from nearer by a tenth, it shows a tenth less.
        let nearer = to_cut(0.75, 0.75, Similarity { scale: 0.9, ..Similarity::IDENTITY });
        assert!((0.0499..0.056).contains(&nearer), "{nearer}");
        // So far away that nearly nothing would be left.
        assert_eq!(to_cut(0.75, 0.75, Similarity { scale: 0.5, ..Similarity::IDENTITY }), 0.0);
    }

    #[test]
    fn pictures_that_have_nothing_in_common_are_left_as_they_are() {
        assert!(on(&Picture::plain(60, 40, [9; 3]), &Picture::plain(60, 40, [200; 3])).is_none());
    }
}
