//! Edits of what the clinic has: what is stale or wrong is refused, and what is saved holds for what devices hand in afterwards.

use crate::{
    clinic::{self, CLINIC, PROVIDER, TEMPLATE, client, id, session},
    device::{Device, signed_in},
};
use app::api::{ApiError, CatalogueEdit};
use domain::{
    booking::Time,
    catalogue::{Catalogue, Room},
    command::Change,
    hours::{Open, OpeningHours, StaffHours, Week},
    ids::{AppointmentId, RoomId, StaffId, TemplateId},
    rejection::Rejection,
    spacing::SpacingRule,
    time::{Day, Moment},
};
use server::{
    clinic::Clinics,
    editing::{self, EditError},
    store,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const ROOM: RoomId = RoomId(id(40));

async fn edit(clinics: &Clinics, edit: CatalogueEdit) -> Result<(), ApiError> {
    editing::save(clinics, &signed_in(), edit).await.map_err(|error| match error {
        EditError::Api(error) => error,
        EditError::Store(error) => panic!("the server failed: {error}"),
    })
}

/// What is saved, read anew.
async fn saved(clinics: &Clinics) -> Catalogue {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    store::catalogue::read(&mut tx, CLINIC, clinics.host.now()).await.unwrap()
}

fn room(name: &str, retired: bool, version: u32) -> CatalogueEdit {
    CatalogueEdit::Room(Room { id: ROOM, name: name.into(), retired, version })
}

fn is_told(result: Result<(), ApiError>) -> bool {
    matches!(result, Err(ApiError::Invalid(faults)) if !faults.is_empty())
}

/// Every day from nine to five.
fn nine_to_five() -> OpeningHours {
    OpeningHours { week: std::array::from_fn(|_| vec![Open { from: 540, to: 1020 }]), ..OpeningHours::default() }
}

const BOOKED_DAY: &str = "2026-11-24";

/// On one day ahead, so many minutes after midnight.
fn book(clock: &Catalogue, appointment: u128, minute: u16, room: Option<RoomId>) -> Change {
    let day: Day = BOOKED_DAY.parse().unwrap();
    let starts: Moment = clock.clock.instant(day, minute).unwrap();
    Change::BookSession {
        session: session(0, 1),
        appointment: AppointmentId(id(appointment)),
        time: Time { provider: PROVIDER, starts, minutes: 45, room, device: None },
        procedures: vec![],
        despite: String::new(),
    }
}

fn set_aside(device: &Device) -> Vec<Rejection> {
    device.engine.read(|replica| replica.chart(client(0)).unwrap().undecided().map(|item| item.rejection.clone()).collect())
}

fn is_booked(device: &Device) -> bool {
    device.engine.read(|replica| replica.chart(client(0)).unwrap().sessions[0].first_booking().is_some())
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_edit_over_something_else_than_stands_there_is_refused(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 0).await;
    edit(&clinics, room("Room 1", false, 0)).await.unwrap();
    for version in [0, 2] {
        assert_eq!(edit(&clinics, room("Another name", false, version)).await, Err(ApiError::Stale));
    }
    edit(&clinics, room("Room 2", false, 1)).await.unwrap();
    let stands = saved(&clinics).await;
    assert_eq!(stands.room(ROOM), Some(&Room { id: ROOM, name: "Room 2".into(), retired: false, version: 2 }));

    let (was, now) = (stands.hours.clone(), nine_to_five());
    edit(&clinics, CatalogueEdit::Hours { was: was.clone(), now: now.clone() }).await.unwrap();
    assert_eq!(edit(&clinics, CatalogueEdit::Hours { was, now: OpeningHours::default() }).await, Err(ApiError::Stale));
    assert_eq!(saved(&clinics).await.hours, now);

    let rule = SpacingRule { earlier: TEMPLATE, later: TEMPLATE, region: None, days: 14 };
    edit(&clinics, CatalogueEdit::Spacing { was: vec![], now: vec![rule.clone()] }).await.unwrap();
    assert_eq!(edit(&clinics, CatalogueEdit::Spacing { was: vec![], now: vec![] }).await, Err(ApiError::Stale));
    assert_eq!(saved(&clinics).await.spacing, [rule]);

    edit(&clinics, CatalogueEdit::Maintenance { was: stands.maintenance_percent, now: 20 }).await.unwrap();
    assert_eq!(edit(&clinics, CatalogueEdit::Maintenance { was: stands.maintenance_percent, now: 18 }).await, Err(ApiError::Stale));
    assert_eq!(saved(&clinics).await.maintenance_percent, 20);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_cannot_be_saved_is_told(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 0).await;
    let before = saved(&clinics).await;
    assert!(is_told(edit(&clinics, room("  ", false, 0)).await));
    let hours = |now| edit(&clinics, CatalogueEdit::Hours { was: before.hours.clone(), now });
    let mut backwards = nine_to_five();
    backwards.week[0] = vec![Open { from: 1020, to: 540 }];
    assert!(is_told(hours(backwards).await));
    let never = OpeningHours { week: Week::default(), ..OpeningHours::default() };
    assert!(is_told(hours(never).await));
    let day: Day = BOOKED_DAY.parse().unwrap();
    assert!(is_told(hours(OpeningHours { closures: vec![day, day], ..nine_to_five() }).await));
    let stranger = StaffHours { staff: StaffId(id(77)), week: Week::default() };
    assert!(is_told(hours(OpeningHours { staff: vec![stranger], ..nine_to_five() }).await));

    let spacing = |earlier, days| {
        let now = vec![SpacingRule { earlier, later: TEMPLATE, region: None, days }];
        edit(&clinics, CatalogueEdit::Spacing { was: vec![], now })
    };
    assert!(is_told(spacing(TEMPLATE, 0).await));
    assert!(is_told(spacing(TemplateId(id(77)), 14).await));
    for percent in [14, 21] {
        assert!(is_told(edit(&clinics, CatalogueEdit::Maintenance { was: before.maintenance_percent, now: percent }).await));
    }
    // The clock's years are told from now, and now has moved on.
    let after = Catalogue { clock: before.clock.clone(), ..saved(&clinics).await };
    assert_eq!(after, before);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn hours_come_back_as_they_were_saved(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 0).await;
    let mut hours = nine_to_five();
    hours.week[2] = vec![Open { from: 480, to: 720 }, Open { from: 780, to: 1440 }];
    hours.week[6].clear();
    hours.closures = vec![BOOKED_DAY.parse().unwrap(), "2026-12-25".parse().unwrap()];
    // Hours of their own, and none.
    hours.staff = vec![StaffHours { staff: PROVIDER, week: Week::default() }];
    let was = saved(&clinics).await.hours;
    edit(&clinics, CatalogueEdit::Hours { was, now: hours.clone() }).await.unwrap();
    assert_eq!(saved(&clinics).await.hours, hours);
    edit(&clinics, CatalogueEdit::Hours { was: hours, now: nine_to_five() }).await.unwrap();
    assert_eq!(saved(&clinics).await.hours, nine_to_five());
}

/// A device books by the catalogue it knows; the server decides by what was saved meanwhile.
async fn booked_over(clinics: &std::sync::Arc<Clinics>, now: OpeningHours, minute: u16) -> Vec<Rejection> {
    let device = Device::new(1, clinics).await;
    device.sync().await;
    let was = saved(clinics).await;
    device.engine.record(client(0), book(&was, 600, minute, None), None).await.unwrap();
    edit(clinics, CatalogueEdit::Hours { was: was.hours, now }).await.unwrap();
    device.sync().await;
    assert_eq!(is_booked(&device), set_aside(&device).is_empty());
    // From then on the device knows it by itself, and says so at once.
    if !is_booked(&device) {
        assert!(device.engine.record(client(0), book(&saved(clinics).await, 601, minute, None), None).await.is_err());
    }
    set_aside(&device)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_booking_within_the_hours_stands(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    assert_eq!(booked_over(&clinics, nine_to_five(), 600).await, []);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_booking_into_a_new_break_is_set_aside(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let day = || vec![Open { from: 540, to: 720 }, Open { from: 780, to: 1020 }];
    let hours = OpeningHours { week: std::array::from_fn(|_| day()), ..OpeningHours::default() };
    assert_eq!(booked_over(&clinics, hours, 690).await, [Rejection::Closed]);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_booking_on_a_day_closed_meanwhile_is_set_aside(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let hours = OpeningHours { closures: vec![BOOKED_DAY.parse().unwrap()], ..nine_to_five() };
    assert_eq!(booked_over(&clinics, hours, 600).await, [Rejection::Closed]);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_booking_outside_of_the_providers_own_hours_is_set_aside(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let mornings = StaffHours { staff: PROVIDER, week: std::array::from_fn(|_| vec![Open { from: 540, to: 720 }]) };
    let hours = OpeningHours { staff: vec![mornings], ..nine_to_five() };
    assert_eq!(booked_over(&clinics, hours, 840).await, [Rejection::Closed]);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_room_no_longer_used_is_not_booked(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    edit(&clinics, room("Room 1", false, 0)).await.unwrap();
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    let known = saved(&clinics).await;
    device.engine.record(client(0), book(&known, 600, 600, Some(ROOM)), None).await.unwrap();
    edit(&clinics, room("Room 1", true, 1)).await.unwrap();
    device.sync().await;
    assert!(!is_booked(&device));
    assert_eq!(set_aside(&device), [Rejection::UnknownRoom]);
}
