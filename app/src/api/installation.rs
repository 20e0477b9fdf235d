//! Browsers of the clinic: how one is opened, locked and emptied.
//!
//! What a browser keeps is encrypted. One part of the key never leaves the browser, the other is the server's share: handed out to
//! who has just signed in, or types the right PIN. `frontend/src/vault` makes keys of the two.

use super::SignedIn;
use domain::{
    ids::{InstallationId, StaffId},
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// The server's part of the key to what one browser keeps.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share(pub [u8; 32]);

impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Share(…)")
    }
}

/// The key to what the clinic does not have yet is the SHA-256 of share and these bytes: the server can open what a browser that is
/// emptied hands over, even when nobody is there to type a PIN.
pub const UNSENT_LABEL: &[u8] = b"cadence: not at the clinic yet";

/// A PIN has so many digits.
pub const PIN_DIGITS: usize = 6;

/// After so many wrong PINs in a row only a full sign-in helps.
pub const PIN_TRIES: u8 = 5;

/// So long a browser may be opened by PIN without having been at the clinic's server, in hours.
pub const LEASE_HOURS: i64 = 72;

/// Without a touch for so long, a browser that can be opened by PIN locks itself; in minutes.
pub const LOCKS_AFTER_MINUTES: i64 = 5;

/// Whether a PIN keeps out who tries the obvious.
pub fn pin_fault(pin: &str) -> Option<&'static str> {
    let digits: Vec<u8> = pin.bytes().collect();
    if digits.len() != PIN_DIGITS || !digits.iter().all(u8::is_ascii_digit) {
        return Some("A PIN has six digits.");
    }
    let step = |by: i16| digits.windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == by);
    let halves = digits[..3] == digits[3..];
    (step(0) || step(1) || step(-1) || halves).then_some("This PIN is too easy to guess. Choose another.")
}

/// What somebody who is let in gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    pub signed_in: SignedIn,
    pub share: Share,
    /// When the sign-in began, on the server's clock: by that a browser knows one that was locked since.
    pub since: Moment,
    /// Whether there is a PIN to open it by next time.
    pub has_pin: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinTyped {
    pub installation: InstallationId,
    pub staff: StaffId,
    pub pin: String,
}

/// What the server wants of a browser, whoever sits at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It is one of the clinic's.
    Known,
    /// It hands over what is only there, and empties itself.
    Wipe,
    /// The server does not know it, or it was emptied already.
    Unknown,
}

/// Something that was only on a browser, as it lay there: sealed with the server's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Where it lay: `outbox`, `drafts`, `typed`, `pictures`.
    pub place: String,
    /// Under which key it lay there.
    pub key: String,
    pub sealed: Vec<u8>,
}

/// A browser, for the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallationFacts {
    pub id: InstallationId,
    /// What the clinic calls it; empty until somebody names it.
    pub name: String,
    /// What it calls itself, such as `Safari on iPad`.
    pub agent: String,
    pub first_seen: Moment,
    pub last_seen: Moment,
    pub last_staff: StaffId,
    pub state: InstallationState,
    /// So many things were only on it when it was emptied, and are kept here.
    pub quarantined: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstallationState {
    InUse,
    WipeAsked(Moment),
    Wiped(Moment),
}

/// What the owner does with a browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstallationAct {
    Name(String),
    /// Whoever is signed in there is not any more, and its PINs do not open it without a full sign-in.
    SignOut,
    Wipe,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_that_everybody_tries_first_is_not_taken() {
        for pin in ["12345", "1234567", "12345a", "000000", "123456", "654321", "123123", "１２３４５６"] {
            assert!(pin_fault(pin).is_some(), "{pin}");
        }
        for pin in ["204816", "112358", "135790"] {
            assert_eq!(pin_fault(pin), None, "{pin}");
        }
    }
}
