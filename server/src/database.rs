//! Getting to Postgres: the one named by `DATABASE_URL`, or a private one.
//!
//! Two roles of the database take part. The *owner* of the tables brings them up to date, and does nothing else. What serves connects
//! under a login role that is only a member of `cadence_app`: whatever a statement on one of its connections does, even `reset role`,
//! row-level security binds it.

mod roles;

pub use roles::{LetServeError, let_serve};

use crate::private_postgres::{Durability, PrivatePostgres, PrivatePostgresError};
use roles::Powers;
use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection, PgPool,
    migrate::{MigrateDatabase, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{collections::BTreeSet, path::Path, time::Duration};

pub static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// The role the server works under. It owns nothing, so row-level security binds it.
const ROLE: &str = "cadence_app";

/// The login role that serves on a private Postgres.
const PRIVATE_SERVER: &str = "cadence_server";

/// The database of a private Postgres.
const PRIVATE_DATABASE: &str = "cadence";

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("{0}")]
    Private(#[from] PrivatePostgresError),
    #[error("The database at {address} cannot be reached: {why}. Check DATABASE_URL, or unset it to use a private Postgres.")]
    Unreachable { address: String, why: String },
    #[error("The database cannot be brought up to date: {0}. Nothing was started; the data is as it was.")]
    Unmigratable(String),
    #[error(
        "Cadence does not serve as the database role {role}, which {why}: row-level security could not hold the clinics apart. Name in \
         DATABASE_URL a login role that is only a member of {ROLE}; `cadence migrate --serve-as NAME`, run as the owner, makes one."
    )]
    TooPowerful { role: String, why: &'static str },
    #[error(
        "The database role {role} is not a member of {ROLE}. Run `cadence migrate --serve-as {role}` as the role that owns the tables."
    )]
    NotAServer { role: String },
    #[error("The database is not up to date, and {role} may not change it. Run `cadence migrate` as the role that owns the tables.")]
    Behind { role: String },
    #[error("The database was brought up to date by a newer Cadence. Start that one.")]
    Ahead,
    #[error("This is for the role that owns the tables, and {role} does not. Name that one in DATABASE_URL.")]
    NotTheOwner { role: String },
    #[error("{0}")]
    LetServe(#[from] LetServeError),
}

/// A database brought up to date, and the private Postgres behind it, if it is one.
pub struct Database {
    pub pool: PgPool,
    /// Stops with it.
    pub private: Option<PrivatePostgres>,
}

/// What a database is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To answer requests: only as a role that row-level security binds, whatever happens on a connection.
    Serving,
    /// For one task of whoever runs the server. As the owner it brings the database up to date first, and then steps down.
    Task,
}

/// Opens `url`, or the private Postgres with its data in `data`.
pub async fn open(url: Option<&str>, data: &Path, purpose: Purpose, say: &(dyn Fn(&str) + Sync)) -> Result<Database, DatabaseError> {
    let Some(url) = url else {
        let (private, owner) = private(data, say).await?;
        let close = owner.close().await;
        let url = private.url_as(PRIVATE_SERVER, PRIVATE_DATABASE);
        close.map_err(|error| unreachable(&url, &error))?;
        let pool = pool(parse(&url)?).await.map_err(|error| unreachable(&url, &error))?;
        return Ok(Database { pool, private: Some(private) });
    };
    let mut connection = connect(url).await?;
    let powers = Powers::of_session(&mut connection).await.map_err(|error| unreachable(url, &error))?;
    match (powers.too_much(), purpose) {
        (Some(why), Purpose::Serving) => return Err(DatabaseError::TooPowerful { role: powers.role, why }),
        (Some(_), Purpose::Task) => migrate(&mut connection, say).await?,
        (None, _) => is_ready(&mut connection, &powers).await?,
    }
    connection.close().await.map_err(|error| unreachable(url, &error))?;
    let pool = pool(parse(url)?).await.map_err(|error| unreachable(url, &error))?;
    Ok(Database { pool, private: None })
}

