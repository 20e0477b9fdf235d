//! Who is free when. No provider is ever booked twice at the same time.

use super::{
    dice::Dice,
    hours::{CLOSES, Hours, OPENS},
    staff::OSEI,
};

/// The diary is kept from so many days before today to so many after. A series begins at most five years back:
/// as far as the clinic's clock reaches.
const FIRST_DAY: i32 = -1820;
const LAST_DAY: i32 = 180;
const DAYS: usize = 2001;
const QUARTER: u16 = 15;

/// A booked time of one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Position among the providers.
    pub provider: usize,
    /// Days after today; negative before.
    pub day: i32,
    /// After midnight, on the clinic's clock.
    pub minute: u16,
    pub minutes: u16,
}

/// A time that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub provider: usize,
    pub day: i32,
    /// Of an hour.
    pub quarters: u16,
    /// The nearest day after the wanted one (1), or before it (−1), where that one is full.
    pub step: i32,
}

/// For each provider and day the quarters of an hour that are taken, the first after opening in the lowest bit.
pub struct Slots {
    taken: Vec<u64>,
}

impl Slots {
    pub fn new(providers: usize) -> Self {
        let day_of = |provider: usize| {
            // Beyond closing time nothing is free. Everyone has three quarters for lunch, not all at the same time.
            let lunch = mask((12 * 60 + QUARTER * (u16::try_from(provider % 4).unwrap_or_default()) - OPENS) / QUARTER, 3);
            // The medical director's first hour is for the clinic.
            let morning = if provider == OSEI { mask(0, 4) } else { 0 };
            !mask(0, (CLOSES - OPENS) / QUARTER) | lunch | morning
        };
        Self { taken: (0..providers).flat_map(|provider| std::iter::repeat_n(day_of(provider), DAYS)).collect() }
    }

    /// Takes exactly this time, whoever had it: for what is told rather than drawn, before anything is drawn.
    pub fn take(&mut self, slot: Slot) {
        let wanted = mask((slot.minute - OPENS) / QUARTER, slot.minutes / QUARTER);
        if let Some(taken) = self.day_mut(slot.provider, slot.day) {
            *taken |= wanted;
        }
    }

    /// Finds a free time on one day.
    pub fn book_on(&mut self, provider: usize, day: i32, quarters: u16, dice: &mut Dice) -> Option<Slot> {
        let last_start = (CLOSES - OPENS) / QUARTER - quarters;
        let preferred = u16::try_from(dice.below(u32::from(last_start) + 1)).unwrap_or_default();
        let taken = self.day_mut(provider, day)?;
        let start = (preferred..=last_start).chain(0..preferred).find(|start| *taken & mask(*start, quarters) == 0)?;
        *taken |= mask(start, quarters);
        Some(Slot { provider, day, minute: OPENS + start * QUARTER, minutes: quarters * QUARTER })
    }

    /// Finds a free time on the wanted day or near it, leaving out the days on which the client comes anyway.
    pub fn book(&mut self, wanted: Wanted, hours: &Hours, visits: &[i32], dice: &mut Dice) -> Option<Slot> {
        let mut day = wanted.day;
        while (FIRST_DAY..=LAST_DAY).contains(&day) {
            if hours.is_open(day) && !visits.contains(&day) {
                let found = self.book_on(wanted.provider, day, wanted.quarters, dice);
                if found.is_some() {
                    return found;
                }
            }
            day += wanted.step;
        }
        None
    }

    fn day_mut(&mut self, provider: usize, day: i32) -> Option<&mut u64> {
        let day = usize::try_from(day - FIRST_DAY).ok().filter(|day| *day < DAYS)?;
        self.taken.get_mut(provider * DAYS + day)
    }
}

/// So many quarters from the given one on.
fn mask(from: u16, quarters: u16) -> u64 {
    ((1_u64 << quarters) - 1) << from
}
