use super::*;
use domain::{
    amount::{Amount, Unit},
    area::{Area, Side},
    chart::{Author, DeviceNote},
    command::Change,
    note::NoteOutcome,
    record::Record,
    session::Session,
    skin::SkinType,
    template::{Circumstances, SPOT, Value, Verdict},
    time::Day,
};
use std::collections::{HashMap, HashSet};

/// Saturday 21 November 2026, 08:12 in Chicago.
const NOW: &str = "2026-11-21T14:12:00Z";

fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}

fn small() -> DemoClinic {
    clinic(Size::default(), at(NOW))
}

fn signed(chart: &Chart) -> impl Iterator<Item = &Session> {
    chart.sessions.iter().filter(|session| session.signed.is_some())
}

#[test]
fn the_catalogue_can_be_saved_as_it_is() {
    let catalogue = small().catalogue;
    for template in &catalogue.templates {
        assert_eq!(template.faults(), Vec::<String>::new(), "{}", template.name);
        assert!(!template.source.is_empty());
        // What templates call by the same name is the same thing, whatever the modality.
        let laser = template.field("fluence").is_some() || template.field("pulse-energy").is_some();
        assert_eq!(laser, template.field("wavelength").is_some(), "{}", template.name);
        assert_eq!(laser, template.field("cooling-temperature").is_some(), "{}", template.name);
    }
    for device in &catalogue.devices {
        assert_eq!(device.faults(&catalogue.templates), Vec::<String>::new(), "{}", device.model);
    }
    assert_eq!((catalogue.staff.len(), catalogue.devices.len(), catalogue.packages.len()), (7, 16, 6));
    let clock = &catalogue.clock;
    assert!(clock.offsets.len() >= 20 && clock.offsets.is_sorted());
    assert_eq!((clock.time(at(NOW)), clock.time(at("2026-07-01T14:12:00Z"))), ("08:12".to_owned(), "09:12".to_owned()));
}

#[test]
fn limits_hold_as_the_sources_say() {
    let catalogue = small().catalogue;
    let template = |name| catalogue.templates.iter().find(|template| template.name == name).unwrap();
    let fluence = template(templates::ALEXANDRITE).field("fluence").unwrap();
    let judge = |n, skin, spot| {
        let circumstances = Circumstances { skin: Some(skin), spot: Some(Amount::whole(spot)) };
        fluence.judge(&Value::Number(Amount::whole(n)), circumstances)
    };
    assert_eq!(fluence.unit(), Unit::JoulePerSquareCentimetre);
    assert!(matches!(judge(200, SkinType::III, 12), Verdict::Beyond(_)));
    assert_eq!(judge(20, SkinType::III, 12), Verdict::Fine);
    assert!(matches!(judge(20, SkinType::III, 18), Verdict::Unusual(_)));
    let peel = template(templates::TCA).field("concentration").unwrap();
    let forty = Value::Number(Amount::whole(40));
    let on = |skin| Circumstances { skin: Some(skin), spot: None };
    assert_eq!(peel.judge(&forty, on(SkinType::II)), Verdict::Fine);
    assert!(matches!(peel.judge(&forty, on(SkinType::V)), Verdict::Unusual(_)));
}

