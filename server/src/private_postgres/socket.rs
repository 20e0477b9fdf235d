//! The Unix socket Postgres listens on, in a folder closed to all others.

use std::env;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use nix::unistd::Uid;

use super::account::Account;
use super::error::PrivatePostgresError;
use super::files;
use super::home::Home;

/// Only part of the socket's name, as nothing listens on the network.
pub(super) const PORT: &str = "5432";

/// The longest path of a socket that every system allows (macOS; Linux has 107).
const LONGEST: usize = 103;

#[derive(Debug)]
pub(super) struct Socket {
    folder: PathBuf,
}

impl Socket {
    /// Makes the folder: in the home if the path is short and plain enough, otherwise somewhere shorter under a name
    /// that stands for the home.
    pub fn open(home: &Home, account: &Account) -> Result<Self, PrivatePostgresError> {
        let mut folders = vec![home.socket()];
        let runtime = if account.steps_down { Some("/run".into()) } else { env::var_os("XDG_RUNTIME_DIR") };
        let shared = runtime.map(PathBuf::from).into_iter().chain([PathBuf::from("/tmp")]);
        folders.extend(shared.map(|base| base.join(format!("cadence-pg-{}", files::short_name(home.path())))));

        let mut tried = Vec::new();
        for folder in folders {
            match prepare(&folder, account) {
                Ok(()) => return Ok(Self { folder }),
                Err(why) => tried.push(format!("{}: {why}", folder.display())),
            }
        }
        Err(PrivatePostgresError::NoSocketFolder { tried: tried.join("; "), account: account.name.clone() })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether somebody listens.
    pub fn answers(&self) -> io::Result<()> {
        UnixStream::connect(self.path()).map(drop)
    }

    /// Removes what a killed Postgres leaves. Only when none runs.
    pub fn clear(&self) -> io::Result<()> {
        for left in [self.path(), self.folder.join(format!(".s.PGSQL.{PORT}.lock"))] {
            match fs::remove_file(&left) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Removes the folder too, for a home that goes away. It may lie outside the home.
    pub fn remove(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }

    pub fn url(&self, role: &str, database: &str) -> String {
        let folder = encode(self.folder.as_os_str().as_encoded_bytes());
        format!("postgres://{}@{folder}:{PORT}/{}", encode(role.as_bytes()), encode(database.as_bytes()))
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!(".s.PGSQL.{PORT}"))
    }
}

fn prepare(folder: &Path, account: &Account) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    match folder.to_str() {
        Some(path) if path.chars().all(plain) => {}
        // Postgres takes a list here, with rules of its own for quoting.
        _ => return Err("its path holds unusual characters".to_owned()),
    }
    let longest = format!("{}/.s.PGSQL.{PORT}", folder.display());
    if longest.len() > LONGEST {
        return Err(format!("its path is longer than a socket's may be by {}", longest.len() - LONGEST));
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => account.give(folder).map_err(|error| error.to_string()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => adopt(folder, account),
        Err(error) => Err(error.to_string()),
    }
}

/// Accepts a folder from an earlier run. In a folder shared by all users it may as well be a trap.
fn adopt(folder: &Path, account: &Account) -> Result<(), String> {
    let found = fs::symlink_metadata(folder).map_err(|error| error.to_string())?;
    if !found.is_dir() {
        return Err("it is not a folder".to_owned());
    }
    let owner = Uid::from_raw(found.uid());
    if owner != account.uid && owner != Uid::effective() {
        return Err(format!("it belongs to another user ({owner})"));
    }
    if found.mode() & 0o077 != 0 {
        return Err("it is open to other users".to_owned());
    }
    account.give(folder).map_err(|error| error.to_string())
}

/// Percent-encoding of all but the characters that are safe everywhere in a URL.
fn encode(bytes: &[u8]) -> String {
    let mut encoded = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(*byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private_postgres::throw_away::PassingFolder;

    #[test]
    fn urls_are_encoded() {
        let socket = Socket { folder: "/run/a b".into() };
        assert_eq!(socket.url("me", "day/1"), "postgres://me@%2Frun%2Fa%20b:5432/day%2F1");
    }

    #[test]
    fn long_and_odd_paths_are_avoided() {
        let folder = PassingFolder::create().unwrap();
        for odd in ["x".repeat(100), "with, comma".to_owned()] {
            let data = folder.path().join(odd);
            let account = Account::for_cluster(&data).unwrap();
            let home = Home::open(&data, &account).unwrap();
            let socket = Socket::open(&home, &account).unwrap();
            assert!(!socket.folder().starts_with(home.path()));
            let found = fs::symlink_metadata(socket.folder()).unwrap();
            assert_eq!((found.mode() & 0o777, found.uid()), (0o700, account.uid.as_raw()));
            // A second time it is taken up again.
            assert_eq!(Socket::open(&home, &account).unwrap().folder(), socket.folder());
            fs::remove_dir(socket.folder()).unwrap();
        }
    }
}
