//! Looks on devices, and who may read of them.

use super::{line, rows, since};
use crate::{
    clinic::{CLINIC, PROVIDER, client, id},
    photos::{
        browser::{Answer, Browser},
        studio::{DESK, OTHER_CLINIC, Studio},
    },
};
use app::api::audit::{AUDIT_PAGE, AuditAsked, AuditCursor, AuditLine, AuditPage, LOOKS_BATCH, Look, LookedRequest};
use domain::{
    audit::{Action, LookedPage, Who},
    ids::{ClientId, LookId, StaffId},
    time::Moment,
};
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const NOW: i64 = 1_790_000_000_000;

fn look(n: u128, client: ClientId, at: i64, page: LookedPage) -> Look {
    Look { id: LookId(id(90_000 + n)), client, at: Moment::from_millis(at), page }
}

async fn tell(browser: &Browser, by: StaffId, looks: Vec<Look>) -> Answer {
    let body = serde_json::to_vec(&json!({ "request": LookedRequest { by, looks } })).unwrap();
    browser.ask("POST", "/api/looked", &[("content-type", "application/json")], &body).await
}

async fn read(browser: &Browser, client: ClientId, before: Option<AuditCursor>) -> AuditPage {
    let body = serde_json::to_vec(&json!({ "asked": AuditAsked { client, before } })).unwrap();
    let answer = browser.ask("POST", "/api/audit-of-client", &[("content-type", "application/json")], &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_look_is_one_row_however_often_it_is_told(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let desk = studio.desk().await;
    let seen = rows(&studio.clinics, CLINIC).await.len();
    let looks = vec![look(1, client(0), NOW - 86_400_000, LookedPage::Client), look(2, client(1), NOW - 80_000_000, LookedPage::Session)];
    for _ in 0..3 {
        assert_eq!(tell(&desk, DESK, looks.clone()).await.status, 200);
    }
    // Among others, and twice in one batch.
    let again = vec![looks[0], look(3, client(0), NOW - 70_000_000, LookedPage::Chart), look(3, client(0), NOW, LookedPage::Chart)];
    assert_eq!(tell(&desk, DESK, again).await.status, 200);
    let by_desk = |client| line(Who::Staff(DESK), "look", Some(client));
    assert_eq!(since(&studio.clinics, seen).await, [by_desk(100), by_desk(101), by_desk(100)]);

    // When it happened, and when it was told.
    let row = &rows(&studio.clinics, CLINIC).await[seen];
    assert_eq!(row.at.as_millisecond(), NOW - 86_400_000);
    assert!(row.received_at.as_millisecond() >= NOW);
    assert_eq!(row.detail, json!({ "look": id(90_001), "page": "client" }));
    // A device whose clock runs ahead tells nothing of tomorrow.
    tell(&desk, DESK, vec![look(4, client(0), NOW + 999_000_000, LookedPage::Chart)]).await;
    let row = rows(&studio.clinics, CLINIC).await.pop().unwrap();
    assert_eq!(row.at, row.received_at);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_told_in_another_name_nor_of_other_clinics(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let desk = studio.desk().await;
    let seen = rows(&studio.clinics, CLINIC).await.len();
    let own = look(1, client(0), NOW, LookedPage::Chart);
    // Whoever looked has left, and somebody else is signed in at the device.
    assert_ne!(tell(&desk, PROVIDER, vec![own]).await.status, 200);
    assert_eq!(tell(&studio.nobody(), DESK, vec![own]).await.status, 401);
    let too_many = (0..=LOOKS_BATCH).map(|n| look(n.try_into().unwrap(), client(0), NOW, LookedPage::Chart)).collect();
    assert_ne!(tell(&desk, DESK, too_many).await.status, 200);
    // Somebody of another clinic, and nobody at all: the answer is the same as for one's own.
    let foreign = [ClientId(id(208)), ClientId(id(209))].map(|client| look(2, client, NOW, LookedPage::Chart));
    for look in foreign {
        let answer = tell(&desk, DESK, vec![look]).await;
        assert_eq!((answer.status, answer.text()), (200, tell(&desk, DESK, vec![]).await.text()));
    }
    assert_eq!(since(&studio.clinics, seen).await, []);
    assert_eq!(rows(&studio.clinics, OTHER_CLINIC).await, []);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn who_looked_is_read_in_pages_the_newest_first(_: PgPoolOptions, options: PgConnectOptions) {
    const LOOKS: usize = 250;
    let studio = Studio::open(options).await;
    let (desk, provider) = (studio.desk().await, studio.provider().await);
    // Told in another order than they happened, two at the same moment each.
    for batch in 0..2 {
        let looks = (0..LOOKS / 2).map(|n| {
            let n = i64::try_from(n).unwrap() * 2 + batch;
            look(n.try_into().unwrap(), client(0), NOW - 900_000_000 - n / 2 * 60_000, LookedPage::Photographs)
        });
        assert_eq!(tell(&desk, DESK, looks.collect()).await.status, 200);
    }
    tell(&desk, DESK, vec![look(5_000, client(1), NOW, LookedPage::Chart)]).await;

    let mut lines: Vec<AuditLine> = Vec::new();
    let mut before = None;
    loop {
        let page = read(&provider, client(0), before).await;
        assert!(page.lines.len() <= AUDIT_PAGE);
        lines.extend(page.lines);
        before = page.earlier;
        if before.is_none() {
            break;
        }
    }
    let looks: Vec<_> = lines.iter().filter(|line| line.action == Some(Action::Look)).collect();
    assert_eq!(looks.len(), LOOKS, "each once, and none of anybody else");
    assert!(looks.iter().all(|line| line.who == Who::Staff(DESK) && line.page == Some(LookedPage::Photographs) && !line.set_aside));
    assert!(lines.is_sorted_by_key(|line| std::cmp::Reverse((line.at, line.number))));
    // To look this up is told too, once for all its pages.
    let again = read(&provider, client(0), None).await;
    let read_audit: Vec<_> = again.lines.iter().filter(|line| line.action == Some(Action::ReadAudit)).map(|line| line.who).collect();
    assert_eq!(read_audit, [Who::Staff(PROVIDER)]);
    // Another clinic's client: nothing, and no trace.
    let seen = rows(&studio.clinics, CLINIC).await.len();
    assert_eq!(read(&provider, ClientId(id(208)), None).await, AuditPage::default());
    assert_eq!(read(&studio.stranger().await, client(0), None).await, AuditPage::default());
    assert_eq!(since(&studio.clinics, seen).await, []);
    assert_eq!(rows(&studio.clinics, OTHER_CLINIC).await, []);
}