#[test]
fn protocols_begin_within_usual_ranges() {
    let clinic = small();
    for (protocol, (device, handpiece)) in protocols::PROTOCOLS.iter().zip(&clinic.stands) {
        let name = format!("{} {}", protocol.model, protocol.handpiece);
        let handpiece = clinic.catalogue.device(*device).unwrap().handpiece(*handpiece).unwrap();
        let template = clinic.catalogue.latest_template(handpiece.template).unwrap();
        let positions: Vec<_> =
            protocol.settings.iter().map(|(key, _)| template.fields.iter().position(|f| f.key == *key).unwrap()).collect();
        assert!(positions.is_sorted(), "{name}: not in the template's order");
        assert!(protocol.rising.is_none_or(|(key, _)| protocol.settings.iter().any(|(other, _)| *other == key)), "{name}");
        for required in template.fields.iter().filter(|field| field.required) {
            assert!(protocol.settings.iter().any(|(key, _)| *key == required.key), "{name}: {}", required.label);
        }
        for areas in protocol.areas {
            assert!(protocols::both_sides(areas).iter().all(Area::is_known), "{name}");
        }
        for skin in SkinType::ALL.into_iter().filter(|skin| protocol.skin.0 <= *skin && *skin <= protocol.skin.1) {
            let mut dice = Dice::new(1, "test", 0);
            let mut value = |key: &str| {
                let start = protocol.settings.iter().find(|(other, _)| *other == key).map(|(_, start)| start);
                start.map(|start| start.value(skin, Day::new(2026, 11, 21).unwrap(), &mut dice))
            };
            let spot = value(SPOT).and_then(|value| value.amount());
            for (key, _) in protocol.settings {
                let verdict = template.field(key).unwrap().judge(&value(key).unwrap(), Circumstances { skin: Some(skin), spot });
                assert_eq!(verdict, Verdict::Fine, "{name}: {key} on {skin:?}");
            }
        }
    }
}

#[test]
fn maya_is_told_as_in_the_guide() {
    let clinic = small();
    let (maya, catalogue) = (clinic.chart(0).unwrap(), &clinic.catalogue);
    assert_eq!((maya.client.name.as_str(), maya.client.birth_date.long().as_str()), ("Maya Chen", "14 Mar 1991"));
    let [laser, ipl] = maya.plans.as_slice() else { panic!("two plans") };
    assert_eq!(maya.balance(laser.id).sentence("Maya"), "Maya has 2 of 6 sessions remaining. Next session is #5.");
    assert_eq!(maya.balance(ipl.id).sentence("Maya"), "Maya has 3 of 5 sessions remaining. Next session is #3.");
    let of_laser: Vec<_> = maya.sessions.iter().filter(|session| session.plan == laser.id).collect();
    let fluences = of_laser.iter().filter_map(|session| session.signed.as_ref()).map(|signed| {
        let fluence = signed.record.treatments[0].reading("fluence").unwrap();
        (fluence.value.show(Unit::JoulePerSquareCentimetre), fluence.carried.as_ref().map(|carried| carried.value.show(Unit::None)))
    });
    let told = [("14 J/cm²", None), ("16 J/cm²", Some("14")), ("17 J/cm²", Some("16")), ("18 J/cm²", Some("17"))];
    assert_eq!(fluences.collect::<Vec<_>>(), told.map(|(now, before)| (now.to_owned(), before.map(str::to_owned))));
    let last = of_laser[3].signed.as_ref().unwrap();
    assert_eq!((catalogue.clock.day(last.at).short(), catalogue.staff_name(last.by)), ("10 Oct".to_owned(), "A. Osei".to_owned()));
    for (field, value) in [("pulse-width", 3), ("spot", 12), ("cryogen-spray", 30), ("cryogen-delay", 20), ("cryogen-post", 0)] {
        assert_eq!(last.record.treatments[0].reading(field).unwrap().value, Value::Number(Amount::whole(value)), "{field}");
    }
    let today = of_laser[4].first_booking().unwrap();
    assert_eq!((catalogue.clock.day(today.starts).long(), catalogue.clock.time(today.starts)), ("21 Nov 2026".into(), "09:00".into()));
    assert_eq!((today.minutes, catalogue.staff_name(today.provider)), (30, "A. Osei".to_owned()));
    assert!(of_laser[5].appointments.is_empty());

    // What the iPad offers when her session is opened.
    let mut record = maya.opening_record(of_laser[4].id, catalogue);
    let standing = maya.standing_notes(laser.id);
    assert_eq!(standing.len(), 1);
    assert_eq!(standing[0].note.text, "Raise fluence by 2 J/cm² on cheeks.");
    record.apply_note(&standing[0]);
    assert_eq!(record.treatments[0].reading("fluence").unwrap().value, Value::Number(Amount::whole(20)));
    let cheeks = [Side::Left, Side::Right].map(|side| Area::new("cheek", Some(side)));
    assert_eq!(
        record.treatments[0].areas.iter().map(|a| (a.area.clone(), a.last_pulses)).collect::<Vec<_>>(),
        [(cheeks[0].clone(), Some(42)), (cheeks[1].clone(), Some(40))]
    );
    assert_eq!(maya.device_notes.len(), 1);
}

