use super::say;
use crate::private_postgres::PrivatePostgres;
use sqlx::{Connection, migrate::MigrateDatabase};
use std::process::ExitCode;

/// Runs `command` with `DATABASE_URL` naming a database of a throw-away Postgres, migrated; passes its exit code on.
pub async fn run(command: &[String]) -> anyhow::Result<ExitCode> {
    let postgres = PrivatePostgres::throw_away(&say)?;
    let url = postgres.url("cadence_test");
    sqlx::Postgres::create_database(&url).await?;
    let mut owner = sqlx::PgConnection::connect(&url).await?;
    crate::database::MIGRATIONS.run(&mut owner).await?;
    owner.close().await?;
    let status = tokio::process::Command::new(&command[0]).args(&command[1..]).env("DATABASE_URL", url).status().await?;
    postgres.stop()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
