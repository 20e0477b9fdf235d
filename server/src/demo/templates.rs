//! The templates of the demo clinic: which settings each modality has, and within which limits.
//!
//! Usual ranges only warn and come from the source named in each template. Hard limits refuse; a real clinic
//! enters those of its own device's manual, and the ones here merely stand for it. Where a template says
//! "own judgement", a clinician has to confirm the figure.

use super::{
    dice::Dice,
    fields::{Limits, choice, decimal, number, required, text},
};
use domain::{
    amount::Unit::{
        Celsius, Gauge, Hertz, JoulePerSquareCentimetre, Kilojoule, Micrometre, Millijoule, Millilitre, Millimetre, Millisecond, Minute,
        Nanometre, Nanosecond, None as Count, Percent, Ph, Picosecond, Units,
    },
    ids::TemplateId,
    skin::SkinType::{I, II, III, IV, V, VI},
    template::{Field, SPOT, Template},
    time::Moment,
};

pub const ALEXANDRITE: &str = "Alexandrite 755 nm";
pub const ND_YAG: &str = "Nd:YAG 1064 nm, long pulse";
pub const DIODE: &str = "Diode 800–810 nm";
pub const IPL: &str = "IPL";
pub const FRACTIONAL_CO2: &str = "Fractional CO₂ 10600 nm";
pub const FRACTIONAL_ERBIUM: &str = "Fractional erbium 2940 nm";
pub const NON_ABLATIVE: &str = "Non-ablative fractional";
pub const PULSED_DYE: &str = "Pulsed dye 595 nm";
pub const PICOSECOND: &str = "Picosecond";
pub const Q_SWITCHED: &str = "Q-switched";
pub const RF_MICRONEEDLING: &str = "RF microneedling";
pub const CRYOLIPOLYSIS: &str = "Cryolipolysis";
pub const GLYCOLIC: &str = "Chemical peel, glycolic acid";
pub const SALICYLIC: &str = "Chemical peel, salicylic acid";
pub const TCA: &str = "Chemical peel, TCA";
pub const ONABOTULINUM: &str = "Neurotoxin, onabotulinumtoxinA";
pub const ABOBOTULINUM: &str = "Neurotoxin, abobotulinumtoxinA";
pub const FILLER: &str = "Filler";

pub fn templates(seed: u64, founded: Moment) -> Vec<Template> {
    let template = |(name, source, fields): (&str, &str, Vec<Field>)| Template {
        id: TemplateId(Dice::new(seed, name, 1).id(founded)),
        version: 1,
        name: name.to_owned(),
        fields,
        source: source.to_owned(),
    };
    [
        (
            ALEXANDRITE,
            "Candela GentleMax Pro treatment guidelines (read from a scan), looked up 2026. Hard limits: own judgement.",
            alexandrite(),
        ),
        (ND_YAG, "J Drugs Dermatol S1545961613P0366X, looked up 2026. Hard limits: own judgement.", nd_yag()),
        (DIODE, "Campos 2000; FDA K141973; looked up 2026. Hard limits: own judgement.", diode()),
        (IPL, "J Drugs Dermatol S1545961621P0203X, looked up 2026. Hard limits: own judgement.", ipl()),
        (FRACTIONAL_CO2, "Yuan 2014, looked up 2026. Hard limits: own judgement.", fractional_co2()),
        (FRACTIONAL_ERBIUM, "No usual ranges found in 2026; enter the device manual's. Hard limits: own judgement.", fractional_erbium()),
        (
            NON_ABLATIVE,
            "No usual ranges found in 2026 (J Drugs Dermatol S1545961621P1150X gives spacing only); enter the device manual's.",
            non_ablative(),
        ),
        (PULSED_DYE, "PubMed 14692924, looked up 2026. Hard limits: own judgement.", pulsed_dye()),
        (PICOSECOND, "FDA K142372, K160607, looked up 2026. Hard limits: own judgement.", picosecond()),
        (Q_SWITCHED, "FDA K142372, K160607 for wavelengths, looked up 2026. Pulse and hard limits: own judgement.", q_switched()),
        (RF_MICRONEEDLING, "ASJ Open Forum ojad100 (depths), looked up 2026. Hard limits: own judgement.", rf_microneedling()),
        (CRYOLIPOLYSIS, "Clin Cosmet Investig Dermatol S146258, looked up 2026. Hard limits: own judgement.", cryolipolysis()),
        (GLYCOLIC, "Peel manufacturers' data, looked up 2026. Hard limits: own judgement.", peel(percent_of_glycolic())),
        (SALICYLIC, "Peel manufacturers' data, looked up 2026. Hard limits: own judgement.", peel(percent_of_salicylic())),
        (
            TCA,
            "Peel manufacturers' data; peels in dark skin (textbook chapter): no deep peel on IV–VI; looked up 2026.",
            peel(percent_of_tca()),
        ),
        (
            ONABOTULINUM,
            "Prescribing information, DailyMed 485d9b71, looked up 2026. Units of other brands are not the same.",
            onabotulinum(),
        ),
        (
            ABOBOTULINUM,
            "Own judgement, to be checked against the prescribing information. Units of other brands are not the same.",
            abobotulinum(),
        ),
        (FILLER, "PMC8211329 (cannula 25G or larger), looked up 2026. Hard limits: own judgement.", filler()),
    ]
    .map(template)
    .into()
}

