//! How another system signs what it tells: the Standard Webhooks convention, <https://www.standardwebhooks.com>.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::time::Moment;
use ring::hmac;

/// Of the three headers, what was sent.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `webhook-id`: the sender's own number of the message.
    pub id: &'a str,
    /// `webhook-timestamp`: seconds since 1970.
    pub timestamp: &'a str,
    /// `webhook-signature`: one or several, with a space between them.
    pub signatures: &'a str,
}

/// A message that was signed longer ago, or is to be signed only then, is none: whoever keeps one cannot send it for ever.
const MOST_SECONDS: i64 = 5 * 60;

/// More secrets than these nobody signs with at once.
const MOST_SIGNATURES: usize = 10;

/// A secret in the form in which systems are told it.
pub fn told(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// Whether one of the signatures is by one of the secrets, over this very body, and lately. Takes the same time for every signature of
/// the right length.
pub fn is_signed(secrets: &[Vec<u8>], signed: Signed<'_>, body: &[u8], now: Moment) -> bool {
    let Ok(at) = signed.timestamp.parse::<i64>() else { return false };
    let lately = now.timestamp().as_second().abs_diff(at) <= MOST_SECONDS.unsigned_abs();
    if signed.id.is_empty() || !lately {
        return false;
    }
    let content = [signed.id.as_bytes(), b".", signed.timestamp.as_bytes(), b".", body].concat();
    let tags = signed.signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")).take(MOST_SIGNATURES);
    let tags: Vec<_> = tags.filter_map(|tag| STANDARD.decode(tag).ok()).collect();
    let is_by = |secret: &Vec<u8>| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        tags.iter().any(|tag| hmac::verify(&key, &content, tag).is_ok())
    };
    // Whoever knows an empty secret is everybody.
    secrets.iter().any(|secret| !secret.is_empty() && is_by(secret))
}

/// As a system signs.
pub fn signature(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let content = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    format!("v1,{}", STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: &str = "1614265330";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    /// The example of the convention's own libraries.
    const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn at(seconds: i64) -> Moment {
        Moment::from_millis(seconds * 1000)
    }

    #[test]
    fn a_signature_is_that_of_the_convention() {
        let secret = STANDARD.decode(SECRET).unwrap();
        assert_eq!(signature(&secret, ID, AT, BODY), SIGNATURE);
        assert_eq!(told(&secret), format!("whsec_{SECRET}"));
        let other = b"another secret of thirty-two byt".to_vec();
        let signed = |id, timestamp, signatures, body: &[u8], now| {
            is_signed(&[other.clone(), secret.clone()], Signed { id, timestamp, signatures }, body, at(now))
        };
        let now = 1_614_265_330;
        assert!(signed(ID, AT, SIGNATURE, BODY, now));
        // Beside others, as while a secret is being changed.
        let several = format!("v1,AAAA v1a,{} v2,x {SIGNATURE}", &SIGNATURE[3..]);
        assert!(signed(ID, AT, &several, BODY, now));
        for now in [now - 300, now + 300] {
            assert!(signed(ID, AT, SIGNATURE, BODY, now));
        }
        for now in [now - 301, now + 301, 0, i64::from(i32::MAX) * 2] {
            assert!(!signed(ID, AT, SIGNATURE, BODY, now), "{now}");
        }
        let flipped: Vec<Vec<u8>> =
            (0..BODY.len()).map(|n| BODY.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == n)).collect()).collect();
        for body in &flipped {
            assert!(!signed(ID, AT, SIGNATURE, body, now));
        }
        for (id, timestamp, signatures) in [
            ("msg_other", AT, SIGNATURE),
            ("", AT, SIGNATURE),
            (ID, "1614265331", SIGNATURE),
            (ID, "-9223372036854775808", SIGNATURE),
            (ID, "nonsense", SIGNATURE),
            (ID, AT, ""),
            (ID, AT, &SIGNATURE[3..]),
            (ID, AT, "v1,"),
            (ID, AT, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O="),
        ] {
            assert!(!signed(id, timestamp, signatures, BODY, now), "{id} {timestamp} {signatures}");
        }
        let by_nothing = signature(b"", ID, AT, BODY);
        assert!(!is_signed(&[Vec::new()], Signed { id: ID, timestamp: AT, signatures: &by_nothing }, BODY, at(now)));
        assert!(!is_signed(&[other], Signed { id: ID, timestamp: AT, signatures: SIGNATURE }, BODY, at(now)));
    }
}
