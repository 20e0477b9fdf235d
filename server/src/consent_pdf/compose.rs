//! The document laid out as rows, one below the other, before anyone knows where a page ends.

use super::Document;
use super::font::{CAPITAL, Faces, Style, Weight};
use super::lines::{self, Line};
use super::tags::{Part, Role};

/// The width of the text, in points: about eighty letters, as many as an eye follows with ease.
pub const MEASURE: f32 = 435.0;
/// The signing field keeps the shape in which the ink was taken, 1000 across to 400 down.
pub const FIELD: (f32, f32) = (225.0, 90.0);

pub const DARK: [u8; 3] = [0x1f, 0x24, 0x2b];
pub const MUTED: [u8; 3] = [0x5d, 0x65, 0x70];
pub const HAIRLINE: [u8; 3] = [0xd9, 0xdd, 0xe2];

const CLINIC: Style = Style { weight: Weight::Regular, size: 9.5, leading: 14.0, shade: MUTED };
const TITLE: Style = Style { weight: Weight::Bold, size: 19.0, leading: 25.0, shade: DARK };
const HEADING: Style = Style { weight: Weight::Bold, size: 11.0, leading: 16.0, shade: DARK };
const BODY: Style = Style { weight: Weight::Regular, size: 10.0, leading: 15.5, shade: DARK };
const LABEL: Style = Style { weight: Weight::Regular, size: 9.5, leading: 14.5, shade: MUTED };
const VALUE: Style = Style { weight: Weight::Regular, size: 9.5, leading: 14.5, shade: DARK };
const SIGNER: Style = Style { weight: Weight::Bold, size: 10.0, leading: 15.0, shade: DARK };
const SIGNED_AT: Style = Style { weight: Weight::Regular, size: 9.0, leading: 13.0, shade: MUTED };

const LABELS: f32 = 112.0;
const HANG: f32 = 16.0;

/// A strip across the page that is never cut.
#[derive(Debug)]
pub struct Row {
    /// The air above, left out at the top of a page.
    pub space: f32,
    pub height: f32,
    /// Where the letters stand, from the top of the row.
    pub baseline: f32,
    /// Whether the next row must stand on the same page.
    pub keep: bool,
    pub marks: Vec<Mark>,
}

/// Something drawn in a row, from the left edge of the text; `part` is its place among the document's parts.
#[derive(Debug)]
pub enum Mark {
    Text { x: f32, line: Line, part: usize },
    Rule { width: f32, shade: [u8; 3] },
    Tick { part: usize },
    Ink { strokes: Vec<Vec<(u16, u16)>>, part: usize },
}

/// Lines that stand beside other lines, at their own distance from the left.
struct Column {
    x: f32,
    part: usize,
    lines: Vec<Line>,
}

/// Gathers the rows of a document from top to bottom.
pub struct Composer<'a> {
    faces: &'a Faces,
    rows: Vec<Row>,
    parts: Vec<Part>,
}

impl<'a> Composer<'a> {
    pub fn new(faces: &'a Faces) -> Self {
        Self { faces, rows: Vec::new(), parts: Vec::new() }
    }

    pub fn finish(self) -> (Vec<Row>, Vec<Part>) {
        (self.rows, self.parts)
    }

    /// Who asks for the consent, what it is called, and whom and when it concerns.
    pub fn opening(&mut self, document: &Document<'_>) {
        let title = lines::tidy(document.title);
        self.text(CLINIC, Role::Paragraph, &lines::tidy(document.clinic), 0.0);
        self.text(TITLE, Role::Title(title.clone()), &title, 3.0);
        if document.about.is_empty() {
            return;
        }
        for (at, (label, value)) in document.about.iter().enumerate() {
            self.rule(if at == 0 { 14.0 } else { 3.5 });
            self.about(&lines::tidy(label), &lines::tidy(value));
        }
        self.keep_last();
        self.rule(3.5);
        self.release_last();
    }

    fn about(&mut self, label: &str, value: &str) {
        let label = self.column(0.0, LABEL, Role::Label, label, LABELS - 12.0);
        let value = self.column(LABELS, VALUE, Role::Value, value, MEASURE - LABELS);
        self.beside(vec![label, value], 3.5);
    }

    pub fn sections(&mut self, document: &Document<'_>) {
        for (heading, text) in &document.sections {
            let heading = lines::tidy(heading);
            self.text(HEADING, Role::Heading(heading.clone()), &heading, 20.0);
            let headed = !heading.is_empty();
            for (at, paragraph) in lines::paragraphs(text).enumerate() {
                let space = match (at, headed) {
                    (0, true) => 3.0,
                    (0, false) => 20.0,
                    _ => 6.0,
                };
                self.paragraph(&paragraph, space);
            }
        }
    }

