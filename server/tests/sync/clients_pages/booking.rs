//! One tap books what the staff would be offered, and nothing else.

use super::phone::Phone;
use crate::{
    clinic::{CLINIC, PROVIDER, client, session},
    photos::{browser::Answer, studio::Studio},
};
use domain::{booking::BookingEnd, chart::Chart, ids::StaffId};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use tokio::sync::Barrier;

fn offered(page: &Answer) -> Vec<String> {
    let text = page.text();
    text.split("name=\"starts\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn chart(studio: &Studio, n: u128) -> Chart {
    let mut tx = server::store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    server::store::chart::load(&mut tx, CLINIC, client(n)).await.unwrap().unwrap()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn one_tap_books_and_it_can_be_cancelled_in_time(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let mut phone = Phone::of(&studio, CLINIC, client(0)).await;
    let address = format!("/me/book/{}", session(0, 1));
    let times = phone.get(&address).await;
    let starts = offered(&times);
    assert_eq!(starts.len(), 3, "{}", times.text());
    // What a browser adds is not looked at.
    // Days ahead, so that it can be cancelled.
    let form = format!("starts={}&provider={}&minutes=480&room=&despite=because&procedures=", starts[2], session(0, 3));
    let booked = phone.post(&address, &form).await;
    assert_eq!((booked.status, booked.header("location").as_str()), (303, "/me?said=booked"));
    let page = phone.get("/me?said=booked").await.text();
    assert!(page.contains("You are booked") && page.contains("Dr Ama Osei") && page.contains("America/Chicago"), "{page}");
    let one = chart(&studio, 0).await;
    let [appointment] = one.session(session(0, 1)).unwrap().appointments.as_slice() else { panic!("one booking") };
    assert_eq!((appointment.provider, appointment.minutes, appointment.despite.clone()), (PROVIDER, 60, None));
    // The same tap again, as on a bad line.
    assert_eq!(phone.post(&address, &form).await.status, 303);
    assert_eq!(chart(&studio, 0).await, one);
    // Its author is the client, in the record and in the log, and a device of the clinic reads it as any change.
    let mut tx = server::store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let by: Vec<uuid::Uuid> = sqlx::query_scalar("select changed_by from change_log where client_id = $1 order by version desc limit 1")
        .bind(client(0).0)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    let signed_in: Vec<uuid::Uuid> = sqlx::query_scalar("select signed_in from receipt").fetch_all(&mut *tx).await.unwrap();
    assert_eq!((by, signed_in), (vec![StaffId::CLIENT.0], vec![StaffId::CLIENT.0]));
    drop(tx);
    assert_eq!(studio.chart().await, one);

    let cancelled = phone.post(&format!("/me/cancel/{}", appointment.id), "").await;
    assert_eq!(cancelled.header("location"), "/me?said=cancelled");
    let after = chart(&studio, 0).await;
    let past = &after.session(session(0, 1)).unwrap().past_bookings;
    assert_eq!((past[0].end, past[0].remark.by), (BookingEnd::Cancelled, StaffId::CLIENT));
    assert_eq!(phone.post(&format!("/me/cancel/{}", appointment.id), "").await.status, 404);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn only_offered_times_of_the_next_session_are_booked_and_the_last_day_is_the_clinics(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let mut phone = Phone::of(&studio, CLINIC, client(0)).await;
    let first = format!("/me/book/{}", session(0, 1));
    let starts: i64 = offered(&phone.get(&first).await)[0].parse().unwrap();
    let hour = 3_600_000;
    // Off the grid, long before, long after, no time at all.
    for wrong in [starts + 60_000, starts - 48 * hour, starts + 90 * 24 * hour, 0, i64::MIN] {
        let refused = phone.post(&first, &format!("starts={wrong}")).await;
        assert_eq!(refused.status, 409, "{wrong}");
        assert_eq!(offered(&refused).len(), 3);
    }
    // The one after next waits for the next.
    assert_eq!(phone.post(&format!("/me/book/{}", session(0, 2)), &format!("starts={starts}")).await.status, 404);
    assert_eq!(phone.get(&format!("/me/book/{}", session(0, 2))).await.status, 404);
    // Nearer than a day: the clinic is called.
    assert_eq!(phone.post(&first, &format!("starts={starts}")).await.status, 303);
    let id = chart(&studio, 0).await.session(session(0, 1)).unwrap().appointments[0].id;
    let now = studio.clinics.host.now().millis();
    let near = starts - now < 24 * hour;
    let answer = phone.post(&format!("/me/cancel/{id}"), "").await;
    assert_eq!(answer.header("location"), if near { "/me?said=late" } else { "/me?said=cancelled" });
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn of_two_who_tap_the_same_time_one_has_it_and_the_other_is_shown_others(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let mut phones = [Phone::of(&studio, CLINIC, client(0)).await, Phone::of(&studio, CLINIC, client(1)).await];
    let mut starts = Vec::new();
    for (n, phone) in phones.iter_mut().enumerate() {
        starts.push(offered(&phone.get(&format!("/me/book/{}", session(n as u128, 1))).await)[0].clone());
    }
    assert_eq!(starts[0], starts[1]);
    let start = Arc::new(Barrier::new(2));
    let taps = phones.into_iter().enumerate().map(|(n, mut phone)| {
        let (start, form) = (start.clone(), format!("starts={}", starts[n]));
        tokio::spawn(async move {
            start.wait().await;
            phone.post(&format!("/me/book/{}", session(n as u128, 1)), &form).await
        })
    });
    let mut answers: Vec<_> = futures::future::join_all(taps).await.into_iter().map(Result::unwrap).collect();
    answers.sort_by_key(|answer| answer.status);
    assert_eq!([answers[0].status, answers[1].status], [303, 409]);
    assert!(answers[1].text().contains("just taken"), "{}", answers[1].text());
    let others = offered(&answers[1]);
    assert!(others.len() == 3 && !others.contains(&starts[0]), "{others:?}");
    let booked =
        [chart(&studio, 0).await, chart(&studio, 1).await].iter().flat_map(|chart| &chart.sessions).flat_map(|s| &s.appointments).count();
    assert_eq!(booked, 1);
}
