//! Who works here: edited by the owner alone, let in by links that work once.

use crate::{
    clinic::{self, CLINIC, COLLEAGUE, Counting, PROVIDER, id},
    photos::{
        browser::{Answer, Browser},
        studio::{DESK, Studio, ways_in},
    },
};
use app::api::{ApiError, Invitation, ListedPerson, PeopleEdit, SignedIn};
use domain::{catalogue::Role, ids::StaffId, people::Person};
use server::{
    backend::{self, SignInError},
    clinic::Clinics,
    editing::EditError,
    invitations::{InvitationError, Invited, Link},
    people::{self, INVITATION_SECONDS},
    second_factor, store,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{collections::BTreeSet, sync::Arc};

const OWNER: StaffId = StaffId(id(300));
pub const NEW: StaffId = StaffId(id(301));
pub const GOOD: &str = "lamp orbit velvet seven";
const BETTER: &str = "harbour mint kettle nine";

fn owner() -> SignedIn {
    SignedIn { clinic: CLINIC, staff: OWNER, name: "Vera Winter".into(), role: Role::Owner }
}

pub fn person(id: StaffId, name: &str, role: Role, version: u32) -> Person {
    let email = format!("{}@clinic.example", name.split(' ').next_back().unwrap().to_lowercase());
    Person { id, name: name.into(), role, email, active: true, version }
}

/// A clinic that is owned.
pub async fn owned(options: PgConnectOptions) -> Studio {
    let studio = Studio::open(options).await;
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    store::people::save(&mut tx, CLINIC, &person(OWNER, "Vera Winter", Role::Owner, 1)).await.unwrap();
    tx.commit().await.unwrap();
    studio
}

pub async fn change(clinics: &Clinics, edit: PeopleEdit) -> Result<Option<Invitation>, ApiError> {
    people::change(clinics, &owner(), edit).await.map_err(|error| match error {
        EditError::Api(error) => error,
        EditError::Store(error) => panic!("the server failed: {error}"),
    })
}

/// Saves somebody new, and gives the token of their link.
pub async fn invited(clinics: &Clinics, person: Person) -> String {
    token(change(clinics, PeopleEdit::Save(person)).await.unwrap().unwrap())
}

pub fn token(invitation: Invitation) -> String {
    invitation.address.strip_prefix("/invitation/").unwrap().to_owned()
}

async fn listed(clinics: &Clinics, staff: StaffId) -> ListedPerson {
    people::list(clinics, &owner()).await.unwrap().into_iter().find(|listed| listed.person.id == staff).unwrap()
}

fn later(clinics: &Clinics, seconds: i64) -> Clinics {
    Clinics::new(clinics.pool.clone(), Arc::new(Counting::from(seconds * 1000)), clinics.photos.clone(), clinic::audit_key())
}

async fn look(clinics: &Clinics, link: &str) -> Result<Invited, InvitationError> {
    Link { clinics, ways: &ways_in(), token: link }.look().await
}

/// The code an app shows that was told the link's secret.
async fn shown(clinics: &Clinics, link: &Link<'_>) -> String {
    let invited = link.look().await.unwrap();
    second_factor::code_at(&link.ways.key, invited.staff, &invited.totp_offered.unwrap(), clinics.host.now()).unwrap()
}

/// Goes the whole way of a link: the sign-in's token, and the recovery codes.
pub async fn accepted(clinics: &Clinics, link: &str, password: &str) -> Result<(String, Vec<String>), InvitationError> {
    let ways = ways_in();
    let link = Link { clinics, ways: &ways, token: link };
    link.choose(password).await?;
    let accepted = link.accept_app(&shown(clinics, &link).await).await?;
    Ok((accepted.sign_in, accepted.codes))
}

fn is_told(result: Result<Option<Invitation>, ApiError>) -> bool {
    matches!(result, Err(ApiError::Invalid(faults)) if !faults.is_empty())
}

pub async fn post(browser: &Browser, path: &str, form: &str) -> Answer {
    browser.ask("POST", path, &[("content-type", "application/x-www-form-urlencoded")], form.as_bytes()).await
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn two_editors_cannot_overwrite_each_other_and_the_rules_hold_here_too(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let clinics = &studio.clinics;
    assert!(change(clinics, PeopleEdit::Save(person(NEW, "Sofia Lind", Role::Provider, 0))).await.unwrap().is_some());
    // A second save is of somebody known: no link.
    assert_eq!(change(clinics, PeopleEdit::Save(person(NEW, "Sofia Lind", Role::Coordinator, 1))).await, Ok(None));
    for version in [0, 1, 3] {
        assert_eq!(change(clinics, PeopleEdit::Save(person(NEW, "Other Name", Role::Provider, version))).await, Err(ApiError::Stale));
    }
    assert_eq!(listed(clinics, NEW).await.person, person(NEW, "Sofia Lind", Role::Coordinator, 2));
    // The rules themselves are tested where they stand.
    let gone = Person { active: false, ..person(OWNER, "Vera Winter", Role::Owner, 1) };
    assert!(is_told(change(clinics, PeopleEdit::Save(gone)).await));
    let same = Person { email: " LIND@clinic.example".into(), ..person(COLLEAGUE, "Lena Brandt", Role::Provider, 1) };
    assert!(is_told(change(clinics, PeopleEdit::Save(same)).await));
    assert_eq!(change(clinics, PeopleEdit::Invite(StaffId(id(999)))).await, Err(ApiError::Stale));
    // Without an address nobody can be let in.
    assert!(is_told(change(clinics, PeopleEdit::Invite(COLLEAGUE)).await));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_address_of_another_clinic_is_taken_too(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let mut tx = store::begin(&studio.clinics.pool, crate::photos::studio::OTHER_CLINIC).await.unwrap();
    let abroad = Person { email: "lind@clinic.example".into(), ..person(StaffId(id(205)), "Dr Stranger", Role::Owner, 1) };
    store::people::save(&mut tx, crate::photos::studio::OTHER_CLINIC, &abroad).await.unwrap();
    tx.commit().await.unwrap();
    assert!(is_told(change(&studio.clinics, PeopleEdit::Save(person(NEW, "Sofia Lind", Role::Provider, 0))).await));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn all_devices_hear_of_it(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    change(&studio.clinics, PeopleEdit::Save(person(NEW, "Sofia Lind", Role::Provider, 0))).await.unwrap();
    studio.device.sync().await;
    let catalogue = studio.device.engine.read(|replica| replica.catalogue()).unwrap();
    assert_eq!(catalogue.staff_member(NEW).map(|staff| (staff.name.as_str(), staff.role)), Some(("Sofia Lind", Role::Provider)));
    let left = Person { active: false, ..person(NEW, "Sofia Lind", Role::Provider, 1) };
    change(&studio.clinics, PeopleEdit::Save(left)).await.unwrap();
    studio.device.sync().await;
    let catalogue = studio.device.engine.read(|replica| replica.catalogue()).unwrap();
    assert!(!catalogue.staff_member(NEW).unwrap().active);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whoever_has_left_is_out_at_the_next_request_by_whatever_they_had(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let clinics = &studio.clinics;
    let link = invited(clinics, person(NEW, "Sofia Lind", Role::Provider, 0)).await;
    let browser = Browser { token: Some(accepted(clinics, &link, GOOD).await.unwrap().0), ..studio.nobody() };
    let status = async || browser.status("POST", "/api/who", &[("content-type", "application/json")], b"{}").await;
    assert_eq!(status().await, 200);
    let second = token(change(clinics, PeopleEdit::Invite(NEW)).await.unwrap().unwrap());
    change(clinics, PeopleEdit::Save(Person { active: false, ..person(NEW, "Sofia Lind", Role::Provider, 1) })).await.unwrap();
    assert_eq!(status().await, 401);
    assert!(matches!(backend::sign_in(clinics, "lind@clinic.example", GOOD, None).await, Err(SignInError::WrongPassword)));
    assert!(matches!(look(clinics, &second).await, Err(InvitationError::Gone)));
    assert!(is_told(change(clinics, PeopleEdit::Invite(NEW)).await));
    // Who comes back signs in as before; what ended stays ended.
    change(clinics, PeopleEdit::Save(person(NEW, "Sofia Lind", Role::Provider, 2))).await.unwrap();
    assert_eq!(status().await, 401);
    assert!(backend::sign_in(clinics, "lind@clinic.example", GOOD, None).await.is_ok());
    assert!(matches!(look(clinics, &second).await, Err(InvitationError::Gone)));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn of_fifty_who_use_a_link_at_once_one_gets_in(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let link = invited(&studio.clinics, person(NEW, "Sofia Lind", Role::Provider, 0)).await;
    // Within the half minute of the code.
    let beside = Arc::new(later(&studio.clinics, 5));
    let ways = ways_in();
    let open = Link { clinics: &studio.clinics, ways: &ways, token: &link };
    open.choose(GOOD).await.unwrap();
    let code = shown(&studio.clinics, &open).await;
    let tries = (0..50).map(|n| {
        let clinics = if n % 2 == 0 { studio.clinics.clone() } else { beside.clone() };
        let (link, code) = (link.clone(), code.clone());
        tokio::spawn(async move { Link { clinics: &clinics, ways: &ways_in(), token: &link }.accept_app(&code).await })
    });
    let answers = futures::future::join_all(tries).await;
    let gone = answers.iter().filter(|answer| matches!(answer, Ok(Err(InvitationError::Gone)))).count();
    assert_eq!((answers.iter().filter(|answer| matches!(answer, Ok(Ok(_)))).count(), gone), (1, 49));
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let sign_ins: i64 =
        sqlx::query_scalar("select count(*) from sign_in where staff_id = $1").bind(NEW.0).fetch_one(&mut *tx).await.unwrap();
    assert_eq!(sign_ins, 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_link_replaces_what_was_there_when_it_is_used_and_not_before(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let clinics = &studio.clinics;
    let sign_in = async |password: &str| backend::sign_in(clinics, "lind@clinic.example", password, None).await;
    let first = invited(clinics, person(NEW, "Sofia Lind", Role::Provider, 0)).await;
    assert!(matches!(sign_in("").await, Err(SignInError::WrongPassword)));
    let before = listed(clinics, NEW).await;
    assert!(!before.has_password && before.signed_in_last.is_none() && before.invited_until.is_some());

    // A newer link is the only one; refused passwords do not use it up.
    let second = token(change(clinics, PeopleEdit::Invite(NEW)).await.unwrap().unwrap());
    assert!(matches!(accepted(clinics, &first, GOOD).await, Err(InvitationError::Gone)));
    for bad in ["short", "password1234", "Sofia-Lind-2026"] {
        assert!(matches!(accepted(clinics, &second, bad).await, Err(InvitationError::Password(_))));
    }
    let begun = accepted(clinics, &second, GOOD).await.unwrap().0;
    assert_eq!(backend::signed_in(clinics, Some(&begun)).await.unwrap().staff, NEW);
    assert!(matches!(accepted(clinics, &second, GOOD).await, Err(InvitationError::Gone)));
    let after = listed(clinics, NEW).await;
    assert!(after.has_password && after.signed_in_last.is_some() && after.invited_until.is_none());

    let third = token(change(clinics, PeopleEdit::Invite(NEW)).await.unwrap().unwrap());
    assert!(look(clinics, &third).await.is_ok());
    assert!(backend::signed_in(clinics, Some(&begun)).await.is_ok() && sign_in(GOOD).await.is_ok());
    accepted(clinics, &third, BETTER).await.unwrap();
    assert_eq!(backend::signed_in(clinics, Some(&begun)).await, Err(ApiError::SignedOut));
    assert!(matches!(sign_in(GOOD).await, Err(SignInError::WrongPassword)));
    assert!(sign_in(BETTER).await.is_ok());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_link_ends_after_three_days_and_is_nowhere_in_the_database(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let clinics = &studio.clinics;
    let link = invited(clinics, person(NEW, "Sofia Lind", Role::Provider, 0)).await;
    assert!(look(&later(clinics, INVITATION_SECONDS - 60), &link).await.is_ok());
    let too_late = later(clinics, INVITATION_SECONDS + 60);
    assert!(matches!(look(&too_late, &link).await, Err(InvitationError::Gone)));
    assert!(matches!(accepted(&too_late, &link, GOOD).await, Err(InvitationError::Gone)));
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let row: String = sqlx::query_scalar("select invitation::text from invitation").fetch_one(&mut *tx).await.unwrap();
    assert!(!row.contains(&link) && row.contains(&hex::encode(server::token::hash(&link))));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_page_of_a_link_changes_nothing_when_it_is_looked_at(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let link = invited(&studio.clinics, person(NEW, "Sofia Lind", Role::FrontDesk, 0)).await;
    let (browser, path) = (studio.nobody(), format!("/invitation/{link}"));
    for _ in 0..3 {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        for word in ["Test clinic", "Sofia Lind", "Front desk", "lind@clinic.example"] {
            assert!(page.text().contains(word), "{word}");
        }
        assert_eq!((page.header("set-cookie").as_str(), page.header("cache-control").as_str()), ("", "no-store"));
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    let refused = post(&browser, &path, "password=short").await;
    assert_eq!((refused.status, refused.text().contains("at least 12")), (422, true));
    let chosen = post(&browser, &path, "password=lamp+orbit+velvet+seven").await;
    assert_eq!((chosen.status, chosen.header("location"), chosen.header("set-cookie").as_str()), (303, path.clone(), ""));
    let page = browser.get(&path).await;
    assert!(page.status == 200 && page.text().contains("<svg") && page.text().contains("data-passkey=\"make\""));
    let wrong = post(&browser, &format!("{path}/app"), "code=000000").await;
    assert_eq!((wrong.status, wrong.header("set-cookie").as_str()), (401, ""));
    let ways = ways_in();
    let code = shown(&studio.clinics, &Link { clinics: &studio.clinics, ways: &ways, token: &link }).await;
    let accepted = post(&browser, &format!("{path}/app"), &format!("code={code}")).await;
    assert_eq!((accepted.status, accepted.text().matches("<li>").count()), (200, 10));
    let cookie = accepted.header("set-cookie");
    assert!(cookie.starts_with("cadence=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

    // Used, never made, ended: nobody can tell one from another.
    let never = format!("/invitation/{}", "0".repeat(64));
    let answers = [
        browser.get(&path).await,
        browser.get(&never).await,
        post(&browser, &path, "password=x").await,
        post(&browser, &never, "password=lamp+orbit+velvet+seven").await,
    ];
    assert!(answers.iter().all(|answer| answer.status == 404));
    assert_eq!(answers.iter().map(Answer::without_nonce).collect::<BTreeSet<_>>().len(), 1);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nobody_but_an_owner_edits_people(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = owned(options).await;
    let body = serde_json::to_vec(&serde_json::json!({ "edit": PeopleEdit::Invite(OWNER) })).unwrap();
    let json = [("content-type", "application/json")];
    for browser in [studio.provider().await, studio.desk().await] {
        assert_eq!(browser.ask("POST", "/api/change-people", &json, &body).await.status, 403);
        assert_eq!(browser.ask("POST", "/api/people", &json, b"{}").await.status, 403);
        // Who typed the address of a page is told so on one.
        let page = browser.ask("GET", "/carriers", &[("accept", "text/html")], b"").await;
        assert_eq!((page.status, page.header("content-type").as_str()), (403, "text/html; charset=utf-8"));
        assert!(String::from_utf8_lossy(&page.body).contains("not for your role"));
    }
    assert!(listed(&studio.clinics, OWNER).await.invited_until.is_none());
    assert_eq!(listed(&studio.clinics, DESK).await.person.email, "");
    assert_eq!(listed(&studio.clinics, PROVIDER).await.person.version, 1);
}
