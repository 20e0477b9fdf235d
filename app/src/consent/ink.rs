//! A signature while it is drawn: which pointer draws, which points are kept, and how thick the line is there.

use domain::consent::{INK_HEIGHT, INK_WIDTH, Ink, MOST_INK};

/// A place on the field, and how thick the line is there, on the field's scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    pub x: u16,
    pub y: u16,
    pub width: f64,
}

/// With what somebody draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Pen,
    Touch,
    Mouse,
}

/// A stretch of line to be drawn: a curve with one control point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub from: (f64, f64),
    pub through: (f64, f64),
    pub to: (f64, f64),
    pub width: f64,
}

/// What was drawn so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    strokes: Vec<Vec<Dot>>,
    /// The pointer that draws the last stroke.
    drawing: Option<(i32, Tool)>,
    /// A pencil was used: from then on what else touches is the hand that holds it.
    pencil: bool,
}

/// Points closer than this to the one before say nothing new.
const CLOSEST: u16 = 3;
/// The line of a finger or a mouse, which do not press.
const LINE: f64 = 4.5;

impl Tool {
    /// From a pointer event's own word.
    pub fn of(kind: &str) -> Self {
        match kind {
            "pen" => Self::Pen,
            "touch" => Self::Touch,
            _ => Self::Mouse,
        }
    }

    fn width(self, pressure: f64) -> f64 {
        match self {
            // A pencil that does not tell how hard it is pressed says 0 or a half.
            Self::Pen if pressure > 0.0 => LINE * (0.5 + pressure.min(1.0)),
            Self::Pen | Self::Touch | Self::Mouse => LINE,
        }
    }
}

impl Dot {
    /// A place on a pad of this size, brought onto the field; what lies outside is put on its edge.
    pub fn at(place: (f64, f64), pad: (f64, f64), tool: Tool, pressure: f64) -> Self {
        Self { x: scaled(place.0, pad.0, INK_WIDTH), y: scaled(place.1, pad.1, INK_HEIGHT), width: tool.width(pressure) }
    }

    fn place(self) -> (f64, f64) {
        (f64::from(self.x), f64::from(self.y))
    }

    fn is_close(self, other: Self) -> bool {
        let (dx, dy) = (u32::from(self.x.abs_diff(other.x)), u32::from(self.y.abs_diff(other.y)));
        dx * dx + dy * dy < u32::from(CLOSEST * CLOSEST)
    }
}

fn scaled(place: f64, length: f64, most: u16) -> u16 {
    if length <= 0.0 {
        return 0;
    }
    let most = f64::from(most);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nought and the field's edge")]
    let scaled = (place / length * most).round().clamp(0.0, most) as u16;
    scaled
}

impl Drawing {
    /// A pointer was set down. It draws if no other does and it is not the palm.
    pub fn down(&mut self, pointer: i32, tool: Tool, dot: Dot) {
        match (self.drawing, tool) {
            // The hand was there before its pencil.
            (Some((_, Tool::Touch)), Tool::Pen) => {
                self.strokes.pop();
            }
            (Some(_), _) => return,
            (None, Tool::Touch) if self.pencil => return,
            (None, _) => {}
        }
        self.pencil |= tool == Tool::Pen;
        self.drawing = None;
        if !self.is_full() {
            self.drawing = Some((pointer, tool));
            self.strokes.push(vec![dot]);
        }
    }

    pub fn moved(&mut self, pointer: i32, dot: Dot) {
        if !self.is_drawn_by(pointer) || self.is_full() {
            return;
        }
        if let Some(stroke) = self.strokes.last_mut()
            && stroke.last().is_none_or(|last| !last.is_close(dot))
        {
            stroke.push(dot);
        }
    }

    pub fn up(&mut self, pointer: i32) {
        if self.is_drawn_by(pointer) {
            self.drawing = None;
        }
    }

    /// The system took the pointer away: for a finger, because it was none.
    pub fn cancelled(&mut self, pointer: i32) {
        if self.drawing == Some((pointer, Tool::Touch)) {
            self.strokes.pop();
        }
        self.up(pointer);
    }

    pub fn is_drawn_by(&self, pointer: i32) -> bool {
        self.drawing.is_some_and(|(drawing, _)| drawing == pointer)
    }

    /// With what the stroke at hand is drawn.
    pub fn tool(&self) -> Option<Tool> {
        self.drawing.map(|(_, tool)| tool)
    }

    pub fn clear(&mut self) {
        *self = Self { pencil: self.pencil, ..Self::default() };
    }

    fn points(&self) -> usize {
        self.strokes.iter().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }

    /// More than a single dot.
    pub fn is_signature(&self) -> bool {
        self.points() > 1
    }

    /// Nothing more is taken in.
    pub fn is_full(&self) -> bool {
        self.points() >= MOST_INK
    }

    /// What is signed with.
    pub fn ink(&self) -> Ink {
        self.strokes.iter().map(|stroke| stroke.iter().map(|dot| (dot.x, dot.y)).collect()).collect()
    }

    /// All of it, smoothed: from the middle of two points to the middle of the next two.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        self.strokes.iter().flat_map(|stroke| pieces(stroke))
    }
}

