//! What stands in the demo clinic's rooms and in its fridge.

use super::{dice::Dice, templates as t};
use domain::{
    catalogue::{Device, Handpiece},
    ids::{DeviceId, HandpieceId},
    template::Template,
    time::Moment,
};

pub const GENTLEMAX: &str = "GentleMax Pro Plus";
pub const CLARITY: &str = "Clarity II";
pub const LIGHTSHEER: &str = "LightSheer";
pub const STELLAR: &str = "Stellar M22";
pub const PICOSURE: &str = "PicoSure";
pub const VBEAM: &str = "Vbeam Prima";
pub const ULTRAPULSE: &str = "UltraPulse";
pub const JOULE: &str = "Joule";
pub const FRAXEL: &str = "Fraxel Dual";
pub const MORPHEUS: &str = "Morpheus8";
pub const COOLSCULPTING: &str = "CoolSculpting Elite";
pub const BOTOX: &str = "Botox Cosmetic";
pub const DYSPORT: &str = "Dysport";
pub const JUVEDERM: &str = "Juvéderm";
pub const RESTYLANE: &str = "Restylane";
pub const PEELS: &str = "Chemical peels";

/// Maker, model, and the handpieces with their templates. Injectables and peels stand here too: the product
/// line takes the handpiece's place.
type Model = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const MODELS: &[Model] = &[
    ("Candela", GENTLEMAX, &[("755 nm", t::ALEXANDRITE), ("1064 nm", t::ND_YAG)]),
    ("Lutronic", CLARITY, &[("755 nm", t::ALEXANDRITE), ("1064 nm", t::ND_YAG)]),
    ("Lumenis", LIGHTSHEER, &[("805 nm", t::DIODE)]),
    ("Lumenis", STELLAR, &[("IPL", t::IPL), ("ResurFX 1565", t::NON_ABLATIVE)]),
    ("Cynosure", PICOSURE, &[("755 nm", t::PICOSECOND)]),
    ("Candela", VBEAM, &[("595 nm", t::PULSED_DYE)]),
    ("Lumenis", ULTRAPULSE, &[("CO₂", t::FRACTIONAL_CO2)]),
    ("Sciton", JOULE, &[("BBL", t::IPL), ("ProFractional 2940", t::FRACTIONAL_ERBIUM)]),
    ("Solta Medical", FRAXEL, &[("1550 nm", t::NON_ABLATIVE), ("1927 nm", t::NON_ABLATIVE)]),
    ("InMode", MORPHEUS, &[("Face tip", t::RF_MICRONEEDLING), ("Body tip", t::RF_MICRONEEDLING)]),
    ("Allergan Aesthetics", COOLSCULPTING, &[("Curved applicator", t::CRYOLIPOLYSIS), ("Surface applicator", t::CRYOLIPOLYSIS)]),
    ("Allergan Aesthetics", BOTOX, &[("100 U vial", t::ONABOTULINUM)]),
    ("Galderma", DYSPORT, &[("300 U vial", t::ABOBOTULINUM)]),
    ("Allergan Aesthetics", JUVEDERM, &[("Ultra XC", t::FILLER), ("Voluma XC", t::FILLER), ("Volbella XC", t::FILLER)]),
    ("Galderma", RESTYLANE, &[("Restylane-L", t::FILLER), ("Lyft", t::FILLER)]),
    ("Clinic stock", PEELS, &[("Glycolic", t::GLYCOLIC), ("Salicylic", t::SALICYLIC), ("TCA", t::TCA)]),
];

pub fn devices(seed: u64, founded: Moment, templates: &[Template]) -> Vec<Device> {
    let device = |(maker, model, handpieces): &Model| {
        let mut dice = Dice::new(seed, model, 2);
        let id = DeviceId(dice.id(founded));
        let handpiece = |(name, template): &(&str, &str)| Handpiece {
            id: HandpieceId(dice.id(founded)),
            name: (*name).to_owned(),
            template: templates.iter().find(|t| t.name == *template).expect("every handpiece has a template of the list").id,
            retired: false,
        };
        let handpieces = handpieces.iter().map(handpiece).collect();
        Device { id, maker: (*maker).to_owned(), model: (*model).to_owned(), handpieces, retired: false, version: 1 }
    };
    MODELS.iter().map(device).collect()
}
