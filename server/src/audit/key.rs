//! The key of the audit's chain. It is in a file and never in the database, nor in a backup of it: whoever has both can write the chain
//! anew.

use crate::host::Host;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::{
    fmt, fs, io,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

#[derive(Clone)]
pub struct AuditKey(Hmac<Sha256>);

impl AuditKey {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(key).expect("a key of any length will do"))
    }

    pub(super) fn hash_bytes(&self, bytes: &[u8]) -> [u8; 32] {
        self.0.clone().chain_update(bytes).finalize().into_bytes().into()
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AuditKeyError {
    #[error(
        "The audit was begun with a key that is not here: {0} is missing. Put the file back, or name it with --audit-key; all servers \
         of one database share one key. Without it nothing that was written until now can be verified."
    )]
    Missing(PathBuf),
    #[error("The key of the audit in {0} cannot be read: it should be 64 hexadecimal digits.")]
    NotAKey(PathBuf),
    #[error("The key of the audit in {0} cannot be used: {1}")]
    Unusable(PathBuf, io::Error),
}

/// Reads the key; makes one where there is none, if it may.
pub fn open(file: &Path, may_create: bool, host: &dyn Host) -> Result<AuditKey, AuditKeyError> {
    let unusable = |error| AuditKeyError::Unusable(file.to_owned(), error);
    if !file.try_exists().map_err(unusable)? {
        if !may_create {
            return Err(AuditKeyError::Missing(file.to_owned()));
        }
        create(file, host).map_err(unusable)?;
    }
    let text = fs::read_to_string(file).map_err(unusable)?;
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).map_err(|_| AuditKeyError::NotAKey(file.to_owned()))?;
    Ok(AuditKey::new(&key))
}

/// Whole, or not at all; and when two servers do so at once, both go on with the same.
fn create(file: &Path, host: &dyn Host) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut key = [0; 32];
    host.fill(&mut key);
    let aside = folder.join(format!(".audit-key-{}", host.uuid()));
    let written = write(&aside, &format!("{}\n", hex::encode(key))).and_then(|()| match fs::hard_link(&aside, file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    fs::remove_file(&aside)?;
    written?;
    fs::File::open(folder)?.sync_all()
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Machine;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_for_the_servers_own_eyes_and_never_in_place_of_a_lost_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/audit.key");
        assert!(matches!(open(&file, false, &Machine), Err(AuditKeyError::Missing(_))));
        let made = open(&file, true, &Machine).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let again = open(&file, true, &Machine).unwrap();
        assert_eq!(made.hash_bytes(b"row"), again.hash_bytes(b"row"));
        assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 1, "nothing is left aside");
        assert_eq!(format!("{made:?}"), "AuditKey");

        fs::write(&file, "short").unwrap();
        assert!(matches!(open(&file, true, &Machine), Err(AuditKeyError::NotAKey(_))));
    }

    #[test]
    fn servers_that_start_at_once_have_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.key");
        let hashes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&file, true, &Machine).unwrap().hash_bytes(b"row"))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(hashes.iter().all(|hash| *hash == hashes[0]));
    }
}
