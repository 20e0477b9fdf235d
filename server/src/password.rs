//! Passwords: argon2id with the library's recommended costs, and which of them are good enough.

use crate::host::Host;
use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{PasswordHash, SaltString},
};
use std::sync::Arc;

pub fn hash(password: &str, host: &dyn Host) -> String {
    let mut salt = [0; 16];
    host.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).expect("16 bytes are a salt");
    Argon2::default().hash_password(password.as_bytes(), &salt).expect("any password can be hashed").to_string()
}

/// The same on a thread of its own: hashing takes tens of milliseconds of one core, on purpose.
pub async fn hash_aside(password: &str, host: &Arc<dyn Host>) -> String {
    let (password, host) = (password.to_owned(), host.clone());
    tokio::task::spawn_blocking(move || hash(&password, host.as_ref())).await.expect("any password can be hashed")
}

/// With no hash, or one that cannot be read, as for an unknown address, it takes as long and says no.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let (compared, somebodys) = compared_with(hash);
    compared.is_some_and(|compared| Argon2::default().verify_password(password.as_bytes(), &compared).is_ok()) && somebodys
}

/// The hash a password is compared with, and whether it is somebody's: otherwise it is of no password anybody knows, and costs as much.
fn compared_with(hash: Option<&str>) -> (Option<PasswordHash<'_>>, bool) {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBzYWx0ISEhIQ$J1nPqqQkcO0bLxNqJwkTnYf1fV9m0uQ1u0wzVqJ3f2o";
    match hash.and_then(|hash| PasswordHash::new(hash).ok()) {
        Some(known) => (Some(known), true),
        None => (PasswordHash::new(NOBODY).ok(), false),
    }
}

/// The same on a thread of its own.
pub async fn verify_aside(password: &str, hash: Option<String>) -> bool {
    tracing::trace!("a password is compared");
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || verify(&password, hash.as_deref())).await.unwrap_or(false)
}

/// Letters and signs, not bytes.
pub const SHORTEST: usize = 12;
const LONGEST: usize = 256;

/// Long enough, and tried first by whoever guesses; one a line, in lower case, without what is neither letter nor digit.
const COMMON: &str = include_str!("password/common.txt");

/// What is wrong with a password somebody chooses, in words for them.
pub fn check(password: &str, name: &str, email: &str) -> Result<(), &'static str> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err("A password needs at least 12 letters or signs. Four words in a row are easy to remember.");
    }
    if length > LONGEST {
        return Err("A password has at most 256 letters or signs.");
    }
    let plain = plain(password);
    let mailbox = email.split('@').next().unwrap_or_default();
    let own = name.split_whitespace().chain([mailbox]).map(self::plain);
    // Shorter parts, such as “Dr” or “Li”, stand in many words by chance.
    if own.filter(|part| part.chars().count() >= 4).any(|part| plain.contains(&part)) {
        return Err("This password holds your name or address, which is tried first by whoever guesses. Choose another one.");
    }
    let mut letters: Vec<_> = password.to_lowercase().chars().collect();
    letters.sort_unstable();
    letters.dedup();
    // What is left of a common one when the number behind it is taken off.
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.len() < 5 || COMMON.lines().any(|common| common == plain || (stem.len() >= 6 && common == stem)) {
        return Err("This password is one of those that are tried first by whoever guesses. Choose another one.");
    }
    Ok(())
}

/// Only letters and digits, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Machine;

    #[test]
    fn a_password_that_is_guessed_first_is_refused() {
        let check = |password: &str| check(password, "Dr Ama Osei", "a.osei@clinic.example");
        for good in ["lamp orbit velvet seven", "correct horse battery stapler", "Zürich-Rhein-Ufer-9", "qz7!mK2#xP9v"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "short",
            "elevenchars",
            "password1234",
            "Password-1234",
            "P a s s w o r d 1 2 3 4",
            "123456789012",
            "aaaaaaaaaaaa",
            "abababababab",
            "cadence-demo",
            "qwertyuiop12",
            "letmein letmein",
            "Osei-forever-2026",
            "my a.osei password",
            "iloveyou2026",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        // Of letters, not of bytes.
        assert!(check("äöüßäöüßäöü").is_err());
        assert!(check(&"lamp orbit ".repeat(30)).is_err());
    }

    #[test]
    fn the_list_is_spelled_as_it_is_compared() {
        assert!(COMMON.lines().count() > 100);
        for line in COMMON.lines() {
            assert_eq!(line, plain(line));
        }
    }

    #[test]
    fn a_password_of_nobody_costs_as_much_as_one_of_somebody() {
        let right = hash("right", &Machine);
        let (of_somebody, is_somebodys) = compared_with(Some(&right));
        let of_somebody = of_somebody.unwrap();
        assert!(is_somebodys);
        // An unknown address, and somebody who has chosen no password yet.
        for unknown in [None, Some("")] {
            let (of_nobody, is_somebodys) = compared_with(unknown);
            let of_nobody = of_nobody.expect("there is always something to compare with");
            assert!(!is_somebodys);
            assert_eq!((of_nobody.algorithm, of_nobody.version), (of_somebody.algorithm, of_somebody.version));
            assert_eq!(argon2::Params::try_from(&of_nobody), argon2::Params::try_from(&of_somebody));
            let bytes = |hash: &PasswordHash<'_>| (hash.salt.unwrap().len(), hash.hash.unwrap().len());
            assert_eq!(bytes(&of_nobody), bytes(&of_somebody));
        }
    }

    #[test]
    fn a_hash_that_cannot_be_read_is_nobodys() {
        let right = hash("right", &Machine);
        assert!(verify("right", Some(&right)));
        for (password, hash) in [("wrong", Some(right.as_str())), ("right", Some("")), ("right", None)] {
            assert!(!verify(password, hash));
        }
    }
}
