//! Browsers of the clinic: who gets the key's other half, by which PIN, how often; and how one is emptied.

use crate::clinic::{self, CLINIC, COLLEAGUE, Counting, PROVIDER, id};
use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit},
};
use app::api::{
    ApiError, SignedIn,
    installation::{InstallationAct, InstallationState, PIN_TRIES, PinTyped, Share, Standing, UNSENT_LABEL, Unsent},
};
use domain::{
    catalogue::Role,
    ids::{ClinicId, InstallationId, StaffId},
};
use server::{
    backend::{self, Began},
    clinic::Clinics,
    installations::{self, InstallationError, LetIn, Presented},
    password,
    store::{
        self,
        sign_in::{Account, add_account},
    },
};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;

const IPAD: InstallationId = InstallationId(id(900));
const PIN: &str = "204816";

/// The clinic's servers: the first, another beside it, and one an hour later. Two people have accounts.
async fn servers(options: PgConnectOptions) -> [Arc<Clinics>; 3] {
    let first = clinic::open(options, 1).await;
    let mut tx = store::begin(&first.pool, CLINIC).await.unwrap();
    let password_hash = password::hash("right", first.host.as_ref());
    for (staff, email) in [(PROVIDER, "osei@clinic.example"), (COLLEAGUE, "lind@clinic.example")] {
        let account = Account { clinic: CLINIC, staff, password_hash: password_hash.clone() };
        add_account(&mut tx, &account, email).await.unwrap();
    }
    tx.commit().await.unwrap();
    let beside =
        |start| Arc::new(Clinics::new(first.pool.clone(), Arc::new(Counting::from(start)), first.photos.clone(), clinic::audit_key()));
    let (second, later) = (beside(500), beside(3_600_000));
    [first, second, later]
}

/// What a browser presents.
#[derive(Clone, Default)]
struct Cookies {
    token: Option<String>,
    installation: Option<String>,
}

impl Cookies {
    fn presented(&self) -> Presented<'_> {
        Presented { token: self.token.as_deref(), installation: self.installation.as_deref(), agent: "Safari on iPad" }
    }

    fn keep(&mut self, let_in: &LetIn) {
        self.token = let_in.sign_in.clone().or(self.token.take());
        self.installation = let_in.installation.clone().or(self.installation.take());
    }
}

async fn sign_in(clinics: &Arc<Clinics>, cookies: &mut Cookies, email: &str) -> SignedIn {
    let Ok(Began::SignedIn(token)) = backend::sign_in(clinics, email, "right", cookies.token.as_deref()).await else { panic!() };
    cookies.token = Some(token);
    backend::signed_in(clinics, cookies.token.as_deref()).await.unwrap()
}

/// Signs in fully on the iPad, and chooses a PIN.
async fn enrolled(clinics: &Arc<Clinics>, cookies: &mut Cookies, email: &str, pin: &str) -> (SignedIn, Share) {
    let who = sign_in(clinics, cookies, email).await;
    let opened = installations::open(clinics, &who, IPAD, cookies.presented()).await.unwrap();
    cookies.keep(&opened);
    let with_pin = installations::set_pin(clinics, &who, IPAD, (pin.to_owned(), None), cookies.presented()).await.unwrap();
    assert_eq!(with_pin.opened.share, opened.opened.share);
    (who, opened.opened.share)
}

fn typed(staff: StaffId, pin: &str) -> PinTyped {
    PinTyped { installation: IPAD, staff, pin: pin.to_owned() }
}

