//! How the demo clinic's providers work: which device they take for a package, on which areas, and with which
//! settings they begin. All within the usual ranges of the templates; a test holds them to that.

use super::{devices as d, dice::Dice, packages as p};
use domain::{
    amount::Amount,
    area::{Area, KINDS, Side},
    skin::SkinType::{self, I, III, IV, VI},
};

pub struct Protocol {
    pub package: &'static str,
    /// How often it is chosen among the protocols of its package.
    pub weight: u32,
    pub model: &'static str,
    pub handpiece: &'static str,
    /// From the first to the second skin type.
    pub skin: (SkinType, SkinType),
    /// Length of the appointment, in quarters of an hour.
    pub quarters: u16,
    /// One of these sets is treated throughout a series. Paired areas are treated on both sides.
    pub areas: &'static [&'static [&'static str]],
    /// In the template's order.
    pub settings: &'static [(&'static str, Start)],
    /// The setting that rises as the series goes on.
    pub rising: Option<(&'static str, Amount)>,
    pub counts_pulses: bool,
    pub kind: Kind,
}

/// What a setting begins with.
pub enum Start {
    At(Amount),
    /// For types I–VI.
    BySkin([Amount; 6]),
    Choice(&'static str),
    /// Read off the package anew at every visit.
    Lot(&'static str),
    Expiry,
}

/// How the skin takes it, and what is said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Light,
    Ablative,
    Needles,
    Cold,
    Acid,
    Injection,
}

use Start::{At, BySkin, Choice, Expiry, Lot};

const fn whole(n: i64) -> Start {
    At(Amount::whole(n))
}

/// In tenths: `tenths(15)` is 1.5.
const fn tenths(n: i64) -> Start {
    At(Amount(n * 100))
}

const fn by_skin(n: [i64; 6]) -> Start {
    let [i, ii, iii, iv, v, vi] = n;
    BySkin([Amount::whole(i), Amount::whole(ii), Amount::whole(iii), Amount::whole(iv), Amount::whole(v), Amount::whole(vi)])
}

const BY_ONE: Amount = Amount::whole(1);

const HAIRY: &[&[&str]] = &[
    &["axilla"],
    &["lower-leg-front", "calf"],
    &["bikini"],
    &["forearm"],
    &["axilla", "bikini"],
    &["upper-back", "shoulder"],
    &["thigh-front", "thigh-back"],
];
const HAIRY_FACE: &[&[&str]] = &[&["upper-lip", "chin"], &["cheek"], &["jawline", "neck-front"], &["axilla"], &["chin", "jawline"]];
const FACE: &[&[&str]] = &[&["cheek", "forehead"], &["cheek", "nose"], &["forehead", "cheek", "chin"], &["cheek"]];
const SUN_WORN: &[&[&str]] = &[&["cheek", "forehead"], &["chest"], &["hand"], &["cheek", "nose"], &["neck-front", "chest"], &["forearm"]];
const ROUND: &[&[&str]] = &[&["abdomen"], &["flank"], &["abdomen", "flank"], &["inner-thigh"], &["upper-arm-back"]];

/// Everything else is given for each.
const BASE: Protocol = Protocol {
    package: p::HAIR_REMOVAL,
    weight: 10,
    model: d::CLARITY,
    handpiece: "755 nm",
    skin: (I, VI),
    quarters: 2,
    areas: FACE,
    settings: &[],
    rising: None,
    counts_pulses: true,
    kind: Kind::Light,
};

pub static PROTOCOLS: &[Protocol] = &[
    // Hair removal
    Protocol {
        model: d::CLARITY,
        handpiece: "755 nm",
        skin: (I, IV),
        weight: 14,
        areas: HAIRY_FACE,
        settings: &[
            ("fluence", by_skin([27, 27, 19, 16, 16, 16])),
            ("pulse-width", whole(3)),
            ("spot", whole(12)),
            ("cryogen-spray", whole(30)),
            ("cryogen-delay", whole(20)),
            ("cryogen-post", whole(0)),
            ("wavelength", whole(755)),
        ],
        rising: Some(("fluence", BY_ONE)),
        ..BASE
    },
    Protocol {
        model: d::GENTLEMAX,
        handpiece: "755 nm",
        skin: (I, III),
        weight: 12,
        areas: HAIRY,
        settings: &[
            ("fluence", by_skin([15, 14, 11, 9, 9, 9])),
            ("pulse-width", whole(3)),
            ("spot", whole(18)),
            ("cryogen-spray", whole(40)),
            ("cryogen-delay", whole(20)),
            ("cryogen-post", whole(0)),
            ("wavelength", whole(755)),
        ],
        rising: Some(("fluence", BY_ONE)),
        quarters: 3,
        ..BASE
    },
    Protocol {
        model: d::GENTLEMAX,
        handpiece: "1064 nm",
        skin: (IV, VI),
        weight: 14,
        areas: HAIRY,
        settings: &[
            ("fluence", by_skin([24, 24, 24, 26, 25, 24])),
            ("pulse-width", by_skin([3, 3, 3, 3, 10, 20])),
            ("spot", whole(12)),
            ("cryogen-spray", whole(50)),
            ("cryogen-delay", whole(20)),
            ("cryogen-post", whole(10)),
            ("wavelength", whole(1064)),
            ("cooling-temperature", whole(4)),
        ],
        rising: Some(("fluence", BY_ONE)),
        quarters: 3,
        ..BASE
    },
    Protocol {
        model: d::CLARITY,
        handpiece: "1064 nm",
        skin: (IV, VI),
        areas: HAIRY_FACE,
        settings: &[
            ("fluence", by_skin([24, 24, 24, 26, 25, 24])),
            ("pulse-width", by_skin([3, 3, 3, 3, 10, 20])),
            ("spot", whole(12)),
            ("cryogen-spray", whole(50)),
            ("cryogen-delay", whole(20)),
            ("cryogen-post", whole(0)),
            ("wavelength", whole(1064)),
        ],
        rising: Some(("fluence", BY_ONE)),
        ..BASE
    },
    Protocol {
        model: d::LIGHTSHEER,
        handpiece: "805 nm",
        areas: HAIRY,
        settings: &[
            ("mode", Choice("Static")),
            ("fluence", by_skin([28, 26, 24, 20, 16, 12])),
            ("pulse-width", by_skin([30, 30, 30, 60, 100, 100])),
            ("spot", whole(12)),
            ("repetition", whole(2)),
            ("total-energy", tenths(85)),
            ("tip-temperature", whole(5)),
            ("wavelength", whole(805)),
            ("cooling-temperature", whole(5)),
        ],
        rising: Some(("fluence", BY_ONE)),
        quarters: 3,
        ..BASE
    },
    // Photofacials; redness goes to the dye laser, brown marks now and then to the picosecond one
    Protocol {
        package: p::PHOTOFACIAL,
        model: d::STELLAR,
        handpiece: "IPL",
        skin: (I, IV),
        weight: 45,
        areas: SUN_WORN,
        settings: &[
            ("filter", Choice("590 nm")),
            ("fluence", by_skin([15, 14, 12, 10, 9, 9])),
            ("pulses", whole(2)),
            ("pulse-width", whole(4)),
            ("delay", whole(30)),
            ("cooling-temperature", whole(5)),
        ],
        rising: Some(("fluence", BY_ONE)),
        ..BASE
    },
    Protocol {
        package: p::PHOTOFACIAL,
        model: d::JOULE,
        handpiece: "BBL",
        skin: (I, IV),
        weight: 30,
        areas: SUN_WORN,
        settings: &[
            ("filter", Choice("560 nm")),
            ("fluence", by_skin([13, 12, 10, 8, 8, 8])),
            ("pulses", whole(1)),
            ("pulse-width", whole(15)),
            ("cooling-temperature", whole(15)),
        ],
        rising: Some(("fluence", Amount(500))),
        ..BASE
    },
    Protocol {
        package: p::PHOTOFACIAL,
        model: d::VBEAM,
        handpiece: "595 nm",
        weight: 15,
        areas: FACE,
        settings: &[
            ("fluence", At(Amount(7_500))),
            ("pulse-width", whole(6)),
            ("spot", whole(10)),
            ("purpura", Choice("No purpura")),
            ("cryogen-spray", whole(30)),
            ("cryogen-delay", whole(20)),
            ("wavelength", whole(595)),
        ],
        rising: Some(("fluence", Amount(500))),
        ..BASE
    },
    Protocol {
        package: p::PHOTOFACIAL,
        model: d::PICOSURE,
        handpiece: "755 nm",
        skin: (I, IV),
        areas: FACE,
        settings: &[
            ("wavelength", whole(755)),
            ("pulse-width", whole(750)),
            ("fluence", tenths(7)),
            ("spot", whole(6)),
            ("repetition", whole(10)),
        ],
        rising: Some(("fluence", Amount(100))),
        ..BASE
    },
    // Resurfacing
    Protocol {
        package: p::RESURFACING,
        model: d::ULTRAPULSE,
        handpiece: "CO₂",
        skin: (I, IV),
        areas: FACE,
        settings: &[
            ("pulse-energy", by_skin([15, 14, 12, 10, 10, 10])),
            ("density", by_skin([15, 14, 12, 10, 10, 10])),
            ("passes", whole(1)),
            ("wavelength", whole(10_600)),
        ],
        rising: Some(("pulse-energy", BY_ONE)),
        quarters: 4,
        kind: Kind::Ablative,
        ..BASE
    },
    Protocol {
        package: p::RESURFACING,
        model: d::JOULE,
        handpiece: "ProFractional 2940",
        skin: (I, IV),
        weight: 6,
        areas: FACE,
        settings: &[
            ("pulse-energy", whole(30)),
            ("density", whole(11)),
            ("depth", whole(150)),
            ("passes", whole(1)),
            ("wavelength", whole(2940)),
        ],
        rising: Some(("depth", Amount::whole(25))),
        quarters: 4,
        kind: Kind::Ablative,
        ..BASE
    },
    Protocol {
        package: p::RESURFACING,
        model: d::FRAXEL,
        handpiece: "1550 nm",
        weight: 14,
        areas: FACE,
        settings: &[
            ("pulse-energy", by_skin([40, 40, 35, 30, 25, 20])),
            ("level", by_skin([6, 6, 5, 4, 3, 3])),
            ("density", by_skin([17, 17, 14, 11, 9, 9])),
            ("passes", whole(8)),
            ("wavelength", whole(1550)),
            ("cooling-temperature", whole(-20)),
        ],
        rising: Some(("pulse-energy", Amount::whole(5))),
        quarters: 3,
        ..BASE
    },
    Protocol {
        package: p::RESURFACING,
        model: d::FRAXEL,
        handpiece: "1927 nm",
        weight: 8,
        areas: SUN_WORN,
        settings: &[
            ("pulse-energy", whole(10)),
            ("level", by_skin([4, 4, 3, 3, 2, 2])),
            ("density", by_skin([35, 35, 30, 25, 20, 20])),
            ("passes", whole(4)),
            ("wavelength", whole(1927)),
            ("cooling-temperature", whole(-20)),
        ],
        rising: Some(("density", Amount::whole(5))),
        quarters: 3,
        ..BASE
    },
    Protocol {
        package: p::RESURFACING,
        model: d::STELLAR,
        handpiece: "ResurFX 1565",
        areas: FACE,
        settings: &[
            ("pulse-energy", by_skin([40, 40, 35, 30, 25, 20])),
            ("density", by_skin([20, 20, 18, 15, 12, 10])),
            ("passes", whole(1)),
            ("wavelength", whole(1565)),
            ("cooling-temperature", whole(5)),
        ],
        rising: Some(("pulse-energy", Amount(2_000))),
        quarters: 3,
        ..BASE
    },
    Protocol {
        package: p::RESURFACING,
        model: d::MORPHEUS,
        handpiece: "Face tip",
        weight: 12,
        areas: FACE,
        settings: &[
            ("depth-forehead", tenths(15)),
            ("depth-malar", tenths(10)),
            ("depth-perioral", tenths(5)),
            ("energy", by_skin([25, 25, 25, 22, 20, 18])),
            ("passes", whole(2)),
            ("tip-lot", Lot("MF")),
        ],
        rising: Some(("energy", Amount::whole(2))),
        quarters: 4,
        kind: Kind::Needles,
        ..BASE
    },
    // Contouring
    Protocol {
        package: p::CONTOURING,
        model: d::COOLSCULPTING,
        handpiece: "Curved applicator",
        weight: 30,
        areas: ROUND,
        settings: &[
            ("cold-disease", Choice("Asked: none of these")),
            ("applicator", Choice("Medium curve")),
            ("temperature", whole(-10)),
            ("minutes", whole(35)),
            ("cycles", whole(2)),
            ("massage", whole(2)),
        ],
        quarters: 4,
        counts_pulses: false,
        kind: Kind::Cold,
        ..BASE
    },
    Protocol {
        package: p::CONTOURING,
        model: d::MORPHEUS,
        handpiece: "Body tip",
        areas: ROUND,
        settings: &[
            ("depth-body", tenths(40)),
            ("energy", by_skin([40, 40, 38, 35, 32, 30])),
            ("passes", whole(2)),
            ("tip-lot", Lot("MB")),
        ],
        rising: Some(("energy", Amount::whole(2))),
        quarters: 4,
        kind: Kind::Needles,
        ..BASE
    },
    // Injectables
    Protocol {
        package: p::INJECTABLES,
        model: d::BOTOX,
        handpiece: "100 U vial",
        weight: 24,
        areas: &[&["glabella", "forehead", "periorbital"]],
        settings: &[
            ("brand", Choice("Botox Cosmetic")),
            ("lot", Lot("C")),
            ("expiry", Expiry),
            ("dilution", tenths(25)),
            ("units-glabella", whole(20)),
            ("units-frontalis", whole(16)),
            ("units-canthal-left", whole(12)),
            ("units-canthal-right", whole(12)),
            ("units-total", whole(60)),
        ],
        counts_pulses: false,
        kind: Kind::Injection,
        ..BASE
    },
    Protocol {
        package: p::INJECTABLES,
        model: d::BOTOX,
        handpiece: "100 U vial",
        areas: &[&["glabella"]],
        settings: &[
            ("brand", Choice("Botox Cosmetic")),
            ("lot", Lot("C")),
            ("expiry", Expiry),
            ("dilution", tenths(25)),
            ("units-glabella", whole(20)),
            ("units-total", whole(20)),
        ],
        counts_pulses: false,
        kind: Kind::Injection,
        ..BASE
    },
    Protocol {
        package: p::INJECTABLES,
        model: d::DYSPORT,
        handpiece: "300 U vial",
        areas: &[&["glabella", "forehead"]],
        settings: &[
            ("brand", Choice("Dysport")),
            ("lot", Lot("K")),
            ("expiry", Expiry),
            ("dilution", tenths(25)),
            ("units-glabella", whole(50)),
            ("units-frontalis", whole(40)),
            ("units-total", whole(90)),
        ],
        counts_pulses: false,
        kind: Kind::Injection,
        ..BASE
    },
    Protocol {
        package: p::INJECTABLES,
        model: d::JUVEDERM,
        handpiece: "Voluma XC",
        areas: &[&["cheek"], &["cheek", "chin"], &["jawline"]],
        settings: &[
            ("product", Choice("Juvéderm Voluma XC")),
            ("lot", Lot("VB")),
            ("expiry", Expiry),
            ("volume", tenths(5)),
            ("plane", Choice("Supraperiosteal")),
            ("cannula", whole(25)),
            ("aspiration", Choice("Negative")),
        ],
        rising: Some(("volume", Amount(100))),
        counts_pulses: false,
        quarters: 3,
        kind: Kind::Injection,
        ..BASE
    },
    Protocol {
        package: p::INJECTABLES,
        model: d::RESTYLANE,
        handpiece: "Restylane-L",
        weight: 6,
        areas: &[&["perioral"], &["upper-lip"]],
        settings: &[
            ("product", Choice("Restylane-L")),
            ("lot", Lot("R")),
            ("expiry", Expiry),
            ("volume", tenths(4)),
            ("plane", Choice("Subcutaneous")),
            ("needle", whole(30)),
            ("aspiration", Choice("Negative")),
        ],
        rising: Some(("volume", Amount(100))),
        counts_pulses: false,
        kind: Kind::Injection,
        ..BASE
    },
    // Peels
    Protocol {
        package: p::PEEL,
        model: d::PEELS,
        handpiece: "Glycolic",
        weight: 16,
        settings: &[
            ("agent", Choice("Glycolic acid")),
            ("concentration", by_skin([40, 40, 35, 30, 20, 20])),
            ("ph", tenths(12)),
            ("coats", whole(1)),
            ("minutes", whole(3)),
            ("frosting", Choice("None")),
            ("lot", Lot("G")),
            ("expiry", Expiry),
        ],
        rising: Some(("minutes", Amount(500))),
        counts_pulses: false,
        kind: Kind::Acid,
        ..BASE
    },
    Protocol {
        package: p::PEEL,
        model: d::PEELS,
        handpiece: "Salicylic",
        areas: &[&["cheek", "chin"], &["upper-back"], &["forehead", "cheek"]],
        settings: &[
            ("agent", Choice("Salicylic acid")),
            ("concentration", whole(20)),
            ("ph", tenths(20)),
            ("coats", whole(2)),
            ("minutes", whole(4)),
            ("frosting", Choice("None")),
            ("lot", Lot("S")),
            ("expiry", Expiry),
        ],
        rising: Some(("concentration", Amount::whole(5))),
        counts_pulses: false,
        kind: Kind::Acid,
        ..BASE
    },
    Protocol {
        package: p::PEEL,
        model: d::PEELS,
        handpiece: "TCA",
        skin: (I, III),
        weight: 6,
        settings: &[
            ("agent", Choice("Trichloroacetic acid")),
            ("concentration", whole(15)),
            ("coats", whole(2)),
            ("minutes", whole(3)),
            ("frosting", Choice("Level 1, speckled")),
            ("lot", Lot("T")),
            ("expiry", Expiry),
        ],
        rising: Some(("concentration", Amount::whole(5))),
        counts_pulses: false,
        kind: Kind::Acid,
        ..BASE
    },
];

impl Protocol {
    fn suits(&self, skin: SkinType) -> bool {
        self.skin.0 <= skin && skin <= self.skin.1
    }
}

/// Which protocols a series is done with: one, sometimes a second on another device.
pub fn choose(package: &str, skin: SkinType, dice: &mut Dice) -> Vec<usize> {
    // Two fractional devices, or two peels, would be too much in one visit.
    let may_have_two = package != p::RESURFACING && package != p::PEEL;
    let mut weights: Vec<u32> = PROTOCOLS.iter().map(|p| if p.package == package && p.suits(skin) { p.weight } else { 0 }).collect();
    let first = dice.weighted(weights.iter().copied());
    let mut chosen = vec![first];
    if may_have_two && dice.percent(30) {
        for (weight, protocol) in weights.iter_mut().zip(PROTOCOLS) {
            if protocol.model == PROTOCOLS[first].model {
                *weight = 0;
            }
        }
        if weights.iter().any(|weight| *weight > 0) {
            chosen.push(dice.weighted(weights.iter().copied()));
        }
    }
    chosen
}

/// How long a visit is with these.
pub fn quarters(protocols: &[usize]) -> u16 {
    let each = protocols.iter().map(|protocol| PROTOCOLS[*protocol].quarters);
    each.max().unwrap_or(2) + u16::from(protocols.len() > 1)
}

/// For each of these protocols the areas it treats. A second one treats others than the first, or is left out.
pub fn draw_areas(protocols: &[usize], dice: &mut Dice) -> Vec<Vec<Area>> {
    let mut taken: Vec<&str> = Vec::new();
    let mut drawn = Vec::new();
    for protocol in protocols {
        let free: Vec<_> = PROTOCOLS[*protocol].areas.iter().filter(|set| !set.iter().any(|key| taken.contains(key))).collect();
        if !free.is_empty() {
            let set = *dice.pick(&free);
            taken.extend(*set);
            drawn.push(both_sides(set));
        }
    }
    drawn
}

/// The position of the protocol with this handpiece, for the told stories.
pub fn find(model: &str, handpiece: &str) -> usize {
    let found = PROTOCOLS.iter().position(|protocol| protocol.model == model && protocol.handpiece == handpiece);
    found.expect("the told stories use protocols of the list")
}

/// These areas, on both sides where they are paired.
pub fn both_sides(keys: &[&str]) -> Vec<Area> {
    let paired = |key: &str| KINDS.iter().any(|kind| kind.key == key && kind.paired);
    let sides = |key: &&str| match paired(key) {
        true => vec![Area::new(key, Some(Side::Left)), Area::new(key, Some(Side::Right))],
        false => vec![Area::new(key, None)],
    };
    keys.iter().flat_map(sides).collect()
}