// What several modalities share. Keys never change: carry-forward follows them.

fn fluence() -> Field {
    required(decimal("fluence", "Fluence", JoulePerSquareCentimetre, 1, "1"))
}

fn pulse_width() -> Field {
    required(decimal("pulse-width", "Pulse width", Millisecond, 2, "1"))
}

fn spot() -> Field {
    required(decimal(SPOT, "Spot", Millimetre, 1, "1"))
}

fn wavelength(from: &str, to: &str) -> Field {
    number("wavelength", "Wavelength", Nanometre).hard(from, to)
}

/// Of the contact plate or the chilled air.
fn cooling_temperature() -> Field {
    number("cooling-temperature", "Cooling temperature", Celsius).hard("-30", "30")
}

/// Three fields, not one text: each has its own unit and its own carry-forward.
fn cryogen() -> [Field; 3] {
    [
        number("cryogen-spray", "Cryogen spray", Millisecond).usual("20", "60").hard("0", "100"),
        number("cryogen-delay", "Cryogen delay", Millisecond).usual("10", "40").hard("0", "100"),
        number("cryogen-post", "Cryogen post-spray", Millisecond).usual("0", "20").hard("0", "100"),
    ]
}

fn passes() -> Field {
    required(number("passes", "Passes", Count)).hard("1", "20")
}

fn repetition() -> Field {
    decimal("repetition", "Repetition", Hertz, 1, "1")
}

fn lot(label: &str) -> Field {
    required(text("lot", label))
}

fn expiry() -> Field {
    required(text("expiry", "Expiry"))
}

fn with(mut fields: Vec<Field>, more: impl IntoIterator<Item = Field>) -> Vec<Field> {
    fields.extend(more);
    fields
}

// The modalities.

fn alexandrite() -> Vec<Field> {
    let fluence = fluence()
        .usual_at("18", (I, II), "14", "20")
        .usual_at("18", (III, III), "10", "16")
        .usual_at("18", (IV, IV), "8", "16")
        .usual_at("12", (I, II), "26", "36")
        .usual_at("12", (III, III), "18", "30")
        .usual_at("12", (IV, IV), "16", "20")
        .hard("1", "60");
    let settings = vec![fluence, pulse_width().usual("3", "20").hard("0.25", "300"), spot().usual("6", "20").hard("1.5", "25")];
    with(with(settings, cryogen()), [wavelength("755", "755"), cooling_temperature()])
}

fn nd_yag() -> Vec<Field> {
    let fluence = fluence().usual_at("12", (IV, VI), "24", "32").hard("1", "600");
    let settings = vec![fluence, pulse_width().usual("3", "60").hard("0.25", "300"), spot().usual("6", "20").hard("1.5", "25")];
    with(with(settings, cryogen()), [wavelength("1064", "1064"), cooling_temperature()])
}

fn diode() -> Vec<Field> {
    vec![
        required(choice("mode", "Mode", &["Static", "In motion"])),
        fluence().usual("10", "40").hard("1", "100"),
        pulse_width().usual("30", "100").hard("5", "400"),
        spot().hard("5", "35"),
        repetition().usual("0.5", "10").hard("0.1", "10"),
        decimal("total-energy", "Total energy", Kilojoule, 1, "0.5").hard("0", "100"),
        number("tip-temperature", "Tip temperature", Celsius).usual("2", "10").hard("-10", "25"),
        wavelength("800", "810"),
        cooling_temperature(),
    ]
}

fn ipl() -> Vec<Field> {
    let filters = ["420 nm", "515 nm", "560 nm", "590 nm", "615 nm", "640 nm", "695 nm"];
    vec![
        required(choice("filter", "Cut-off filter", &filters)),
        fluence().usual("8", "20").hard("1", "56"),
        required(number("pulses", "Pulses", Count)).usual("1", "3").hard("1", "10"),
        pulse_width().usual("3", "20").hard("0.5", "500"),
        number("delay", "Delay between pulses", Millisecond).usual("10", "60").hard("1", "500"),
        decimal(SPOT, "Spot", Millimetre, 1, "1").hard("5", "50"),
        wavelength("400", "1200"),
        cooling_temperature(),
    ]
}

