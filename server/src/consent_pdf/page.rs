//! Rows put on pages, and pages put on paper.

use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};

use super::compose::{DARK, FIELD, HAIRLINE, MEASURE, MUTED, Mark, Row};
use super::font::{Faces, Style, Weight};
use super::lines::{self, Line};
use super::tags::{self, Part};
use super::{Document, PdfError};

/// A4, in points.
const PAPER: (f32, f32) = (595.0, 842.0);
const LEFT: f32 = (PAPER.0 - MEASURE) / 2.0;
const TOP: f32 = 70.0;
pub const BOTTOM: f32 = PAPER.1 - 86.0;
const FOOTER: f32 = PAPER.1 - 46.0;
/// The room at the right of the footer for the version and the page.
const PLACE: f32 = 145.0;
const FOOT: Style = Style { weight: Weight::Regular, size: 8.0, leading: 11.0, shade: MUTED };
/// The blue-black of a pen, so that the signature stands apart from the print.
const PEN: [u8; 3] = [0x1a, 0x2b, 0x5c];

/// A row and how far down its page it begins.
pub type Placed = (f32, Row);

/// The rows as a finished file.
pub fn print(faces: &Faces, (rows, mut parts): (Vec<Row>, Vec<Part>), document: &Document<'_>) -> Result<Vec<u8>, PdfError> {
    let pages = paginate(rows);
    let title = lines::tidy(document.title);
    let foot = lines::set_short(faces, FOOT, &title, MEASURE - PLACE);
    let mut file = krilla::Document::new_with(SerializeSettings::default());
    for (at, rows) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAPER.0, PAPER.1).ok_or(PdfError::PageSize)?;
        let mut page = file.start_page_with(settings);
        let surface = page.surface();
        let mut pen = Pen { faces, surface };
        for (top, row) in rows {
            pen.row(*top, row, &mut parts);
        }
        let place = format!("Version {}  ·  page {} of {}", document.version, at + 1, pages.len());
        pen.footer(foot.as_ref(), lines::set_short(faces, FOOT, &place, PLACE).as_ref());
        pen.finish();
        page.finish();
    }
    let language = language(document.language);
    file.set_metadata(metadata(document, title, language.clone()));
    file.set_tag_tree(tags::tree(&parts, language));
    Ok(file.finish()?)
}

fn metadata(document: &Document<'_>, title: String, language: Option<String>) -> Metadata {
    let clinic = lines::tidy(document.clinic);
    let authors = if clinic.is_empty() { Vec::new() } else { vec![clinic] };
    let metadata = Metadata::new().title(title).authors(authors);
    match language {
        Some(language) => metadata.language(language),
        None => metadata,
    }
}

/// The language tag, if it is one.
fn language(tag: &str) -> Option<String> {
    let sound =
        tag.len() <= 35 && tag.starts_with(|c: char| c.is_ascii_alphabetic()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    sound.then(|| tag.to_owned())
}

/// Fills pages from the top. Rows that keep together move to the next page together, unless a page cannot hold
/// them all, when they flow on as they come.
pub fn paginate(rows: Vec<Row>) -> Vec<Vec<Placed>> {
    let mut pages = Vec::new();
    let mut page: Vec<Placed> = Vec::new();
    let mut y = TOP;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        for (at, row) in together(&mut rows).into_iter().enumerate() {
            let Row { space, height, .. } = row.1;
            let needed = if at == 0 && row.0 <= BOTTOM - TOP { row.0 } else { space + height };
            if !page.is_empty() && y + needed > BOTTOM {
                pages.push(std::mem::take(&mut page));
                y = TOP;
            }
            if !page.is_empty() {
                y += space;
            }
            page.push((y, row.1));
            y += height;
        }
    }
    pages.push(page);
    pages
}

/// The next rows that keep together, each with the height from its top to the end of them all.
fn together(rows: &mut impl Iterator<Item = Row>) -> Vec<Placed> {
    let mut group = Vec::new();
    for row in rows {
        let last = !row.keep;
        group.push((0.0, row));
        if last {
            break;
        }
    }
    let mut height = 0.0;
    for (below, row) in group.iter_mut().rev() {
        height += row.space + row.height;
        *below = height;
    }
    group
}

/// Draws on one page.
struct Pen<'a> {
    faces: &'a Faces,
    surface: Surface<'a>,
}

