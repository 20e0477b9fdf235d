//! Which rows of a long list are on the screen.

/// Rows `first..end` of a list are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub first: usize,
    pub end: usize,
}

/// So many rows more than fit are drawn at either end: what is scrolled in, or reached with Tab, is there already.
const SPARE: usize = 12;

/// The window of a list of `total` rows whose top lies `top` pixels below the upper edge of what is visible
/// (negative once it is scrolled away).
pub fn window(top: f64, visible: f64, row: f64, total: usize) -> Window {
    let row = row.max(1.0);
    // Pixels are far below what a float cannot tell apart, and never negative here.
    let rows = |pixels: f64| (pixels.max(0.0) / row) as usize;
    let end = rows(visible - top).saturating_add(1 + SPARE).min(total);
    let first = rows(-top).saturating_sub(SPARE).min(end);
    Window { first, end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_the_screen_is_drawn() {
        assert_eq!(window(150.0, 800.0, 56.0, 20_000), Window { first: 0, end: 24 });
        assert_eq!(window(-56_000.0, 800.0, 56.0, 20_000), Window { first: 988, end: 1027 });
        assert_eq!(window(-1_120_000.0, 800.0, 56.0, 20_000), Window { first: 19_988, end: 20_000 });
        // The list became shorter than where it was scrolled to.
        assert_eq!(window(-56_000.0, 800.0, 56.0, 3), Window { first: 3, end: 3 });
        assert_eq!(window(0.0, 800.0, 56.0, 0), Window { first: 0, end: 0 });
    }
}
