//! Under which role of the database the server works, and that it cannot turn into another.

use crate::clinic::{self, CLINIC};
use server::{
    database::{self, DatabaseError, Purpose},
    store,
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{os::unix::fs::PermissionsExt, path::Path, process::Stdio};

/// What a statement that was slipped in would try. All of it is forbidden to whoever serves.
const TRIED: [&str; 12] = [
    "select count(*) from client",
    "set row_security = off; select count(*) from client",
    "alter table client disable row level security",
    "alter table client no force row level security",
    "drop policy own_clinic on client",
    "create policy everything on client using (true)",
    "update audit set at = now()",
    "delete from signed_session",
    "alter role cadence_app bypassrls",
    "create role elsewhere superuser",
    "alter table client owner to current_user",
    "copy client to program 'cat'",
];

/// Tries everything on a connection, after it has put off the role it works under.
async fn tries(pool: &PgPool, owner: &str) {
    for sql in TRIED {
        for turn in ["reset role", "set role none", "set session authorization default", "reset all; reset role"] {
            let mut connection = pool.acquire().await.unwrap();
            connection.execute(turn).await.unwrap();
            let refused = connection.execute(sql).await;
            assert!(refused.is_err(), "{turn}; {sql}");
            // Not given back with another role.
            connection.detach().close().await.unwrap();
        }
    }
    for turn in [format!("set role \"{owner}\""), format!("set session authorization \"{owner}\""), "set role postgres".to_owned()] {
        let mut connection = pool.acquire().await.unwrap();
        assert!(connection.execute(AssertSqlSafe(turn.clone())).await.is_err(), "{turn}");
    }
    // What it is for it can do, and sees its own clinic alone.
    let mut tx = store::begin(pool, CLINIC).await.unwrap();
    tx.execute("reset role").await.unwrap();
    let row =
        sqlx::query("select count(*) as seen, count(*) filter (where clinic_id <> $1) as foreign, session_user::text as who from client")
            .bind(CLINIC.0)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
    assert_eq!((row.get::<i64, _>("seen"), row.get::<i64, _>("foreign")), (2, 0));
    assert_ne!(row.get::<String, _>("who"), owner);
}

/// As a role of that name would be named in `DATABASE_URL`.
fn url(options: &PgConnectOptions, role: &str) -> String {
    options.clone().username(role).to_url_lossy().to_string()
}

/// Roles and databases are of the whole Postgres: named after the test's own database, and not longer than a name may be.
pub fn named(options: &PgConnectOptions, what: &str) -> String {
    format!("{what}_{}", options.get_database().unwrap().chars().rev().take(40).collect::<String>())
}

async fn open(url: &str, purpose: Purpose) -> Result<database::Database, DatabaseError> {
    database::open(Some(url), Path::new("/nowhere"), purpose, &|_| ()).await
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn what_serves_can_never_turn_into_more(_: PgPoolOptions, options: PgConnectOptions) {
    clinic::open(options.clone(), 2).await;
    let owner_url = options.to_url_lossy().to_string();
    let (mut owner, _) = database::as_owner(Some(&owner_url), Path::new("/nowhere"), &|_| ()).await.unwrap();
    let role = named(&options, "server");
    for _ in 0..2 {
        database::let_serve(&mut owner, &role).await.unwrap();
    }
    let served = open(&url(&options, &role), Purpose::Serving).await.unwrap();
    assert!(served.private.is_none());
    tries(&served.pool, options.get_username()).await;
    let (who, works_as): (String, String) =
        sqlx::query_as("select session_user::text, current_user::text").fetch_one(&served.pool).await.unwrap();
    assert_eq!((who, works_as.as_str()), (role, "cadence_app"));

    // Why that matters: under the owner, the role that was put off is taken up again by two words.
    let stepped_down = database::pool(options).await.unwrap();
    assert!(sqlx::query("select count(*) from client").execute(&stepped_down).await.is_err());
    let mut connection = stepped_down.acquire().await.unwrap();
    connection.execute("reset role").await.unwrap();
    connection.execute("select count(*) from client").await.unwrap();
}

#[sqlx::test(migrator = "database::MIGRATIONS")]
async fn nobody_serves_whom_row_level_security_would_not_bind(_: PgPoolOptions, options: PgConnectOptions) {
    let owner_url = options.to_url_lossy().to_string();
    let (mut master, _) = database::as_owner(Some(&owner_url), Path::new("/nowhere"), &|_| ()).await.unwrap();
    let serving = async |role: &str| match open(&url(&options, role), Purpose::Serving).await {
        Ok(_) => "serves".to_owned(),
        Err(error) => error.to_string(),
    };
    assert!(serving(options.get_username()).await.contains("is a superuser"));
    let database = options.get_database().unwrap();
    let made = [
        ("passer", "bypassrls", "", "rights over the whole"),
        ("maker", "createrole", "", "rights over the whole"),
        ("writer", "", "grant pg_write_all_data to ROLE", "rights over the whole"),
        ("owner", "", "alter table client owner to ROLE", "owns the tables"),
        ("member", "", "grant OWNER to ROLE", "owns the tables"),
        ("landlord", "", "alter database DATABASE owner to ROLE", "owns the tables"),
        ("stranger", "", "", "not a member of cadence_app"),
    ];
    for (name, attribute, sql, why) in made {
        let role = named(&options, name);
        let create = format!(
            "create role \"{role}\" login {attribute}; {}",
            if name == "stranger" { String::new() } else { format!("grant cadence_app to \"{role}\"") }
        );
        master.execute(AssertSqlSafe(create)).await.unwrap();
        let owner = named(&options, "owner");
        let sql = sql
            .replace("ROLE", &format!("\"{role}\""))
            .replace("OWNER", &format!("\"{owner}\""))
            .replace("DATABASE", &format!("\"{database}\""));
        master.execute(AssertSqlSafe(sql)).await.unwrap();
        let told = serving(&role).await;
        assert!(told.contains(why) && told.contains("cadence migrate --serve-as"), "{name}: {told}");
        // Nor is such a one let serve by the command for that.
        let refused = database::let_serve(&mut master, &role).await;
        assert_eq!(refused.is_err(), name != "stranger", "{name}: {refused:?}");
    }
    // From here on it is a member, and owns nothing.
    let stranger = named(&options, "stranger");
    assert_eq!(serving(&stranger).await, "serves");
    // A task may begin as the owner: it steps down for what it does.
    let task = open(&owner_url, Purpose::Task).await.unwrap();
    assert!(sqlx::query("select count(*) from client").execute(&task.pool).await.is_err());

    // Whoever owns nothing cannot bring a database up to date, and says so.
    master.execute("create table kept as select * from _sqlx_migrations; delete from _sqlx_migrations where version = (select max(version) from kept)").await.unwrap();
    let told = serving(&stranger).await;
    assert!(told.contains("not up to date"), "{told}");
    master
        .execute("insert into _sqlx_migrations select * from kept on conflict do nothing; update kept set version = 99990101000001")
        .await
        .unwrap();
    assert_eq!(serving(&stranger).await, "serves");
    master.execute("insert into _sqlx_migrations select * from kept limit 1").await.unwrap();
    let told = serving(&stranger).await;
    assert!(told.contains("newer Cadence"), "{told}");

    // The program itself ends with that one sentence.
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_cadence"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--site", concat!(env!("CARGO_MANIFEST_DIR"), "/../public")]);
    let output = command.env("DATABASE_URL", &owner_url).stdin(Stdio::null()).output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.contains("Cadence does not serve as the database role"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    master.execute(AssertSqlSafe(format!("alter database \"{database}\" owner to \"{}\"", options.get_username()))).await.unwrap();
}

#[tokio::test]
async fn the_private_postgres_is_served_by_a_role_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    // Postgres may be another user.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let data = folder.path().join("data");
    for start in ["the first", "again"] {
        let opened = database::open(None, &data, Purpose::Serving, &|_| ()).await.unwrap();
        if start == "the first" {
            let private = opened.private.as_ref().unwrap();
            clinic::open(private.url("cadence").parse().unwrap(), 2).await.pool.close().await;
        }
        let who: String = sqlx::query_scalar("select session_user::text").fetch_one(&opened.pool).await.unwrap();
        assert_eq!(who, "cadence_server");
        tries(&opened.pool, "cadence_owner").await;
        opened.pool.close().await;
        opened.private.unwrap().stop().unwrap();
    }
}

/// For whoever has every right: a connection to another database of the same Postgres.
pub async fn master_of(options: &PgConnectOptions, database: &str) -> PgConnection {
    PgConnection::connect_with(&options.clone().database(database)).await.unwrap()
}
