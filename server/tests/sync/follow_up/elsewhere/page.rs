//! The page on which systems are connected, and on which a person says whose a booking is.

use super::{System, bytes};
use crate::{
    clinic::{CLINIC, PACKAGE, client, plan, session},
    photos::{
        browser::{Answer, Browser},
        studio::{Served, Studio},
    },
    routes::set_role,
};
use domain::catalogue::Role;
use serde_json::json;
use server::store;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

async fn send(person: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    person.ask("POST", path, &[("content-type", "application/x-www-form-urlencoded")], body.as_bytes()).await
}

/// What stands in the field of that id.
fn field<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap();
    let value = page[from..].find("value=\"").unwrap() + from + 7;
    page[value..].split('"').next().unwrap()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_owner_connects_a_system_and_the_desk_says_whose_a_booking_is(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let served = Served::start(studio.clinics.clone()).await;
    set_role(&studio, Role::Owner).await;
    let owner = studio.desk().await;
    assert_eq!(send(&owner, "/elsewhere/make", &[("name", "  ")]).await.status, 422);
    let made = send(&owner, "/elsewhere/make", &[("name", "Booker & Sons")]).await;
    assert!(made.status == 200 && made.text().contains("Secret for Booker &amp; Sons"), "{}", made.text());
    let (address, secret) = (field(made.text().as_str(), "made-address").to_owned(), field(made.text().as_str(), "made-secret").to_owned());
    let id: Uuid = address.rsplit('/').next().unwrap().parse().unwrap();
    let system = System { id, secret: bytes(&secret) };
    // This once.
    let page = owner.get("/elsewhere").await;
    assert!(page.status == 200 && page.text().contains(&address) && !page.text().contains("whsec_"), "{}", page.text());

    let now = studio.clinics.host.now();
    let event = json!({ "type": "booking.booked", "booking": {
        "id": "b/1", "changed_at": now.timestamp().to_string(), "starts_at": "2026-12-20T16:00:00Z",
        "client": { "id": "c-1", "name": "M. <Chen>", "email": "nobody@example.com" }, "service": "Laser",
    } });
    assert_eq!(system.send(&served, now, &event.to_string()).await.status, 204);

    // Whoever works at the clinic sees whose it could be, and nothing of how the system is connected.
    set_role(&studio, Role::FrontDesk).await;
    let desk = studio.desk().await;
    let seen = desk.get("/elsewhere").await.text();
    assert!(seen.contains("M. &lt;Chen&gt;, nobody@example.com") && seen.contains("No client has this"), "{seen}");
    assert!(!seen.contains(&address) && !seen.contains("Connect a system"));
    let looked = desk.get(&format!("/elsewhere?feed={id}&booking=b%2F1&words=client+0")).await.text();
    assert!(looked.contains("Client 0, "), "{looked}");
    let nobody = desk.get(&format!("/elsewhere?feed={id}&booking=b%2F1&words=zzz")).await.text();
    assert!(nobody.contains("Nobody with an open series"), "{nobody}");
    let (feed, of, client_id) = (id.to_string(), plan(0, false).to_string(), client(0).to_string());
    let fields = [("feed", feed.as_str()), ("booking", "b/1"), ("client", &client_id), ("plan", &of)];
    assert_eq!(send(&desk, "/elsewhere/pick", &fields).await.status, 303);
    let foreign = [("feed", feed.as_str()), ("booking", "b/1"), ("client", &client_id), ("plan", &feed)];
    assert_eq!(send(&desk, "/elsewhere/pick", &foreign).await.status, 404);
    let seen = desk.get("/elsewhere").await.text();
    assert!(!seen.contains("Whose are these?") && seen.contains("session 1"), "{seen}");
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let of: Uuid = sqlx::query_scalar("select session_id from booking_elsewhere").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(of, session(0, 1).0);
    drop(tx);

    set_role(&studio, Role::Owner).await;
    let package = PACKAGE.to_string();
    assert_eq!(send(&owner, "/elsewhere/service", &[("feed", &feed), ("service", "laser"), ("means", &package)]).await.status, 303);
    assert_eq!(send(&owner, "/elsewhere/service", &[("feed", &feed), ("service", "laser"), ("means", "x")]).await.status, 404);
    let renewed = send(&owner, "/elsewhere/secret", &[("feed", &feed)]).await;
    assert!(renewed.status == 200 && renewed.text().contains("one more day"), "{}", renewed.text());
    assert_ne!(field(&renewed.text(), "made-secret"), secret);
    assert_eq!(send(&owner, "/elsewhere/remove", &[("feed", &feed)]).await.status, 303);
    assert_eq!(send(&owner, "/elsewhere/remove", &[("feed", &feed)]).await.status, 404);
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let told: Vec<String> =
        sqlx::query_scalar("select action from audit where action like '%feed%' or action like '%elsewhere' order by number")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    assert_eq!(told, ["make-feed", "booking-elsewhere", "pick-booking-elsewhere", "edit-feed-service", "renew-feed", "remove-feed"]);
}