impl Pen<'_> {
    fn finish(self) {
        self.surface.finish();
    }

    fn row(&mut self, top: f32, row: &Row, parts: &mut [Part]) {
        for mark in &row.marks {
            match mark {
                Mark::Rule { width, shade } => self.rule(top, *width, *shade),
                Mark::Text { x, line, part } => self.tagged(*part, parts, |pen| pen.line(LEFT + x, top + row.baseline, line)),
                Mark::Tick { part } => self.tagged(*part, parts, |pen| pen.tick(top + row.baseline)),
                Mark::Ink { strokes, part } => self.tagged(*part, parts, |pen| pen.ink(top, strokes)),
            }
        }
    }

    /// Draws, and notes which part of the document the drawing belongs to.
    fn tagged(&mut self, part: usize, parts: &mut [Part], draw: impl FnOnce(&mut Self)) {
        let mark = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        draw(self);
        self.surface.end_tagged();
        if let Some(part) = parts.get_mut(part) {
            part.marks.push(mark);
        }
    }

    fn artifact(&mut self, kind: ArtifactType, draw: impl FnOnce(&mut Self)) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        draw(self);
        self.surface.end_tagged();
    }

    fn line(&mut self, x: f32, y: f32, line: &Line) {
        let Style { weight, size, shade, .. } = line.style;
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint: colour(shade).into(), ..Fill::default() }));
        let font = self.faces.of(weight).font.clone();
        self.surface.draw_glyphs(Point::from_xy(x, y), &line.glyphs, font, &line.text, size, false);
    }

    fn rule(&mut self, y: f32, width: f32, shade: [u8; 3]) {
        self.artifact(ArtifactType::Layout, |pen| pen.stroke(&[(LEFT, y), (LEFT + width, y)], 0.5, shade));
    }

    /// A ticked box, as high as the letters beside it.
    fn tick(&mut self, baseline: f32) {
        let (left, top, side) = (LEFT + 0.5, baseline - 7.8, 8.5);
        let corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side), (left, top)];
        self.stroke(&corners, 0.7, MUTED);
        self.stroke(&[(left + 1.9, top + 4.4), (left + 3.6, top + 6.2), (left + 6.7, top + 2.3)], 1.2, DARK);
    }

    /// The signature in its field; points outside are brought to the edge.
    fn ink(&mut self, top: f32, strokes: &[Vec<(u16, u16)>]) {
        let across = |x: u16| LEFT + f32::from(x.min(1000)) / 1000.0 * FIELD.0;
        let down = |y: u16| top + f32::from(y.min(400)) / 400.0 * FIELD.1;
        for stroke in strokes {
            let points: Vec<(f32, f32)> = stroke.iter().map(|(x, y)| (across(*x), down(*y))).collect();
            self.stroke_path(curve(&points), if points.len() == 1 { 2.0 } else { 1.3 }, PEN);
        }
    }

    fn footer(&mut self, title: Option<&Line>, place: Option<&Line>) {
        self.rule(FOOTER - 17.0, MEASURE, HAIRLINE);
        self.artifact(ArtifactType::Footer, |pen| {
            if let Some(title) = title {
                pen.line(LEFT, FOOTER, title);
            }
            if let Some(place) = place {
                pen.line(LEFT + MEASURE - place.width(), FOOTER, place);
            }
        });
    }

    fn stroke(&mut self, points: &[(f32, f32)], width: f32, shade: [u8; 3]) {
        let mut path = PathBuilder::new();
        for (at, (x, y)) in points.iter().enumerate() {
            if at == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
        }
        self.stroke_path(path.finish(), width, shade);
    }

    fn stroke_path(&mut self, path: Option<Path>, width: f32, shade: [u8; 3]) {
        let Some(path) = path else { return };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint: colour(shade).into(),
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        }));
        self.surface.draw_path(&path);
    }
}

/// A smooth line through the points a pen left: each is rounded towards the middle of the way to the next. A lone
/// point becomes a dot.
fn curve(points: &[(f32, f32)]) -> Option<Path> {
    let (&(x, y), &(end_x, end_y)) = (points.first()?, points.last()?);
    let mut path = PathBuilder::new();
    path.move_to(x, y);
    for pair in points.windows(2).skip(1) {
        if let [(x, y), (next_x, next_y)] = *pair {
            path.quad_to(x, y, f32::midpoint(x, next_x), f32::midpoint(y, next_y));
        }
    }
    path.line_to(if points.len() == 1 { end_x + 0.01 } else { end_x }, end_y);
    path.finish()
}

fn colour([red, green, blue]: [u8; 3]) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}