fn fractional(energy: Field, density: Field, wavelength: Field) -> Vec<Field> {
    let depth = number("depth", "Depth", Micrometre).hard("10", "4000");
    vec![required(energy), required(density), depth, passes(), spot_optional(), wavelength, cooling_temperature()]
}

fn spot_optional() -> Field {
    decimal(SPOT, "Spot", Millimetre, 2, "1").hard("0.05", "20")
}

fn pulse_energy() -> Field {
    decimal("pulse-energy", "Pulse energy", Millijoule, 1, "1")
}

fn density() -> Field {
    decimal("density", "Density", Percent, 1, "1").hard("1", "70")
}

fn fractional_co2() -> Vec<Field> {
    fractional(pulse_energy().usual("10", "20").hard("1", "225"), density().usual("10", "20"), wavelength("10600", "10600"))
}

fn fractional_erbium() -> Vec<Field> {
    fractional(pulse_energy().hard("1", "400"), density(), wavelength("2940", "2940"))
}

fn non_ablative() -> Vec<Field> {
    vec![
        required(pulse_energy()).hard("1", "100"),
        number("level", "Treatment level", Count).hard("1", "15"),
        required(density()),
        passes(),
        spot_optional(),
        wavelength("1400", "2000"),
        cooling_temperature(),
    ]
}

fn pulsed_dye() -> Vec<Field> {
    let settings = vec![
        fluence().usual("7", "9").hard("1", "40"),
        pulse_width().usual("0.45", "40").hard("0.45", "40"),
        spot().usual("3", "15").hard("3", "15"),
        required(choice("purpura", "End point", &["No purpura", "Transient purpura", "Purpura"])),
    ];
    with(with(settings, cryogen()), [wavelength("595", "595"), cooling_temperature()])
}

/// Tattoo wavelengths by skin type: the darker the skin, the longer the wave.
fn pigment_wavelength() -> Field {
    required(wavelength("532", "1064").usual_for((I, III), "532", "1064").usual_for((IV, IV), "755", "1064").usual_for(
        (V, VI),
        "1064",
        "1064",
    ))
}

fn pigment(pulse: Field) -> Vec<Field> {
    vec![
        pigment_wavelength(),
        pulse,
        required(decimal("fluence", "Fluence", JoulePerSquareCentimetre, 2, "0.1")).hard("0.05", "20"),
        spot().usual("3", "10").hard("1", "15"),
        repetition().usual("1", "10").hard("0.5", "10"),
        text("ink-colours", "Ink colours"),
        cooling_temperature(),
    ]
}

fn picosecond() -> Vec<Field> {
    pigment(required(number("pulse-width", "Pulse", Picosecond)).usual("240", "750").hard("200", "950"))
}

fn q_switched() -> Vec<Field> {
    pigment(required(decimal("pulse-width", "Pulse", Nanosecond, 1, "1")).usual("5", "20").hard("1", "100"))
}

fn rf_microneedling() -> Vec<Field> {
    // Usual up to the published depth of each zone.
    let zone = |key, label, deepest| decimal(key, label, Millimetre, 1, "0.5").usual("0.5", deepest).hard("0.5", "4");
    vec![
        zone("depth-forehead", "Depth, forehead", "1.5"),
        zone("depth-temple", "Depth, temple", "1.5"),
        zone("depth-malar", "Depth, malar", "1"),
        zone("depth-nasal", "Depth, nasal", "2"),
        zone("depth-perioral", "Depth, perioral", "0.5"),
        zone("depth-neck", "Depth, neck", "1.5"),
        decimal("depth-body", "Depth, body", Millimetre, 1, "0.5").hard("0.5", "8"),
        required(number("energy", "Energy level", Count)).hard("1", "70"),
        number("pulse-width", "Pulse width", Millisecond).hard("1", "1000"),
        passes(),
        required(text("tip-lot", "Tip lot")),
    ]
}

