//! Where somebody looks: how near, and at which place. The same for every picture on the table.

/// Zoom, and where the picture's middle lies, in parts of the frame's width from the frame's middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaze {
    pub zoom: f64,
    pub x: f64,
    pub y: f64,
}

pub const NEAREST: f64 = 12.0;

impl Default for Gaze {
    fn default() -> Self {
        Self { zoom: 1.0, x: 0.0, y: 0.0 }
    }
}

impl Gaze {
    /// Nearer by a factor; what lies under the point stays there. The point as x and y are.
    pub fn nearer(self, factor: f64, (px, py): (f64, f64)) -> Self {
        let zoom = (self.zoom * factor).clamp(1.0, NEAREST);
        let factor = zoom / self.zoom;
        Self { zoom, x: px + (self.x - px) * factor, y: py + (self.y - py) * factor }.held()
    }

    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }.held()
    }

    /// The picture is not moved out of sight: its edge comes no farther than the frame's middle.
    fn held(self) -> Self {
        let most = self.zoom * 0.75 - 0.5;
        let most = most.max(0.0);
        Self { x: self.x.clamp(-most, most), y: self.y.clamp(-most, most), ..self }
    }

    /// For CSS: percentages are of the plate, which is as wide as its frame at most.
    pub fn transform(self) -> String {
        format!("translate({:.4}cqw, {:.4}cqw) scale({:.4})", self.x * 100.0, self.y * 100.0, self.zoom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_stays_under_the_finger() {
        let gaze = Gaze::default().nearer(3.0, (0.0, 0.0)).moved(0.3, -0.1);
        let point = (0.2, 0.1);
        // Where the point lies in the picture, before and after.
        let in_picture = |gaze: Gaze| ((point.0 - gaze.x) / gaze.zoom, (point.1 - gaze.y) / gaze.zoom);
        let (before, after) = (in_picture(gaze), in_picture(gaze.nearer(1.7, point)));
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
    }

    #[test]
    fn nobody_gets_lost() {
        let gaze = Gaze::default().nearer(0.1, (0.4, 0.4));
        assert_eq!(gaze.zoom, 1.0);
        let far = Gaze::default().nearer(100.0, (0.0, 0.0)).moved(90.0, -90.0);
        assert_eq!((far.zoom, far.x, far.y), (NEAREST, 8.5, -8.5));
    }
}
