//! The demo clinic's consent forms. Samples, written for the demo: a clinic puts its own in their place.

use super::{
    dice::Dice,
    packages::{CONTOURING, HAIR_REMOVAL, INJECTABLES, PEEL, PHOTOFACIAL, RESURFACING},
};
use domain::{
    consent::{ConsentForm, ConsentKind, ConsentVersion, Elements, INK_HEIGHT, INK_WIDTH, Ink},
    ids::{ConsentFormId, StaffId},
    time::Moment,
};

struct Sample {
    name: &'static str,
    kind: ConsentKind,
    /// Packages that ask for it.
    packages: &'static [&'static str],
    elements: [&'static str; 6],
    /// What a second version says about risks, if there is one.
    second: Option<&'static str>,
}

const RIGHTS: &str = "You can ask anything, now and later, and take as much time as you need. You can stop at any moment, also during a \
session, and take this consent back for the sessions to come; tell anybody at the clinic.";

const SAMPLES: [Sample; 5] = [
    Sample {
        name: "Laser and light treatment",
        kind: ConsentKind::Treatment,
        packages: &[HAIR_REMOVAL, PHOTOFACIAL, RESURFACING],
        elements: [
            "Pulses of light heat hair, pigment or small vessels in the skin. You and everybody in the room wear eye protection. The skin is \
             cooled during treatment. Most treatments need several sessions some weeks apart.",
            "Redness and swelling for hours to days are usual. Burns, blisters, crusting, lighter or darker spots and, rarely, scars can \
             happen, more often on tanned or darker skin. Unprotected eyes can be hurt. Cold sores can come back.",
            "Shaving, waxing, electrolysis, creams, peels, or leaving it as it is.",
            "Improvement by steps, seldom completely and not for everybody. Hair can grow again; maintenance may be needed.",
            "Cool the skin on the first day, keep it out of the sun for four weeks and use SPF 50. No sauna and no hard exercise for two \
             days. Call us when blisters or strong pain appear.",
            RIGHTS,
        ],
        second: Some(
            "Redness and swelling for hours to days are usual. Burns, blisters, crusting, lighter or darker spots and, rarely, scars can \
             happen, more often on tanned or darker skin. Hair can, rarely, grow more densely after treatment. Unprotected eyes can be hurt. \
             Cold sores can come back.",
        ),
    },
    Sample {
        name: "Chemical peel",
        kind: ConsentKind::Treatment,
        packages: &[PEEL],
        elements: [
            "An acid is brushed onto the skin and taken off or neutralised after some minutes, so that its upper layers renew.",
            "Burning for minutes, redness and flaking for days. Crusts, infection, lighter or darker spots and, rarely, scars can happen.",
            "Creams, laser or light treatment, or leaving it as it is.",
            "Smoother and more even skin after several sessions. Deep lines stay.",
            "Do not peel or scratch. Wash gently, moisten, and use SPF 50 for four weeks.",
            RIGHTS,
        ],
        second: None,
    },
    Sample {
        name: "Injectables",
        kind: ConsentKind::Treatment,
        packages: &[INJECTABLES],
        elements: [
            "A product is injected with a fine needle or cannula into muscle or under the skin, at the places we have discussed.",
            "Bruises, swelling and headache for days. A hanging brow or lid for weeks, unevenness, infection. With fillers, very rarely, a \
             blocked vessel with loss of skin or sight.",
            "Creams, laser or light treatment, surgery, or leaving it as it is.",
            "The effect appears within two weeks and fades over months.",
            "Stay upright for four hours, do not press the places, no sport on that day. Call at once about pain, pale skin or changed sight.",
            RIGHTS,
        ],
        second: None,
    },
    Sample {
        name: "Body contouring by cold",
        kind: ConsentKind::Treatment,
        packages: &[CONTOURING],
        elements: [
            "An applicator draws in a fold of skin and cools it, so that fat cells break down over weeks.",
            "Numbness, redness and soreness for days to weeks. Rarely frostbite or a harder, larger bulge that needs surgery. Not with \
             cryoglobulinaemia, cold agglutinin disease or paroxysmal cold haemoglobinuria: tell us.",
            "Diet and exercise, other devices, liposuction, or leaving it as it is.",
            "A measurable but moderate reduction after two to three months. It does not replace losing weight.",
            "Massage the place, move as usual, and call us about hard swelling.",
            RIGHTS,
        ],
        second: None,
    },
    Sample {
        name: "Photographs",
        kind: ConsentKind::Photo,
        packages: &[],
        elements: [
            "We photograph the treated areas before and after sessions, always in the same way, and keep the pictures in your record.",
            "A face can be recognised even without a name. What was published can be copied by others.",
            "You can be treated without photographs being used for anything but your record.",
            "Photographs show you and us what has changed.",
            "Tell us when your wishes change. What was not published yet is stopped at once.",
            RIGHTS,
        ],
        second: None,
    },
];

/// 1 June 2026: from then on the second version is signed.
const SECOND: i64 = 1_780_272_000_000;

fn elements(texts: [&str; 6]) -> Elements {
    texts.map(str::to_owned)
}

pub fn forms(seed: u64, founded: Moment, director: StaffId) -> Vec<ConsentForm> {
    let form = |sample: &Sample| {
        let mut dice = Dice::new(seed, sample.name, 0);
        let version = |number, texts, published_at| ConsentVersion {
            number,
            elements: elements(texts),
            material: number > 1,
            published_at,
            published_by: director,
        };
        let mut versions = vec![version(1, sample.elements, founded)];
        if let Some(risks) = sample.second {
            let mut texts = sample.elements;
            texts[1] = risks;
            versions.push(version(2, texts, Moment::from_millis(SECOND)));
        }
        ConsentForm {
            id: ConsentFormId(dice.id(founded)),
            kind: sample.kind,
            name: sample.name.to_owned(),
            draft: versions.last().map(|version| version.elements.clone()).unwrap_or_default(),
            versions,
            retired: false,
            edits: 1,
        }
    };
    let mut forms: Vec<_> = SAMPLES.iter().map(form).collect();
    forms.sort_by(|a, b| a.name.cmp(&b.name));
    forms
}

/// The forms a package asks for.
pub fn of_package(forms: &[ConsentForm], package: &str) -> Vec<ConsentFormId> {
    let names = SAMPLES.iter().filter(|sample| sample.packages.contains(&package)).map(|sample| sample.name);
    names.filter_map(|name| forms.iter().find(|form| form.name == name)).map(|form| form.id).collect()
}

/// A scribble for a name: one wave for each letter.
pub fn ink(name: &str) -> Ink {
    const POINTS: u16 = 8;
    let letters = u16::try_from(name.chars().count().clamp(1, 40)).unwrap_or(1);
    let step = INK_WIDTH * 4 / 5 / (letters * POINTS);
    let wave = [0, 60, 90, 50, 0, -40, -60, -30_i16];
    let point = |(n, letter): (u16, char)| {
        let height = i16::try_from(u32::from(letter) % 3 + 1).unwrap_or(1);
        wave.into_iter().zip(0..).map(move |(up, place)| {
            let x = INK_WIDTH / 10 + (n * POINTS + place) * step;
            (x, (INK_HEIGHT / 2).saturating_add_signed(-up * height / 2))
        })
    };
    vec![(0..).zip(name.chars().take(40)).flat_map(point).collect()]
}
