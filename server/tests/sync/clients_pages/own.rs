//! Only one's own: whatever id is tried, of another client or of another clinic.

use super::phone::Phone;
use crate::{
    clinic::{CLINIC, client, id, session},
    photos::studio::{OTHER_CLINIC, Studio},
};
use domain::ids::ClientId;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_first_page_says_what_the_staff_reads(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let chart = studio.chart().await;
    let says = chart.balance(chart.plans[0].id).sentence(chart.client.first_name());
    let page = Phone::of(&studio, CLINIC, client(0)).await.get("/me").await.text();
    assert!(page.contains(&says), "{says}: {page}");
    assert!(page.contains("Due from"), "{page}");
    assert!(!page.contains("<script"), "{page}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_is_anothers_is_not_there(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let mut owner = Phone::of(&studio, CLINIC, client(1)).await;
    let times = owner.get(&format!("/me/book/{}", session(1, 1))).await;
    assert_eq!(times.status, 200);
    // Days ahead, so that she could cancel it herself.
    let starts = times.text().split("name=\"starts\" value=\"").nth(3).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(owner.post(&format!("/me/book/{}", session(1, 1)), &format!("starts={starts}")).await.status, 303);
    let home = owner.get("/me").await.text();
    let cancel = home.split("action=\"/me/cancel/").nth(1).unwrap().split('"').next().unwrap().to_owned();

    let mut other = Phone::of(&studio, CLINIC, client(0)).await;
    let mut elsewhere = Phone::of(&studio, OTHER_CLINIC, ClientId(id(208))).await;
    for phone in [&mut other, &mut elsewhere] {
        for session in [session(1, 1), session(1, 2)] {
            assert_eq!(phone.get(&format!("/me/book/{session}")).await.status, 404);
            assert_eq!(phone.post(&format!("/me/book/{session}"), &format!("starts={starts}")).await.status, 404);
        }
        assert_eq!(phone.post(&format!("/me/cancel/{cancel}"), "").await.status, 404);
    }
    assert!(owner.get("/me").await.text().contains(&cancel), "the booking is still there");
    // What one chose is one's own, too.
    other.post("/me/messages", "email_offers=on").await;
    let ticked =
        |page: String, name: &str| page.split(&format!("name=\"{name}\"")).nth(1).unwrap().split('>').next().unwrap().contains("checked");
    let page = other.get("/me").await.text();
    assert!(ticked(page.clone(), "email_offers") && !ticked(page, "email_reminders"));
    let page = owner.get("/me").await.text();
    assert!(!ticked(page.clone(), "email_offers") && ticked(page, "email_reminders"));
}
