//! Getting to Postgres: the one named by `DATABASE_URL`, or a private one.

use crate::private_postgres::{Durability, PrivatePostgres, PrivatePostgresError};
use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection, PgPool,
    migrate::{MigrateDatabase, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{path::Path, time::Duration};

pub static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// The role the server works under. It owns nothing, so row-level security binds it.
const ROLE: &str = "cadence_app";

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("{0}")]
    Private(#[from] PrivatePostgresError),
    #[error("The database at {address} cannot be reached: {why}. Check DATABASE_URL, or unset it to use a private Postgres.")]
    Unreachable { address: String, why: String },
    #[error("The database cannot be brought up to date: {0}. Nothing was started; the data is as it was.")]
    Unmigratable(String),
}

/// A database brought up to date, and the private Postgres behind it, if it is one.
pub struct Database {
    pub pool: PgPool,
    /// Stops with it.
    pub private: Option<PrivatePostgres>,
}

/// Opens `url`, or the private Postgres with its data in `data`, and migrates.
pub async fn open(url: Option<&str>, data: &Path, say: &(dyn Fn(&str) + Sync)) -> Result<Database, DatabaseError> {
    let (url, private) = match url {
        Some(url) => (url.to_owned(), None),
        None => {
            let private = PrivatePostgres::start(data, Durability::Full, say)?;
            (private.url("cadence"), Some(private))
        }
    };
    let pool = connect(&url, private.is_some(), say).await?;
    Ok(Database { pool, private })
}

async fn connect(url: &str, create: bool, say: &(dyn Fn(&str) + Sync)) -> Result<PgPool, DatabaseError> {
    let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| unreachable(url, &error))?;
    let options = options.application_name("cadence");
    if create && !sqlx::Postgres::database_exists(url).await.map_err(|error| unreachable(url, &error))? {
        sqlx::Postgres::create_database(url).await.map_err(|error| unreachable(url, &error))?;
    }
    let attempt = tokio::time::timeout(Duration::from_secs(10), options.connect()).await;
    let mut owner = match attempt {
        Ok(Ok(owner)) => owner,
        Ok(Err(error)) => return Err(unreachable(url, &error)),
        Err(_) => return Err(DatabaseError::Unreachable { address: address(url), why: "no answer within 10 seconds".to_owned() }),
    };
    migrate(&mut owner, say).await?;
    owner.close().await.map_err(|error| unreachable(url, &error))?;
    pool(options).await.map_err(|error| unreachable(url, &error))
}

async fn migrate(owner: &mut PgConnection, say: &(dyn Fn(&str) + Sync)) -> Result<(), DatabaseError> {
    say("Bringing the database up to date.");
    MIGRATIONS.run(owner).await.map_err(|error| DatabaseError::Unmigratable(error.to_string()))
}

/// Connections that have put off the owner's rights.
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
