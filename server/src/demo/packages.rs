//! What the demo clinic sells.

use super::dice::Dice;
use domain::{catalogue::Package, ids::PackageId, time::Moment};

pub const HAIR_REMOVAL: &str = "Laser hair removal";
pub const PHOTOFACIAL: &str = "IPL photofacial";
pub const RESURFACING: &str = "Fractional resurfacing";
pub const INJECTABLES: &str = "Injectable series";
pub const CONTOURING: &str = "Body contouring";
pub const PEEL: &str = "Chemical peel";

/// Name, price in dollars, sessions, days between two; and how often it is sold, for the draw.
const SOLD: [(&str, i64, u16, u16, u32); 6] = [
    (HAIR_REMOVAL, 1_800, 6, 42, 30),
    (PHOTOFACIAL, 1_500, 5, 28, 18),
    (RESURFACING, 2_400, 4, 42, 15),
    (INJECTABLES, 1_200, 3, 90, 15),
    (CONTOURING, 3_200, 8, 42, 7),
    (PEEL, 600, 4, 28, 15),
];

pub fn packages(seed: u64, founded: Moment) -> Vec<Package> {
    let package = |(name, dollars, sessions, interval_days, _): &(&str, i64, u16, u16, u32)| Package {
        id: PackageId(Dice::new(seed, name, 0).id(founded)),
        name: (*name).to_owned(),
        price_minor: dollars * 100,
        sessions: *sessions,
        interval_days: *interval_days,
    };
    SOLD.iter().map(package).collect()
}

/// How often each is sold, in the order of [`packages`].
pub fn demand() -> impl Iterator<Item = u32> + Clone {
    SOLD.iter().map(|(.., demand)| *demand)
}
