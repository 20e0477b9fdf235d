//! Results kept between builds.
//!
//! A result's name is the hash of everything it was made from, so it is either exactly right or absent, and
//! no file times are compared. What the latest build did not use is thrown away at its end.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

pub struct Cache {
    folder: PathBuf,
    used: RefCell<BTreeSet<String>>,
}

impl Cache {
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        Ok(Self { folder: folder.to_path_buf(), used: RefCell::default() })
    }

    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        let content = fs::read(self.folder.join(name)).ok()?;
        self.used.borrow_mut().insert(name.to_owned());
        Some(content)
    }

    pub fn put(&self, name: &str, content: &[u8]) -> Result<()> {
        // Renamed into place: an interrupted build must not leave half a result under a name that promises a whole one.
        let unfinished = self.folder.join(format!("{name}.unfinished"));
        fs::write(&unfinished, content)?;
        fs::rename(&unfinished, self.folder.join(name))?;
        self.used.borrow_mut().insert(name.to_owned());
        Ok(())
    }

    /// A place for a tool that insists on writing files.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn sweep(&mut self) -> Result<()> {
        let used = self.used.get_mut();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if used.contains(entry.file_name().to_string_lossy().as_ref()) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// The SHA-256 of several parts, each with its length so that no two lists of parts look alike.
pub fn hash_of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_boundary_changes_the_hash() {
        assert_ne!(hash_of(&[b"ab", b"c"]), hash_of(&[b"a", b"bc"]));
    }
}