fn pieces(stroke: &[Dot]) -> Vec<Piece> {
    let middle = |a: Dot, b: Dot| {
        let ((ax, ay), (bx, by)) = (a.place(), b.place());
        ((ax + bx) / 2.0, (ay + by) / 2.0)
    };
    match stroke {
        [] => Vec::new(),
        // A line of no length is not drawn at all.
        [dot] => {
            let (x, y) = dot.place();
            vec![Piece { from: (x, y), through: (x, y), to: (x + 0.1, y), width: dot.width }]
        }
        [first, .., last] => {
            let mut pieces = Vec::with_capacity(stroke.len());
            let mut from = first.place();
            for pair in stroke.windows(2) {
                let (through, to) = (pair[0].place(), middle(pair[0], pair[1]));
                pieces.push(Piece { from, through, to, width: pair[0].width });
                from = to;
            }
            pieces.push(Piece { from, through: from, to: last.place(), width: last.width });
            pieces
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(x: u16, y: u16) -> Dot {
        Dot { x, y, width: LINE }
    }

    fn drawn(tool: Tool) -> Drawing {
        let mut drawing = Drawing::default();
        drawing.down(1, tool, dot(10, 10));
        drawing.moved(1, dot(20, 20));
        drawing
    }

    #[test]
    fn places_are_brought_onto_the_field_whatever_the_pads_size() {
        let at = |x, y, pad| {
            let dot = Dot::at((x, y), pad, Tool::Mouse, 0.5);
            (dot.x, dot.y)
        };
        assert_eq!(at(350.0, 140.0, (700.0, 280.0)), (500, 200));
        assert_eq!(at(-5.0, 300.0, (700.0, 280.0)), (0, 400));
        assert_eq!(at(1.0, 1.0, (0.0, 0.0)), (0, 0));
    }

    #[test]
    fn points_that_say_nothing_new_are_left_out() {
        let mut drawing = drawn(Tool::Mouse);
        drawing.moved(1, dot(22, 22));
        drawing.moved(1, dot(21, 20));
        assert_eq!(drawing.ink(), [vec![(10, 10), (20, 20)]]);
        drawing.moved(1, dot(23, 20));
        assert_eq!(drawing.ink(), [vec![(10, 10), (20, 20), (23, 20)]]);
    }

    #[test]
    fn only_one_pointer_draws() {
        let mut drawing = drawn(Tool::Touch);
        drawing.down(2, Tool::Touch, dot(500, 300));
        drawing.moved(2, dot(600, 300));
        drawing.up(2);
        drawing.moved(1, dot(30, 30));
        drawing.up(1);
        assert_eq!(drawing.ink(), [vec![(10, 10), (20, 20), (30, 30)]]);
        drawing.moved(1, dot(90, 90));
        assert_eq!(drawing.points(), 3);
    }

    #[test]
    fn the_palm_leaves_no_trace() {
        // Before the pencil, beside it, and after it.
        let mut drawing = drawn(Tool::Touch);
        drawing.down(2, Tool::Pen, dot(100, 100));
        drawing.moved(2, dot(200, 100));
        drawing.moved(1, dot(40, 40));
        drawing.up(2);
        drawing.down(3, Tool::Touch, dot(700, 390));
        drawing.moved(3, dot(710, 390));
        assert_eq!(drawing.ink(), [vec![(100, 100), (200, 100)]]);
        // A finger the system takes away was no finger; a pencil was one.
        let mut finger = drawn(Tool::Touch);
        finger.cancelled(1);
        assert!(finger.is_empty());
        let mut pen = drawn(Tool::Pen);
        pen.cancelled(1);
        assert!(pen.is_signature() && pen.tool().is_none());
    }

    #[test]
    fn there_is_never_more_ink_than_can_be_signed_with() {
        let mut drawing = drawn(Tool::Mouse);
        for n in 0..20_000_u16 {
            drawing.moved(1, dot(n % 1000, (n / 7) % 400));
        }
        assert!(drawing.is_full());
        assert_eq!(drawing.ink().iter().map(Vec::len).sum::<usize>(), MOST_INK);
        drawing.up(1);
        drawing.down(1, Tool::Mouse, dot(1, 1));
        assert_eq!(drawing.points(), MOST_INK);
        drawing.clear();
        assert!(drawing.is_empty() && !drawing.is_full());
    }

    #[test]
    fn a_line_is_whole_and_a_dot_is_seen() {
        let mut drawing = drawn(Tool::Mouse);
        drawing.moved(1, dot(40, 20));
        let pieces: Vec<_> = drawing.pieces().collect();
        assert_eq!(pieces.first().map(|piece| piece.from), Some((10.0, 10.0)));
        assert_eq!(pieces.last().map(|piece| piece.to), Some((40.0, 20.0)));
        assert!(pieces.windows(2).all(|pair| pair[0].to == pair[1].from));
        let mut tap = Drawing::default();
        tap.down(1, Tool::Touch, dot(5, 5));
        assert!(!tap.is_signature() && tap.pieces().count() == 1);
    }

    #[test]
    fn a_pencil_that_is_pressed_draws_thicker() {
        assert!(Tool::Pen.width(0.9) > Tool::Pen.width(0.2));
        assert!((Tool::of("touch").width(1.0) - LINE).abs() < f64::EPSILON);
        assert!((Tool::of("pen").width(0.0) - LINE).abs() < f64::EPSILON);
    }
}