/// A connection with the rights of the owner, to a database brought up to date. The private Postgres stops when it is dropped.
pub async fn as_owner(
    url: Option<&str>,
    data: &Path,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(PgConnection, Option<PrivatePostgres>), DatabaseError> {
    let Some(url) = url else {
        let (private, owner) = private(data, say).await?;
        return Ok((owner, Some(private)));
    };
    let mut owner = connect(url).await?;
    let powers = Powers::of_session(&mut owner).await.map_err(|error| unreachable(url, &error))?;
    if !powers.superuser && !powers.owns && powers.serves {
        return Err(DatabaseError::NotTheOwner { role: powers.role });
    }
    migrate(&mut owner, say).await?;
    Ok((owner, None))
}

/// Starts it, makes its database and its two roles, and brings it up to date.
async fn private(data: &Path, say: &(dyn Fn(&str) + Sync)) -> Result<(PrivatePostgres, PgConnection), DatabaseError> {
    let private = PrivatePostgres::start(data, Durability::Full, say)?;
    let url = private.url(PRIVATE_DATABASE);
    if !sqlx::Postgres::database_exists(&url).await.map_err(|error| unreachable(&url, &error))? {
        sqlx::Postgres::create_database(&url).await.map_err(|error| unreachable(&url, &error))?;
    }
    let mut owner = connect(&url).await?;
    migrate(&mut owner, say).await?;
    let_serve(&mut owner, PRIVATE_SERVER).await?;
    Ok((private, owner))
}

fn parse(url: &str) -> Result<PgConnectOptions, DatabaseError> {
    let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| unreachable(url, &error))?;
    Ok(options.application_name("cadence"))
}

async fn connect(url: &str) -> Result<PgConnection, DatabaseError> {
    match tokio::time::timeout(Duration::from_secs(10), parse(url)?.connect()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(unreachable(url, &error)),
        Err(_) => Err(DatabaseError::Unreachable { address: address(url), why: "no answer within 10 seconds".to_owned() }),
    }
}

async fn migrate(owner: &mut PgConnection, say: &(dyn Fn(&str) + Sync)) -> Result<(), DatabaseError> {
    say("Bringing the database up to date.");
    let failed = |error: &dyn std::fmt::Display| DatabaseError::Unmigratable(error.to_string());
    MIGRATIONS.run(&mut *owner).await.map_err(|error| failed(&error))?;
    // What serves looks whether the database is what it was built for.
    owner.execute(sqlx::AssertSqlSafe(format!("grant select on _sqlx_migrations to {ROLE}"))).await.map_err(|error| failed(&error))?;
    Ok(())
}

/// Whether a role that owns nothing can serve here as things stand.
async fn is_ready(connection: &mut PgConnection, powers: &Powers) -> Result<(), DatabaseError> {
    let behind = || DatabaseError::Behind { role: powers.role.clone() };
    if !powers.serves {
        return Err(if powers.is_empty { behind() } else { DatabaseError::NotAServer { role: powers.role.clone() } });
    }
    let done: Result<Vec<i64>, _> = sqlx::query_scalar("select version from _sqlx_migrations where success").fetch_all(connection).await;
    let done: BTreeSet<_> = done.map_err(|_| behind())?.into_iter().collect();
    let known: BTreeSet<_> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    match (known.is_subset(&done), done.is_subset(&known)) {
        (true, true) => Ok(()),
        (_, false) => Err(DatabaseError::Ahead),
        (false, true) => Err(behind()),
    }
}

/// Connections that have put off whatever rights their role has beside those of the server.
pub async fn pool(options: PgConnectOptions) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(24)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(sqlx::AssertSqlSafe(format!("set role {ROLE}"))).await.map(|_| ()) })
        })
        .connect_with(options)
        .await
}

fn unreachable(url: &str, error: &sqlx::Error) -> DatabaseError {
    DatabaseError::Unreachable { address: address(url), why: error.to_string() }
}

/// Host and database of a URL; never the password.
fn address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split_once('?').map_or(rest, |(rest, _)| rest).to_owned()
}