    fn paragraph(&mut self, paragraph: &str, space: f32) {
        let Some((mark, rest)) = lines::item(paragraph) else {
            self.text(BODY, Role::Paragraph, paragraph, space);
            return;
        };
        let mark = self.column(0.0, BODY, Role::Paragraph, &format!("{mark} "), MEASURE);
        let rest = Column { x: HANG, part: mark.part, lines: lines::set(self.faces, BODY, rest, MEASURE - HANG) };
        self.beside(vec![mark, rest], space.min(3.0));
    }

    /// The lines the client ticked, each beside its drawn tick.
    pub fn agreed(&mut self, agreed: &[String]) {
        let ticked = agreed.iter().map(|line| lines::tidy(line)).filter(|line| !line.is_empty());
        for (at, line) in ticked.enumerate() {
            let part = self.part(Role::Tick);
            let words = self.column(HANG, BODY, Role::Agreed, &line, MEASURE - HANG);
            let first = self.rows.len();
            self.beside(vec![words], if at == 0 { 20.0 } else { 4.0 });
            if let Some(row) = self.rows.get_mut(first) {
                row.marks.insert(0, Mark::Tick { part });
            }
        }
    }

    /// The signature over its line, with the name and the moment under it: one block, on the page where the text
    /// ends, for a signature alone on a page would be a signature to nothing.
    pub fn signature(&mut self, document: &Document<'_>) {
        self.keep_last();
        let signer = lines::tidy(document.signer);
        let part = self.part(Role::Signature(format!("Signature of {signer}")));
        let ink = Mark::Ink { strokes: document.ink.to_vec(), part };
        self.rows.push(Row { space: 22.0, height: FIELD.1, baseline: 0.0, keep: true, marks: vec![ink] });
        let line = Mark::Rule { width: FIELD.0, shade: MUTED };
        self.rows.push(Row { space: 0.0, height: 0.5, baseline: 0.0, keep: true, marks: vec![line] });
        let first = self.rows.len();
        self.text(SIGNER, Role::Paragraph, &signer, 5.0);
        self.text(SIGNED_AT, Role::Paragraph, &lines::tidy(document.signed_at), 0.0);
        self.rows.iter_mut().skip(first).for_each(|row| row.keep = true);
        self.release_last();
    }

    fn part(&mut self, role: Role) -> usize {
        self.parts.push(Part { role, marks: Vec::new() });
        self.parts.len() - 1
    }

    fn column(&mut self, x: f32, style: Style, role: Role, text: &str, measure: f32) -> Column {
        Column { x, part: self.part(role), lines: lines::set(self.faces, style, text, measure) }
    }

    /// Text across the whole measure; a heading stays with what it heads.
    fn text(&mut self, style: Style, role: Role, text: &str, space: f32) {
        let heads = matches!(role, Role::Title(_) | Role::Heading(_));
        let first = self.rows.len();
        let column = self.column(0.0, style, role, text, MEASURE);
        self.beside(vec![column], space);
        if heads {
            self.rows.iter_mut().skip(first).for_each(|row| row.keep = true);
        }
    }

    /// Columns side by side, line by line. Neither the first line nor the last is left alone on a page.
    fn beside(&mut self, columns: Vec<Column>, space: f32) {
        let count = columns.iter().map(|column| column.lines.len()).max().unwrap_or(0);
        let first = self.rows.len();
        for at in 0..count {
            let keep = at + 1 < count && (at == 0 || at + 2 == count);
            let space = if at == 0 { space } else { 0.0 };
            self.rows.push(Row { space, height: 0.0, baseline: 0.0, keep, marks: Vec::new() });
        }
        for Column { x, part, lines } in columns {
            for (row, line) in self.rows.iter_mut().skip(first).zip(lines) {
                let Style { size, leading, .. } = line.style;
                row.height = row.height.max(leading);
                row.baseline = row.baseline.max(f32::midpoint(leading, CAPITAL * size));
                row.marks.push(Mark::Text { x, line, part });
            }
        }
    }

    /// A hairline over what follows.
    fn rule(&mut self, space: f32) {
        let hairline = Mark::Rule { width: MEASURE, shade: HAIRLINE };
        self.rows.push(Row { space, height: 0.5, baseline: 0.0, keep: true, marks: vec![hairline] });
    }

    fn keep_last(&mut self) {
        self.rows.iter_mut().next_back().into_iter().for_each(|row| row.keep = true);
    }

    fn release_last(&mut self) {
        self.rows.iter_mut().next_back().into_iter().for_each(|row| row.keep = false);
    }
}
