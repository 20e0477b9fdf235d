//! The demo clinic: Lindenhof Skin & Laser, with people who do not exist.
//!
//! Pure and deterministic: the same size, seed and moment give the same clinic, to the last byte. Days are told
//! from the day on which it is seeded, so the demo's Today is always today.
//!
//! [`clinic`] draws up the catalogue and the diary, which needs all clients at once since no provider may be booked
//! twice. Charts are then made one by one, in any order and from as many threads as one likes: chart `i` depends
//! only on its line in the diary, the seed and `i`.

mod charting;
mod consents;
mod devices;
mod diary;
mod dice;
mod fields;
mod hours;
mod names;
mod packages;
mod people;
mod protocols;
mod remarks;
mod slots;
mod spacing;
mod staff;
mod story;
mod templates;
#[cfg(test)]
mod tests;
mod views;
mod visit;

pub use consents::ink;
pub use staff::{Account, OWNER_EMAIL, PASSWORD, SIGN_INS};

use diary::Series;
use dice::Dice;
use domain::{
    catalogue::{Catalogue, Role, Room, Staff},
    chart::Chart,
    ids::{ClinicId, DeviceId, HandpieceId, RoomId, StaffId},
    time::Moment,
};
use hours::Hours;

pub const NAME: &str = "Lindenhof Skin & Laser";

/// When the catalogue was written down: 1 March 2021. Its ids depend on the seed alone, so that they stay the same
/// whenever the clinic is seeded.
const FOUNDED: i64 = 1_614_610_800_000;

/// How large a clinic to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub clients: u32,
    /// Sessions of all plans, held or not; met within a few per cent.
    pub sessions: u32,
    pub seed: u64,
}

impl Default for Size {
    /// What a first visitor sees.
    fn default() -> Self {
        Self { clients: 400, sessions: 2_400, seed: 1 }
    }
}

/// A clinic, its staff's accounts, and the charts, which are made when they are asked for.
pub struct DemoClinic {
    pub catalogue: Catalogue,
    /// One for each member of staff, in the same order.
    pub accounts: Vec<Account>,
    size: Size,
    now: Moment,
    hours: Hours,
    /// Those who treat, the named ones first.
    providers: Vec<StaffId>,
    /// Device and handpiece of each protocol.
    stands: Vec<(DeviceId, HandpieceId)>,
    diary: Vec<Vec<Series>>,
}

/// Draws up the clinic as it stands at that moment.
pub fn clinic(size: Size, now: Moment) -> DemoClinic {
    let founded = Moment::from_millis(FOUNDED);
    let hours = Hours::new(now);
    let (staff, accounts) = staff::staff(size.seed, founded, diary::providers(size));
    let templates = templates::templates(size.seed, founded);
    // The owner could treat, and leaves it to others.
    let treats = |staff: &&Staff| staff.role.charts() && staff.role != Role::Owner;
    let providers: Vec<_> = staff.iter().filter(treats).map(|staff| staff.id).collect();
    let view_sets = views::sets(size.seed, founded);
    let forms = consents::forms(size.seed, founded, providers[0]);
    let catalogue = Catalogue {
        clinic: ClinicId(Dice::new(size.seed, "clinic", 0).id(founded)),
        name: NAME.to_owned(),
        currency: "USD".into(),
        clock: hours.clock(),
        hours: hours.opening(),
        devices: devices::devices(size.seed, founded, &templates),
        packages: packages::packages(size.seed, founded, &forms, &view_sets),
        rooms: rooms(size.seed, founded, providers.len()),
        consent_forms: forms,
        spacing: spacing::rules(&templates),
        view_sets,
        maintenance_percent: 15,
        staff,
        templates,
    };
    let stands = protocols::PROTOCOLS.iter().map(|protocol| stand(&catalogue, protocol.model, protocol.handpiece)).collect();
    let diary = diary::draw_up(size, &hours, &catalogue.packages);
    DemoClinic { catalogue, accounts, size, now, hours, providers, stands, diary }
}

/// Each provider has one: whoever is free has a free room.
fn rooms(seed: u64, founded: Moment, providers: usize) -> Vec<Room> {
    let mut dice = Dice::new(seed, "rooms", 0);
    let room = |n| Room { id: RoomId(dice.id(founded)), name: format!("Room {n:02}"), retired: false, version: 1 };
    (1..=providers).map(room).collect()
}

fn stand(catalogue: &Catalogue, model: &str, handpiece: &str) -> (DeviceId, HandpieceId) {
    let device = catalogue.devices.iter().find(|device| device.model == model);
    let found = device.and_then(|device| Some((device.id, device.handpieces.iter().find(|h| h.name == handpiece)?.id)));
    found.expect("every protocol names a device of the list")
}

impl DemoClinic {
    /// How many charts there are.
    pub fn clients(&self) -> usize {
        self.diary.len()
    }

    /// The chart of one client, `0..self.clients()`; 0 is Maya Chen. `None` beyond.
    pub fn chart(&self, client: usize) -> Option<Chart> {
        let number = u32::try_from(client).ok()?;
        Some(charting::Charting::new(self, number, self.diary.get(client)?).chart())
    }

    /// All charts, one after the other.
    pub fn charts(&self) -> impl Iterator<Item = Chart> + '_ {
        (0..self.clients()).filter_map(|client| self.chart(client))
    }
}
