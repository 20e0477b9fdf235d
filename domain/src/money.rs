//! Amounts of money, as people write and read them. Kept as integers of the currency's smallest unit.

/// What somebody typed is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("An amount is digits, such as 1800 or 1,800.50.")]
pub struct NotMoney;

/// Digits after the point; ISO 4217.
fn decimals(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "CLP" | "ISK" | "VND" => 0,
        "BHD" | "KWD" | "OMR" | "JOD" | "TND" => 3,
        _ => 2,
    }
}

/// `$1,800`, `€1,800.50`, `CHF 90`. No digits after the point where they are nothing.
pub fn written(minor: i64, currency: &str) -> String {
    let digits = plain(minor.saturating_abs(), currency, true);
    let sign = if minor < 0 { "−" } else { "" };
    match currency {
        "USD" => format!("{sign}${digits}"),
        "EUR" => format!("{sign}€{digits}"),
        "GBP" => format!("{sign}£{digits}"),
        other => format!("{sign}{other} {digits}"),
    }
}

/// `1800` or `1800.50`: as it stands in an input.
pub fn typed(minor: i64, currency: &str) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}", plain(minor.saturating_abs(), currency, false))
}

fn plain(minor: i64, currency: &str, grouped: bool) -> String {
    let places = decimals(currency);
    let unit = 10_i64.pow(places);
    let (whole, rest) = (minor / unit, minor % unit);
    let mut digits = whole.to_string();
    if grouped {
        let mut at = digits.len();
        while at > 3 {
            at -= 3;
            digits.insert(at, ',');
        }
    }
    if rest == 0 { digits } else { format!("{digits}.{rest:0>width$}", width = places as usize) }
}

/// Reads what was typed: digits, with or without grouping commas and a point.
pub fn read(text: &str, currency: &str) -> Result<i64, NotMoney> {
    let bare: String = text.trim().trim_start_matches(['$', '€', '£']).chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
    let (whole, rest) = bare.split_once('.').unwrap_or((&bare, ""));
    let places = decimals(currency) as usize;
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || rest.len() > places || !all_digits(whole) || !all_digits(rest) {
        return Err(NotMoney);
    }
    format!("{whole}{rest:0<places$}").parse().map_err(|_| NotMoney)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_people_write_it() {
        assert_eq!(written(180_000, "USD"), "$1,800");
        assert_eq!(written(180_050, "EUR"), "€1,800.50");
        assert_eq!(written(-5, "USD"), "−$0.05");
        assert_eq!(written(1_234_567, "JPY"), "JPY 1,234,567");
        assert_eq!(typed(180_050, "USD"), "1800.50");
    }

    #[test]
    fn what_is_written_is_read_again() {
        for minor in [0, 1, 99, 100, 180_000, 999_999_999] {
            assert_eq!(read(&written(minor, "USD"), "USD"), Ok(minor));
            assert_eq!(read(&typed(minor, "USD"), "USD"), Ok(minor));
        }
        for nonsense in ["", "-5", "1.234", "12a", ".", "1e3", "9999999999999"] {
            assert_eq!(read(nonsense, "USD"), Err(NotMoney), "{nonsense}");
        }
    }
}
