//! Numbers and addresses of that year by which something is wrong; a few at every clinic, however small.

use super::{
    carrier::{address, phone},
    dice::Dice,
};
use std::collections::HashSet;

#[derive(Debug, Default)]
pub struct Numbers {
    /// They reach nobody, and the carrier says so at once.
    pub dead: HashSet<String>,
    /// Nothing gets through to them, though the carrier takes it and says so later.
    pub silent: HashSet<String>,
    /// Nobody ever knows what became of what is sent there: the line breaks, each time.
    pub foggy: HashSet<String>,
}

impl Numbers {
    pub fn draw(plans: u128, seed: u64) -> Self {
        let mut dice = Dice::new(seed, 3);
        let mut numbers = Self::default();
        for n in 0..plans {
            let mut falls = |of_thousand, of: String| dice.falls(of_thousand).then_some(of);
            numbers.dead.extend(falls(80, phone(n)));
            numbers.dead.extend(falls(40, address(n)));
            numbers.silent.extend(falls(50, phone(n)));
            // Whatever is tried instead fails as well.
            match n % 10 {
                2 => numbers.foggy.extend([phone(n), address(n)]),
                5 => {
                    numbers.dead.insert(address(n));
                    numbers.silent.insert(phone(n));
                }
                _ => {}
            }
        }
        numbers
    }
}
