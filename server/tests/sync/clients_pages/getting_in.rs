//! A link: who gets one, where it works, and how often.

use super::phone::{Phone, link, messages, on_file};
use crate::{
    clinic::{CLINIC, client, id},
    photos::studio::{OTHER_CLINIC, Studio},
};
use domain::ids::ClientId;
use server::own_pages::getting_in::MOST_ASKED;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const EMAIL: &str = "maya@example.com";
const FORM: &str = "to=Maya%40example.com";
/// The client of the other clinic.
const ELSEWHERE: ClientId = ClientId(id(208));

async fn studio(options: PgConnectOptions) -> Studio {
    let studio = Studio::open(options).await;
    on_file(&studio, CLINIC, client(0), EMAIL, "(312) 555-0142").await;
    studio
}

/// A phone that has asked, and the link that was sent.
async fn asked(studio: &Studio) -> (Phone, String) {
    let mut phone = Phone::new(studio.nobody().address);
    assert_eq!(phone.post("/me/ask", FORM).await.status, 200);
    let text = messages(studio, CLINIC, client(0), 1).await.pop().unwrap();
    assert!(text.contains("http://clinic.example/me/link/"), "{text}");
    let link = link(&text);
    (phone, link)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_link_opens_once_and_only_where_it_was_asked_for(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = studio(options).await;
    let (mut phone, link) = asked(&studio).await;
    assert!(phone.get("/me").await.text().contains("Send me a link"));
    // Programs that look into mail follow links; nothing comes of it.
    let mut other = phone.other_browser();
    for _ in 0..3 {
        assert_eq!(other.get(&link).await.status, 410);
        let page = phone.get(&link).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Open my pages"));
    }
    for browser in ["without a cookie", "that asked for another"] {
        if browser != "without a cookie" {
            other.post("/me/ask", "to=somebody%40example.com").await;
        }
        let refused = other.post(&link, "").await;
        assert_eq!(refused.status, 410, "{browser}");
        assert!(refused.text().contains("belongs to the browser") && refused.text().contains("Send me a link"), "{browser}");
        assert!(!other.cookies.contains_key("cadence-me"));
    }
    let opened = phone.post(&link, "").await;
    assert_eq!((opened.status, opened.header("location").as_str()), (303, "/me"));
    let cookie = opened.header("set-cookie");
    assert!(cookie.contains("cadence-me=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let home = phone.get("/me").await;
    assert_eq!((home.status, home.header("cache-control").as_str()), (200, "no-store"));
    assert_eq!(home.header("referrer-policy"), "no-referrer");
    assert!(home.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(home.text().contains("Hello Client"));
    // Twice.
    let again = phone.post(&link, "").await;
    assert_eq!((again.status, again.header("set-cookie").as_str()), (410, ""));
    assert!(again.text().contains("Links work once"));
    // Another site cannot send the form.
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(studio.nobody().ask("POST", &link, &foreign, b"").await.status, 403);
    // Signed out is signed out, whoever kept the cookie.
    let mut tab = phone.tab();
    assert_eq!(phone.post("/me/sign-out", "").await.status, 303);
    for phone in [&mut phone, &mut tab] {
        assert!(phone.get("/me").await.text().contains("Send me a link"));
        let refused = phone.post("/me/messages", "").await;
        assert_eq!(refused.status, 401);
        assert!(refused.text().contains("You are signed out"));
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_link_is_good_for_ten_minutes(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = studio(options).await;
    let (phone, link) = asked(&studio).await;
    // Eleven minutes later.
    let later = studio.second_server().await;
    let mut late = Phone::new(later.address);
    late.cookies = phone.cookies;
    for method in ["GET", "POST"] {
        let refused = late.ask(method, &link, "").await;
        assert_eq!((refused.status, refused.header("set-cookie").as_str()), (410, ""), "{method}");
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn fifty_at_once_sign_in_one(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = studio(options).await;
    let (phone, link) = asked(&studio).await;
    let tries = (0..50).map(|_| {
        let (mut tab, link) = (phone.tab(), link.clone());
        tokio::spawn(async move { tab.post(&link, "").await.status })
    });
    let answers: Vec<_> = futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(303), count(410)), (1, 49), "{answers:?}");
    let mut tx = server::store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let sign_ins: i64 = sqlx::query_scalar("select count(*) from client_sign_in").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(sign_ins, 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_new_sign_in_ends_the_one_before(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = studio(options).await;
    let (mut phone, link) = asked(&studio).await;
    phone.post(&link, "").await;
    let mut before = phone.tab();
    phone.post("/me/ask", FORM).await;
    let second = super::phone::link(&messages(&studio, CLINIC, client(0), 2).await[1]);
    assert_eq!(phone.post(&second, "").await.status, 303);
    assert!(phone.get("/me").await.text().contains("Hello"));
    assert!(before.get("/me").await.text().contains("Send me a link"));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_answer_tells_nobody_who_is_known(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = studio(options).await;
    let second = studio.second_server().await;
    let mut told = Vec::new();
    for to in ["maya%40example.com", "nobody%40example.com", "%28312%29+555-0142", "0999+9999999", "nonsense"] {
        let mut answers = Vec::new();
        for n in 0..=MOST_ASKED {
            // Counted for all servers together.
            let address = if n % 2 == 0 { studio.nobody().address } else { second.address };
            let answer = Phone::new(address).post("/me/ask", &format!("to={to}")).await;
            let nonce = answer.text().split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let names: Vec<_> = ["content-type", "cache-control", "retry-after"].map(|name| answer.header(name)).into();
            assert!(answer.header("set-cookie").starts_with("cadence-asked="));
            answers.push((answer.status, names, answer.text().replace(&nonce, "")));
        }
        let statuses: Vec<_> = answers.iter().map(|(status, ..)| *status).collect();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 429], "{to}");
        told.push(answers);
    }
    assert!(told.windows(2).all(|two| two[0] == two[1]));
    // By e-mail and by phone, as often as it was asked for and answered.
    let sent = messages(&studio, CLINIC, client(0), 10).await;
    assert_eq!(sent.len(), 10);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_client_of_two_clinics_hears_from_both(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = studio(options).await;
    on_file(&studio, OTHER_CLINIC, ELSEWHERE, EMAIL, "+1 312 555 0142").await;
    let mut phone = Phone::new(studio.nobody().address);
    phone.post("/me/ask", "to=312+555+0142").await;
    let here = link(&messages(&studio, CLINIC, client(0), 1).await[0]);
    let there = link(&messages(&studio, OTHER_CLINIC, ELSEWHERE, 1).await[0]);
    phone.post(&here, "").await;
    assert!(phone.get("/me").await.text().contains("Hello Client"));
    phone.post(&there, "").await;
    assert!(phone.get("/me").await.text().contains("Hello Someone"));
    // A corrected address is known by the new one only.
    on_file(&studio, OTHER_CLINIC, ELSEWHERE, "new@example.com", "").await;
    phone.post("/me/ask", FORM).await;
    messages(&studio, CLINIC, client(0), 2).await;
    phone.post("/me/ask", "to=NEW%40example.com").await;
    assert_eq!(messages(&studio, OTHER_CLINIC, ELSEWHERE, 2).await.len(), 2);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_staff_reads_what_was_written_but_cannot_use_it(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = studio(options).await;
    let (_, link) = asked(&studio).await;
    let desk = studio.desk().await;
    let request = format!("{{\"client\":\"{}\"}}", client(0));
    let json = [("content-type", "application/json")];
    let seen = desk.ask("POST", "/api/client-messages", &json, request.as_bytes()).await;
    assert_eq!(seen.status, 200);
    let token = link.rsplit('/').next().unwrap();
    assert!(!seen.text().contains(token) && seen.text().contains("/me/link/…"), "{}", seen.text());
    let invited = desk.ask("POST", "/api/invite-client", &json, request.as_bytes()).await;
    assert!(invited.text().contains("http://clinic.example/me"), "{}", invited.text());
    assert_eq!(messages(&studio, CLINIC, client(0), 2).await.len(), 2);
    // Of another clinic's client nothing is said, and nothing is written to her.
    for path in ["/api/client-messages", "/api/invite-client"] {
        let refused = studio.stranger().await.ask("POST", path, &json, request.as_bytes()).await;
        assert!(refused.status != 200 && refused.text().contains("not at the clinic"), "{path}: {}", refused.text());
    }
    assert_eq!(messages(&studio, CLINIC, client(0), 2).await.len(), 2);
}
