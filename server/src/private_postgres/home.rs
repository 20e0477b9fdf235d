//! The folder that holds the cluster and what belongs to it.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::PrivatePostgresError;
use super::files;

/// Where the cluster is within a home, known before the home is opened.
pub(super) fn cluster_in(home: &Path) -> PathBuf {
    home.join("cluster")
}

/// An existing folder, by its full path.
#[derive(Debug)]
pub(super) struct Home(PathBuf);

impl Home {
    /// Creates the folder if it is missing, and makes sure that the account can enter it.
    pub fn open(path: &Path, account: &Account) -> Result<Self, PrivatePostgresError> {
        if let Err(closed) = account.can_enter(path) {
            return Err(PrivatePostgresError::DataClosed { data: path.to_owned(), account: account.name.clone(), closed });
        }
        let created = if account.steps_down {
            // It stays root's; the account only has to pass through, even if root's own umask is closed to others.
            files::create_folder(path, 0o711)
        } else {
            create_own(path)
        };
        created.map_err(PrivatePostgresError::files("create the folder", path))?;
        // Postgres is started from elsewhere, and the path is compared with that of running processes.
        path.canonicalize().map(Self).map_err(PrivatePostgresError::files("open the folder", path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn cluster(&self) -> PathBuf {
        cluster_in(&self.0)
    }

    /// Written by Postgres: process id in the first line, state in the eighth.
    pub fn pid_file(&self) -> PathBuf {
        self.cluster().join("postmaster.pid")
    }

    pub fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    pub fn log(&self) -> PathBuf {
        self.0.join("postgres.log")
    }

    pub fn socket(&self) -> PathBuf {
        self.0.join("socket")
    }
}

fn create_own(path: &Path) -> io::Result<()> {
    if let Some(above) = path.parent() {
        fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        created => created,
    }
}
