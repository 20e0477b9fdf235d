//! A small clinic in a database of its own, and the server's side of the wire.

use domain::{
    amount::{Amount, Unit},
    area::{Area, Side},
    catalogue::{Catalogue, Device, Handpiece, Role, Room, Staff},
    chart::Chart,
    client::{Client, Contact},
    consent::{ConsentForm, ConsentKind, ConsentVersion, ELEMENTS},
    hours::OpeningHours,
    ids::*,
    package::{Package, Procedure},
    plan::Plan,
    record::{Record, TreatedArea, Treatment},
    session::Session,
    template::{Field, FieldKind, NumberField, Range, Template, TemplateVersion, Value},
    time::{ClinicClock, Day, Moment},
};
use server::{
    audit::AuditKey,
    clinic::Clinics,
    database,
    host::Host,
    photo_store::PhotoStore,
    store::{self, catalogue, chart, clinic},
};
use sqlx::postgres::PgConnectOptions;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use uuid::Uuid;

pub const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub const CLINIC: ClinicId = ClinicId(id(1));
pub const PROVIDER: StaffId = StaffId(id(2));
pub const LASER: DeviceId = DeviceId(id(3));
pub const HANDPIECE: HandpieceId = HandpieceId(id(4));
pub const TEMPLATE: TemplateId = TemplateId(id(5));
pub const PACKAGE: PackageId = PackageId(id(6));
/// What a session of each package consists of.
pub const PROCEDURES: [ProcedureId; 2] = [ProcedureId(id(8)), ProcedureId(id(9))];
pub const PLAN: PlanId = PlanId(id(7));
pub const SESSIONS: u16 = 4;
/// Another one who treats.
pub const COLLEAGUE: StaffId = StaffId(id(10));
pub const ROOMS: [RoomId; 2] = [RoomId(id(11)), RoomId(id(12))];
pub const FORM: ConsentFormId = ConsentFormId(id(13));
/// The package that asks for the form.
pub const CAREFUL: PackageId = PackageId(id(14));
pub const PRICE: i64 = 402;

pub fn client(n: u128) -> ClientId {
    ClientId(id(100 + n))
}

pub fn session(client: u128, number: u16) -> SessionId {
    SessionId(id(1000 + client * 100 + u128::from(number)))
}

/// Each client has two series: one as ever, and one for which a consent has to be signed.
pub fn plan(client: u128, careful: bool) -> PlanId {
    PlanId(id(PLAN.0.as_u128() + 10_000 * (client + 1) + u128::from(careful)))
}

/// A clock that moves one millisecond at each look, and counts for random numbers.
#[derive(Default)]
pub struct Counting(AtomicI64);

impl Counting {
    pub fn from(start: i64) -> Self {
        Self(AtomicI64::new(start))
    }

