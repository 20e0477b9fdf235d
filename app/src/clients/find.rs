//! Finding clients by name, birth date or phone.

use super::{fold::fold, index::Entry};
use domain::time::Day;

/// What somebody typed into the search box, understood once for all clients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Each starts a word of the name; with a space before it.
    words: Vec<String>,
    /// Each is a year of birth, or is part of the phone number.
    numbers: Vec<String>,
    /// The whole as a phone number's digits.
    phone: Option<String>,
    /// The whole as a date, in all ways it can be read.
    dates: Vec<Date>,
}

/// A day of birth, as far as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Date {
    year: Option<i16>,
    month: i8,
    day: Option<i8>,
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

impl Wanted {
    pub fn new(typed: &str) -> Self {
        let folded = fold(typed.trim());
        let parts: Vec<_> = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let (numbers, words): (Vec<&str>, Vec<&str>) = parts.iter().copied().partition(|part| is_number(part));
        let digits = numbers.concat();
        // A leading zero is not dialled from abroad, where the number begins with the country.
        let phone = (words.is_empty() && digits.len() >= 3).then(|| digits.trim_start_matches('0').to_owned());
        Self {
            words: words.iter().map(|word| format!(" {word}")).collect(),
            numbers: numbers.into_iter().map(str::to_owned).collect(),
            phone: phone.filter(|phone| !phone.is_empty()),
            dates: dates(&parts),
        }
    }

    /// Nothing was asked for: everyone.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.numbers.is_empty()
    }

    pub fn fits(&self, entry: &Entry) -> bool {
        if self.is_empty() || self.dates.iter().any(|date| date.fits(entry.born)) {
            return true;
        }
        if self.phone.as_ref().is_some_and(|phone| entry.digits.contains(phone.as_str())) {
            return true;
        }
        let year_or_phone =
            |number: &String| number.parse() == Ok(entry.born.0.year()) || (number.len() >= 3 && entry.digits.contains(number.as_str()));
        self.words.iter().all(|word| entry.words.contains(word.as_str())) && self.numbers.iter().all(year_or_phone)
    }
}

impl Date {
    fn fits(self, born: Day) -> bool {
        let Day(born) = born;
        self.month == born.month() && self.day.is_none_or(|day| day == born.day()) && self.year.is_none_or(|year| year == born.year())
    }
}

/// All dates the parts can mean: `14 3 1991`, `3 14 1991`, `1991 3 14`, `14 mar 1991`, `14 3`.
fn dates(parts: &[&str]) -> Vec<Date> {
    let day = |part: &str| part.parse::<i8>().ok().filter(|day| (1..=31).contains(day));
    let year = |part: &str| part.parse::<i16>().ok().filter(|year| (1880..=2200).contains(year));
    let month = |part: &str| {
        let number = day(part).filter(|month| *month <= 12);
        let named = || MONTHS.iter().position(|name| part.len() >= 3 && name.starts_with(part)).and_then(|n| i8::try_from(n + 1).ok());
        number.or_else(named)
    };
    let date = |y: Option<&str>, m: &str, d: &str| {
        let year = match y {
            Some(y) => Some(year(y)?),
            None => None,
        };
        Some(Date { year, month: month(m)?, day: Some(day(d)?) })
    };
    let readings = match parts {
        [a, b] => vec![date(None, b, a), date(None, a, b)],
        [a, b, c] => vec![date(Some(a), b, c), date(Some(c), b, a), date(Some(c), a, b)],
        _ => Vec::new(),
    };
    readings.into_iter().flatten().collect()
}

/// Positions of those who fit, in the index's order.
pub fn find(entries: &[Entry], wanted: &Wanted) -> Vec<usize> {
    entries.iter().enumerate().filter(|(_, entry)| wanted.fits(entry)).map(|(n, _)| n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clients::index::index, signed_record::sample};
    use domain::chart::Chart;
    use std::sync::Arc;

    /// Who is found among Maya Chen (14 Mar 1991, +49 171 5550123), Jonas Müller and Maya-Louise Chen.
    fn found(typed: &str) -> Vec<u128> {
        let mut jonas = sample::client(2, "Jonas Müller");
        jonas.birth_date = sample::day("1986-04-27");
        jonas.contact.phone = "0301 44".into();
        let mut louise = sample::client(3, "Maya-Louise Chen");
        louise.birth_date = sample::day("2001-09-30");
        louise.contact.phone.clear();
        let charts: Vec<_> =
            [sample::client(1, "Maya Chen"), jonas, louise].into_iter().map(|client| Arc::new(Chart::new(client))).collect();
        let entries = index(charts.iter());
        let mut found: Vec<_> = find(&entries, &Wanted::new(typed)).into_iter().map(|n| entries[n].id.0.as_u128()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn names_are_found_by_the_beginnings_of_their_words() {
        assert_eq!(found(""), [1, 2, 3]);
        assert_eq!(found("maya"), [1, 3]);
        assert_eq!(found("CHEN may"), [1, 3]);
        assert_eq!(found("louise"), [3]);
        assert_eq!(found("muller"), [2]);
        assert_eq!(found("Müll"), [2]);
        assert_eq!(found("aya"), [0_u128; 0]);
    }

    #[test]
    fn birth_dates_are_found_however_they_are_written() {
        for typed in ["14.3.1991", "14/03/1991", "03/14/1991", "1991-03-14", "14 Mar 1991", "14 march 1991", "14.3."] {
            assert_eq!(found(typed), [1], "{typed}");
        }
        assert_eq!(found("1986"), [2]);
        // A name that begins like a month is no month.
        assert_eq!(found("maya 14"), [0_u128; 0]);
        assert_eq!(found("maya 2001"), [3]);
        assert_eq!(found("chen 1986"), [0_u128; 0]);
    }

    #[test]
    fn phones_are_found_with_and_without_the_country() {
        for typed in ["5550123", "0171 5550123", "+49 171 555", "171-555"] {
            assert_eq!(found(typed), [1], "{typed}");
        }
        assert_eq!(found("0301"), [2]);
    }
}