fn refused<T: std::fmt::Debug>(answer: Result<T, InstallationError>) -> ApiError {
    match answer {
        Err(InstallationError::Api(error)) => error,
        other => panic!("refused was expected: {other:?}"),
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_share_is_for_who_has_just_signed_in_or_types_the_pin(_: PgPoolOptions, options: PgConnectOptions) {
    let [first, second, later] = servers(options).await;
    let mut ipad = Cookies::default();
    let (who, share) = enrolled(&first, &mut ipad, "osei@clinic.example", PIN).await;
    assert_eq!(installations::open(&second, &who, IPAD, ipad.presented()).await.unwrap().opened.share, share, "just signed in");
    // The cookie alone, as it lies on a lost iPad, opens nothing.
    assert_eq!(refused(installations::open(&later, &who, IPAD, ipad.presented()).await), ApiError::Locked);
    // Nor does the PIN from any other browser, whichever it says it is.
    let elsewhere = Cookies { token: ipad.token.clone(), installation: None };
    assert_eq!(refused(installations::switch(&second, typed(PROVIDER, PIN), elsewhere.presented()).await), ApiError::SignedOut);
    let switched = installations::switch(&later, typed(PROVIDER, PIN), ipad.presented()).await.unwrap();
    assert_eq!((switched.opened.share, switched.opened.signed_in.staff), (share, PROVIDER));
    // The sign-in that was there is replaced.
    assert_eq!(backend::signed_in(&later, ipad.token.as_deref()).await, Err(ApiError::SignedOut));
    ipad.keep(&switched);
    assert_eq!(backend::signed_in(&later, ipad.token.as_deref()).await.unwrap().staff, PROVIDER);

    // A colleague who has not fully signed in here does not get in by PIN, even by the right one.
    let mut other_ipad = Cookies::default();
    let colleague = sign_in(&first, &mut other_ipad, "lind@clinic.example").await;
    let other = InstallationId(id(901));
    let opened = installations::open(&first, &colleague, other, other_ipad.presented()).await.unwrap();
    other_ipad.keep(&opened);
    assert_ne!(opened.opened.share, share, "each browser has a share of its own");
    installations::set_pin(&first, &colleague, other, ("112358".into(), None), other_ipad.presented()).await.unwrap();
    assert_eq!(refused(installations::switch(&first, typed(COLLEAGUE, "112358"), ipad.presented()).await), ApiError::SignedOut);

    // Who has left does not get in either.
    set_active(&first, PROVIDER, false).await;
    assert_eq!(refused(installations::switch(&later, typed(PROVIDER, PIN), ipad.presented()).await), ApiError::SignedOut);
}

async fn set_active(clinics: &Clinics, staff: StaffId, active: bool) {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let update = sqlx::query("update staff set active = $1 where clinic_id = $2 and id = $3").bind(active).bind(CLINIC.0).bind(staff.0);
    update.execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn five_wrong_pins_are_the_last_at_every_server_until_a_full_sign_in(_: PgPoolOptions, options: PgConnectOptions) {
    let [first, second, later] = servers(options).await;
    let mut ipad = Cookies::default();
    enrolled(&first, &mut ipad, "osei@clinic.example", PIN).await;
    let tries = (0..20).map(|n| {
        let (server, ipad) = (if n % 2 == 0 { first.clone() } else { second.clone() }, ipad.clone());
        tokio::spawn(async move { refused(installations::switch(&server, typed(PROVIDER, "135790"), ipad.presented()).await) })
    });
    let answers: Vec<_> = futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
    let wrong = answers.iter().filter(|answer| **answer == ApiError::WrongPin).count();
    let ended = answers.iter().filter(|answer| **answer == ApiError::TooManyPins).count();
    assert_eq!((wrong, ended), (usize::from(PIN_TRIES) - 1, 21 - usize::from(PIN_TRIES)), "{answers:?}");
    for server in [&first, &second, &later] {
        assert_eq!(refused(installations::switch(server, typed(PROVIDER, PIN), ipad.presented()).await), ApiError::TooManyPins);
    }
    let who = sign_in(&first, &mut ipad, "osei@clinic.example").await;
    installations::open(&first, &who, IPAD, ipad.presented()).await.unwrap();
    assert!(installations::switch(&second, typed(PROVIDER, PIN), ipad.presented()).await.is_ok());
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_pin_is_changed_by_the_one_before(_: PgPoolOptions, options: PgConnectOptions) {
    let [first, ..] = servers(options).await;
    let mut ipad = Cookies::default();
    let (who, _) = enrolled(&first, &mut ipad, "osei@clinic.example", PIN).await;
    let set = |pin: &str, was: Option<&str>| {
        let (first, who, ipad) = (first.clone(), who.clone(), ipad.clone());
        let choice = (pin.to_owned(), was.map(str::to_owned));
        async move { installations::set_pin(&first, &who, IPAD, choice, ipad.presented()).await }
    };
    assert_eq!(refused(set("112358", None).await), ApiError::WrongPin);
    assert_eq!(refused(set("112358", Some("135790")).await), ApiError::WrongPin);
    assert!(matches!(refused(set("123456", Some(PIN)).await), ApiError::Invalid(_)));
    assert!(set("112358", Some(PIN)).await.is_ok());
    assert_eq!(refused(installations::switch(&first, typed(PROVIDER, PIN), ipad.presented()).await), ApiError::WrongPin);
    assert!(installations::switch(&first, typed(PROVIDER, "112358"), ipad.presented()).await.is_ok());
}

/// As the browser seals what the clinic does not have yet.
fn sealed(share: Share, text: &[u8]) -> Vec<u8> {
    let key = Sha256::new().chain_update(share.0).chain_update(UNSENT_LABEL).finalize();
    let nonce = Nonce::from([7; 12]);
    let body = Aes256Gcm::new_from_slice(&key).unwrap().encrypt(&nonce, text).unwrap();
    [[2].as_slice(), nonce.as_slice(), &body].concat()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_lost_browser_hands_over_and_is_nothing_any_more(_: PgPoolOptions, options: PgConnectOptions) {
    let [first, second, _] = servers(options).await;
    let mut ipad = Cookies::default();
    let (who, share) = enrolled(&first, &mut ipad, "osei@clinic.example", PIN).await;
    let unsent = |key: &str, sealed| vec![Unsent { place: "outbox".into(), key: key.into(), sealed }];
    // Before anybody wants it empty, nothing is taken in.
    assert_eq!(installations::standing(&first, IPAD, ipad.presented()).await.unwrap(), Standing::Known);
    let too_early = installations::quarantine(&first, IPAD, &unsent("1", sealed(share, b"typed")), ipad.presented()).await;
    assert_eq!(refused(too_early), ApiError::NotAllowed);
    assert_eq!(refused(installations::wiped(&first, IPAD, ipad.presented()).await), ApiError::NotAllowed);

    // The owner of another clinic cannot ask for it.
    let stranger = SignedIn { clinic: ClinicId(id(999)), staff: PROVIDER, name: String::new(), role: Role::Owner };
    assert_eq!(refused(installations::change(&first, &stranger, IPAD, InstallationAct::Wipe).await), ApiError::Stale);
    assert_eq!(installations::standing(&first, IPAD, ipad.presented()).await.unwrap(), Standing::Known);

    installations::change(&first, &who, IPAD, InstallationAct::Wipe).await.unwrap();
    assert_eq!(installations::standing(&second, IPAD, ipad.presented()).await.unwrap(), Standing::Wipe);
    assert_eq!(backend::signed_in(&second, ipad.token.as_deref()).await, Err(ApiError::SignedOut));
    assert_eq!(refused(installations::switch(&second, typed(PROVIDER, PIN), ipad.presented()).await), ApiError::SignedOut);
    // A full sign-in does not open it either, before it is empty.
    let again = sign_in(&first, &mut ipad, "osei@clinic.example").await;
    assert_eq!(refused(installations::open(&first, &again, IPAD, ipad.presented()).await), ApiError::Locked);

    installations::quarantine(&second, IPAD, &unsent("1", sealed(share, b"typed")), ipad.presented()).await.unwrap();
    // Sent once more, the first stands; what cannot be opened is kept as it came.
    installations::quarantine(&first, IPAD, &unsent("1", sealed(share, b"another")), ipad.presented()).await.unwrap();
    installations::quarantine(&first, IPAD, &unsent("2", vec![2, 0, 0]), ipad.presented()).await.unwrap();
    installations::wiped(&first, IPAD, ipad.presented()).await.unwrap();
    assert_eq!(installations::standing(&first, IPAD, ipad.presented()).await.unwrap(), Standing::Unknown);
    let mut tx = store::begin(&first.pool, CLINIC).await.unwrap();
    let kept = store::installation::quarantined(&mut tx, CLINIC, IPAD).await.unwrap();
    let bodies: Vec<_> = kept.into_iter().map(|(_, key, body)| (key, body)).collect();
    assert_eq!(bodies, [("1".to_owned(), b"typed".to_vec()), ("2".to_owned(), vec![2, 0, 0])]);
    let all = store::installation::all(&mut tx, CLINIC).await.unwrap();
    assert!(matches!(all[0].state, InstallationState::Wiped(_)), "{all:?}");
    tx.commit().await.unwrap();

    // Found again, it begins as a new one.
    let opened = installations::open(&first, &again, IPAD, ipad.presented()).await.unwrap();
    assert_ne!(opened.opened.share, share);
}
