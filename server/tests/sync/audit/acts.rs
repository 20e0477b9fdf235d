//! Each act leaves its row, with the right person, and nothing that was typed.

use super::{anchor, fault, line, rows, since};
use crate::{
    clinic::{self, CLINIC, COLLEAGUE, FORM, PLAN, PROVIDER, SESSIONS, client, id, record, session},
    device::{Device, signed_in},
    photos::{
        files,
        studio::{DESK, PHOTO_FORM, Studio, consent},
    },
};
use app::api::{CatalogueEdit, photos::shared_address};
use domain::{
    audit::Who::{Nobody, Staff},
    catalogue::Room,
    chart::Chart,
    command::Change,
    consent::PhotoScope,
    ids::{PlanEventId, PlanId, RoomId, SessionId, ShareId},
    photo::Sharing,
    plan::PlanAction,
};
use server::{
    backend::{Began, MOST_TRIES, sign_in},
    clinic::Clinics,
    editing, password,
    store::{
        self,
        sign_in::{Account, add_account},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;

const MAYA: Option<u128> = Some(100);

/// Waits for rows that are written beside an answer.
async fn arrived(clinics: &Clinics, count: usize) {
    for _ in 0..500 {
        if rows(clinics, CLINIC).await.len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{count} rows were expected");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn getting_in_and_failing_to(_: PgPoolOptions, options: PgConnectOptions) {
    const EMAIL: &str = "osei@clinic.example";
    let studio = Studio::open(options).await;
    let clinics = &studio.clinics;
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    for (staff, email) in [(PROVIDER, EMAIL), (COLLEAGUE, "brandt@clinic.example")] {
        let account = Account { clinic: CLINIC, staff, password_hash: password::hash("right", clinics.host.as_ref()) };
        add_account(&mut tx, &account, email).await.unwrap();
    }
    tx.commit().await.unwrap();

    let Ok(Began::SignedIn(token)) = sign_in(clinics, EMAIL, "right", None).await else { panic!() };
    assert_eq!(since(clinics, 0).await, [line(Staff(PROVIDER), "sign-in", None)]);
    let browser = crate::photos::browser::Browser { address: studio.nobody().address, token: Some(token) };
    assert_eq!(browser.ask("POST", "/api/sign-out", &[("content-type", "application/json")], b"{}").await.status, 200);
    assert_eq!(since(clinics, 1).await, [line(Staff(PROVIDER), "sign-out", None)]);
    // With a sign-in that has ended nobody is signed out.
    browser.ask("POST", "/api/sign-out", &[("content-type", "application/json")], b"{}").await;

    for _ in 0..MOST_TRIES + 5 {
        sign_in(clinics, "brandt@clinic.example", "wrong", None).await.unwrap_err();
        sign_in(clinics, "nobody@clinic.example", "wrong", None).await.unwrap_err();
    }
    let expected = 2 + usize::try_from(MOST_TRIES).unwrap() + 1;
    arrived(clinics, expected).await;
    let mut tries = since(clinics, 2).await;
    tries.sort();
    let mut told = vec![line(Nobody, "sign-in-failed", None); usize::try_from(MOST_TRIES).unwrap()];
    told.push(line(Nobody, "too-many-tries", None));
    assert_eq!(tries, told, "once that it was too often, and nothing of an address nobody has");
    let rows = rows(clinics, CLINIC).await;
    assert_eq!(rows[2].detail, serde_json::json!({ "staff": COLLEAGUE }));
    assert!(!format!("{rows:?}").contains("clinic.example"), "an address is nobody's business");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn changes_of_charts_and_of_the_catalogue(_: PgPoolOptions, options: PgConnectOptions) {
    const CANARY: &str = "kanarienvogel";
    let clinics = clinic::open(options, 2).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    let record_it = async |change| {
        device.engine.record(client(0), change, None).await.unwrap();
        device.sync().await;
    };
    record_it(Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None }).await;
    // Another's is set aside; both are told.
    record_it(Change::SignSession { session: session(0, 1), record: record(session(0, 1), 20), rest: None }).await;
    record_it(Change::CorrectContact { based_on: 0, phone: CANARY.into(), email: format!("{CANARY}@x.example") }).await;
    let plan = PlanId(id(PLAN.0.as_u128() + 10_000));
    let sessions = (0..u128::from(SESSIONS) - 1).map(|n| SessionId(id(70_000 + n))).collect();
    let action = PlanAction::Transfer { to: client(1), plan: PlanId(id(77_000)), event: PlanEventId(id(77_001)), sessions };
    record_it(Change::ChangePlan { plan, event: PlanEventId(id(77_002)), action, reason: CANARY.into() }).await;

    let by_provider = |action, client| line(Staff(PROVIDER), action, client);
    let expected = [
        by_provider("sign-session", MAYA),
        by_provider("sign-session", MAYA),
        by_provider("correct-contact", MAYA),
        by_provider("transfer-series", MAYA),
        by_provider("receive-series", Some(101)),
    ];
    assert_eq!(since(&clinics, 0).await, expected);
    let rows = rows(&clinics, CLINIC).await;
    let outcomes: Vec<_> = rows.iter().map(|row| row.detail["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["applied", "set-aside", "applied", "applied", "applied"]);
    assert!(!format!("{rows:?}").contains(CANARY));
    // The receipt holds the content; the audit, by what it can be recognised.
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    for row in &rows {
        let command: uuid::Uuid = row.detail["command"].as_str().unwrap().parse().unwrap();
        let receipt = store::receipt::lookup(&mut tx, CLINIC, domain::ids::CommandId(command)).await.unwrap().unwrap();
        assert_eq!(row.detail["content"], hex::encode(receipt.content_hash));
        assert!(row.at <= row.received_at);
    }
    tx.commit().await.unwrap();

    let room = Room { id: RoomId(id(60_000)), name: CANARY.into(), retired: false, version: 0 };
    editing::save(&clinics, &signed_in(), CatalogueEdit::Room(room.clone())).await.unwrap();
    // Stale: it is not saved, and so did not happen.
    editing::save(&clinics, &signed_in(), CatalogueEdit::Room(room)).await.unwrap_err();
    let edit = CatalogueEdit::Maintenance { was: 15, now: 20 };
    editing::save(&clinics, &signed_in(), edit).await.unwrap();
    assert_eq!(since(&clinics, 5).await, [by_provider("edit-room", None), by_provider("edit-maintenance", None)]);
    assert!(!format!("{:?}", super::rows(&clinics, CLINIC).await).contains(CANARY));
    anchor(&clinics).await;
    assert_eq!(fault(&clinics).await, None);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_command_that_comes_twice_or_is_refused_leaves_nothing_more(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 4).await;
    let command = super::writers::correction(1, &clinics);
    let receive = async |numbered| {
        let installation = domain::ids::InstallationId(id(1));
        server::sync::push::receive(&clinics, &signed_in(), installation, numbered).await.unwrap()
    };
    assert_eq!(receive(&command).await, receive(&command).await);
    let mut other = command.clone();
    other.text = other.text.replace("\"phone\":\"1\"", "\"phone\":\"2\"");
    assert_ne!(other.text, command.text);
    receive(&other).await;
    assert_eq!(since(&clinics, 0).await, [line(Staff(PROVIDER), "correct-contact", Some(101))]);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn reading_at_the_clinic_and_from_outside(_: PgPoolOptions, options: PgConnectOptions) {
    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    let studio = Studio::open(options).await;
    let (desk, provider, stranger) = (studio.desk().await, studio.provider().await, studio.stranger().await);
    let file = files::small();
    let photos = [studio.take(1, 1, &file, (400, 300)).await, studio.take(2, 3, &file, (400, 300)).await];
    studio.record(consent(&[PhotoScope::Website])).await;
    let share = ShareId(id(6_001));
    let sharing = Sharing { id: share, token: TOKEN.into(), before: photos[0], after: photos[1], scope: PhotoScope::Website };
    studio.record(Change::SharePhotos(sharing)).await;
    for photo in photos {
        provider.send(photo, &file).await;
    }
    let chart: Chart = studio.chart().await;
    let signed_at = chart.consents[0].at.millis();
    let seen = rows(&studio.clinics, CLINIC).await.len();

    let photo = photos[0];
    assert_eq!(provider.get(&format!("/photos/{photo}")).await.status, 200);
    assert_eq!(provider.get(&format!("/photos/{photo}/thumbnail")).await.status, 200);
    let document = format!("/consents/{}/{PHOTO_FORM}/{signed_at}", client(0));
    assert_eq!(desk.get(&document).await.status, 200);
    assert_eq!(desk.get("/accounts.csv").await.status, 200);
    for _ in 0..3 {
        assert_eq!(studio.nobody().get(&format!("{}/picture", shared_address(TOKEN))).await.status, 200);
    }
    // What nobody was given to see is not told: not theirs, not there, not signed in, not their role.
    for (browser, path) in [
        (&stranger, format!("/photos/{photo}")),
        (&stranger, document.clone()),
        (&provider, format!("/consents/{}/{FORM}/1", client(0))),
        (&studio.nobody(), format!("/photos/{photo}")),
        (&desk, format!("/photos/{photo}")),
    ] {
        assert_ne!(browser.get(&path).await.status, 200, "{path}");
    }
    let expected = [
        line(Staff(PROVIDER), "read-photo", MAYA),
        line(Staff(DESK), "read-consent", MAYA),
        line(Staff(DESK), "read-accounts", None),
        // Once a minute, however often it is asked for.
        line(Nobody, "seen-outside", MAYA),
    ];
    assert_eq!(since(&studio.clinics, seen).await, expected);
    let rows = rows(&studio.clinics, CLINIC).await;
    assert_eq!(rows[seen].detail, serde_json::json!({ "photo": photo }));
    assert_eq!(rows[seen + 3].detail, serde_json::json!({ "share": share }));
}
