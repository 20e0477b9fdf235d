//! What can go wrong, in sentences for the person who started the server.

use std::io;
use std::path::{Path, PathBuf};

use super::locate::OLDEST_MAJOR;

/// Why the private Postgres is not running. Each message says what happened and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrivatePostgresError {
    /// No installation was found, or none that is new enough.
    #[error(
        "No usable Postgres was found ({looked}). Do one of three things: install Postgres {OLDEST_MAJOR} or newer (on Debian \
         and Ubuntu: `apt install postgresql`); set PG_BINDIR to the folder that holds `postgres` and `initdb`; or set \
         DATABASE_URL to a Postgres that already runs."
    )]
    NoPrograms {
        /// What was looked at and found wanting.
        looked: String,
    },

    /// The data was written by a major version that is not installed.
    #[error(
        "The data was written by Postgres {data}, which is not installed ({looked}). Install Postgres {data} beside the \
         others, or set PG_BINDIR to its programs; to move the data to a newer version use `pg_upgrade`."
    )]
    OtherVersion {
        /// Major version that wrote the data.
        data: u32,
        /// What was looked at and found wanting.
        looked: String,
    },

    /// The account that runs Postgres cannot reach the programs.
    #[error(
        "The Postgres programs in {} cannot be run by the user {account}, who may not enter {}. Put them where that user \
         can reach them, or start the server as an ordinary user.",
        folder.display(), closed.display()
    )]
    ProgramsClosed {
        /// Folder of the programs.
        folder: PathBuf,
        /// Name of the account.
        account: String,
        /// The folder that is closed to it.
        closed: PathBuf,
    },

    /// The account that runs Postgres cannot reach the data.
    #[error(
        "Postgres refuses to run as root, so it is run by the user {account}, who may not enter {} and so cannot keep data \
         in {}. Choose a data folder which that user can reach, such as one under /var/lib, or start the server as an \
         ordinary user.",
        closed.display(), data.display()
    )]
    DataClosed {
        /// Folder that was asked for.
        data: PathBuf,
        /// Name of the account.
        account: String,
        /// The folder that is closed to it.
        closed: PathBuf,
    },

    /// Started as root on a machine without a user to run Postgres as.
    #[error(
        "Postgres refuses to run as root, and this machine has no user `postgres` to run it as. Create one (`useradd \
         --system postgres`), start the server as an ordinary user, or set DATABASE_URL to a Postgres that already runs."
    )]
    NoAccount,

    /// The cluster belongs to a user this process is not and cannot become.
    #[error(
        "The data in {} belongs to the user {owner}, and Postgres only runs as the owner of its data. {remedy}, or choose \
         another data folder.",
        cluster.display()
    )]
    OthersData {
        /// The cluster's folder.
        cluster: PathBuf,
        /// Name or number of the owner.
        owner: String,
        /// What would make it run.
        remedy: String,
    },

    /// Something else is where the cluster should be.
    #[error(
        "{} holds something, but not the data of a Postgres. Nothing was changed. Move it away, or choose another data \
         folder.",
        path.display()
    )]
    NotACluster {
        /// The folder in question.
        path: PathBuf,
    },

    /// Another server holds the data.
    #[error(
        "Another server ({holder}) already runs on the data in {}. Stop that one first, choose another data folder, or \
         set DATABASE_URL in both so that they share one Postgres.",
        data.display()
    )]
    InUse {
        /// Folder that was asked for.
        data: PathBuf,
        /// "process 123", or words for not knowing.
        holder: String,
    },

    /// A Postgres from elsewhere runs on the data.
    #[error(
        "A Postgres (process {pid}) that this server did not start, or that will not stop, runs on the data in {}. Stop \
         it (`kill -INT {pid}`) and start again.",
        cluster.display()
    )]
    Occupied {
        /// Its process id.
        pid: i32,
        /// The cluster's folder.
        cluster: PathBuf,
    },

    /// `initdb` failed.
    #[error("Creating the database failed: `initdb` ended with {status} and said:\n{said}")]
    NotCreated {
        /// How it ended.
        status: String,
        /// The end of what it printed.
        said: String,
    },

    /// Postgres ended, or did not answer in time.
    #[error("Postgres did not start: {what}. The end of its log ({}):\n{tail}", log.display())]
    NotStarted {
        /// What was seen from outside.
        what: String,
        /// Where the whole log is.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },

    /// Postgres was asked to end and did not.
    #[error("Postgres (process {pid}) does not stop. Look for what holds it up; the next start will try again to stop it.")]
    NotStopped {
        /// Its process id.
        pid: i32,
    },

    /// No private folder short enough for a socket could be made.
    #[error(
        "No folder for the database's socket could be made (tried {tried}): it must have a short path, belong to the user \
         {account} and be closed to all others. Choose a data folder with a short path, or remove what is in the way."
    )]
    NoSocketFolder {
        /// The folders and what was wrong with them.
        tried: String,
        /// Name of the account.
        account: String,
    },

    /// The operating system refused something.
    #[error("Could not {doing} {}: {source}. Check that the folder is writable and the disk is not full.", path.display())]
    Files {
        /// What was attempted, as a verb.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it was refused.
        source: io::Error,
    },
}

impl PrivatePostgresError {
    /// For `map_err`: names what was attempted and on what.
    pub(super) fn files(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Files { doing, path, source }
    }
}
