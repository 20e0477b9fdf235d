//! What the demo clinic sells.

use super::{consents, dice::Dice};
use domain::{
    consent::ConsentForm,
    ids::{PackageId, ProcedureId},
    package::{Package, Procedure},
    time::Moment,
    view::ViewSet,
};

pub const HAIR_REMOVAL: &str = "Laser hair removal";
pub const PHOTOFACIAL: &str = "IPL photofacial";
pub const RESURFACING: &str = "Fractional resurfacing";
pub const INJECTABLES: &str = "Injectable series";
pub const CONTOURING: &str = "Body contouring";
pub const PEEL: &str = "Chemical peel";

struct Sold {
    name: &'static str,
    dollars: i64,
    sessions: u16,
    interval_days: u16,
    /// What a session consists of, with minutes.
    procedures: &'static [(&'static str, u16)],
    /// By which set of views.
    photographed: &'static str,
    /// How often it is sold, for the draw.
    demand: u32,
}

const SOLD: [Sold; 6] = [
    Sold {
        name: HAIR_REMOVAL,
        dollars: 1_800,
        sessions: 6,
        interval_days: 42,
        procedures: &[(HAIR_REMOVAL, 45)],
        photographed: "Legs",
        demand: 30,
    },
    Sold {
        name: PHOTOFACIAL,
        dollars: 1_500,
        sessions: 5,
        interval_days: 28,
        procedures: &[("IPL, face", 30)],
        photographed: "Face",
        demand: 18,
    },
    Sold {
        name: RESURFACING,
        dollars: 2_400,
        sessions: 4,
        interval_days: 42,
        procedures: &[("Fractional, face", 60)],
        photographed: "Face",
        demand: 15,
    },
    Sold {
        name: INJECTABLES,
        dollars: 1_200,
        sessions: 3,
        interval_days: 90,
        procedures: &[("Injection", 30)],
        photographed: "Face, at rest and in motion",
        demand: 15,
    },
    Sold {
        name: CONTOURING,
        dollars: 3_200,
        sessions: 8,
        interval_days: 42,
        procedures: &[("Cryolipolysis", 45)],
        photographed: "Body",
        demand: 7,
    },
    Sold { name: PEEL, dollars: 600, sessions: 4, interval_days: 28, procedures: &[(PEEL, 30)], photographed: "Face", demand: 15 },
];

pub fn packages(seed: u64, founded: Moment, forms: &[ConsentForm], view_sets: &[ViewSet]) -> Vec<Package> {
    let package = |sold: &Sold| {
        let mut dice = Dice::new(seed, sold.name, 0);
        let id = PackageId(dice.id(founded));
        let procedure = |(name, minutes): &(&str, u16)| Procedure {
            id: ProcedureId(dice.id(founded)),
            name: (*name).to_owned(),
            minutes: *minutes,
            template: None,
        };
        Package {
            id,
            name: sold.name.to_owned(),
            price_minor: sold.dollars * 100,
            sessions: sold.sessions,
            interval_days: sold.interval_days,
            procedures: sold.procedures.iter().map(procedure).collect(),
            consents: consents::of_package(forms, sold.name),
            view_sets: view_sets.iter().filter(|set| set.name == sold.photographed).map(|set| set.id).collect(),
            retired: false,
            version: 1,
        }
    };
    SOLD.iter().map(package).collect()
}

/// How often each is sold, in the order of [`packages`].
pub fn demand() -> impl Iterator<Item = u32> + Clone {
    SOLD.iter().map(|sold| sold.demand)
}
