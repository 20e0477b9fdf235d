//! What getting in needs beside the database: the key that authenticator secrets are encrypted by, and the address passkeys belong to.

use crate::host::Host;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::{
    fs::OpenOptions,
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

#[derive(Debug, thiserror::Error)]
pub enum WaysInError {
    #[error("the key for authenticator secrets in {0} cannot be read or written: {1}")]
    KeyFile(String, std::io::Error),
    #[error("CADENCE_SIGN_IN_KEY has to be 64 hexadecimal digits, as `openssl rand -hex 32` prints them")]
    Key,
    #[error("{0} is no address people can open Cadence by: it needs https:// and a name, or http://localhost")]
    Address(String),
}

/// 256 bits that are not in the database: whoever copies the database alone can make no codes.
pub struct SecretKey(LessSafeKey);

const KEY_BYTES: usize = 32;

impl SecretKey {
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).expect("the key has the right length")))
    }

    /// Of 64 hexadecimal digits, for server processes on several machines.
    pub fn from_hex(text: &str) -> Result<Self, WaysInError> {
        let mut bytes = [0; KEY_BYTES];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| WaysInError::Key)?;
        Ok(Self::new(bytes))
    }

    /// From a file that only its owner may read, made when it is not there.
    pub fn from_file(path: &Path, host: &dyn Host) -> Result<Self, WaysInError> {
        let failed = |error| WaysInError::KeyFile(path.display().to_string(), error);
        let mut bytes = [0; KEY_BYTES];
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                host.fill(&mut bytes);
                file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                OpenOptions::new().read(true).open(path).and_then(|mut file| file.read_exact(&mut bytes)).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
        Ok(Self::new(bytes))
    }

    /// Encrypts for one owner: what is sealed for somebody opens for nobody else.
    pub fn seal(&self, owner: &[u8], secret: &[u8], host: &dyn Host) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        host.fill(&mut nonce);
        let mut sealed = secret.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .expect("a secret is short enough to be sealed");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` when it was sealed by another key or for somebody else, or was changed.
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut opened = sealed.to_vec();
        self.0.open_in_place(nonce, Aad::from(owner), &mut opened).ok().map(|opened| opened.to_vec())
    }
}

/// Told at start.
pub struct WaysIn {
    pub key: SecretKey,
    pub passkeys: Webauthn,
}

impl WaysIn {
    /// `address` is where people open Cadence, such as `https://cadence.clinic.example`: passkeys belong to its host, and work
    /// nowhere else. A number such as 127.0.0.1 cannot be one.
    pub fn new(key: SecretKey, address: &str) -> Result<Self, WaysInError> {
        let wrong = || WaysInError::Address(address.to_owned());
        let origin = Url::parse(address).map_err(|_| wrong())?;
        let host = origin.domain().ok_or_else(wrong)?;
        if origin.scheme() != "https" && host != "localhost" {
            return Err(wrong());
        }
        let builder = WebauthnBuilder::new(host, &origin).map_err(|_| wrong())?;
        let passkeys = builder.rp_name("Cadence").build().map_err(|_| wrong())?;
        Ok(Self { key, passkeys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Machine;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_sealed_opens_only_by_its_key_and_for_its_owner() {
        let (key, other) = (SecretKey::new([1; 32]), SecretKey::new([2; 32]));
        let sealed = key.seal(b"lind", b"secret", &Machine);
        assert!(!sealed.windows(6).any(|six| six == b"secret"));
        assert_eq!(key.open(b"lind", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!((key.open(b"osei", &sealed), other.open(b"lind", &sealed), key.open(b"lind", b"short")), (None, None, None));
        let mut changed = sealed.clone();
        changed[NONCE_LEN] ^= 1;
        assert_eq!(key.open(b"lind", &changed), None);
        assert_ne!(sealed, key.seal(b"lind", b"secret", &Machine));
    }

    #[test]
    fn the_keys_file_is_its_owners_alone_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sign-in.key");
        let sealed = SecretKey::from_file(&path, &Machine).unwrap().seal(b"", b"secret", &Machine);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(SecretKey::from_file(&path, &Machine).unwrap().open(b"", &sealed).is_some());
        std::fs::write(&path, "short").unwrap();
        assert!(SecretKey::from_file(&path, &Machine).is_err());
        assert!(SecretKey::from_hex(&"0a".repeat(32)).is_ok() && SecretKey::from_hex("0a").is_err());
    }

    #[test]
    fn passkeys_belong_to_a_name() {
        let fits = |address| WaysIn::new(SecretKey::new([0; 32]), address).is_ok();
        assert!(fits("https://cadence.clinic.example") && fits("http://localhost:7300"));
        for wrong in ["http://127.0.0.1:7300", "https://[::1]", "http://cadence.clinic.example", "cadence", ""] {
            assert!(!fits(wrong), "{wrong}");
        }
    }
}
