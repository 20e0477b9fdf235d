//! One clinic never sees another, whatever query somebody forgets to narrow: the database itself holds them apart.

use crate::{
    clinic::CLINIC,
    photos::{
        files,
        studio::{OTHER_CLINIC, Studio},
    },
};
use domain::ids::ClinicId;
use server::store::{self, Tx};
use sqlx::{
    AssertSqlSafe, Executor, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// Every table there is, from the database itself; a new one is asked too.
async fn tables(pool: &PgPool) -> Vec<String> {
    let sql = r"select tablename from pg_tables where schemaname = 'public' and tablename not like '\_sqlx%' order by 1";
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

/// Of no clinic, and naming nobody: tries to sign in, and challenges of passkeys.
const OF_NOBODY: [&str; 2] = ["passkey_challenge", "sign_in_try"];
/// Looked into before anybody has a clinic, or on behalf of none; without that, or the token, they show nothing.
const BEFORE_SIGNING_IN: [&str; 15] = [
    "account",
    "attempt",
    "audit_head",
    "booking_feed",
    "booking_link",
    "client_address",
    "client_link",
    "client_sign_in",
    "follow_up_due",
    "installation",
    "invitation",
    "passkey",
    "photo_share",
    "sign_in",
    "sign_in_step",
];

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn every_table_is_held_apart_by_clinic_even_for_its_owner(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let pool = &studio.clinics.pool;
    for table in tables(pool).await {
        let sql = "select relrowsecurity and relforcerowsecurity as held, (select count(*) from pg_policy where polrelid = pg_class.oid) as policies,
                (select attname::text from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
                 where indrelid = pg_class.oid and indisprimary) as leads
            from pg_class where oid = $1::regclass";
        let row = sqlx::query(sql).bind(&table).fetch_one(pool).await.unwrap();
        assert!(row.get::<bool, _>("held"), "{table}");
        assert_eq!(row.get::<i64, _>("policies"), 1, "{table}");
        assert_eq!(row.get::<&str, _>("leads"), if OF_NOBODY.contains(&table.as_str()) { "about" } else { "clinic_id" }, "{table}");
    }
}

async fn foreign_rows(tx: &mut Tx, table: &str, own: ClinicId) -> (i64, i64) {
    let sql = format!("select count(*) filter (where clinic_id <> $1) as foreign, count(*) as all from {table}");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(own.0).fetch_one(&mut **tx).await.unwrap();
    (row.get("foreign"), row.get("all"))
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn no_table_shows_a_row_of_another_clinic_and_none_without_a_clinic(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::small();
    let photo = studio.take(1, 1, &file, (400, 300)).await;
    studio.provider().await.send(photo, &file).await;
    studio.stranger().await;
    let pool = &studio.clinics.pool;
    let mut seen = 0;
    for table in tables(pool).await.into_iter().filter(|table| !OF_NOBODY.contains(&table.as_str())) {
        for clinic in [CLINIC, OTHER_CLINIC] {
            let mut tx = store::begin(pool, clinic).await.unwrap();
            let (foreign, all) = foreign_rows(&mut tx, &table, clinic).await;
            assert_eq!(foreign, 0, "{table} shows rows of another clinic");
            seen += all;
        }
        let unnamed: Result<i64, _> = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(pool).await;
        match unnamed {
            // Noticed, rather than answered with nothing.
            Err(_) => assert!(!BEFORE_SIGNING_IN.contains(&table.as_str()), "{table}"),
            Ok(count) => assert!(count == 0 && BEFORE_SIGNING_IN.contains(&table.as_str()), "{table}: {count}"),
        }
    }
    assert!(seen > 30, "there has to be something to be seen: {seen}");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_connection_that_is_used_again_has_forgotten_its_clinic(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options.clone()).await;
    let one = PgPoolOptions::new()
        .max_connections(1)
        .after_connect(|connection, _| Box::pin(async move { connection.execute("set role cadence_app").await.map(|_| ()) }))
        .connect_with(options)
        .await
        .unwrap();
    let own = async |tx: &mut Tx| foreign_rows(tx, "client", CLINIC).await;
    for commits in [true, false] {
        let mut tx = store::begin(&one, CLINIC).await.unwrap();
        assert_eq!(own(&mut tx).await, (0, 2));
        if commits {
            tx.commit().await.unwrap()
        } else {
            tx.rollback().await.unwrap()
        }
        let after: Result<i64, _> = sqlx::query_scalar("select count(*) from client").fetch_one(&one).await;
        assert!(after.is_err(), "the clinic outlived its transaction");
        // The next one is another clinic's.
        let mut tx = store::begin(&one, OTHER_CLINIC).await.unwrap();
        let (of_others, _) = foreign_rows(&mut tx, "client", OTHER_CLINIC).await;
        assert_eq!(of_others, 0);
    }
    drop(studio);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn the_server_can_neither_change_what_is_signed_nor_what_holds_it_apart(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let pool = &studio.clinics.pool;
    let forbidden = [
        "update signed_session set signed_at = now()",
        "delete from signed_session",
        "update reading set amount = 1",
        "delete from addendum",
        "update addendum set text = 'other'",
        "delete from change_log",
        "update change_log set changed_by = null",
        "delete from consent",
        "update consent set signed_at = now()",
        "update audit set at = now()",
        "delete from audit",
        "truncate audit",
        "delete from audit_head",
        "alter table client disable row level security",
        "drop policy own_clinic on client",
        "create table elsewhere (id int)",
        "truncate client",
    ];
    for sql in forbidden {
        let mut tx = store::begin(pool, CLINIC).await.unwrap();
        let refused = tx.execute(sql).await.expect_err(sql);
        let code = refused.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned();
        assert_eq!(code, "42501", "{sql}: {refused}");
    }
}
