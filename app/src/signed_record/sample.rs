//! A small clinic for tests of the view models.

use crate::{ports::Cursor, sync::Replica};
use domain::{
    amount::{Amount, Unit},
    area::{Area, Side},
    catalogue::{Catalogue, Device, Handpiece, Role, Staff},
    chart::{Author, Chart},
    client::{Client, Contact},
    command::Change,
    follow_up::elsewhere::{Belongs, BookingState, Elsewhere},
    hours::OpeningHours,
    ids::*,
    plan::Plan,
    record::Record,
    session::{Appointment, Session},
    sync::{Body, PAGE_FORMAT, Page, PageChart, encode},
    template::{Field, FieldKind, NumberField, Template, Value},
    time::{ClinicClock, Day, Moment},
};
use uuid::Uuid;

pub const PROVIDER: StaffId = StaffId(Uuid::from_u128(1));
pub const DESK: StaffId = StaffId(Uuid::from_u128(2));
pub const OTHER: StaffId = StaffId(Uuid::from_u128(6));
const LASER: DeviceId = DeviceId(Uuid::from_u128(3));
const HANDPIECE: HandpieceId = HandpieceId(Uuid::from_u128(4));
const TEMPLATE: TemplateId = TemplateId(Uuid::from_u128(5));
pub const PLAN: PlanId = PlanId(Uuid::from_u128(10));
pub const CLIENT: ClientId = ClientId(Uuid::from_u128(20));

pub fn moment(text: &str) -> Moment {
    Moment::new(text.parse().expect("a moment"))
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn cheek() -> Area {
    Area::new("cheek", Some(Side::Left))
}

pub fn catalogue() -> Catalogue {
    let staff = |id, name: &str, role| Staff { id, name: name.into(), role, active: true };
    let number = |key: &str, label: &str, unit, required| Field {
        key: key.into(),
        label: label.into(),
        required,
        kind: FieldKind::Number(NumberField { unit, decimals: 1, step: Amount::whole(1), usual: vec![], hard: None }),
    };
    Catalogue {
        clinic: ClinicId(Uuid::from_u128(9)),
        name: "Linden".into(),
        currency: "USD".into(),
        clock: ClinicClock { zone: "UTC".into(), offsets: vec![] },
        hours: OpeningHours::default(),
        staff: vec![
            staff(PROVIDER, "Dr Ama Osei", Role::Provider),
            staff(DESK, "Kim Vale", Role::FrontDesk),
            staff(OTHER, "Signe Lind", Role::Provider),
        ],
        devices: vec![Device {
            id: LASER,
            maker: "Lutronic".into(),
            model: "Clarity II".into(),
            handpieces: vec![Handpiece { id: HANDPIECE, name: "755 nm".into(), template: TEMPLATE, retired: false }],
            retired: false,
            version: 1,
        }],
        templates: vec![Template {
            id: TEMPLATE,
            version: 1,
            name: "Alexandrite".into(),
            fields: vec![
                number("fluence", "Fluence", Unit::JoulePerSquareCentimetre, true),
                number("pulse", "Pulse width", Unit::Millisecond, false),
            ],
            source: String::new(),
        }],
        packages: vec![],
        rooms: vec![],
        consent_forms: vec![],
        spacing: vec![],
        view_sets: vec![],
        maintenance_percent: 15,
    }
}

pub fn session(number: u16) -> SessionId {
    SessionId(Uuid::from_u128(100 + u128::from(number)))
}

pub fn client(id: u128, name: &str) -> Client {
    Client {
        id: ClientId(Uuid::from_u128(id)),
        name: name.into(),
        birth_date: day("1991-03-14"),
        skin_type: None,
        allergies: String::new(),
        contact: Contact { version: 1, phone: "+49 171 5550123".into(), email: "maya@example.com".into() },
    }
}

/// Maya Chen, with one plan of so many sessions, none booked.
pub fn chart(sessions: u16) -> Chart {
    let mut chart = Chart::new(client(20, "Maya Chen"));
    chart.plans.push(Plan {
        id: PLAN,
        package: PackageId(Uuid::from_u128(11)),
        name: "Laser hair removal".into(),
        price_minor: 180_000,
        interval_days: 42,
        sold_on: day("2026-01-01"),
        sold_by: None,
        paid_before_minor: 0,
        procedures: vec![],
        events: vec![],
    });
    let planned = |number| Session {
        id: session(number),
        plan: PLAN,
        number,
        appointments: vec![],
        past_bookings: vec![],
        signed: None,
        addenda: vec![],
        co_signed: None,
        followed_up: None,
        photos_skipped: None,
        reports: vec![],
    };
    chart.sessions = (1..=sessions).map(planned).collect();
    chart
}

/// One booking of half an hour, for the whole session.
pub fn booked(at: &str) -> Vec<Appointment> {
    vec![Appointment {
        id: AppointmentId(Uuid::from_u128(50)),
        provider: PROVIDER,
        starts: moment(at),
        minutes: 30,
        room: None,
        device: None,
        procedures: vec![],
        despite: None,
        arrived: None,
    }]
}

/// Booked for that session in another system.
pub fn elsewhere(number: u16, at: &str) -> Elsewhere {
    let (starts, changed) = (moment(at), moment("2026-01-01T09:00:00Z"));
    let (state, belongs) = (BookingState::Booked, Belongs::Unsaid);
    Elsewhere { system: "Booker".into(), starts, state, changed, belongs, session: Some(session(number)), unsaid: false }
}

pub fn by(staff: StaffId, at: &str) -> Author {
    Author { staff, at: moment(at) }
}

/// Ready to be signed as session `number`.
pub fn record(chart: &Chart, catalogue: &Catalogue, number: u16, fluence: i64) -> Record {
    let treatment = chart.new_treatment(Some(session(number)), LASER, HANDPIECE, &[cheek()], catalogue);
    let mut treatment = treatment.expect("a known device");
    treatment.enter("fluence", Value::Number(Amount::whole(fluence)));
    treatment.confirm_all();
    Record { treatments: vec![treatment], ..Record::default() }
}

/// The chart with session `number` signed in month `number` of 2026.
pub fn signed(chart: &Chart, catalogue: &Catalogue, number: u16, fluence: i64) -> Chart {
    let change = Change::SignSession { session: session(number), record: record(chart, catalogue, number, fluence), rest: None };
    let author = by(PROVIDER, &format!("2026-{number:02}-10T10:02:00Z"));
    chart.apply(&change, author, catalogue).expect("it can be signed")
}

/// A device that has these charts of the sample clinic.
pub fn replica(charts: &[Chart], catalogue: &Catalogue) -> Replica {
    let mut replica = Replica::default();
    take(&mut replica, charts, Some(catalogue), 1);
    replica
}

/// A page of the server's arrives; one with a catalogue starts anew.
pub fn take(replica: &mut Replica, charts: &[Chart], catalogue: Option<&Catalogue>, version: u64) {
    let epoch = EpochId(Uuid::nil());
    let charts = charts.iter().map(|chart| PageChart { client: chart.client.id, version, body: Body(encode(chart)) }).collect();
    let anew = catalogue.is_some();
    let catalogue = catalogue.map(|catalogue| Body(encode(catalogue)));
    let page = Page { format: PAGE_FORMAT, epoch, from: 0, to: version, latest: version, total: 0, charts, catalogue };
    replica.add_page(page, Cursor { epoch, version, whole: true }, anew).expect("what was just written can be read");
}
