//! The link in a message books one session, once, and lets nobody in.

use super::{PROMPT, before_the_prompt, prompts, server};
use crate::{
    clinic::{CLINIC, client, session},
    follow_up::{
        desk::Desk,
        elsewhere::{System, take},
    },
    photos::{
        browser::{Answer, Browser},
        studio::Served,
    },
};
use domain::{
    chart::Chart,
    command::Change,
    follow_up::{elsewhere::BookingState, touch_state::State},
    time::Moment,
};
use server::store::{self, chart};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use tokio::sync::Barrier;

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

async fn chart(desk: &Desk) -> Chart {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    chart::load(&mut tx, CLINIC, client(0)).await.unwrap().unwrap()
}

async fn booked(desk: &Desk) -> usize {
    chart(desk).await.session(session(0, 2)).unwrap().appointments.len()
}

/// The link of the prompt, as it stands in the simulated message.
async fn link(desk: &Desk) -> String {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let text: String = sqlx::query_scalar("select text from message where text like '%/me/at/%' order by made_at desc limit 1")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    let begins = text.find("/me/at/").unwrap();
    text[begins..].split_whitespace().next().unwrap().to_owned()
}

async fn prompted(options: PgConnectOptions) -> (Desk, Served, String) {
    let desk = before_the_prompt(options).await;
    server(&desk).await.once().await.unwrap();
    let served = Served::start(desk.clinics.clone()).await;
    let link = link(&desk).await;
    (desk, served, link)
}

fn phone(served: &Served) -> Browser {
    Browser { address: served.address, token: None }
}

