//! A small clinic in a database of its own, and the server's side of the wire.

use app::api::{ApiError, CatalogueEdit};
use domain::{
    amount::{Amount, Unit},
    area::{Area, Side},
    catalogue::{Catalogue, Device, Handpiece, Role, Staff},
    chart::Chart,
    client::{Client, Contact},
    consent::{ConsentForm, ConsentKind, ELEMENTS},
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
    clinic::Clinics,
    database,
    editing::{self, EditError},
    host::Host,
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
const PROCEDURE: ProcedureId = ProcedureId(id(8));
pub const PLAN: PlanId = PlanId(id(7));
pub const FORM: ConsentFormId = ConsentFormId(id(9));
pub const SESSIONS: u16 = 4;

pub fn client(n: u128) -> ClientId {
    ClientId(id(100 + n))
}

pub fn session(client: u128, number: u16) -> SessionId {
    SessionId(id(1000 + client * 100 + u128::from(number)))
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

/// The clinic's server on this database, with `clients` charts in it.
pub async fn open(options: PgConnectOptions, clients: u128) -> Arc<Clinics> {
    let pool = database::pool(options).await.expect("the test database answers");
    let clinics = Arc::new(Clinics::new(pool, Arc::new(Counting::default())));
    fill(&clinics, clients).await.expect("an empty database can be filled");
    clinics
}

async fn fill(clinics: &Clinics, clients: u128) -> store::Result<()> {
    let mut tx = store::begin(&clinics.pool, CLINIC).await?;
    clinic::add(&mut tx, CLINIC, "Test clinic", "America/Chicago", "USD", EpochId(id(8))).await?;
    let Catalogue { staff, devices, templates, packages, .. } = catalogue_of_test();
    catalogue::add_staff(&mut tx, CLINIC, &staff[0]).await?;
    catalogue::add_template(&mut tx, CLINIC, &templates[0], None, Moment::from_millis(0)).await?;
    catalogue::save_device(&mut tx, CLINIC, &devices[0]).await?;
    catalogue::save_package(&mut tx, CLINIC, &packages[0]).await?;
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
    Catalogue {
        clinic: CLINIC,
        name: String::new(),
        currency: "USD".into(),
        clock: ClinicClock { zone: String::new(), offsets: vec![] },
        hours: OpeningHours::default(),
        staff: vec![Staff { id: PROVIDER, name: "Dr Ama Osei".into(), role: Role::MedicalDirector, active: true }],
        devices: vec![Device {
            id: LASER,
            maker: "Lutronic".into(),
            model: "Clarity II".into(),
            handpieces: vec![Handpiece { id: HANDPIECE, name: "755".into(), template: TEMPLATE, retired: false }],
            retired: false,
            version: 1,
        }],
        templates: vec![Template { id: TEMPLATE, version: 1, name: "Alexandrite".into(), fields: vec![field], source: String::new() }],
        packages: vec![Package {
            id: PACKAGE,
            name: "LHR".into(),
            price_minor: 1,
            sessions: SESSIONS,
            interval_days: 42,
            procedures: vec![Procedure { id: PROCEDURE, name: "LHR".into(), minutes: 45, template: None }],
            consents: vec![],
            retired: false,
            version: 1,
        }],
        rooms: vec![],
        consent_forms: vec![],
        spacing: vec![],
        maintenance_percent: 15,
    }
}

/// An edit of the catalogue, as the medical director makes it.
pub async fn edit(clinics: &Clinics, edit: CatalogueEdit) -> Result<(), ApiError> {
    editing::save(clinics, &crate::device::signed_in(), edit).await.map_err(|error| match error {
        EditError::Api(error) => error,
        EditError::Store(error) => panic!("the store failed: {error}"),
    })
}

/// A form for treatment, as it is edited for the `edits`th time.
pub fn form(edits: u32, risks: &str) -> ConsentForm {
    let mut draft = ELEMENTS.map(|label| format!("{label}, in words."));
    draft[1] = risks.to_owned();
    ConsentForm { id: FORM, kind: ConsentKind::Treatment, name: "Laser".into(), draft, versions: vec![], retired: false, edits }
}

/// Publishes the next version of the form, which says this about risks; version `number` is it then.
pub async fn publish(clinics: &Clinics, number: u32, risks: &str, material: bool) {
    // Each version before was one edit and one publishing.
    let edits = (number - 1) * 2;
    edit(clinics, CatalogueEdit::ConsentForm(form(edits, risks))).await.expect("a draft can be saved");
    let publish = CatalogueEdit::PublishConsent { form: FORM, edits: edits + 1, material };
    edit(clinics, publish).await.expect("a whole draft can be published");
}

/// From now on the clinic's package asks for the form.
pub async fn ask_for_consent(clinics: &Clinics) {
    let package = catalogue_of_test().packages.remove(0);
    edit(clinics, CatalogueEdit::Package(Package { consents: vec![FORM], ..package })).await.expect("the package can be saved");
}

/// The series of one client.
pub fn plan(client: u128) -> PlanId {
    PlanId(id(PLAN.0.as_u128() + 10_000 * (client + 1)))
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
    let plan = plan(n);
    chart.plans.push(Plan {
        id: plan,
        package: PACKAGE,
        name: "LHR".into(),
        price_minor: 1,
        interval_days: 42,
        sold_on: day,
        sold_by: None,
        paid_before_minor: 1,
        procedures: vec![Procedure { id: PROCEDURE, name: "LHR".into(), minutes: 45, template: None }],
        events: vec![],
    });
    chart.sessions = (1..=SESSIONS)
        .map(|number| Session {
            id: session(n, number),
            plan,
            number,
            appointments: vec![],
            past_bookings: vec![],
            signed: None,
            addenda: vec![],
            followed_up: None,
        })
        .collect();
    chart
}

/// A record that can be signed; the pulse tells one from another.
pub fn record(session: SessionId, pulse: i64) -> Record {
    let mut treatment = Treatment {
        counts_for: Some(session),
        procedure: None,
        device: LASER,
        handpiece: HANDPIECE,
        template: TemplateVersion { id: TEMPLATE, version: 1 },
        readings: vec![],
        areas: vec![TreatedArea { area: Area::new("cheek", Some(Side::Left)), pulses: Some(40), last_pulses: None }],
    };
    treatment.enter("pulse", Value::Number(Amount::whole(pulse)));
    Record { treatments: vec![treatment], ..Record::default() }
}
