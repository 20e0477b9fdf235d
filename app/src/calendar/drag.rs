//! A booking on its way from one place to another, by pointer or by keys: where it is held over, as plain data.

use domain::{
    booking::GRID_MINUTES,
    ids::{ClientId, SessionId},
    session::Appointment,
};
use std::sync::Arc;

/// Which booking is moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub client: ClientId,
    pub session: SessionId,
    pub booked: Appointment,
    /// The client's name.
    pub name: String,
}

/// A place on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub column: usize,
    /// After midnight.
    pub minute: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Held over its target.
    Held,
    /// Going back to where it was.
    Back,
    /// Let go on a free place; stays there until the chart says so.
    Dropped,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Drag {
    pub moved: Moved,
    pub start: Target,
    pub target: Target,
    pub by_key: bool,
    pub phase: Phase,
    pub drawn: Arc<Drawn>,
}

/// Where the columns are drawn, in pixels within their box, and which hours they show. Measured when a booking is taken up.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Left edge and width.
    pub columns: Vec<(f64, f64)>,
    pub height: f64,
    pub from: u16,
    pub to: u16,
}

impl Drawn {
    fn per_minute(&self) -> f64 {
        self.height / f64::from(self.to.saturating_sub(self.from).max(1))
    }

    /// The quarter hour a height is at, rounded as `round` does.
    fn quarter(&self, y: f64, round: fn(f64) -> f64) -> u16 {
        let quarters = round(y.max(0.0) / self.per_minute() / f64::from(GRID_MINUTES));
        // Cut off at the ends by the cast, and then by the board.
        let quarters = quarters as u16;
        self.from.saturating_add(quarters.saturating_mul(GRID_MINUTES)).min(self.to)
    }

    /// The quarter hour that was touched.
    pub fn touched(&self, y: f64) -> u16 {
        self.quarter(y, f64::floor)
    }

    /// The place for a booking so long whose upper edge is held at `y`, while the pointer is at `x`.
    pub fn target(&self, x: f64, y: f64, minutes: u16) -> Target {
        let column = self.columns.iter().rposition(|(left, _)| *left <= x).unwrap_or(0);
        Target { column, minute: self.within(self.quarter(y, f64::round), minutes) }
    }

    /// It begins and ends within what is drawn.
    fn within(&self, minute: u16, minutes: u16) -> u16 {
        let last = self.to.saturating_sub(minutes) / GRID_MINUTES * GRID_MINUTES;
        minute.clamp(self.from, last.max(self.from))
    }

    /// One step by keys: columns to the right, quarter hours down.
    pub fn step(&self, at: Target, right: isize, down: i16, minutes: u16) -> Target {
        let last = self.columns.len().saturating_sub(1);
        let by = down.unsigned_abs().saturating_mul(GRID_MINUTES);
        // Bookings that do not begin at a quarter hour step to the next one.
        let minute = match down {
            0 => at.minute,
            1.. => (at.minute / GRID_MINUTES * GRID_MINUTES).saturating_add(by),
            _ => at.minute.div_ceil(GRID_MINUTES).saturating_mul(GRID_MINUTES).saturating_sub(by),
        };
        let minute = if down == 0 { minute } else { self.within(minute, minutes) };
        Target { column: at.column.saturating_add_signed(right).min(last), minute }
    }

    /// Left, top, width and height of a booking there.
    pub fn place(&self, at: Target, minutes: u16) -> [f64; 4] {
        let (left, width) = self.columns.get(at.column).copied().unwrap_or_default();
        let top = f64::from(at.minute.saturating_sub(self.from)) * self.per_minute();
        [left, top, width, f64::from(minutes.max(GRID_MINUTES)) * self.per_minute()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn() -> Drawn {
        // Ten hours from eight, a quarter hour 24 pixels high.
        Drawn { columns: vec![(0.0, 160.0), (160.0, 160.0), (320.0, 48.0)], height: 960.0, from: 480, to: 1080 }
    }

    #[test]
    fn a_pointer_is_over_a_column_and_the_nearest_quarter() {
        let at = |x, y| {
            let target = drawn().target(x, y, 30);
            (target.column, target.minute)
        };
        assert_eq!(at(10.0, 0.0), (0, 480));
        assert_eq!(at(170.0, 11.0), (1, 480));
        assert_eq!(at(170.0, 13.0), (1, 495));
        assert_eq!(at(5000.0, 5000.0), (2, 1050));
        assert_eq!(at(-40.0, -40.0), (0, 480));
        assert_eq!(drawn().touched(47.0), 495);
    }

    #[test]
    fn keys_step_by_quarters_and_columns_and_stay_on_the_board() {
        let step = |at: (usize, u16), right, down| {
            let target = drawn().step(Target { column: at.0, minute: at.1 }, right, down, 45);
            (target.column, target.minute)
        };
        assert_eq!(step((0, 600), 0, 1), (0, 615));
        assert_eq!(step((0, 600), 0, -1), (0, 585));
        assert_eq!(step((0, 610), 0, 1), (0, 615));
        assert_eq!(step((0, 610), 0, -1), (0, 600));
        assert_eq!(step((0, 480), 0, -1), (0, 480));
        assert_eq!(step((0, 1035), 0, 1), (0, 1035));
        assert_eq!((step((0, 610), 1, 0), step((2, 610), 1, 0), step((0, 610), -1, 0)), ((1, 610), (2, 610), (0, 610)));
    }

    #[test]
    fn what_is_held_is_drawn_where_it_would_be() {
        let place = |column, minute, minutes| drawn().place(Target { column, minute }, minutes);
        assert_eq!(place(1, 540, 30), [160.0, 96.0, 160.0, 48.0]);
        assert_eq!(place(0, 480, 5), [0.0, 0.0, 160.0, 24.0]);
    }
}
