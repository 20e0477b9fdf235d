//! Tokens: what a browser or a link presents to be known again. Only their hashes are stored.

use crate::host::Host;
use sha2::{Digest, Sha256};

/// 256 random bits, as letters and digits.
pub fn draw(host: &dyn Host) -> String {
    let mut token = [0; 32];
    host.fill(&mut token);
    hex::encode(token)
}

/// 128 random bits, for what has to fit into a text message.
pub fn draw_short(host: &dyn Host) -> String {
    let mut token = [0; 16];
    host.fill(&mut token);
    hex::encode(token)
}

/// The hash under which a token is stored: whoever reads the table cannot get in with it.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
