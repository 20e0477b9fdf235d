//! Who comes when: every client's series, with the times at which their sessions were and will be.
//!
//! Drawn up once for all clients, in their order, because no provider may be booked twice; everything else
//! about a client is drawn from the seed and their number alone, whenever their chart is wanted.

use super::{
    Size,
    dice::Dice,
    hours::Hours,
    packages, people, protocols,
    slots::{Slot, Slots, Wanted},
    story,
};
use domain::{package::Package, skin::SkinType};

/// One sold package.
#[derive(Clone, Debug)]
pub struct Series {
    /// Positions in the list of protocols: the device the series is done with, sometimes a second one for other areas.
    pub protocols: Vec<usize>,
    /// Position in the clinic's packages.
    pub package: usize,
    /// Days after today, so never positive.
    pub sold_on: i32,
    /// The time of session 1, 2, …; ascending. Those before today were held. Later sessions are planned, not booked.
    pub visits: Vec<Slot>,
}

/// How a series stands today.
enum Standing {
    UnderWay,
    /// The client stayed away after so many sessions.
    Dropped(u16),
    Completed,
}

/// Clients one provider can look after; sessions of all time one provider can have.
const CLIENTS_EACH: u32 = 800;
const SESSIONS_EACH: u32 = 8_000;

pub fn providers(size: Size) -> usize {
    let wanted = (size.clients / CLIENTS_EACH).max(size.sessions / SESSIONS_EACH).max(4);
    usize::try_from(wanted).unwrap_or(4)
}

/// A series for each package of each client, in the order of sale.
pub fn draw_up(size: Size, hours: &Hours, packages: &[Package]) -> Vec<Vec<Series>> {
    let providers = providers(size);
    let told = story::series(packages);
    let mut planner = Planner {
        size,
        hours,
        packages,
        slots: Slots::new(providers),
        today_left: (0..providers).map(|provider| 7 + u32::from(provider % 2 == 0) + u32::from(provider % 5 == 3)).collect(),
        sessions: 0,
        // A large clinic is an old one.
        history: i32::try_from(size.clients / 20).unwrap_or(i32::MAX).saturating_add(450).min(1300),
    };
    // What is told is booked first, so that nothing drawn can stand in its way.
    for slot in told.iter().flatten().flat_map(|series| &series.visits) {
        planner.slots.take(*slot);
        planner.sign_up_for_today(*slot);
    }
    (0..size.clients)
        .map(|client| {
            let told = usize::try_from(client).ok().and_then(|position| told.get(position));
            let mut series = told.cloned().unwrap_or_else(|| planner.client(client));
            series.sort_by_key(|series| series.sold_on);
            planner.sessions += series.iter().map(|series| u64::from(packages[series.package].sessions)).sum::<u64>();
            series
        })
        .collect()
}

struct Planner<'a> {
    size: Size,
    hours: &'a Hours,
    packages: &'a [Package],
    slots: Slots,
    /// How many more appointments each provider gets today.
    today_left: Vec<u32>,
    /// Sessions given out so far, held or not.
    sessions: u64,
    /// Days over which series that are over are spread.
    history: i32,
}

