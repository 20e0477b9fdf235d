//! The operating system's account that runs Postgres. Postgres refuses to be root, so root hands over to another.

use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{Gid, Uid, User};

use super::error::PrivatePostgresError;

/// Who runs Postgres.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub uid: Uid,
    gid: Gid,
    pub name: String,
    /// Whether this process is root and has to step down to it.
    pub steps_down: bool,
}

impl Account {
    /// The owner of the cluster if there is one already, since Postgres insists on that. Otherwise this process's own
    /// account, or `postgres` in root's stead.
    pub fn for_cluster(cluster: &Path) -> Result<Self, PrivatePostgresError> {
        let me = Uid::effective();
        let owner = fs::metadata(cluster).ok().map(|found| Uid::from_raw(found.uid()));
        match owner {
            Some(owner) if owner.is_root() || !(me.is_root() || owner == me) => {
                let owner_name = name_of(owner);
                let remedy = if owner.is_root() {
                    // Being root does not help either.
                    "Give the folder to the user who is to run Postgres (`chown -R`)".to_owned()
                } else {
                    format!("Start the server as {owner_name} or as root")
                };
                Err(PrivatePostgresError::OthersData { cluster: cluster.to_owned(), owner: owner_name, remedy })
            }
            Some(owner) if me.is_root() => match User::from_uid(owner) {
                Ok(Some(user)) => Ok(Self { uid: owner, gid: user.gid, name: user.name, steps_down: true }),
                // A number without a name, as in containers, is as good.
                _ => Ok(Self { uid: owner, gid: Gid::from_raw(owner.as_raw()), name: owner.to_string(), steps_down: true }),
            },
            None if me.is_root() => match User::from_name("postgres") {
                Ok(Some(user)) => Ok(Self { uid: user.uid, gid: user.gid, name: user.name, steps_down: true }),
                _ => Err(PrivatePostgresError::NoAccount),
            },
            _ => Ok(Self { uid: me, gid: Gid::effective(), name: name_of(me), steps_down: false }),
        }
    }

    /// A command that will run under this account, in a process group and an environment of its own.
    ///
    /// Its own group, because Ctrl-C in a terminal reaches the whole group, and Postgres has to outlive the requests
    /// that the server still finishes. Its own environment, because the server's may hold secrets, and `PGDATA` and
    /// its like would interfere.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).process_group(0);
        for kept in ["PATH", "LD_LIBRARY_PATH"] {
            if let Some(value) = env::var_os(kept) {
                command.env(kept, value);
            }
        }
        if self.steps_down {
            // As root, the standard library also drops all supplementary groups when a user is set.
            command.uid(self.uid.as_raw()).gid(self.gid.as_raw()).current_dir("/");
        }
        command
    }

    /// Gives `path` to this account, if it differs from this process's own.
    pub fn give(&self, path: &Path) -> io::Result<()> {
        if self.steps_down {
            lchown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))?;
        }
        Ok(())
    }

    /// Whether this account may enter `folder`, or, where it does not exist yet, the deepest folder above it that does.
    /// The error is the folder that is closed.
    ///
    /// Read from the permission bits, since nothing can be run under the account before it is known where.
    pub fn can_enter(&self, folder: &Path) -> Result<(), PathBuf> {
        if !self.steps_down {
            return Ok(());
        }
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let existing = folder.ancestors().find_map(|folder| folder.canonicalize().ok()).unwrap_or(folder);
        let mut outermost_first: Vec<&Path> = existing.ancestors().collect();
        outermost_first.reverse();
        for folder in outermost_first {
            let open = fs::metadata(folder).is_ok_and(|found| {
                let bit = if found.uid() == self.uid.as_raw() {
                    0o100
                } else if found.gid() == self.gid.as_raw() {
                    0o010
                } else {
                    0o001
                };
                found.mode() & bit != 0
            });
            if !open {
                return Err(folder.to_owned());
            }
        }
        Ok(())
    }
}

fn name_of(uid: Uid) -> String {
    User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}