fn offered(page: &Answer) -> Vec<String> {
    let text = page.text();
    text.split("name=\"starts\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn tap(served: &Served, link: &str, starts: &str) -> Answer {
    phone(served).ask("POST", link, &FORM, format!("starts={starts}").as_bytes()).await
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_another_system_has_booked_is_not_booked_by_it(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, served, link) = prompted(options).await;
    let starts = offered(&phone(&served).get(&link).await).remove(0);
    let system = System::connect(&desk.clinics).await;
    let now = desk.clinics.host.now();
    let mut told = system.told(0, "b-1", BookingState::Booked, "2026-01-02T15:00:00Z", "2026-01-02T15:00:00Z");
    (told.changed, told.starts) = (now, Moment::from_millis(now.millis() + 9 * 24 * 3_600_000));
    assert!(take(&desk, &told).await);
    assert!(phone(&served).get(&link).await.text().contains("This session is booked already"));
    assert!(tap(&served, &link, &starts).await.text().contains("This session is booked already"));
    assert_eq!(booked(&desk).await, 0);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn looking_books_nothing_and_names_nobody(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, served, link) = prompted(options).await;
    for _ in 0..3 {
        let page = phone(&served).get(&link).await;
        assert_eq!((page.status, offered(&page).len()), (200, 3));
        let text = page.text();
        assert!(text.contains("Test clinic") && text.contains("Dr Ama Osei"), "{text}");
        // Neither who she is, nor what is treated; and no cookie.
        assert!(!text.contains("Client") && !text.contains("LHR") && !text.contains("series"), "{text}");
        assert_eq!((page.header("set-cookie"), page.header("cache-control").as_str()), (String::new(), "no-store"));
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    assert_eq!(booked(&desk).await, 0);
    // It opens nothing else.
    let home = phone(&served).get("/me").await.text();
    assert!(home.contains("Send me a link"), "{home}");
    // Nor does the table of links hold it.
    let token = link.rsplit('/').next().unwrap();
    assert_eq!(token.len(), 32);
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let rows: Vec<String> = sqlx::query_scalar("select to_json(t)::text from booking_link t").fetch_all(&mut *tx).await.unwrap();
    assert!(rows.len() == 1 && rows.iter().all(|row| !row.contains(token)), "{rows:?}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn of_fifty_taps_at_once_one_books_and_the_link_is_dead(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, served, link) = prompted(options).await;
    let starts = offered(&phone(&served).get(&link).await);
    let begin = Arc::new(Barrier::new(50));
    let served = Arc::new(served);
    let taps = (0..50).map(|n| {
        let (begin, served, link, starts) = (begin.clone(), served.clone(), link.clone(), starts[n % 3].clone());
        tokio::spawn(async move {
            begin.wait().await;
            tap(&served, &link, &starts).await
        })
    });
    let answers: Vec<_> = futures::future::join_all(taps.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    let with = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(200), with(410), booked(&desk).await), (1, 49, 1));
    let won = answers.iter().find(|answer| answer.status == 200).unwrap().text();
    assert!(won.contains("You are booked") && won.contains("America/Chicago"), "{won}");
    let dead = phone(&served).get(&link).await;
    assert!(dead.status == 410 && dead.text().contains("booked already") && dead.text().contains("href=\"/me\""), "{}", dead.text());
    // Its author is the client.
    assert_eq!(desk.count("select count(*) from audit where action = 'book-session' and who = 'client'").await, 1);
    // And what asks to book is over.
    let states: Vec<_> = desk
        .touches(0)
        .await
        .into_iter()
        .filter(|row| row.session_id == session(0, 2) && row.kind.is_nudge())
        .map(|row| row.state.0)
        .collect();
    assert!(!states.contains(&State::Planned), "{states:?}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_time_that_is_not_offered_is_not_booked_and_the_link_lives(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, served, link) = prompted(options).await;
    let starts: i64 = offered(&phone(&served).get(&link).await)[0].parse().unwrap();
    for wrong in [starts + 60_000, starts - 200 * 3_600_000, 0, i64::MIN] {
        let refused = tap(&served, &link, &wrong.to_string()).await;
        assert_eq!((refused.status, offered(&refused).len()), (409, 3), "{wrong}");
    }
    assert_eq!((tap(&served, &link, &starts.to_string()).await.status, booked(&desk).await), (200, 1));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn any_booking_of_the_session_ends_it_and_a_cancelled_one_does_not_wake_it(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, served, link) = prompted(options).await;
    let starts = offered(&phone(&served).get(&link).await)[0].clone();
    let time = domain::booking::Time {
        provider: crate::clinic::PROVIDER,
        starts: Moment::from_millis(starts.parse().unwrap()),
        minutes: 45,
        room: None,
        device: None,
    };
    let appointment = domain::ids::AppointmentId(crate::clinic::id(0x1234));
    let book = Change::BookSession { session: session(0, 2), appointment, time, procedures: vec![], despite: String::new() };
    desk.applied(client(0), book).await;
    let dead = phone(&served).get(&link).await;
    assert!(dead.status == 410 && dead.text().contains("booked already"), "{}", dead.text());
    let cancel = Change::CancelBooking { session: session(0, 2), appointment, no_show: false, reason: "Ill.".into() };
    desk.applied(client(0), cancel).await;
    assert_eq!((tap(&served, &link, &starts).await.status, booked(&desk).await), (410, 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn it_has_its_time(_: PgPoolOptions, options: PgConnectOptions) {
    let (desk, served, link) = prompted(options).await;
    let starts = offered(&phone(&served).get(&link).await)[0].clone();
    desk.clock.set(PROMPT);
    desk.clock.pass(14 * 24 * 60 - 1);
    assert_eq!(phone(&served).get(&link).await.status, 200);
    desk.clock.pass(1);
    let dead = phone(&served).get(&link).await;
    assert!(dead.status == 410 && dead.text().contains("has had its time"), "{}", dead.text());
    assert_eq!((tap(&served, &link, &starts).await.status, booked(&desk).await), (410, 0));
    for unknown in ["/me/at/nobody-knows-it", "/me/at/%00", "/me/at/00000000000000000000000000000000"] {
        assert_eq!(phone(&served).get(unknown).await.status, 410, "{unknown}");
    }
    assert_eq!(prompts(&desk).await.len(), 1);
}
