//! Who signs is let in, and nobody else learns anything.

use super::{System, bytes, event, kept, send_with};
use crate::{
    clinic::{CLINIC, client, id, session},
    device::signed_in,
    follow_up::desk::{Desk, START, at},
    photos::studio::{OTHER_CLINIC, Served, Studio, ways_in},
};
use app::api::SignedIn;
use domain::ids::StaffId;
use server::{
    feeds::{
        self,
        signature::{self, Signed},
    },
    store,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{path::Path, process::Command};
use uuid::Uuid;

const CHANGED: &str = "2026-01-02T15:00:00Z";
const TIME: &str = "2026-01-20T16:00:00Z";

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn only_what_is_signed_lately_by_the_secret_is_heard(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let served = Served::start(desk.clinics.clone()).await;
    let system = System::connect(&desk.clinics).await;
    let (body, now) = (event(0, "booked", CHANGED, TIME), desk.clinics.host.now());
    let timestamp = now.timestamp().as_second().to_string();
    let good = signature::signature(&system.secret, "msg_1", &timestamp, body.as_bytes());
    let other = signature::signature(b"another secret", "msg_1", &timestamp, body.as_bytes());
    let old_time = (now.timestamp().as_second() - 301).to_string();
    let old = signature::signature(&system.secret, "msg_1", &old_time, body.as_bytes());
    for (headers, body) in [
        (["msg_1", &timestamp, ""], body.clone()),
        (["msg_1", &timestamp, "nonsense"], body.clone()),
        (["msg_1", &timestamp, &other], body.clone()),
        (["msg_2", &timestamp, &good], body.clone()),
        (["msg_1", &old_time, &old], body.clone()),
        (["msg_1", &timestamp, &good], body.replace("b-1", "b-2")),
        // Not even that it cannot be read is told.
        (["msg_1", &timestamp, &good], "nonsense".to_owned()),
    ] {
        let answer = send_with(&served, system.id, headers, &body).await;
        assert_eq!((answer.status, answer.text().as_str()), (401, ""), "{headers:?} {body}");
    }
    // The same of a system nobody knows.
    assert_eq!(send_with(&served, Uuid::from_u128(7), ["msg_1", &timestamp, &good], &body).await.status, 401);
    assert_eq!(desk.count("select count(*) from booking_elsewhere").await, 0);
    // More than an event is, whoever sends it.
    let large = "x".repeat(server::http::bookings::LARGEST + 1);
    assert_eq!(system.send(&served, now, &large).await.status, 413);

    assert_eq!(send_with(&served, system.id, ["msg_1", &timestamp, &format!("v1a,x {other} {good}")], &body).await.status, 204);
    assert_eq!(kept(&desk, 0).await[0].place, Ok(session(0, 1)));
    // Once more, and what is none of ours.
    assert_eq!(system.send(&served, now, &body).await.status, 204);
    assert_eq!(system.send(&served, now, r#"{"type":"client.moved","anything":[]}"#).await.status, 204);
    let unreadable = system.send(&served, now, r#"{"type":"booking.booked","booking":{"id":"Maya Chen"}}"#).await;
    assert!(unreadable.status == 400 && unreadable.text().contains("not what an event looks like"), "{}", unreadable.text());
    assert!(!unreadable.text().contains("Maya"));
    let unstorable = system.send(&served, now, &body.replace("b-1", "b\\u0000")).await;
    assert_eq!(unstorable.status, 400);
    assert_eq!(desk.count("select count(*) from booking_elsewhere").await, 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_new_secret_leaves_the_old_one_a_day(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    let served = Served::start(desk.clinics.clone()).await;
    let old = System::connect(&desk.clinics).await;
    let renewed = feeds::renew(&desk.clinics, &ways_in().key, &signed_in(), old.id).await.unwrap().unwrap();
    let new = System { secret: bytes(&renewed.secret), ..old.clone() };
    let body = event(0, "booked", CHANGED, TIME);
    let status = async |system: &System| system.send(&served, desk.clinics.host.now(), &body).await.status;
    assert_eq!((status(&old).await, status(&new).await), (204, 204));
    desk.clock.pass(24 * 60 - 1);
    assert_eq!((status(&old).await, status(&new).await), (204, 204));
    desk.clock.pass(1);
    assert_eq!((status(&old).await, status(&new).await), (401, 204));
    assert!(feeds::remove(&desk.clinics, &signed_in(), old.id).await.unwrap());
    assert_eq!((status(&old).await, status(&new).await), (401, 401));
    assert_eq!(feeds::renew(&desk.clinics, &ways_in().key, &signed_in(), old.id).await.unwrap(), None);
    // Neither secret stands in the database.
    let stored = "select count(*) from booking_feed where position($$whsec$$ in to_json(booking_feed)::text) > 0";
    assert_eq!(desk.count(stored).await, 0);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_system_of_one_clinic_says_nothing_of_another(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let served = Served::start(studio.clinics.clone()).await;
    let stranger = SignedIn { clinic: OTHER_CLINIC, staff: StaffId(id(205)), ..signed_in() };
    studio.stranger().await;
    let made = feeds::make(&studio.clinics, &ways_in().key, &stranger, "Booker").await.unwrap().unwrap();
    let theirs = System { id: made.id, secret: bytes(&made.secret) };
    let ours = System::connect(&studio.clinics).await;
    let now = studio.clinics.host.now();
    let (changed, starts) = (now.timestamp().to_string(), "2026-12-20T16:00:00Z");
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    sqlx::query("update client set email = 'client0@example.com' where id = $1").bind(client(0).0).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let body = event(0, "booked", &changed, starts);
    assert_eq!(theirs.send(&served, now, &body).await.status, 204);
    let count = async |clinic| {
        let mut tx = store::begin(&studio.clinics.pool, clinic).await.unwrap();
        let sql = "select count(*) || ' ' || count(client_id) from booking_elsewhere";
        sqlx::query_scalar::<_, String>(sql).fetch_one(&mut *tx).await.unwrap()
    };
    assert_eq!((count(CLINIC).await, count(OTHER_CLINIC).await), ("0 0".to_owned(), "1 0".to_owned()));
    // Nor does the one's secret sign for the other.
    let crossed = System { id: ours.id, secret: theirs.secret.clone() };
    assert_eq!(crossed.send(&served, now, &body).await.status, 401);
    assert_eq!(ours.send(&served, now, &body).await.status, 204);
    assert_eq!((count(CLINIC).await, count(OTHER_CLINIC).await), ("1 1".to_owned(), "1 0".to_owned()));
    // A sealed secret opens for its own clinic and feed only.
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let kept = store::follow_up::feed::of_clinic(&mut tx, CLINIC).await.unwrap().remove(0);
    let key = ways_in().key;
    assert_eq!(kept.secrets(&key, CLINIC, now), [ours.secret]);
    assert!(kept.secrets(&key, OTHER_CLINIC, now).is_empty());
    assert!(store::follow_up::feed::Kept { id: theirs.id, ..kept }.secrets(&key, CLINIC, now).is_empty());
}

/// Signatures against the convention's own library, where Node and its packages are.
#[test]
fn the_conventions_own_library_signs_as_we_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end");
    if !folder.join("node_modules/standardwebhooks").is_dir() {
        eprintln!("skipped: the npm packages of end2end are not here; bin/setup test installs them");
        return;
    }
    let secret = b"thirty-two bytes that nobody has".to_vec();
    let told = signature::told(&secret);
    let body = r#"{"type":"booking.booked","booking":{"id":"ü – 1"}}"#;
    let node = |arguments: &[&str]| Command::new("node").current_dir(&folder).arg("carriers/webhook.mjs").args(arguments).output().unwrap();
    let timestamp = at(START).timestamp().as_second().to_string();
    let theirs = String::from_utf8(node(&["sign", &told, "msg_1", &timestamp, body]).stdout).unwrap();
    assert_eq!(theirs, signature::signature(&secret, "msg_1", &timestamp, body.as_bytes()));
    let signed = Signed { id: "msg_1", timestamp: &timestamp, signatures: &theirs };
    assert!(signature::is_signed(std::slice::from_ref(&secret), signed, body.as_bytes(), at(START)));
    // Its clock is the machine's.
    let now = server::host::Host::now(&server::host::Machine).timestamp().as_second().to_string();
    let ours = signature::signature(&secret, "msg_1", &now, body.as_bytes());
    assert!(node(&["verify", &told, "msg_1", &now, body, &ours]).status.success());
    assert!(!node(&["verify", &told, "msg_2", &now, body, &ours]).status.success());
}
