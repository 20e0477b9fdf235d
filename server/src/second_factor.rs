//! The second factor: codes of an authenticator app (RFC 6238), and codes on paper for whoever lost it.

use crate::{host::Host, ways_in::SecretKey};
use domain::{ids::StaffId, time::Moment};
use fast_qr::{
    convert::{Builder as _, Shape, svg::SvgBuilder},
    qr::QRBuilder,
};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

/// So many codes are shown, once.
pub const RECOVERY_CODES: usize = 10;

/// What an authenticator app is told.
pub struct Offered {
    /// The text of the secret, in groups of four.
    pub text: String,
    /// The same as a picture to be scanned.
    pub qr: String,
}

/// A new secret, sealed for its owner.
pub fn draw(key: &SecretKey, staff: StaffId, host: &dyn Host) -> Vec<u8> {
    let mut secret = [0; 20];
    host.fill(&mut secret);
    key.seal(staff.0.as_bytes(), &secret, host)
}

fn totp(key: &SecretKey, staff: StaffId, sealed: &[u8], account: &str) -> Option<Totp> {
    let secret = key.open(staff.0.as_bytes(), sealed)?;
    // One step of half a minute either way, for a clock that is a little off.
    let builder = Builder::new().with_secret(Secret::new(secret.into_boxed_slice())).with_digits(6).with_step_duration(30).with_skew(1);
    // A colon separates issuer and account in what the app is told.
    builder.with_issuer(Some("Cadence")).with_account_name(account.replace(':', " ")).build().ok()
}

/// What the app is told; `None` when the secret was sealed by another key.
pub fn offer(key: &SecretKey, staff: StaffId, sealed: &[u8], account: &str) -> Option<Offered> {
    let totp = totp(key, staff, sealed, account)?;
    let code = QRBuilder::new(totp.to_url().ok()?).build().ok()?;
    let qr = SvgBuilder::default().shape(Shape::Square).margin(2).to_str(&code);
    let letters: Vec<_> = totp.secret().to_base32().chars().collect();
    let text = letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    Some(Offered { text, qr })
}

/// Which half minute the code is of, if it is right: for whoever remembers which were used.
pub fn step_of(key: &SecretKey, staff: StaffId, sealed: &[u8], code: &str, now: Moment) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.millis() / 1000).ok()?;
    let step = totp(key, staff, sealed, "")?.check(&code, seconds)?;
    i64::try_from(step).ok()
}

/// The code an app shows at that moment.
pub fn code_at(key: &SecretKey, staff: StaffId, sealed: &[u8], now: Moment) -> Option<String> {
    let seconds = u64::try_from(now.millis() / 1000).ok()?;
    Some(totp(key, staff, sealed, "")?.generate(seconds).to_string())
}

/// 80 random bits, in letters and digits that cannot be taken for each other.
pub fn draw_recovery_code(host: &dyn Host) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 16];
    host.fill(&mut bytes);
    let letters: Vec<_> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Under which it is kept, however it was typed.
pub fn recovery_hash(code: &str) -> Vec<u8> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Sha256::digest(plain.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Machine;
    use uuid::Uuid;

    const STAFF: StaffId = StaffId(Uuid::from_u128(1));

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1, the last six digits.
        let key = SecretKey::new([7; 32]);
        let sealed = key.seal(STAFF.0.as_bytes(), b"12345678901234567890", &Machine);
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            let at = |drift: i64| Moment::from_millis((seconds + drift) * 1000);
            assert_eq!(step_of(&key, STAFF, &sealed, code, at(0)), Some(seconds / 30));
            assert_eq!(step_of(&key, STAFF, &sealed, &format!(" {} {}", &code[..3], &code[3..]), at(30)), Some(seconds / 30));
            assert_eq!(step_of(&key, STAFF, &sealed, code, at(-30)), Some(seconds / 30));
            assert_eq!(step_of(&key, STAFF, &sealed, code, at(61)), None);
            assert_eq!(code_at(&key, STAFF, &sealed, at(0)).as_deref(), Some(code));
        }
        assert_eq!(step_of(&key, StaffId(Uuid::from_u128(2)), &sealed, "287082", Moment::from_millis(59_000)), None);
    }

    #[test]
    fn what_the_app_is_told_names_the_account() {
        let key = SecretKey::new([7; 32]);
        let sealed = draw(&key, STAFF, &Machine);
        let offered = offer(&key, STAFF, &sealed, "lind@clinic.example").unwrap();
        assert!(offered.qr.starts_with("<svg") && !offered.qr.contains("<script"));
        assert_eq!(offered.text.replace(' ', "").len(), 32);
        assert!(offer(&SecretKey::new([8; 32]), STAFF, &sealed, "lind@clinic.example").is_none());
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let code = draw_recovery_code(&Machine);
        assert_eq!((code.len(), code.matches('-').count()), (19, 3));
        assert_eq!(recovery_hash(&code), recovery_hash(&format!(" {} ", code.to_uppercase().replace('-', " "))));
        assert_ne!(draw_recovery_code(&Machine), code);
    }
}
