//! A folder for a cluster that nobody will miss.

use std::env;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::statvfs::statvfs;
use nix::unistd::{Uid, mkdtemp};

use super::error::PrivatePostgresError;

const PREFIX: &str = "cadence-throw-away-";

/// A file system in memory, on Linux.
const IN_MEMORY: &str = "/dev/shm";

/// Containers often have 64 MiB there, on which a cluster would run full.
const ROOM_NEEDED: u128 = 1 << 30;

/// A folder this much older than a new one is no longer just being set up.
const SETTLED: Duration = Duration::from_secs(60);

/// Removed with all it holds when dropped.
#[derive(Debug)]
pub(super) struct PassingFolder {
    path: PathBuf,
}

impl PassingFolder {
    pub fn create() -> Result<Self, PrivatePostgresError> {
        let base = base();
        let path = mkdtemp(&base.join(format!("{PREFIX}XXXXXX")))
            .map_err(|errno| PrivatePostgresError::files("create a folder in", &base)(errno.into()))?;
        let folder = Self { path };
        if Uid::effective().is_root() {
            // Postgres will be another user, and has to pass through.
            fs::set_permissions(&folder.path, Permissions::from_mode(0o711))
                .map_err(PrivatePostgresError::files("open up", &folder.path))?;
        }
        folder.sweep(&base);
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what killed processes of the same user have left. Whatever cannot be removed is left to the next.
    fn sweep(&self, base: &Path) {
        let Ok(now) = fs::metadata(&self.path).and_then(|found| found.modified()) else { return };
        for entry in fs::read_dir(base).into_iter().flatten().flatten() {
            if !entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
                continue;
            }
            let Ok(found) = entry.metadata() else { continue };
            // The new folder's own time serves as the present.
            let age = found.modified().ok().and_then(|made| now.duration_since(made).ok());
            if !found.is_dir() || found.uid() != Uid::effective().as_raw() || age.is_none_or(|age| age < SETTLED) {
                continue;
            }
            // Without a lock it never came to be used.
            let in_use = File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_err());
            if !in_use {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

impl Drop for PassingFolder {
    fn drop(&mut self) {
        // A folder that stays behind is swept up later.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// In memory if there is room, otherwise where temporary files go.
fn base() -> PathBuf {
    let room = statvfs(IN_MEMORY).map_or(0, |found| u128::from(found.blocks_available()) * u128::from(found.fragment_size()));
    if room >= ROOM_NEEDED {
        return IN_MEMORY.into();
    }
    // Root's own folder for temporary files may be closed to the user Postgres runs as.
    if Uid::effective().is_root() { "/tmp".into() } else { env::temp_dir() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_folders_that_nobody_holds_are_swept() {
        let made = || {
            let folder = PassingFolder::create().unwrap();
            let path = folder.path.clone();
            // As if its process had been killed.
            std::mem::forget(folder);
            path
        };
        let (young, held, left) = (made(), made(), made());
        let lock = File::create(held.join("lock")).unwrap();
        lock.try_lock().unwrap();
        fs::write(left.join("lock"), "").unwrap();
        for path in [&held, &left] {
            let folder = File::open(path).unwrap();
            folder.set_modified(folder.metadata().unwrap().modified().unwrap() - 2 * SETTLED).unwrap();
        }

        let new = PassingFolder::create().unwrap();
        assert_eq!([&young, &held, &left, &new.path].map(|path| path.exists()), [true, true, false, true]);
        for path in [young, held] {
            fs::remove_dir_all(path).unwrap();
        }
    }
}
