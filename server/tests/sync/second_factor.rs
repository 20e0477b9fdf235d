//! The second step of signing in: codes that work once, at whichever server, and what happens to them when somebody is invited anew.

use crate::{
    clinic::{self, CLINIC, Counting},
    people::{GOOD, NEW, accepted, change, invited, owned, person, post, token},
    photos::{
        browser::Browser,
        studio::{Studio, ways_in},
    },
};
use app::api::{PeopleEdit, SignedIn};
use domain::catalogue::Role;
use server::{
    backend::{self, Began, MOST_TRIES, SignInError},
    clinic::Clinics,
    getting_in::{self, Own, StepError},
    invitations::{InvitationError, Link},
    second_factor,
    store::{self, second_factor as stored},
    ways_in::WaysIn,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;

const EMAIL: &str = "lind@clinic.example";

async fn secret(clinics: &Clinics) -> Vec<u8> {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    stored::read(&mut tx, (CLINIC, NEW)).await.unwrap().totp.unwrap()
}

/// The code the app shows so many seconds from now.
async fn code(clinics: &Clinics, ways: &WaysIn, seconds: i64) -> String {
    let at = domain::time::Moment::from_millis(clinics.host.now().millis() + seconds * 1000);
    second_factor::code_at(&ways.key, NEW, &secret(clinics).await, at).unwrap()
}

/// Gives the password, and gets to the second step.
async fn step(clinics: &Arc<Clinics>) -> String {
    match backend::sign_in(clinics, EMAIL, GOOD, None).await.unwrap() {
        Began::SecondStep(step) => step,
        Began::SignedIn(_) => panic!("a password alone was enough"),
    }
}

fn beside(clinics: &Clinics, seconds: i64) -> Arc<Clinics> {
    Arc::new(Clinics::new(clinics.pool.clone(), Arc::new(Counting::from(seconds * 1000)), clinics.photos.clone(), clinic::audit_key()))
}

async fn with_app(options: PgConnectOptions) -> (Studio, Vec<String>) {
    let studio = owned(options).await;
    let link = invited(&studio.clinics, person(NEW, "Sofia Lind", Role::Provider, 0)).await;
    let (_, codes) = accepted(&studio.clinics, &link, GOOD).await.unwrap();
    (studio, codes)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_code_lets_in_once_at_whichever_server(_: PgPoolOptions, options: PgConnectOptions) {
    let (studio, _) = with_app(options).await;
    let (clinics, ways) = (&studio.clinics, ways_in());
    // The code that confirmed the app is used, too.
    let used = code(clinics, &ways, 0).await;
    let at = step(clinics).await;
    assert!(matches!(getting_in::take_step(clinics, &ways, Some(&at), &used, None).await, Err(StepError::WrongCode)));
    let next = code(clinics, &ways, 30).await;
    // Two who gave the password, at two servers, with the same code: one gets in.
    let (other, second) = (beside(clinics, 2), step(clinics).await);
    let both = futures::future::join(
        getting_in::take_step(clinics, &ways, Some(&at), &next, None),
        getting_in::take_step(&other, &ways, Some(&second), &next, None),
    );
    let (one, two) = both.await;
    assert_eq!([&one, &two].into_iter().filter(|answer| answer.is_ok()).count(), 1);
    let token = one.or(two).unwrap();
    assert_eq!(backend::signed_in(clinics, Some(&token)).await.unwrap().staff, NEW);
    // A step is good for nothing else, is used once, and ends.
    for step in [&at, &second] {
        assert!(backend::signed_in(clinics, Some(step)).await.is_err());
    }
    let late = beside(clinics, getting_in::STEP_SECONDS + 60);
    let third = step(clinics).await;
    assert!(matches!(getting_in::take_step(&late, &ways, Some(&third), "123456", None).await, Err(StepError::Over)));
    for nobody in [None, Some("0a"), Some(token.as_str())] {
        assert!(matches!(getting_in::take_step(clinics, &ways, nobody, &next, None).await, Err(StepError::Over)));
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn codes_are_counted_like_passwords(_: PgPoolOptions, options: PgConnectOptions) {
    let (studio, codes) = with_app(options).await;
    let (clinics, ways) = (&studio.clinics, ways_in());
    let other = beside(clinics, 3);
    for n in 0..MOST_TRIES {
        // Giving the password again begins no new count.
        let (server, at) = if n % 2 == 0 { (clinics, step(clinics).await) } else { (&other, step(&other).await) };
        assert!(matches!(getting_in::take_step(server, &ways, Some(&at), "000000", None).await, Err(StepError::WrongCode)), "try {n}");
    }
    let at = step(clinics).await;
    for right in [code(clinics, &ways, 30).await, codes[0].clone()] {
        assert!(matches!(getting_in::take_step(&other, &ways, Some(&at), &right, None).await, Err(StepError::TooManyTries)));
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_recovery_code_lets_in_once_and_is_nowhere_in_the_database(_: PgPoolOptions, options: PgConnectOptions) {
    let (studio, codes) = with_app(options).await;
    let (clinics, ways) = (&studio.clinics, ways_in());
    assert_eq!(codes.len(), second_factor::RECOVERY_CODES);
    let typed = codes[3].to_uppercase().replace('-', " ");
    let steps = [step(clinics).await, step(clinics).await, step(clinics).await];
    let tries = steps.iter().map(|at| getting_in::take_step(clinics, &ways, Some(at), &typed, None));
    let answers = futures::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let rows: Vec<String> = sqlx::query_scalar("select recovery_code::text from recovery_code").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(rows.len(), 9);
    assert!(codes.iter().all(|code| !rows.iter().any(|row| row.contains(&code.replace('-', "")) || row.contains(code))));
    let account: String =
        sqlx::query_scalar("select totp_secret::text from account where staff_id = $1").bind(NEW.0).fetch_one(&mut *tx).await.unwrap();
    let told = second_factor::offer(&ways.key, NEW, &hex::decode(&account[2..]).unwrap(), EMAIL).unwrap();
    assert!(!account.contains(&told.text.replace(' ', "")));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_invitation_replaces_the_app_when_it_is_used_up_and_not_before(_: PgPoolOptions, options: PgConnectOptions) {
    let (studio, codes) = with_app(options).await;
    let (clinics, ways) = (&studio.clinics, ways_in());
    let old = secret(clinics).await;
    let again = token(change(clinics, PeopleEdit::Invite(NEW)).await.unwrap().unwrap());
    let link = Link { clinics, ways: &ways, token: &again };
    link.choose("harbour mint kettle nine").await.unwrap();
    // The new password is noted and not in use; nobody gets in without the code.
    assert!(matches!(backend::sign_in(clinics, EMAIL, "harbour mint kettle nine", None).await, Err(SignInError::WrongPassword)));
    assert!(matches!(link.accept_app("000000").await, Err(InvitationError::Factor(StepError::WrongCode))));
    assert_eq!(secret(clinics).await, old);
    step(clinics).await;
    let (_, fresh) = accepted(clinics, &again, "harbour mint kettle nine").await.unwrap();
    assert_ne!(secret(clinics).await, old);
    assert!(matches!(backend::sign_in(clinics, EMAIL, GOOD, None).await, Err(SignInError::WrongPassword)));
    let Began::SecondStep(at) = backend::sign_in(clinics, EMAIL, "harbour mint kettle nine", None).await.unwrap() else { panic!() };
    assert!(matches!(getting_in::take_step(clinics, &ways, Some(&at), &codes[0], None).await, Err(StepError::WrongCode)));
    assert!(getting_in::take_step(clinics, &ways, Some(&at), &fresh[0], None).await.is_ok());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whoever_left_between_the_two_steps_is_out(_: PgPoolOptions, options: PgConnectOptions) {
    let (studio, codes) = with_app(options).await;
    let (clinics, ways) = (&studio.clinics, ways_in());
    let at = step(clinics).await;
    let left = domain::people::Person { active: false, ..person(NEW, "Sofia Lind", Role::Provider, 1) };
    change(clinics, PeopleEdit::Save(left)).await.unwrap();
    assert!(matches!(getting_in::take_step(clinics, &ways, Some(&at), &codes[0], None).await, Err(StepError::Over)));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn how_one_gets_in_is_changed_only_after_the_password_was_entered_again(_: PgPoolOptions, options: PgConnectOptions) {
    let (studio, _) = with_app(options).await;
    let (clinics, ways) = (&studio.clinics, ways_in());
    let at = step(clinics).await;
    let sign_in = getting_in::take_step(clinics, &ways, Some(&at), &code(clinics, &ways, 30).await, None).await.unwrap();
    let signed_in: SignedIn = backend::signed_in(clinics, Some(&sign_in)).await.unwrap();
    let own = Own { clinics, ways: &ways, signed_in: &signed_in, token: &sign_in };
    assert!(matches!(own.offer_app().await, Err(StepError::Unconfirmed)));
    assert!(matches!(own.new_codes().await, Err(StepError::Unconfirmed)));
    assert!(matches!(own.begin_passkey().await, Err(StepError::Unconfirmed)));
    assert!(matches!(own.confirm("wrong").await, Err(StepError::WrongPassword)));
    own.confirm(GOOD).await.unwrap();
    let old = secret(clinics).await;
    own.offer_app().await.unwrap();
    assert!(matches!(own.confirm_app("000000").await, Err(StepError::WrongCode)));
    assert_eq!(secret(clinics).await, old);
    let offered = own.look().await.unwrap().0.offered.unwrap();
    let right = second_factor::code_at(&ways.key, NEW, &offered, clinics.host.now()).unwrap();
    assert_eq!(own.confirm_app(&right).await.unwrap().len(), second_factor::RECOVERY_CODES);
    assert_eq!(secret(clinics).await, offered);
    // Ten minutes later it is asked for again, and in another browser at once.
    let later = beside(clinics, 700);
    assert!(matches!(Own { clinics: &later, ..own }.new_codes().await, Err(StepError::Unconfirmed)));
    assert!(matches!(Own { token: "another", ..own }.new_codes().await, Err(StepError::Unconfirmed)));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_pages_lead_from_step_to_step_and_tell_nothing_of_an_address(_: PgPoolOptions, options: PgConnectOptions) {
    let (studio, codes) = with_app(options).await;
    let browser = studio.nobody();
    // The same of an address with an app, of one without, and of one nobody has.
    let mut bodies = Vec::new();
    for email in [EMAIL, "winter@clinic.example", "nobody@clinic.example"] {
        let answer = post(&browser, "/sign-in", &format!("email={email}&password=wrong&next=/clients")).await;
        assert_eq!((answer.status, answer.header("set-cookie").as_str()), (401, ""));
        bodies.push(answer.without_nonce().replace(email, "ADDRESS"));
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    let answer = post(&browser, "/sign-in", &format!("email={EMAIL}&password={}&next=/clients", GOOD.replace(' ', "+"))).await;
    assert_eq!((answer.status, answer.header("location").as_str()), (303, "/sign-in/second-step?next=/clients"));
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("cadence-step=") && cookie.contains("HttpOnly") && cookie.contains("Max-Age=300"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let ask = async |method: &str, body: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie.as_str())];
        browser.ask(method, "/sign-in/second-step", &headers, body.as_bytes()).await
    };
    assert_eq!(ask("GET", "").await.status, 200);
    let wrong = ask("POST", "code=000000&next=/clients").await;
    assert_eq!((wrong.status, wrong.text().contains("not right")), (401, true));
    let right = ask("POST", &format!("code={}&next=/clients", codes[1])).await;
    assert_eq!((right.status, right.header("location").as_str()), (303, "/clients"));
    assert!(right.header("set-cookie").starts_with("cadence="));
    // Without the step there is nothing to be seen.
    assert_eq!(ask("GET", "").await.status, 303);
    assert_eq!(browser.get("/sign-in/second-step").await.header("location"), "/sign-in?next=/");
    let page = Browser { token: None, ..studio.nobody() }.ask("GET", "/account", &[("accept", "text/html")], b"").await;
    assert_eq!((page.status, page.header("location").as_str()), (303, "/sign-in?next=/account"));
}