#[test]
fn today_is_a_full_day_whichever_day_it_is() {
    for day in 16..=22 {
        let now = at(&format!("2026-11-{day}T14:12:00Z"));
        let clinic = clinic(Size::default(), now);
        let clock = &clinic.catalogue.clock;
        let today = clock.day(now);
        let mut booked = HashMap::<StaffId, u32>::new();
        let mut days = HashSet::new();
        for chart in clinic.charts() {
            for (session, appointment) in chart.sessions.iter().filter_map(|session| Some((session, session.first_booking()?))) {
                days.insert(clock.day(appointment.starts));
                if clock.day(appointment.starts) == today {
                    assert!(session.signed.is_none());
                    *booked.entry(appointment.provider).or_default() += 1;
                }
            }
            assert!(signed(&chart).all(|session| session.signed.as_ref().unwrap().at < now));
        }
        let all: u32 = booked.values().sum();
        assert!((25..=40).contains(&all) && booked.len() == 4 && booked.values().all(|n| *n >= 6), "{booked:?}");
        let closed = if day == 22 { 0 } else { 6 };
        assert!(days.iter().all(|day| day.0.weekday().to_monday_zero_offset() != closed));
        let jonas = clinic.chart(1).unwrap();
        let next = jonas.sessions[1].first_booking().unwrap();
        assert_eq!((jonas.client.name.as_str(), clock.time(next.starts).as_str()), ("Jonas Weber", "10:00"));
        assert_eq!(jonas.balance(jonas.plans[0].id).next, Some(2));
    }
}

