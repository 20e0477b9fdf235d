//! Amounts somebody typed, judged before anything is recorded: plain functions, tested without a browser.

use domain::{money, package::HIGHEST_PRICE_MINOR};

/// How much of a price is paid at the moment of a sale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaidNow {
    #[default]
    All,
    Part,
    Nothing,
}

impl PaidNow {
    pub const ALL: [Self; 3] = [Self::All, Self::Part, Self::Nothing];

    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All of it",
            Self::Part => "A part",
            Self::Nothing => "Nothing yet",
        }
    }

    /// What that is, of a price; `typed` is the part.
    pub fn minor(self, typed: &str, price_minor: i64, currency: &str) -> Result<Option<i64>, String> {
        match self {
            Self::Nothing => Ok(None),
            // What costs nothing is paid.
            Self::All => Ok((price_minor > 0).then_some(price_minor)),
            Self::Part => up_to(typed, price_minor, currency, "The part paid now cannot be more than the price,").map(Some),
        }
    }
}

/// A price.
pub fn price(typed: &str, currency: &str) -> Result<i64, String> {
    match money::read(typed, currency) {
        Ok(minor) if minor > HIGHEST_PRICE_MINOR => {
            Err(format!("No price is beyond {}. Check the digits.", money::written(HIGHEST_PRICE_MINOR, currency)))
        }
        Ok(minor) => Ok(minor),
        Err(error) => Err(format!("The price was not understood. {error}")),
    }
}

/// More than nothing, and no more than `most`; `beyond` is how the sentence begins that says so.
pub fn up_to(typed: &str, most: i64, currency: &str, beyond: &str) -> Result<i64, String> {
    match money::read(typed, currency) {
        Ok(0) => Err("The amount is nothing. Type how much it is.".to_owned()),
        Ok(minor) if minor > most => Err(format!("{beyond} {}.", money::written(most, currency))),
        Ok(minor) => Ok(minor),
        Err(error) => Err(format!("The amount was not understood. {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_the_price_and_a_part_is_less() {
        let paid = |choice: PaidNow, typed: &str, price| choice.minor(typed, price, "USD");
        assert_eq!(paid(PaidNow::All, "", 180_000), Ok(Some(180_000)));
        assert_eq!(paid(PaidNow::All, "", 0), Ok(None));
        assert_eq!(paid(PaidNow::Nothing, "900", 180_000), Ok(None));
        assert_eq!(paid(PaidNow::Part, "$900", 180_000), Ok(Some(90_000)));
        let beyond = paid(PaidNow::Part, "1,800.01", 180_000);
        assert_eq!(beyond, Err("The part paid now cannot be more than the price, $1,800.".to_owned()));
    }

    #[test]
    fn absurd_amounts_are_told_in_a_sentence() {
        for typed in ["", "-5", "much", "1.234", "1e9", "99999999999999999999"] {
            assert!(
                up_to(typed, 100, "USD", "No more is owed than").is_err_and(|words| words.starts_with("The amount was not understood."))
            );
            assert!(price(typed, "USD").is_err_and(|words| words.starts_with("The price was not understood.")), "{typed}");
        }
        assert_eq!(up_to("0", 100, "USD", ""), Err("The amount is nothing. Type how much it is.".to_owned()));
        assert_eq!(up_to("2", 100, "USD", "No more is owed than"), Err("No more is owed than $1.".to_owned()));
        assert_eq!(price("100,000,000", "USD"), Err("No price is beyond $10,000,000. Check the digits.".to_owned()));
        assert_eq!(price("0", "USD"), Ok(0));
    }
}
