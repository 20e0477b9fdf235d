//! Numbers in words: what stands large, and what it rests on.

use domain::numbers::{LEAST, Share};

/// What stands large, and below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub value: String,
    pub rests_on: String,
}

/// `79.3 %`, and `46 of 58 sessions`. Of too few no percentage is said, but how many there are and have to be.
pub fn share(share: Share, things: &str, cases: &str) -> Said {
    let counted = format!("{} of {} {things}", thousands(share.part), thousands(share.whole));
    match share.percent() {
        Some(percent) => Said { value: format!("{percent} %"), rests_on: counted },
        None if share.cases == 0 => Said { value: "Not yet".to_owned(), rests_on: format!("No {cases} yet; {LEAST} are needed.") },
        None => Said { value: "Not yet".to_owned(), rests_on: format!("{counted}. {LEAST} {cases} are needed, {} more.", share.missing()) },
    }
}

pub fn thousands(n: u32) -> String {
    crate::words::thousands(usize::try_from(n).unwrap_or(usize::MAX))
}

/// `4.7`; nothing of nothing.
pub fn average(sum: u32, of: u32) -> Option<String> {
    let tenths = (u64::from(sum) * 20 + u64::from(of)).checked_div(u64::from(of) * 2)?;
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

/// `45 min`, `3.5 h`, `2 days`.
pub fn waited(minutes: u32) -> String {
    match minutes {
        0..=90 => format!("{minutes} min"),
        91..=2880 => format!("{} h", average(minutes, 60).unwrap_or_default()),
        _ => crate::words::count(minutes / 1440, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_not_said_as_a_percentage() {
        let said = share(Share::new(46, 58), "sessions", "mature series");
        assert_eq!((said.value.as_str(), said.rests_on.as_str()), ("79.3 %", "46 of 58 sessions"));
        assert_eq!(share(Share::default(), "sessions", "mature series").rests_on, "No mature series yet; 5 are needed.");
        let few = share(Share::new(1, 3), "series", "mature series");
        assert_eq!((few.value.as_str(), few.rests_on.as_str()), ("Not yet", "1 of 3 series. 5 mature series are needed, 2 more."));
    }

    #[test]
    fn averages_and_times_are_rounded() {
        assert_eq!((average(14, 3).as_deref(), average(0, 0), average(6, 1).as_deref()), (Some("4.7"), None, Some("6.0")));
        assert_eq!([waited(60), waited(150), waited(4320)], ["60 min", "2.5 h", "3 days"].map(str::to_owned));
    }
}