    pub fn tick(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

impl Host for Counting {
    fn now(&self) -> Moment {
        Moment::from_millis(1_790_000_000_000 + self.tick())
    }

    fn fill(&self, bytes: &mut [u8]) {
        let n = self.tick().to_le_bytes();
        for (byte, n) in bytes.iter_mut().zip(n.iter().cycle()) {
            *byte = *n;
        }
    }
}

/// The same for every server of the test.
pub fn audit_key() -> AuditKey {
    AuditKey::new(&[7; 32])
}

/// The clinic's server on this database, with `clients` charts in it.
pub async fn open(options: PgConnectOptions, clients: u128) -> Arc<Clinics> {
    let pool = database::pool(options).await.expect("the test database answers");
    let clinics = Arc::new(Clinics::new(pool, Arc::new(Counting::default()), PhotoStore::in_memory(), audit_key()));
    fill(&clinics, clients).await.expect("an empty database can be filled");
    clinics
}

async fn fill(clinics: &Clinics, clients: u128) -> store::Result<()> {
    let mut tx = store::begin(&clinics.pool, CLINIC).await?;
    clinic::add(&mut tx, CLINIC, "Test clinic", "America/Chicago", "USD", EpochId(id(8)), Moment::from_millis(0)).await?;
    let Catalogue { staff, devices, templates, packages, rooms, consent_forms, .. } = catalogue_of_test();
    for staff in &staff {
        catalogue::add_staff(&mut tx, CLINIC, staff).await?;
    }
    catalogue::add_template(&mut tx, CLINIC, &templates[0], None, Moment::from_millis(0)).await?;
    catalogue::save_device(&mut tx, CLINIC, &devices[0]).await?;
    for room in &rooms {
        catalogue::save_room(&mut tx, CLINIC, room).await?;
    }
    catalogue::save_consent_form(&mut tx, CLINIC, &consent_forms[0]).await?;
    catalogue::publish_consent(&mut tx, CLINIC, FORM, &consent_forms[0].versions[0]).await?;
    for package in &packages {
        catalogue::save_package(&mut tx, CLINIC, package).await?;
    }
    let at = Moment::from_millis(0);
    clinic::raise_version(&mut tx, CLINIC, 1, clinic::Change { client: None, command: None, by: None, at }).await?;
    let charts: Vec<_> = (2..).zip((0..clients).map(new_chart)).collect();
    chart::add(&mut tx, CLINIC, &charts).await?;
    let changes: Vec<_> = charts.iter().map(|(version, chart)| (*version, chart.client.id)).collect();
    clinic::raise_versions(&mut tx, CLINIC, &changes, at).await?;
    tx.commit().await?;
    Ok(())
}

fn catalogue_of_test() -> Catalogue {
    let range = |min, max| Some(Range { min: Amount::whole(min), max: Amount::whole(max) });
    let number = NumberField { unit: Unit::Millisecond, decimals: 1, step: Amount::whole(1), usual: vec![], hard: range(1, 60) };
    let field = Field { key: "pulse".into(), label: "Pulse".into(), required: true, kind: FieldKind::Number(number) };
    let treats = |id, name: &str| Staff { id, name: name.into(), role: Role::MedicalDirector, active: true };
    let room = |id| Room { id, name: format!("Room {id}"), retired: false, version: 1 };
    let version = ConsentVersion {
        number: 1,
        elements: ELEMENTS.map(str::to_owned),
        material: true,
        published_at: Moment::from_millis(0),
        published_by: PROVIDER,
    };
    Catalogue {
        clinic: CLINIC,
        name: String::new(),
        currency: "USD".into(),
        clock: ClinicClock { zone: String::new(), offsets: vec![] },
        hours: OpeningHours::default(),
        staff: vec![treats(PROVIDER, "Dr Ama Osei"), treats(COLLEAGUE, "Dr Lena Brandt")],
        devices: vec![Device {
            id: LASER,
            maker: "Lutronic".into(),
            model: "Clarity II".into(),
            handpieces: vec![Handpiece { id: HANDPIECE, name: "755".into(), template: TEMPLATE, retired: false }],
            retired: false,
            version: 1,
        }],
        templates: vec![Template { id: TEMPLATE, version: 1, name: "Alexandrite".into(), fields: vec![field], source: String::new() }],
        packages: vec![package(false), package(true)],
        rooms: ROOMS.map(room).to_vec(),
        consent_forms: vec![ConsentForm {
            id: FORM,
            kind: ConsentKind::Treatment,
            name: "Laser".into(),
            draft: version.elements.clone(),
            versions: vec![version],
            retired: false,
            edits: 1,
        }],
        spacing: vec![],
        view_sets: vec![],
        maintenance_percent: 15,
    }
}

pub fn package(careful: bool) -> Package {
    Package {
        id: if careful { CAREFUL } else { PACKAGE },
        name: if careful { "Resurfacing" } else { "LHR" }.into(),
        price_minor: PRICE,
        sessions: SESSIONS,
        interval_days: 42,
        procedures: PROCEDURES.map(|id| Procedure { id, name: "LHR".into(), minutes: 30, template: None }).to_vec(),
        consents: if careful { vec![FORM] } else { vec![] },
        view_sets: vec![],
        retired: false,
        version: 1,
    }
}

fn new_chart(n: u128) -> Chart {
    let day = Day::new(2026, 1, 1).expect("a day");
    let mut chart = Chart::new(Client {
        id: client(n),
        name: format!("Client {n}"),
        birth_date: day,
        skin_type: None,
        allergies: String::new(),
        contact: Contact::default(),
    });
    for careful in [false, true] {
        let Package { id, name, price_minor, interval_days, procedures, .. } = package(careful);
        let plan = plan(n, careful);
        chart.plans.push(Plan {
            id: plan,
            package: id,
            name,
            price_minor,
            interval_days,
            sold_on: day,
            sold_by: None,
            paid_before_minor: 100,
            procedures,
            events: vec![],
        });
        chart.sessions.extend((1..=SESSIONS).map(|number| Session {
            id: session(n, number + if careful { 50 } else { 0 }),
            plan,
            number,
            appointments: vec![],
            past_bookings: vec![],
            signed: None,
            addenda: vec![],
            co_signed: None,
            followed_up: None,
            photos_skipped: None,
            reports: vec![],
        }));
    }
    chart
}

/// A record that can be signed, of a whole session; the pulse tells one from another.
pub fn record(session: SessionId, pulse: i64) -> Record {
    part(session, None, pulse)
}

/// The same, of one of its procedures.
pub fn part(session: SessionId, procedure: Option<ProcedureId>, pulse: i64) -> Record {
    let mut treatment = Treatment {
        counts_for: Some(session),
        procedure,
        device: LASER,
        handpiece: HANDPIECE,
        template: TemplateVersion { id: TEMPLATE, version: 1 },
        readings: vec![],
        areas: vec![TreatedArea { area: Area::new("cheek", Some(Side::Left)), pulses: Some(40), last_pulses: None }],
    };
    treatment.enter("pulse", Value::Number(Amount::whole(pulse)));
    Record { treatments: vec![treatment], ..Record::default() }
}
