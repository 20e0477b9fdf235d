//! What `cadence` can be told to do.

mod invite_owner;
mod mail;
mod migrate;
mod restored;
mod seed;
mod serve;
mod test_postgres;
mod verify_audit;

use crate::{
    audit::{self, AuditKey},
    database::{self, Database, DatabaseError, Purpose},
    host::Machine,
    photo_store::{self, PhotoStore, Place},
    private_postgres::PrivatePostgres,
    store,
};
use clap::{Args, Parser, Subcommand};
use futures::future::LocalBoxFuture;
use sqlx::{PgConnection, PgPool};
use std::{path::PathBuf, process::ExitCode};

#[derive(Parser)]
#[command(name = "cadence", about = "The clinic's server", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the clinic.
    Serve(serve::Serve),
    /// Bring the database up to date, as the role that owns it.
    Migrate(migrate::Migrate),
    /// After a backup was put back, once and before anything serves: devices read everything anew, everybody signs in again.
    Restored(restored::Restored),
    /// Fill an empty database with the demo clinic.
    Seed(seed::Seed),
    /// Look through the audit for rows that were changed, taken out or slipped in.
    VerifyAudit(verify_audit::VerifyAudit),
    /// Make a link by which an owner who lost every way in chooses a new one.
    InviteOwner(invite_owner::InviteOwner),
    /// Take in an e-mail that came back, from standard input: for a mail server's pipe.
    Bounced(mail::Bounced),
    /// Take in an e-mail that a client wrote, from standard input: for a mail server's pipe.
    Received(mail::Received),
    /// Run a command beside a throw-away Postgres, with DATABASE_URL set to it.
    TestPostgres {
        #[arg(required = true, trailing_var_arg = true)]
        command: Vec<String>,
    },
}

/// Which Postgres.
#[derive(Args)]
struct Where {
    /// Postgres to use; without it the server runs a private one. To serve, as a login role that owns nothing.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Where the private Postgres keeps its data.
    #[arg(long, env = "CADENCE_DATA")]
    data: Option<PathBuf>,
    /// Where photographs are kept: a folder, or s3://bucket/prefix with AWS_* variables. Without it, a folder beside that data.
    #[arg(long, env = "CADENCE_PHOTOS")]
    photos: Option<Place>,
    /// File with the key of the audit's chain, 64 hexadecimal digits. Made at the first start; all servers of one database share it.
    /// Without it, a file beside that data.
    #[arg(long, env = "CADENCE_AUDIT_KEY", value_name = "FILE")]
    audit_key: Option<PathBuf>,
}

impl Where {
    async fn open(&self, purpose: Purpose) -> Result<Database, DatabaseError> {
        database::open(self.database_url.as_deref(), &self.data(), purpose, &say).await
    }

    async fn as_owner(&self) -> Result<(PgConnection, Option<PrivatePostgres>), DatabaseError> {
        database::as_owner(self.database_url.as_deref(), &self.data(), &say).await
    }

    /// To be opened after the database, which makes the folder of both.
    fn photos(&self) -> photo_store::Result<PhotoStore> {
        let place = self.photos.clone().unwrap_or_else(|| Place::Folder(self.data().join("photos")));
        PhotoStore::open_at(&place)
    }

    /// The key of the audit's chain. A new one is made only for a database in which nothing has been audited yet.
    async fn audit_key(&self, pool: &PgPool) -> anyhow::Result<AuditKey> {
        let may_create = store::audit::heads(pool).await?.is_empty();
        Ok(audit::key::open(&self.audit_key_file(), may_create, &Machine)?)
    }

    fn audit_key_file(&self) -> PathBuf {
        self.audit_key.clone().unwrap_or_else(|| self.data().join("audit.key"))
    }

    fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| crate::private_postgres::default_data_dir(&|_| ()))
    }
}

/// A line for whoever started the server.
fn say(line: &str) {
    println!("{line}");
}

/// Boxed, so that all of it is compiled in this crate, and not once more in the program that calls it.
pub fn run(arguments: Arguments) -> LocalBoxFuture<'static, anyhow::Result<ExitCode>> {
    let done = async move {
        match arguments.command {
            Command::Serve(serve) => serve.run().await,
            Command::Migrate(migrate) => migrate.run().await,
            Command::Restored(restored) => restored.run().await,
            Command::Seed(seed) => seed.run().await,
            Command::VerifyAudit(verify) => verify.run().await,
            Command::InviteOwner(invite) => invite.run().await,
            Command::Bounced(mail) => mail.run().await,
            Command::Received(mail) => mail.run().await,
            Command::TestPostgres { command } => test_postgres::run(&command).await,
        }
    };
    Box::pin(done)
}
