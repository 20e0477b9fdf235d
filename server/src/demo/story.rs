//! The two clients who are told rather than drawn: Maya Chen, whose series is nearly done, and Jonas Weber.
//! Every guide and every walk through the clinic begins with them.

use super::{
    devices::{CLARITY, STELLAR},
    diary::Series,
    dice::Dice,
    packages::{HAIR_REMOVAL, PHOTOFACIAL},
    protocols::{both_sides, find},
    slots::Slot,
    staff::{LIND, OSEI},
    visit::Delivery,
};
use domain::{
    amount::Amount,
    area::{Area, Side},
    catalogue::Catalogue,
    chart::Chart,
    client::{Client, Contact},
    note::{NoteForNext, SuggestedChange},
    package::Package,
    record::Record,
    skin::{Erythema, Severity, SkinResponse, SkinType},
    template::Value,
    time::Day,
};

pub const MAYA: u32 = 0;
const JONAS: u32 = 1;

pub fn skin_type(client: u32) -> Option<SkinType> {
    match client {
        MAYA => Some(SkinType::III),
        JONAS => Some(SkinType::II),
        _ => None,
    }
}

/// The client as told, or as drawn.
pub fn told(number: u32, drawn: Client) -> Client {
    let contact = |phone: &str, email: &str| Contact { version: 0, phone: phone.to_owned(), email: email.to_owned() };
    let born = |year, month, day| Day::new(year, month, day).unwrap_or(drawn.birth_date);
    match number {
        MAYA => Client {
            name: "Maya Chen".to_owned(),
            birth_date: born(1991, 3, 14),
            allergies: "Lidocaine cream: mild rash".to_owned(),
            contact: contact("(312) 555-0142", "maya.chen@example.com"),
            ..drawn
        },
        JONAS => Client {
            name: "Jonas Weber".to_owned(),
            birth_date: born(1984, 8, 2),
            allergies: String::new(),
            contact: contact("(773) 555-0117", "jonas.weber@example.com"),
            ..drawn
        },
        _ => drawn,
    }
}

/// Their series, Maya's first. Every day is a whole number of weeks away, so the clinic is open on it.
pub fn series(packages: &[Package]) -> Vec<Vec<Series>> {
    let series = |package: &str, protocol: usize, provider, minute, sold_on, days: &[i32]| Series {
        protocols: vec![protocol],
        package: packages.iter().position(|sold| sold.name == package).unwrap_or_default(),
        sold_on,
        visits: days.iter().map(|day| Slot { provider, day: *day, minute, minutes: 30 }).collect(),
    };
    let ipl = find(STELLAR, "IPL");
    vec![
        vec![
            series(HAIR_REMOVAL, find(CLARITY, "755 nm"), OSEI, 9 * 60, -175, &[-168, -126, -84, -42, 0]),
            series(PHOTOFACIAL, ipl, LIND, 14 * 60 + 30, -56, &[-49, -14]),
        ],
        vec![series(PHOTOFACIAL, ipl, OSEI, 10 * 60, -35, &[-28, 0])],
    ]
}

/// Which areas a told series treats.
pub fn areas(client: u32, package: &str) -> Option<Vec<Area>> {
    match (client, package) {
        (MAYA, HAIR_REMOVAL) => Some(both_sides(&["cheek"])),
        (MAYA | JONAS, PHOTOFACIAL) => Some(both_sides(&["forehead", "cheek"])),
        _ => None,
    }
}

/// "Type III does better …": pinned by Dr Osei after Maya's third session.
pub const DEVICE_NOTE: &str = "Type III does better at 3 ms or longer here.";
pub const DEVICE_NOTE_AFTER: u16 = 3;

/// Added to her third session on the day after.
pub const ADDENDUM: &str = "Called her the next day: redness gone by the evening, no marks.";
pub const ADDENDUM_TO: u16 = 3;

/// What was done in one of Maya's visits.
pub fn mayas_record(chart: &Chart, delivery: &Delivery, catalogue: &Catalogue, dice: &mut Dice) -> Record {
    let mut record = Record { treatments: delivery.treatment(chart, catalogue, dice).into_iter().collect(), ..Record::default() };
    for standing in chart.standing_notes(delivery.plan) {
        record.apply_note(&standing);
    }
    let laser = delivery.protocol().model == CLARITY;
    if let Some(treatment) = record.treatments.first_mut() {
        // Notes have changed the carried fluence already; only the first session has to begin somewhere.
        if delivery.number == 1 {
            treatment.enter("fluence", Value::Number(Amount::whole(if laser { 14 } else { 12 })));
        } else if !laser {
            treatment.enter("fluence", Value::Number(Amount::whole(13)));
        }
        treatment.confirm_all();
        let pulses: &[u32] = match (laser, delivery.number) {
            (true, 1) => &[38, 37],
            (true, 2) => &[40, 39],
            (true, 3) => &[41, 40],
            (true, _) => &[42, 40],
            (false, 1) => &[14, 16, 15],
            (false, _) => &[14, 16, 16],
        };
        for (treated, pulses) in treatment.areas.iter_mut().zip(pulses) {
            treated.pulses = Some(*pulses);
        }
    }
    let (erythema, oedema, warmth) = match (laser, delivery.number) {
        (true, 1) => (Erythema::AlmostClear, Severity::None, Severity::None),
        (true, 2 | 3) => (Erythema::Mild, Severity::None, Severity::Mild),
        (true, _) => (Erythema::Mild, Severity::Mild, Severity::None),
        (false, _) => (Erythema::AlmostClear, Severity::None, Severity::Mild),
    };
    record.response = SkinResponse { erythema: Some(erythema), minutes_after: Some(10), oedema, warmth, ..SkinResponse::default() };
    let raise = |by: i64| {
        let areas = vec![Area::new("cheek", Some(Side::Left)), Area::new("cheek", Some(Side::Right))];
        let change = Some(SuggestedChange { areas, field: "fluence".to_owned(), by: Amount::whole(by) });
        Some(NoteForNext { text: format!("Raise fluence by {by} J/cm² on cheeks."), change })
    };
    record.note = match (laser, delivery.number) {
        (true, 1 | 4) => raise(2),
        (true, 2 | 3) => raise(1),
        (false, 2) => Some(NoteForNext { text: "Shield the brows; cool five minutes before the first pulse.".to_owned(), change: None }),
        _ => None,
    };
    record
}