fn cryolipolysis() -> Vec<Field> {
    // Only one answer can be signed: with any of these diseases the treatment is refused.
    let cold = "Cryoglobulinaemia, cold agglutinin disease, paroxysmal cold haemoglobinuria";
    vec![
        required(choice("cold-disease", cold, &["Asked: none of these"])),
        required(choice("applicator", "Applicator", &["Small curve", "Medium curve", "Large curve", "Flat", "Surface"])),
        required(number("temperature", "Temperature", Celsius)).usual("-10", "-1").hard("-13", "0"),
        required(number("minutes", "Time", Minute)).usual("35", "60").hard("5", "75"),
        required(number("cycles", "Cycles", Count)).hard("1", "8"),
        decimal("massage", "Massage afterwards", Minute, 1, "1").usual("2", "2").hard("0", "10"),
    ]
}

fn peel((agent, concentration): (&str, Field)) -> Vec<Field> {
    let frosting = ["None", "Level 1, speckled", "Level 2, even with redness", "Level 3, solid"];
    vec![
        required(choice("agent", "Agent", &[agent])),
        required(concentration),
        decimal("ph", "pH", Ph, 1, "0.1").hard("0.1", "7"),
        required(number("coats", "Coats", Count)).hard("1", "10"),
        required(decimal("minutes", "Time on the skin", Minute, 1, "0.5")).hard("0.5", "30"),
        required(choice("frosting", "Frosting", &frosting)),
        lot("Lot"),
        expiry(),
    ]
}

fn concentration() -> Field {
    number("concentration", "Concentration", Percent)
}

fn percent_of_glycolic() -> (&'static str, Field) {
    ("Glycolic acid", concentration().usual("20", "70").hard("5", "70"))
}

fn percent_of_salicylic() -> (&'static str, Field) {
    ("Salicylic acid", concentration().usual("10", "30").hard("5", "40"))
}

fn percent_of_tca() -> (&'static str, Field) {
    // On darker skin a medium peel already leaves marks.
    ("Trichloroacetic acid", concentration().usual_for((IV, VI), "10", "20").usual("10", "40").hard("5", "50"))
}

/// Units for each site, and in all. Sites left out were not injected.
fn neurotoxin(brand: &str, sites: [(&str, &str, &str); 4], more_sites: &str, most: (&str, &str)) -> Vec<Field> {
    let site = |key, label| decimal(key, label, Units, 1, "1").hard("0", more_sites);
    let labelled = sites.map(|(key, label, usual)| site(key, label).usual("0", usual));
    let unlabelled = [
        ("units-nasalis", "Nasalis"),
        ("units-dao-left", "DAO L"),
        ("units-dao-right", "DAO R"),
        ("units-mentalis", "Mentalis"),
        ("units-masseter-left", "Masseter L"),
        ("units-masseter-right", "Masseter R"),
        ("units-platysma", "Platysma"),
    ];
    let product = vec![
        required(choice("brand", "Brand", &[brand])),
        lot("Lot"),
        expiry(),
        required(decimal("dilution", "Saline per vial", Millilitre, 2, "0.5")).hard("0.5", "10"),
    ];
    let total = required(decimal("units-total", "Units in all", Units, 1, "1")).usual("1", most.0).hard("1", most.1);
    with(with(with(product, labelled), unlabelled.map(|(key, label)| site(key, label))), [total])
}

fn onabotulinum() -> Vec<Field> {
    let sites = [
        ("units-glabella", "Glabella", "20"),
        ("units-frontalis", "Frontalis", "20"),
        ("units-canthal-left", "Lateral canthal L", "12"),
        ("units-canthal-right", "Lateral canthal R", "12"),
    ];
    neurotoxin("Botox Cosmetic", sites, "60", ("64", "200"))
}

fn abobotulinum() -> Vec<Field> {
    let sites = [
        ("units-glabella", "Glabella", "50"),
        ("units-frontalis", "Frontalis", "50"),
        ("units-canthal-left", "Lateral canthal L", "30"),
        ("units-canthal-right", "Lateral canthal R", "30"),
    ];
    neurotoxin("Dysport", sites, "150", ("160", "500"))
}

fn filler() -> Vec<Field> {
    let products = ["Juvéderm Ultra XC", "Juvéderm Voluma XC", "Juvéderm Volbella XC", "Restylane-L", "Restylane Lyft"];
    vec![
        required(choice("product", "Product", &products)),
        lot("Lot"),
        expiry(),
        required(decimal("volume", "Volume per site", Millilitre, 2, "0.1")).hard("0.01", "3"),
        required(choice("plane", "Plane", &["Intradermal", "Subcutaneous", "Deep fat", "Supraperiosteal"])),
        // A larger bore has the smaller number.
        number("cannula", "Cannula", Gauge).usual("18", "25").hard("14", "30"),
        number("needle", "Needle", Gauge).hard("18", "34"),
        required(choice("aspiration", "Aspiration", &["Negative", "Positive, withdrawn", "Not done"])),
    ]
}
