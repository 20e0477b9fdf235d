//! Text cut into lines that fit.

use std::rc::Rc;

use krilla::text::KrillaGlyph;

use super::font::{Faces, Style};

/// One line ready to be drawn: its glyphs, and the paragraph they were cut from.
#[derive(Debug, Clone)]
pub struct Line {
    pub text: Rc<str>,
    pub glyphs: Vec<KrillaGlyph>,
    pub style: Style,
}

impl Line {
    /// How far the line reaches, in points.
    pub fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * self.style.size
    }
}

/// The text without what cannot be set on a line: control characters and line breaks become spaces; soft hyphens
/// and characters that are none are dropped.
pub fn tidy(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'));
    let plain: String = kept.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

/// The paragraphs of a text, tidied, without the empty ones.
pub fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    text.split(['\n', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']).map(tidy).filter(|paragraph| !paragraph.is_empty())
}

/// A paragraph parted into the mark of a list item, "•" or "2.", and the rest, so that the rest can hang beside it.
pub fn item(paragraph: &str) -> Option<(&str, &str)> {
    let (mark, rest) = paragraph.split_once(' ')?;
    let bullet = matches!(mark, "•" | "-" | "–" | "—" | "*" | "·");
    let number = mark.strip_suffix(['.', ')']).is_some_and(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    (bullet || number).then(|| (mark, rest.trim_start()))
}

/// A tidied text as lines no wider than the measure; no lines where there is no text.
pub fn set(faces: &Faces, style: Style, text: &str, measure: f32) -> Vec<Line> {
    let text: Rc<str> = Rc::from(text);
    let glyphs = faces.of(style.weight).shape(&text);
    let breaks: Vec<usize> = unicode_linebreak::linebreaks(&text).map(|(at, _)| at).collect();
    let room = measure / style.size;
    let mut lines = Vec::new();
    let mut rest = glyphs.as_slice();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(line_end(rest, &text, &breaks, room));
        lines.push(Line { text: Rc::clone(&text), glyphs: line.to_vec(), style });
        rest = after;
    }
    lines
}

/// A text on one line, cut short with an ellipsis where it does not fit.
pub fn set_short(faces: &Faces, style: Style, text: &str, measure: f32) -> Option<Line> {
    let mut lines = set(faces, style, text, measure).into_iter();
    let first = lines.next()?;
    if lines.next().is_none() {
        return Some(first);
    }
    let kept = set(faces, style, text, measure - style.size).into_iter().next()?;
    let end = kept.glyphs.last().map_or(0, |glyph| glyph.text_range.end);
    let shortened = format!("{}…", kept.text.get(..end).unwrap_or_default().trim_end());
    set(faces, style, &shortened, measure).into_iter().next()
}

/// How many of the glyphs stand on the line they begin: up to the last place where the text may break, or, in a
/// word wider than the line, up to the last letter that fits. Spaces may hang over the edge.
fn line_end(glyphs: &[KrillaGlyph], text: &str, breaks: &[usize], room: f32) -> usize {
    let mut width = 0.0;
    let mut fit = 0;
    let mut letter = 0;
    let mut before = None;
    for (at, glyph) in glyphs.iter().enumerate() {
        let start = glyph.text_range.start;
        if before.is_some_and(|other| other != start) {
            letter = at;
            if breaks.binary_search(&start).is_ok() {
                fit = at;
            }
        }
        before = Some(start);
        width += glyph.x_advance;
        let blank = text.get(glyph.text_range.clone()).is_some_and(|part| part.trim().is_empty());
        if width > room && !blank {
            let end = if fit > 0 { fit } else { letter };
            if end > 0 {
                return end;
            }
        }
    }
    glyphs.len()
}
