//! The client's own pages: what is booked elsewhere is shown there, and not offered.

use super::System;
use crate::{
    clients_pages::phone::Phone,
    clinic::{CLINIC, client, plan, session},
    device::signed_in,
    photos::studio::Studio,
};
use domain::{follow_up::elsewhere::BookingState, time::Moment};
use server::{follow_up, store::follow_up::elsewhere::Told};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn her_own_pages_show_it_and_do_not_offer_it(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let system = System::connect(&studio.clinics).await;
    let mut phone = Phone::of(&studio, CLINIC, client(0)).await;
    let address = format!("/me/book/{}", session(0, 1));
    assert!(phone.get("/me").await.text().contains(&address));
    let now = studio.clinics.host.now();
    let mut told = system.told(0, "b-1", BookingState::Booked, "2026-01-20T16:00:00Z", "2026-01-20T16:00:00Z");
    (told.changed, told.starts) = (now, Moment::from_millis(now.millis() + 9 * 24 * 3_600_000));
    told.them.email = "nobody@example.com".into();
    assert!(follow_up::elsewhere::take(&studio.clinics, CLINIC, &told).await.unwrap());
    assert!(phone.get("/me").await.text().contains(&address), "nobody knows that it is hers");
    assert!(follow_up::elsewhere::pick(&studio.clinics, &signed_in(), &told.key, client(0), plan(0, false)).await.unwrap());
    let page = phone.get("/me").await.text();
    assert!(page.contains("Booked in Booker") && page.contains("go to Booker, where it was booked"), "{page}");
    assert!(!page.contains(&address) && !page.contains("/me/cancel/"), "{page}");
    assert_eq!(phone.get(&address).await.status, 404);
    assert_eq!(phone.post(&address, &format!("starts={}", told.starts.millis())).await.status, 404);
    // A device has got it by the ordinary way.
    let kept = studio.chart().await;
    assert_eq!(kept.kept_elsewhere(session(0, 1)).map(|kept| kept.starts), Some(told.starts));
    let cancelled = Told { state: BookingState::Cancelled, ..told };
    assert!(follow_up::elsewhere::take(&studio.clinics, CLINIC, &cancelled).await.unwrap());
    let page = phone.get("/me").await.text();
    assert!(page.contains(&address) && !page.contains("Booker"), "{page}");
}
