//! Commands that must not get through: each is refused with a reason, kept on the device, and holds up nothing.

use crate::{
    clinic::{self, client, record, session},
    device::{Device, signed_in},
};
use app::{api::Numbered, sync::RecordError};
use domain::{
    booking::Time,
    chart::Chart,
    command::{Change, Refusal},
    ids::{AddendumId, AppointmentId, StaffId},
    rejection::Rejection,
    sync::Outcome,
    time::Moment,
};
use server::{store, sync::push};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

fn sign(n: u128, number: u16, pulse: i64) -> Change {
    let session = session(n, number);
    Change::SignSession { session, record: record(session, pulse), rest: None }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_damaged_command_is_refused_and_the_queue_goes_on(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    for number in 1..=4 {
        device.engine.record(client(0), sign(0, number, 10), None).await.unwrap();
    }
    device.engine.record(client(1), sign(1, 1, 10), None).await.unwrap();
    device.disk.tamper(1, |text| text[..40].to_owned());
    device.disk.tamper(2, |text| text.replace("\"v\":1", "\"v\":99"));
    device.disk.tamper(3, |text| text.replace(&clinic::CLINIC.to_string(), &clinic::id(77).to_string()));
    device.disk.tamper(4, |text| format!("{}{}", " ".repeat(300_000), text));
    let device = device.kill().await;
    device.sync().await;

    let refusals: Vec<_> = device.engine.read(|replica| replica.attention()).into_iter().map(|item| item.refusal).collect();
    let expected = [Refusal::Malformed, Refusal::UnknownVersion { v: 99 }, Refusal::ForeignClinic, Refusal::TooLarge];
    assert_eq!(refusals, expected);
    // What was typed is still on the device, and what came after it is at the clinic.
    assert_eq!(device.disk.outbox().len(), 4);
    let signed = |chart: &Chart| chart.sessions.iter().filter(|session| session.signed.is_some()).count();
    assert_eq!(device.engine.read(|replica| replica.chart(client(1)).map(|chart| signed(&chart))), Some(1));
    assert_eq!(device.engine.read(|replica| replica.chart(client(0)).map(|chart| signed(&chart))), Some(0));

    device.engine.dismiss(1).await.unwrap();
    assert_eq!(device.disk.outbox().len(), 3);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_repeat_changes_nothing_and_the_same_id_with_other_content_is_refused(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    device.engine.record(client(0), sign(0, 1, 10), None).await.unwrap();
    let text = device.disk.outbox()[0].text.clone();
    device.sync().await;
    let before = device.cursor();

    let hand_in = |text: String| {
        let (clinics, installation) = (clinics.clone(), device.engine.installation());
        async move { push::receive(&clinics, &signed_in(), installation, &Numbered { number: 1, text }).await.unwrap() }
    };
    assert!(matches!(hand_in(text.clone()).await, Outcome::Applied { .. }));
    assert_eq!(hand_in(text.replace("10000", "11000")).await, Outcome::Refused(Refusal::IdReused));
    device.sync().await;
    assert_eq!(device.cursor(), before);

    let mut other = signed_in();
    other.staff = StaffId(clinic::id(55));
    let refused = push::receive(&clinics, &other, device.engine.installation(), &Numbered { number: 1, text }).await.unwrap();
    assert_eq!(refused, Outcome::Refused(Refusal::WrongAuthor));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_character_postgres_cannot_keep_holds_up_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    device.engine.record(client(0), sign(0, 1, 10), None).await.unwrap();
    let addendum = |n, text: &str| Change::AddAddendum { session: session(0, 1), addendum: AddendumId(clinic::id(n)), text: text.into() };
    device.engine.record(client(0), addendum(500, "nul \0 here"), None).await.unwrap();
    device.engine.record(client(0), addendum(501, r"a typed \u0000 is only text"), None).await.unwrap();
    device.sync().await;
    assert_eq!(device.engine.read(|replica| replica.attention().len()), 1);
    let addenda = device.engine.read(|replica| replica.chart(client(0)).unwrap().sessions[0].addenda.len());
    assert_eq!(addenda, 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn two_devices_chart_the_same_session_and_nothing_is_lost(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let (first, second) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    first.sync().await;
    second.sync().await;
    first.engine.record(client(0), sign(0, 1, 10), None).await.unwrap();
    second.engine.record(client(0), sign(0, 1, 20), None).await.unwrap();
    first.sync().await;
    second.sync().await;
    first.sync().await;
    for device in [&first, &second] {
        let chart = device.engine.read(|replica| replica.chart(client(0)).unwrap());
        assert_eq!(chart.sessions[0].signed.as_ref().unwrap().record, record(session(0, 1), 10));
        let item = chart.undecided().next().expect("the second is set aside");
        assert!(matches!(item.rejection, Rejection::AlreadySigned { .. }));
        assert_eq!(item.change, sign(0, 1, 20));
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_full_disk_is_told_before_anything_is_lost(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    device.disk.fill_up(true);
    let refused = device.engine.record(client(0), sign(0, 1, 10), None).await;
    assert!(matches!(refused, Err(RecordError::Store(_))), "{refused:?}");
    device.disk.fill_up(false);
    device.engine.record(client(0), sign(0, 1, 10), None).await.unwrap();
    device.sync().await;
    assert!(device.disk.outbox().is_empty());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_page_the_disk_had_no_room_for_is_shown_and_leaves_no_gap(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let (writer, reader) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    writer.sync().await;
    reader.sync().await;
    writer.engine.record(client(0), sign(0, 1, 10), None).await.unwrap();
    writer.sync().await;

    let is_signed = |device: &Device, n| {
        let signed = |replica: &app::sync::Replica| replica.chart(client(n)).is_some_and(|chart| chart.sessions[0].signed.is_some());
        device.engine.read(signed)
    };
    reader.disk.fill_up(true);
    assert!(reader.engine.pull(|| ()).await.is_err());
    assert!(is_signed(&reader, 0));
    reader.disk.fill_up(false);
    writer.engine.record(client(1), sign(1, 1, 10), None).await.unwrap();
    writer.sync().await;
    reader.sync().await;

    // What lies on the disk says the same as what was on the screen.
    let reader = reader.kill().await;
    assert!(is_signed(&reader, 0) && is_signed(&reader, 1));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn two_devices_book_the_same_time_and_one_of_them_is_told(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let (first, second) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    first.sync().await;
    second.sync().await;
    let book = |client: u128, minutes_later: i64| Change::BookSession {
        session: session(client, 1),
        appointment: AppointmentId(clinic::id(600 + client)),
        time: Time {
            provider: clinic::PROVIDER,
            starts: Moment::from_millis(1_900_000_000_000 + minutes_later * 60_000),
            minutes: 45,
            room: None,
            device: None,
        },
        procedures: vec![],
        despite: String::new(),
    };
    first.engine.record(client(0), book(0, 0), None).await.unwrap();
    // A quarter of an hour before the first one ends.
    second.engine.record(client(1), book(1, 30), None).await.unwrap();
    first.sync().await;
    second.sync().await;
    first.sync().await;

    let booked = |device: &Device, n| device.engine.read(|replica| replica.chart(client(n)).unwrap().sessions[0].first_booking().is_some());
    for device in [&first, &second] {
        assert!(booked(device, 0) && !booked(device, 1));
        let told = device
            .engine
            .read(|replica| replica.chart(client(1)).unwrap().undecided().map(|item| item.rejection.clone()).collect::<Vec<_>>());
        assert_eq!(told, [Rejection::Taken]);
    }
    // Cancelled, the time is free again.
    let cancel =
        Change::CancelBooking { session: session(0, 1), appointment: AppointmentId(clinic::id(600)), no_show: false, reason: "ill".into() };
    first.engine.record(client(0), cancel, None).await.unwrap();
    first.sync().await;
    second.sync().await;
    second.engine.record(client(1), book(1, 30), None).await.unwrap();
    second.sync().await;
    assert!(booked(&second, 1));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn another_epoch_is_read_anew_and_keeps_the_outbox(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 3).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    device.engine.record(client(0), sign(0, 1, 10), None).await.unwrap();
    let mut tx = store::begin(&clinics.pool, clinic::CLINIC).await.unwrap();
    sqlx::query("update clinic_version set epoch = gen_random_uuid()").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    while device.engine.pull(|| ()).await.unwrap() == app::sync::Pulled::More {}
    assert_eq!(device.disk.outbox().len(), 1);
    device.sync().await;
    assert!(device.disk.outbox().is_empty());
    assert_eq!(device.engine.read(|replica| replica.charts().count()), 3);
}
