//! What providers write: notes for next time, adverse events, addenda, notes pinned to a device.

use super::protocols::Kind;

pub fn for_next(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Light => &[
            "Anxious about pain: start cooling before the first pulse.",
            "Check for a tan before starting; sails at weekends.",
            "Shave closer; stubble was singed.",
            "Test spot first if the medication has changed.",
            "Overlap less at the edges.",
            "Take photos before starting, last set was too dark.",
            "Ask about retinoid cream, stopped only two days before.",
            "Skip the mole on the left, covered with white pencil.",
            "Leave longer between passes, skin stayed warm.",
            "Likes a break halfway.",
        ],
        Kind::Ablative => &[
            "Start the antiviral two days before.",
            "Numbing cream for a full hour, it was too short.",
            "No second pass near the hairline.",
            "Healing took six days; plan around work.",
            "Ask about sunscreen, was careless after the last one.",
        ],
        Kind::Needles => &[
            "Numbing cream for 45 minutes.",
            "Shallower over bone, pinpoint bleeding there.",
            "Arnica helped with the bruise last time.",
            "Begin on the more sensitive side.",
            "Fresh tip for the second area.",
        ],
        Kind::Cold => &[
            "Mark standing up, the fold moves when lying down.",
            "Numbness lasted twelve days; tell again that it passes.",
            "Measure girth before starting.",
            "Extra pillow under the knees.",
            "Massage harder than last time, tolerated well.",
        ],
        Kind::Acid => &[
            "Stinging after two minutes, keep the fan close.",
            "Stop retinoid five days before.",
            "Neutralise the edges first.",
            "Peeled for four days; not before an event.",
            "Moisturiser was too rich, small spots in the week after.",
        ],
        Kind::Injection => &[
            "Slight asymmetry: look before dosing.",
            "Bruises easily; no fish oil for a week before.",
            "Prefers ice to cream.",
            "Photos at rest and in animation before injecting.",
            "Wants it subtle; a little less was right.",
        ],
    }
}

pub const AT_THE_END: &[&str] = &[
    "Series complete. Maintenance in six months.",
    "Very happy. Photos for comparison taken.",
    "A few fine hairs left; offer maintenance.",
    "Review in three months before deciding on more.",
];

pub fn adverse(kind: Kind, grade: u8) -> &'static [&'static str] {
    match (kind, grade) {
        (Kind::Light, 1) => &["Hives around the follicles, gone within the hour.", "Small crust on one pulse.", "Bruise of a centimetre."],
        (Kind::Light, _) => &["Blister of 8 mm, burn cream and dressing.", "Greying that did not fade within the hour."],
        (Kind::Ablative, 1) => &["Pinpoint bleeding, stopped with pressure.", "Scratch from the eye shield."],
        (Kind::Ablative, _) => &["Strong burning for an hour, tablet given.", "Oozing at the hairline, dressing, return tomorrow."],
        (Kind::Needles, 1) => &["Bruise of two centimetres.", "Track marks, faint."],
        (Kind::Needles, _) => &["Grid marks with crusting, cream prescribed."],
        (Kind::Cold, 1) => &["Numbness beyond the area.", "Small bruise at the rim of the applicator."],
        (Kind::Cold, _) => &["Slow to rewarm, redness with pain."],
        (Kind::Acid, 1) => &["Uneven frosting, small crust at one edge."],
        (Kind::Acid, _) => &["Blister at the edge of the area.", "Frosting deeper than meant, neutralised early."],
        (Kind::Injection, 1) => &["Bruise at one injection site.", "Felt faint, lay down for ten minutes."],
        (Kind::Injection, _) => &["Bruise of four centimetres, tender.", "Swelling with a lump, needs a second look."],
    }
}

pub fn addenda(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Light => &[
            "Redness gone by the evening, by phone.",
            "The number of pulses was compared with the device's log afterwards and is right.",
            "Forgot to note: goggles and eye shields worn throughout.",
            "Sunscreen given to take home.",
        ],
        _ => &[
            "Asked by phone: no complaints.",
            "Client sent a photo: as expected.",
            "Care sheet given to take home.",
            "Asked again about the days after; explained once more.",
        ],
    }
}

pub const FOLLOW_UPS: &[&str] = &[
    "Seen at the clinic: healing well, no further treatment.",
    "By phone: much better, cream for another week.",
    "Seen again; resolved.",
    "Photo reviewed; fading. Next session two weeks later than planned.",
];

pub fn device(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Light => &[
            "Does better with longer pulses here.",
            "Needs more cooling than others on this handpiece.",
            "Gets hives from the larger spot; settles in half an hour.",
            "Tolerates this one better than the diode.",
        ],
        Kind::Ablative | Kind::Needles => &["Lower energy over the forehead, thin skin.", "Heals slowly after this one: one day more."],
        Kind::Cold => &["The smaller applicator fits better.", "Sensitive to suction; start on low."],
        Kind::Acid => &["Reacts a minute earlier than others.", "Keep off the old scar."],
        Kind::Injection => &["The effect wears off early.", "One side weaker than the other by nature."],
    }
}