impl Planner<'_> {
    fn client(&mut self, client: u32) -> Vec<Series> {
        let mut dice = Dice::new(self.size.seed, "series", client.into());
        let skin = people::skin_type(self.size.seed, client).unwrap_or(SkinType::III);
        let home = dice.index(self.today_left.len());
        let mut wanted = self.wanted_sessions(client, &mut dice);
        let mut all: Vec<Series> = Vec::new();
        // Everyone bought something; a further package is sold while sessions are missing.
        loop {
            let package = dice.weighted(packages::demand());
            let count = i64::from(self.packages[package].sessions);
            let repeated = all.iter().any(|series| series.package == package);
            if !repeated || all.len() >= self.packages.len() {
                wanted -= count;
                let comes_today = all.is_empty() && self.comes_today(client);
                all.push(self.series(package, skin, home, comes_today, &all, &mut dice));
            }
            if wanted < 2 {
                return all;
            }
        }
    }

    /// Keeps the total near the size asked for, and lets single clients differ.
    fn wanted_sessions(&self, client: u32, dice: &mut Dice) -> i64 {
        let due = u64::from(self.size.sessions) * (u64::from(client) + 1) / u64::from(self.size.clients);
        let missing = i64::try_from(due).unwrap_or(i64::MAX) - i64::try_from(self.sessions).unwrap_or(i64::MAX);
        missing + i64::from(dice.between(-9, 9))
    }

    /// Every so many clients one comes today, until the providers' day is full.
    fn comes_today(&self, client: u32) -> bool {
        let providers = u32::try_from(self.today_left.len()).unwrap_or(1);
        let one_in = (self.size.clients / (providers * 8)).max(3);
        client % one_in == 2
    }

    fn sign_up_for_today(&mut self, slot: Slot) {
        if slot.day == 0 {
            let left = &mut self.today_left[slot.provider];
            *left = left.saturating_sub(1);
        }
    }

    fn series(&mut self, package: usize, skin: SkinType, home: usize, today: bool, others: &[Series], dice: &mut Dice) -> Series {
        let sold = &self.packages[package];
        let (sessions, interval) = (sold.sessions, i32::from(sold.interval_days));
        let protocols = protocols::choose(&sold.name, skin, dice);
        let quarters = protocols::quarters(&protocols);
        let standing = if today { Standing::UnderWay } else { self.standing(sessions, others.is_empty(), dice) };
        let provider = match today {
            true => (0..self.today_left.len()).max_by_key(|provider| self.today_left[*provider]).unwrap_or(home),
            false if dice.percent(15) => dice.index(self.today_left.len()),
            false => home,
        };
        let mut days: Vec<i32> = others.iter().flat_map(|series| &series.visits).map(|slot| slot.day).collect();
        let mut visits = Vec::new();

        // The session to come, if there is one; then those that were, from the last to the first.
        let (held, mut day) = match standing {
            Standing::UnderWay => {
                // Anywhere between two sessions; but the weeks around today are the ones that are looked at.
                let ahead = match dice.below(100) {
                    0..32 => dice.between(1, 8),
                    32..64 => dice.between(interval - 9, interval - 1),
                    _ => dice.between(1, interval - 1),
                };
                // Hardly anyone comes within days without having booked.
                let booked = if ahead < 14 { 92 } else { 60 };
                let next = if today && self.today_left[provider] > 0 {
                    self.slots.book_on(provider, 0, quarters, dice)
                } else if dice.percent(booked) {
                    let day = self.working_day(ahead, 1, dice);
                    self.slots.book(Wanted { provider, day, quarters, step: 1 }, self.hours, &days, dice)
                } else {
                    None
                };
                visits.extend(next);
                let held = dice.between(0, i32::from(sessions) - 1);
                (held, next.map_or(ahead, |slot| slot.day))
            }
            Standing::Dropped(after) => (i32::from(after), dice.between(interval * 14 / 10 - self.history, 0)),
            Standing::Completed => (i32::from(sessions), dice.between(interval - self.history, interval - 2)),
        };
        visits.iter().for_each(|slot| self.sign_up_for_today(*slot));
        days.extend(visits.iter().map(|slot| slot.day));
        for _ in 0..held {
            let late = if dice.percent(12) { dice.between(7, 35) } else { dice.between(-2, 6) };
            let provider = if dice.percent(90) { provider } else { home };
            let before = self.working_day((day - interval - late).min(-1), -1, dice);
            let wanted = Wanted { provider, day: before, quarters, step: -1 };
            let Some(slot) = self.slots.book(wanted, self.hours, &days, dice) else { break };
            day = slot.day;
            days.push(day);
            visits.push(slot);
        }
        visits.reverse();
        let sold_on = match visits.first() {
            Some(first) => (first.day - dice.between(1, 14)).min(-1),
            None => -dice.between(1, 20),
        };
        Series { protocols, package, sold_on, visits }
    }

    /// The day, or one within the week where the clinic is closed: not all on the Monday.
    fn working_day(&self, day: i32, step: i32, dice: &mut Dice) -> i32 {
        if self.hours.is_open(day) { day } else { day + step * dice.between(1, 6) }
    }

    /// The longer the clinic's history, the smaller the share of series under way in it.
    fn standing(&self, sessions: u16, newest: bool, dice: &mut Dice) -> Standing {
        let under_way = if newest { 50 } else { 30 } * 470 / u32::try_from(self.history).unwrap_or(470);
        match dice.below(100) {
            n if n < under_way => Standing::UnderWay,
            n if n < under_way + (100 - under_way) * 45 / 100 => {
                // Most who stay away do so between the second and the third.
                let weights = [20, 45, 18, 10, 4, 2, 1];
                let after = dice.weighted(weights.into_iter().take(usize::from(sessions) - 1)) + 1;
                Standing::Dropped(u16::try_from(after).unwrap_or(1))
            }
            _ => Standing::Completed,
        }
    }
}
