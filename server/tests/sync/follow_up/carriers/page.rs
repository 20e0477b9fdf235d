//! Where the owner sets by what messages travel.

use super::{TOKEN, account, telephone::Telephone, transport};
use crate::{
    clinic::CLINIC,
    follow_up::desk::{Clock, START},
    photos::{browser::Answer, browser::Browser, studio::Studio},
    routes::set_role,
};
use domain::catalogue::Role;
use server::{
    carriers,
    follow_up::transport::{Answer as Said, Transport},
    store,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use url::form_urlencoded::Serializer;

async fn send(person: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    person.ask("POST", path, &[("content-type", "application/x-www-form-urlencoded")], body.as_bytes()).await
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_owner_sets_tries_and_removes_and_the_secret_is_never_told(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let telephone = Telephone::start(&Clock::at(START)).await;
    set_role(&studio, Role::Owner).await;
    let owner = studio.desk().await;
    let base = telephone.base();
    let sms = |secret: &'static str, account: String| {
        let (owner, base) = (&owner, base.clone());
        async move {
            let fields =
                [("account", account.as_str()), ("secret", secret), ("from", "+1 312 555 9999"), ("country", "+1"), ("base", &base)];
            send(owner, "/carriers/sms", &fields).await
        }
    };
    assert_eq!(sms("", account()).await.status, 422);
    assert_eq!(sms(TOKEN, account()).await.status, 303);
    let page = owner.get("/carriers").await;
    assert!(page.status == 200 && page.text().contains(&account()) && page.text().contains("One is kept"), "{}", page.text());
    assert!(!page.text().contains(TOKEN));
    // Nor does it stand in the database.
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let row: String =
        sqlx::query_scalar("select to_json(c)::text || encode(secret, 'escape') from carrier c").fetch_one(&mut *tx).await.unwrap();
    assert!(!row.contains(TOKEN) && row.contains(&account()), "{row}");
    drop(tx);
    // Left empty it stays; for another account it has to be typed again.
    assert_eq!(sms("", account()).await.status, 303);
    assert_eq!(sms("", format!("AC{}", "0b".repeat(16))).await.status, 422);

    let who = crate::device::signed_in();
    let tried = carriers::test(&studio.clinics, &transport(&Clock::at(START)), &who, app::api::messages::Channel::Sms, "312 555 0100")
        .await
        .unwrap();
    assert!(matches!(tried, Said::Accepted { id: Some(_) }), "{tried:?}");
    assert_eq!(telephone.has()[0].form["To"], "+13125550100");
    // The served page has none to hand it to, and says so.
    let said = send(&owner, "/carriers/test", &[("channel", "sms"), ("to", "312 555 0100")]).await;
    assert!(said.status == 422 && said.text().contains("There is no carrier"), "{}", said.text());

    let email = [
        ("host", "smtp.example.com"),
        ("port", "587"),
        ("security", "none"),
        ("user", "clinic"),
        ("secret", "secret"),
        ("from_name", "Test"),
        ("from_address", "hello@clinic.example"),
        ("bounces", ""),
    ];
    let refused = send(&owner, "/carriers/email", &email).await;
    assert!(refused.status == 422 && refused.text().contains("read along"), "{}", refused.text());
    // What was typed is not lost, but for the password.
    assert!(refused.text().contains("smtp.example.com") && !refused.text().contains("value=\"secret\""), "{}", refused.text());
    assert_eq!(send(&owner, "/carriers/remove", &[("channel", "sms")]).await.status, 303);
    assert!(carriers::list(&studio.clinics, CLINIC).await.unwrap().is_empty());
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let told: Vec<String> =
        sqlx::query_scalar("select action from audit where action like '%-carrier' order by number").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(told, ["edit-carrier", "edit-carrier", "test-carrier", "test-carrier", "remove-carrier"]);
}

/// Whoever copies the table of one clinic into another opens nothing.
#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_secret_opens_for_its_clinic_and_channel_only(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let settings = store::follow_up::carrier::Settings::Sms(app::api::carriers::SmsCarrier {
        account: account(),
        from: "+13125559999".into(),
        country: String::new(),
        base: "http://127.0.0.1:1".into(),
    });
    let ways_in = crate::photos::studio::ways_in();
    carriers::set(&studio.clinics, &ways_in.key, &crate::device::signed_in(), settings, TOKEN).await.unwrap().unwrap();
    let kept = carriers::list(&studio.clinics, CLINIC).await.unwrap().remove(0);
    let open = |clinic, channel| store::follow_up::carrier::open(&ways_in.key, clinic, channel, &kept);
    use app::api::messages::Channel::{Email, Sms};
    assert_eq!(open(CLINIC, Sms).as_deref(), Some(TOKEN));
    assert_eq!((open(CLINIC, Email), open(crate::photos::studio::OTHER_CLINIC, Sms)), (None, None));
    // A carrier nobody can reach has nothing.
    let outgoing = server::follow_up::transport::Outgoing {
        clinic: CLINIC,
        token: uuid::Uuid::from_u128(1),
        channel: Sms,
        to: "+13125550000".into(),
        subject: String::new(),
        text: "Hello".into(),
        heard_of: true,
        carrier: Some(kept.clone()),
    };
    assert!(matches!(transport(&Clock::at(START)).send(&outgoing).await, Said::Later(_)));
    let foreign = server::follow_up::transport::Outgoing { clinic: crate::photos::studio::OTHER_CLINIC, ..outgoing };
    assert!(matches!(transport(&Clock::at(START)).send(&foreign).await, Said::Later(words) if words.contains("another key")));
}
