//! Words in pictures, in the typeface of the clinic's documents.

use super::Picture;
use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

/// Noto Sans at one size, in pixels from the top of the tallest letter to the bottom of the deepest.
pub struct Lettering {
    font: FontRef<'static>,
    size: f32,
}

impl Lettering {
    pub fn regular(size: f32) -> Self {
        Self::of(notosans::REGULAR_TTF, size)
    }

    pub fn bold(size: f32) -> Self {
        Self::of(notosans::BOLD_TTF, size)
    }

    fn of(face: &'static [u8], size: f32) -> Self {
        Self { font: FontRef::try_from_slice(face).expect("the built-in typeface can be read"), size }
    }

    /// The same, smaller where the text would be wider than there is room.
    pub fn fitted(self, text: &str, room: f32) -> Self {
        let width = self.width(text);
        let size = if width > room && width > 0.0 { self.size * room / width } else { self.size };
        Self { size, ..self }
    }

    pub fn width(&self, text: &str) -> f32 {
        let mut width = 0.0;
        self.place(text, |_, right| width = right);
        width
    }

    /// Draws a line of text whose letters stand on `baseline`.
    pub fn draw(&self, onto: &mut Picture, text: &str, left: f32, baseline: f32, colour: [u8; 3]) {
        let mut glyphs = Vec::new();
        self.place(text, |glyph, _| glyphs.push(glyph));
        for mut glyph in glyphs {
            glyph.position.x += left;
            glyph.position.y = baseline;
            let Some(outline) = self.font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, cover| {
                let (x, y) = (corner.x + x as f32, corner.y + y as f32);
                if x >= 0.0 && y >= 0.0 && x < onto.width as f32 && y < onto.height as f32 {
                    mix(onto, x as u32, y as u32, colour, cover);
                }
            });
        }
    }

    /// Each glyph with its place along the line, and where the next one begins.
    fn place(&self, text: &str, mut with: impl FnMut(Glyph, f32)) {
        let scale = PxScale::from(self.size);
        let font = self.font.as_scaled(scale);
        let (mut x, mut last) = (0.0, None);
        for character in text.chars() {
            let id = font.glyph_id(character);
            x += last.map_or(0.0, |last| font.kern(last, id));
            let glyph = id.with_scale_and_position(scale, point(x, 0.0));
            x += font.h_advance(id);
            last = Some(id);
            with(glyph, x);
        }
    }
}

fn mix(onto: &mut Picture, x: u32, y: u32, colour: [u8; 3], cover: f32) {
    let under = onto.pixel(x, y);
    let cover = cover.clamp(0.0, 1.0);
    let mixed = |at: usize| (f32::from(under[at]) * (1.0 - cover) + f32::from(colour[at]) * cover).round() as u8;
    onto.set(x, y, [mixed(0), mixed(1), mixed(2)]);
}
