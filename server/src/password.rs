//! Passwords: argon2id with the library's recommended costs.

use crate::host::Host;
use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{PasswordHash, SaltString},
};

pub fn hash(password: &str, host: &dyn Host) -> String {
    let mut salt = [0; 16];
    host.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).expect("16 bytes are a salt");
    Argon2::default().hash_password(password.as_bytes(), &salt).expect("any password can be hashed").to_string()
}

/// With no hash, as for an unknown address, it takes as long and says no.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    // Of no password anybody knows.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBzYWx0ISE$J1nPqqQkcO0bLxNqJwkTnYf1fV9m0uQ1u0wzVqJ3f2o";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let matches = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    matches && hash.is_some()
}
