//! The two faces a consent is set in, and how text becomes measured glyphs.

use std::ops::Range;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, GlyphPosition, UnicodeBuffer};

use super::PdfError;

/// The height of a capital letter in Noto Sans, in parts of the type size.
pub const CAPITAL: f32 = 0.714;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// How a piece of text looks: sizes in points, the shade as red, green and blue.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub weight: Weight,
    pub size: f32,
    pub leading: f32,
    pub shade: [u8; 3],
}

/// One face, read twice: once to be embedded, once to be measured.
pub struct Face {
    pub font: Font,
    shaper: rustybuzz::Face<'static>,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Result<Self, PdfError> {
        let font = Font::new(bytes.into(), 0).ok_or(PdfError::Typeface)?;
        let shaper = rustybuzz::Face::from_slice(bytes, 0).ok_or(PdfError::Typeface)?;
        Ok(Self { font, shaper })
    }

    /// The glyphs of a text in reading order, kerned, each knowing which bytes of the text it stands for.
    ///
    /// Always left to right: the face has no right-to-left script, so only empty boxes would change places.
    pub fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        for (at, character) in text.char_indices() {
            buffer.add(self.drawable(character), u32::try_from(at).unwrap_or(u32::MAX));
        }
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.shaper, &[], buffer);
        let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| byte(info.cluster)).collect();
        starts.sort_unstable();
        let mut glyphs = Vec::with_capacity(shaped.len());
        for (info, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let start = byte(info.cluster);
            let after = starts.partition_point(|other| *other <= start);
            let end = starts.get(after).copied().unwrap_or(text.len());
            glyphs.push(self.glyph(info.glyph_id, *place, start..end));
            if info.glyph_id == 0 {
                glyphs.extend(self.echo(start..end));
            }
        }
        glyphs
    }

    fn glyph(&self, id: u32, place: GlyphPosition, text: Range<usize>) -> KrillaGlyph {
        let part = |length: i32| length as f32 / self.font.units_per_em();
        let (advance, x, y) = (part(place.x_advance), part(place.x_offset), part(place.y_offset));
        KrillaGlyph::new(GlyphId::new(id), advance, x, y, part(place.y_advance), text, None)
    }

    /// A blank of no width behind an empty box, for the same character. Two glyphs for one character make the
    /// writer spell that character out; readers pass over the box alone, as it means a different one each time.
    fn echo(&self, text: Range<usize>) -> Option<KrillaGlyph> {
        let blank = self.shaper.glyph_index('\u{200b}')?;
        Some(KrillaGlyph::new(GlyphId::new(blank.0.into()), 0.0, 0.0, 0.0, 0.0, text, None))
    }

    /// The character itself, or its plain look-alike where the face lacks it: "CO₂" is better read as CO2 than as
    /// a box. The text behind the glyph keeps the true character.
    fn drawable(&self, character: char) -> char {
        if self.shaper.glyph_index(character).is_some() {
            return character;
        }
        let plain = match character {
            '\u{2010}' | '\u{2011}' | '\u{fe63}' => '-',
            '\u{2080}'..='\u{2089}' => digit(character, 0x2080),
            '\u{2074}'..='\u{2079}' => digit(character, 0x2070),
            '\u{ff10}'..='\u{ff19}' => digit(character, 0xff10),
            '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
            '✓' | '✔' | '☑' => '√',
            _ => character,
        };
        if self.shaper.glyph_index(plain).is_some() { plain } else { character }
    }
}

/// The plain figure for one that is raised, lowered or widened, counted from its zero.
fn digit(character: char, zero: u32) -> char {
    char::from_digit(u32::from(character).saturating_sub(zero), 10).unwrap_or(character)
}

fn byte(cluster: u32) -> usize {
    usize::try_from(cluster).unwrap_or(usize::MAX)
}

/// Noto Sans, regular and bold.
pub struct Faces {
    regular: Face,
    bold: Face,
}

impl Faces {
    pub fn read() -> Result<Self, PdfError> {
        Ok(Self { regular: Face::read(notosans::REGULAR_TTF)?, bold: Face::read(notosans::BOLD_TTF)? })
    }

    pub fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}
