//! The server's own private Postgres, for when no `DATABASE_URL` is given.
//!
//! The machine's installed Postgres programs are used; nothing is downloaded. The cluster listens on a Unix socket
//! only, in a folder that nobody but its account may enter. One folder (the "home") holds everything:
//!
//! ```text
//! home/cluster/       the data, made aside and renamed, so it is complete or absent
//! home/lock           held for as long as a server runs on it; holds that server's process id
//! home/postgres.log   what Postgres itself has to say
//! home/socket/        where it listens, if the path is short enough for a socket
//! ```
//!
//! Postgres never outlives the server, even when the server is killed outright; and should it do so after all, the
//! next start stops it before it goes on.

mod account;
mod cluster;
mod data_dir;
mod error;
mod files;
mod home;
mod leftovers;
mod locate;
mod lock;
mod log;
mod process;
mod settings;
mod socket;
#[cfg(test)]
mod tests;
mod throw_away;

use std::path::Path;

use account::Account;
use home::Home;
use locate::Places;
use lock::Lock;
use process::Postmaster;
use socket::Socket;
use throw_away::PassingFolder;

pub use data_dir::default_data_dir;
pub use error::PrivatePostgresError;
pub use settings::Durability;

/// The role that owns the cluster: a superuser, for migrations and for making databases.
///
/// Row-level security does not bind a superuser, so requests must be served under another role (see
/// [`PrivatePostgres::url_as`]).
pub const OWNER: &str = "cadence_owner";

/// A running Postgres that belongs to this process. Dropping it stops it.
#[derive(Debug)]
pub struct PrivatePostgres {
    postmaster: Postmaster,
    socket: Socket,
    durability: Durability,
    // Fields are dropped in this order: the lock may only be given back once Postgres has ended, and a passing folder
    // only be removed after that.
    _lock: Lock,
    passing: Option<PassingFolder>,
}

impl PrivatePostgres {
    /// Finds the programs, creates the cluster in `data` when there is none, starts it and waits until it answers.
    ///
    /// Blocks for about a second or two when the cluster has to be created, and otherwise for some tenths of a second,
    /// longer when Postgres has to recover from a power cut. Under an async runtime, call it where blocking is allowed.
    /// `say` is given whole sentences about what takes time.
    ///
    /// # Errors
    /// When no usable programs are found, when another server runs on the same data, when the data is of another major
    /// version or belongs to someone else, and when Postgres does not start. Each error says what to do about it.
    pub fn start(data: &Path, durability: Durability, say: &dyn Fn(&str)) -> Result<Self, PrivatePostgresError> {
        Self::start_from(&Places::of_this_machine(), data, durability, None, say)
    }

    /// Starts an empty cluster that is removed when the value is dropped, in memory where there is room for it.
    ///
    /// What a killed process leaves behind is removed by the next call that comes a minute or more later.
    ///
    /// # Errors
    /// As for [`PrivatePostgres::start`].
    pub fn throw_away(say: &dyn Fn(&str)) -> Result<Self, PrivatePostgresError> {
        let folder = PassingFolder::create()?;
        let path = folder.path().to_owned();
        Self::start_from(&Places::of_this_machine(), &path, Durability::ThrowAway, Some(folder), say)
    }

    fn start_from(
        places: &Places,
        data: &Path,
        durability: Durability,
        passing: Option<PassingFolder>,
        say: &dyn Fn(&str),
    ) -> Result<Self, PrivatePostgresError> {
        let account = Account::for_cluster(&home::cluster_in(data))?;
        let programs = locate::find(places, cluster::major_version(&home::cluster_in(data))?)?;
        let home = Home::open(data, &account)?;
        let lock = Lock::take(&home, &account)?;
        if let Err(closed) = account.can_enter(&programs.folder) {
            return Err(PrivatePostgresError::ProgramsClosed { folder: programs.folder, account: account.name, closed });
        }
        // Looked at again now that nobody else can be creating it.
        if cluster::major_version(&home.cluster())?.is_none() {
            say(&format!(
                "Creating the private database in {} with Postgres {}, run by {}.",
                home.path().display(),
                programs.major,
                account.name
            ));
            cluster::create(&home, &programs, &account, durability)?;
        }
        let socket = Socket::open(&home, &account)?;
        let postmaster = process::start(&home, &programs, &account, &socket, durability, say)?;
        Ok(Self { postmaster, socket, durability, _lock: lock, passing })
    }

    /// The URL by which [`OWNER`] reaches `database`, for `sqlx`, `psql` and whatever else reads such URLs.
    ///
    /// A new cluster holds only the database `postgres`; others are created through it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url_as(OWNER, database)
    }

    /// The URL by which `role` reaches `database`. No password is asked: to be able to enter the socket's folder is
    /// what lets a process in.
    #[must_use]
    pub fn url_as(&self, role: &str, database: &str) -> String {
        self.socket.url(role, database)
    }

    /// Whether Postgres still runs. It restarts its own workers; when this turns false it has ended for good, and only
    /// a new start helps.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.postmaster.is_running()
    }

    /// Stops Postgres: open transactions are rolled back, everything committed is kept. Waits until it has ended.
    ///
    /// # Errors
    /// When it does not end even though asked ever more sternly.
    pub fn stop(mut self) -> Result<(), PrivatePostgresError> {
        self.postmaster.stop(self.durability)
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // Nobody is left to be told; should it still run, the next start deals with it.
        let _ = self.postmaster.stop(self.durability);
        if self.passing.is_some() {
            self.socket.remove();
        }
    }
}
