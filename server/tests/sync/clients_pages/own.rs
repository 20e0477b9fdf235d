//! Only one's own: whatever id is tried, of another client or of another clinic.

use super::phone::Phone;
use crate::{
    clinic::{CLINIC, client, id, record, session},
    photos::studio::{OTHER_CLINIC, Studio},
};
use domain::{command::Change, ids::ClientId};
use server::store;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_first_page_counts_as_the_staff_reads(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let chart = studio.chart().await;
    let says = chart.balance(chart.plans[0].id).sentence_to_client();
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
    let page = other.get("/me/messages").await.text();
    assert!(ticked(page.clone(), "email_offers") && !ticked(page, "email_reminders"));
    let page = owner.get("/me/messages").await.text();
    assert!(!ticked(page.clone(), "email_offers") && ticked(page, "email_reminders"));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_worry_is_told_once_and_waits_in_her_own_chart(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let mut phone = Phone::of(&studio, CLINIC, client(0)).await;
    let address = format!("/me/report/{}", session(0, 1));
    assert!(!phone.get("/me").await.text().contains(&address), "nothing was done yet");
    assert_eq!(phone.post(&address, "how=worried&text=").await.status, 404);
    studio.record(Change::SignSession { session: session(0, 1), record: record(session(0, 1), 10), rest: None }).await;
    assert!(phone.get("/me").await.text().contains(&address));

    let mut other = Phone::of(&studio, CLINIC, client(1)).await;
    let mut elsewhere = Phone::of(&studio, OTHER_CLINIC, ClientId(id(208))).await;
    for stranger in [&mut other, &mut elsewhere] {
        assert_eq!(stranger.post(&address, "how=worried&text=no").await.status, 404);
    }
    assert_eq!(phone.post(&address, "how=perhaps&text=no").await.status, 422);
    for _ in 0..2 {
        let told = phone.post(&address, "how=worried&text=it+%3Cb%3Eblisters%3C%2Fb%3E").await;
        assert_eq!((told.status, told.header("location").as_str()), (303, "/me?said=worried"));
    }
    let chart = studio.chart().await;
    let held = chart.session(session(0, 1)).unwrap();
    assert!(held.needs_follow_up());
    assert_eq!(held.reports.iter().map(|report| report.text.as_str()).collect::<Vec<_>>(), ["it <b>blisters</b>"]);
    // From the tables the same comes out.
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    assert_eq!(store::chart::rebuild(&mut tx, CLINIC, &[client(0)]).await.unwrap(), [chart]);
    drop(tx);

    studio.record(Change::CloseFollowUp { session: session(0, 1), text: "Called her.".into() }).await;
    assert!(!studio.chart().await.session(session(0, 1)).unwrap().needs_follow_up());
    let page = phone.get("/me").await.text();
    assert!(page.contains("it &lt;b&gt;blisters") && !page.contains("<b>blisters"), "{page}");
}
