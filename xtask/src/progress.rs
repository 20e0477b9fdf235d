//! Says on the terminal which step is running and how long each took.

use std::time::{Duration, Instant};

pub struct Progress {
    step: usize,
    of: usize,
    started: Instant,
}

impl Progress {
    pub fn new(of: usize) -> Self {
        Self { step: 0, of, started: now() }
    }

    /// Announces the next step.
    pub fn step(&mut self, what: &str) {
        self.step += 1;
        eprintln!("[{}/{}] {what}  (after {})", self.step, self.of, spoken(self.elapsed()));
    }

    /// A remark belonging to the current step.
    pub fn note(&self, what: &str) {
        eprintln!("      {what}");
    }

    pub fn elapsed(&self) -> Duration {
        now().duration_since(self.started)
    }
}

/// `1.4 s` or `2 min 05 s`.
pub fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 { format!("{:.1} s", duration.as_secs_f64()) } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}

/// The workspace bans reading the clock, because rules must be testable; a build tool's stopwatch is no rule.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_are_told_in_minutes() {
        assert_eq!(spoken(Duration::from_millis(1440)), "1.4 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }
}