#[test]
fn nobody_is_booked_twice() {
    for size in [Size::default(), Size { clients: 1_500, sessions: 24_000, seed: 7 }] {
        let clinic = clinic(size, at(NOW));
        let mut by_provider = HashMap::<StaffId, Vec<(i64, i64)>>::new();
        for chart in clinic.charts() {
            let mut own = Vec::new();
            for appointment in chart.sessions.iter().flat_map(|session| &session.appointments) {
                let time = (appointment.starts.millis(), appointment.starts.millis() + i64::from(appointment.minutes) * 60_000);
                by_provider.entry(appointment.provider).or_default().push(time);
                own.push(time);
            }
            own.sort_unstable();
            assert!(own.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        }
        for times in by_provider.values_mut() {
            times.sort_unstable();
            assert!(times.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        }
    }
}

/// Takes from a chart all that was done with it since it was sold and booked, and gives it back as changes.
fn undo(chart: &Chart) -> (Chart, Vec<(Author, Change)>) {
    let mut bare = chart.clone();
    let mut changes = Vec::new();
    for session in &mut bare.sessions {
        let id = session.id;
        if let Some(signed) = session.signed.take() {
            let author = Author { staff: signed.by, at: signed.at };
            changes.push((author, Change::SignSession { session: id, record: signed.record, rest: None }));
        }
        for added in session.addenda.drain(..) {
            let author = Author { staff: added.by, at: added.at };
            changes.push((author, Change::AddAddendum { session: id, addendum: added.id, text: added.text }));
        }
        if let Some(remark) = session.followed_up.take() {
            changes.push((Author { staff: remark.by, at: remark.at }, Change::CloseFollowUp { session: id, text: remark.text }));
        }
    }
    for DeviceNote { id, device, remark } in bare.device_notes.drain(..) {
        changes.push((Author { staff: remark.by, at: remark.at }, Change::PinDeviceNote { note: id, device, text: remark.text }));
    }
    changes.sort_by_key(|(author, _)| author.at);
    (bare, changes)
}

#[test]
fn every_chart_could_have_come_about_by_the_rules() {
    let large = Size { clients: 1_500, sessions: 24_000, seed: 7 };
    for clinic in [small(), clinic(large, at(NOW))] {
        for chart in clinic.charts().take(500) {
            let (bare, changes) = undo(&chart);
            let replayed = changes.iter().fold(bare, |so_far, (author, change)| {
                assert!(author.at <= at(NOW));
                so_far.apply(change, *author, &clinic.catalogue).unwrap()
            });
            assert_eq!(replayed, chart);
        }
    }
}

#[test]
fn what_was_carried_came_from_an_earlier_visit() {
    let clinic = small();
    for chart in clinic.charts() {
        for session in signed(&chart) {
            let signed = session.signed.as_ref().unwrap();
            for reading in signed.record.treatments.iter().flat_map(|treatment| &treatment.readings) {
                let Some(carried) = &reading.carried else { continue };
                let earlier = chart.session(carried.session).unwrap().signed.as_ref().unwrap();
                assert!(earlier.at < signed.at);
                let treatments = &earlier.record.treatments;
                assert!(treatments.iter().any(|t| t.reading(&reading.field).is_some_and(|r| r.value == carried.value)));
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_clinic_and_another_one_does_not() {
    let size = Size { clients: 60, sessions: 400, seed: 42 };
    let all = |size| clinic(size, at(NOW)).charts().collect::<Vec<_>>();
    assert_eq!(all(size), all(size));
    assert_ne!(all(size)[5], all(Size { seed: 43, ..size })[5]);
    let later = clinic(size, at("2027-03-01T15:00:00Z"));
    assert_eq!(later.catalogue.devices, clinic(size, at(NOW)).catalogue.devices);
    let mut ids = HashSet::new();
    for chart in all(size) {
        assert!(ids.insert(chart.client.id.0));
        assert!(chart.sessions.iter().all(|session| ids.insert(session.id.0)));
    }
}

#[test]
fn tiny_clinics_are_clinics_too() {
    for clients in 0..6 {
        let clinic = clinic(Size { clients, sessions: 0, seed: 3 }, at(NOW));
        assert_eq!(clinic.charts().count(), usize::try_from(clients).unwrap());
    }
}

#[test]
fn it_reads_like_a_clinic() {
    let clinic = small();
    let charts: Vec<_> = clinic.charts().collect();
    let sessions: usize = charts.iter().map(|chart| chart.sessions.len()).sum();
    assert!((2_280..=2_520).contains(&sessions), "{sessions} sessions");
    let records: Vec<_> = charts.iter().flat_map(signed).map(|session| &session.signed.as_ref().unwrap().record).collect();
    let share = |n: usize| n * 100 / records.len();
    let notes = records.iter().filter(|record| record.note.is_some()).count();
    assert!((32..=48).contains(&share(notes)), "{notes} notes in {} records", records.len());
    assert!(records.iter().any(|record| record.note.as_ref().is_some_and(|note| note.change.is_some())));
    assert!(records.iter().flat_map(|record| &record.decisions).any(|decision| decision.what == NoteOutcome::Applied));
    let of_two_series = |record: &&&Record| record.treatments.iter().any(|t| t.counts_for != record.treatments[0].counts_for);
    assert!(records.iter().filter(of_two_series).count() > 2);
    let devices = |chart: &&Chart| {
        let records = signed(chart).filter_map(|session| session.signed.as_ref()).map(|signed| &signed.record);
        records.flat_map(|record| &record.treatments).map(|treatment| treatment.device).collect::<HashSet<_>>().len()
    };
    let several = charts.iter().filter(|chart| devices(chart) > 1).count();
    assert!(several * 4 > charts.len(), "{several} clients with several devices");
    assert!(charts.iter().flat_map(|chart| &chart.sessions).any(Session::needs_follow_up), "nothing left to follow up");
    assert!(charts.iter().flat_map(|chart| &chart.sessions).any(|session| session.followed_up.is_some()));
    // Warnings are for exceptions.
    let mut readings = (0, 0);
    for chart in &charts[1..] {
        for treatment in signed(chart).flat_map(|session| &session.signed.as_ref().unwrap().record.treatments) {
            let template = clinic.catalogue.template(treatment.template).unwrap();
            for reading in &treatment.readings {
                let verdict = template.field(&reading.field).unwrap().judge(&reading.value, treatment.circumstances(&chart.client));
                readings.0 += 1;
                readings.1 += u32::from(verdict != Verdict::Fine);
            }
        }
    }
    assert!(readings.1 * 50 < readings.0, "{readings:?}");
}
