//! Passwords cannot be guessed: tries are counted for all server processes together.

use crate::clinic::{self, CLINIC, Counting, PROVIDER, audit_key};
use server::{
    backend::{MOST_TRIES, SignInError, TRIES_SECONDS, sign_in},
    clinic::Clinics,
    password,
    store::{
        self,
        sign_in::{Account, add_account},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;

const EMAIL: &str = "osei@clinic.example";

/// The clinic's servers: the first, another beside it, and one a quarter of an hour later.
async fn servers(options: PgConnectOptions) -> [Arc<Clinics>; 3] {
    let first = clinic::open(options, 1).await;
    let mut tx = store::begin(&first.pool, CLINIC).await.unwrap();
    let account = Account { clinic: CLINIC, staff: PROVIDER, password_hash: password::hash("right", first.host.as_ref()) };
    add_account(&mut tx, &account, EMAIL).await.unwrap();
    tx.commit().await.unwrap();
    let beside = |start| Arc::new(Clinics::new(first.pool.clone(), Arc::new(Counting::from(start)), first.photos.clone(), audit_key()));
    let (second, later) = (beside(500), beside((TRIES_SECONDS + 1) * 1000));
    [first, second, later]
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn too_many_tries_end_at_every_server_and_tell_nothing_of_the_address(_: PgPoolOptions, options: PgConnectOptions) {
    let [first, second, later] = servers(options).await;
    for email in [EMAIL, "nobody@clinic.example"] {
        for n in 0..MOST_TRIES {
            let server = if n % 2 == 0 { &first } else { &second };
            // The same address, however it is typed.
            let typed = if n % 3 == 0 { format!(" {}", email.to_uppercase()) } else { email.to_owned() };
            assert!(matches!(sign_in(server, &typed, "wrong", None).await, Err(SignInError::WrongPassword)), "try {n} of {email}");
        }
        for server in [&first, &second] {
            assert!(matches!(sign_in(server, email, "right", None).await, Err(SignInError::TooManyTries)), "{email}");
        }
    }
    // Time passes; and whoever gets in begins anew.
    assert!(matches!(sign_in(&later, EMAIL, "wrong", None).await, Err(SignInError::WrongPassword)));
    assert!(sign_in(&later, EMAIL, "right", None).await.is_ok());
    for _ in 0..MOST_TRIES {
        assert!(matches!(sign_in(&later, EMAIL, "wrong", None).await, Err(SignInError::WrongPassword)));
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn tries_at_the_same_moment_count_each(_: PgPoolOptions, options: PgConnectOptions) {
    let [first, second, _] = servers(options).await;
    let tries = (0..50).map(|n| {
        let server = if n % 2 == 0 { first.clone() } else { second.clone() };
        tokio::spawn(async move { sign_in(&server, EMAIL, "wrong", None).await })
    });
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers.iter().filter(|answer| matches!(answer, Ok(Err(SignInError::WrongPassword)))).count();
    let refused = answers.iter().filter(|answer| matches!(answer, Ok(Err(SignInError::TooManyTries)))).count();
    assert_eq!((looked_at, refused), (usize::try_from(MOST_TRIES).unwrap(), 50 - usize::try_from(MOST_TRIES).unwrap()));
}
