//! Which days the numbers are about.

use domain::{numbers::Span, time::Day};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    Days90,
    Months12,
    All,
    /// By its first day.
    Month(Day),
}

/// So many months can be chosen by themselves.
const MONTHS: usize = 24;

impl Period {
    /// In the order in which they are offered, the latest months first.
    pub fn choices(today: Day) -> Vec<Self> {
        let months = std::iter::successors(first_of_month(today), |month| first_of_month(month.plus(-1)));
        [Self::Days90, Self::Months12, Self::All].into_iter().chain(months.take(MONTHS).map(Self::Month)).collect()
    }

    pub fn span(self, today: Day) -> Span {
        match self {
            Self::Days90 => Span { from: Some(today.plus(-89)), until: None },
            Self::Months12 => Span { from: Some(today.plus(-364)), until: None },
            Self::All => Span::default(),
            // Any month is over 40 days after it began, and the next one is not.
            Self::Month(first) => Span { from: Some(first), until: first_of_month(first.plus(40)).map(|next| next.plus(-1)) },
        }
    }

    pub fn label(self) -> String {
        match self {
            Self::Days90 => "Last 90 days".to_owned(),
            Self::Months12 => "Last 12 months".to_owned(),
            Self::All => "All".to_owned(),
            Self::Month(first) => month_words(first),
        }
    }
}

/// `Nov 2026`, of the first day of a month.
pub fn month_words(first: Day) -> String {
    first.long().trim_start_matches("1 ").to_owned()
}

fn first_of_month(day: Day) -> Option<Day> {
    Day::new(day.0.year(), day.0.month(), 1)
}

/// The days of a span in an address, behind a `?` or `&`.
pub fn query(span: Span) -> String {
    let day = |name: &str, day: Option<Day>| day.map(|day| format!("&{name}={day}")).unwrap_or_default();
    format!("{}{}", day("from", span.from), day("to", span.until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_month_has_its_first_and_its_last_day() {
        for (first, last) in [("2026-02-01", "2026-02-28"), ("2028-02-01", "2028-02-29"), ("2026-12-01", "2026-12-31")] {
            let span = Period::Month(day(first)).span(day("2026-11-23"));
            assert_eq!((span.from, span.until), (Some(day(first)), Some(day(last))));
        }
    }

    #[test]
    fn the_last_months_can_be_chosen() {
        let choices = Period::choices(day("2026-11-23"));
        assert_eq!(choices.len(), 3 + MONTHS);
        assert_eq!(choices[3].label(), "Nov 2026");
        assert_eq!(choices.last().map(|last| last.label()), Some("Dec 2024".to_owned()));
        assert_eq!(query(Period::Days90.span(day("2026-11-23"))), "&from=2026-08-26");
        assert_eq!(query(Span::default()), "");
    }
}
