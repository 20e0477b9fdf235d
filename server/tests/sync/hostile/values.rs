//! What is put into requests.

use crate::{clinic::client, photos::studio::OTHER_CLINIC};
use serde_json::{Value, json};
use uuid::Uuid;

/// Never runs; found in a page it would.
pub const MARKUP: &str = "<script>hostile()</script>";
/// A header that is nobody's.
pub const INJECTED: &str = "x-injected";

/// Without repetitions, so that nothing makes it shorter.
pub fn long(letters: usize) -> String {
    let mut noise = 99_u32;
    let mut letter = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::try_from(noise >> 27).unwrap()])
    };
    (0..letters).map(|_| letter()).collect()
}

fn ids() -> Vec<String> {
    let ids = [
        OTHER_CLINIC.0,
        Uuid::from_u128(208),
        client(1).0,
        crate::clinic::session(1, 1).0,
        Uuid::from_u128(0xfffff),
        Uuid::nil(),
        Uuid::max(),
    ];
    ids.iter().map(ToString::to_string).collect()
}

/// What there is to put.
pub struct Values {
    pub texts: Vec<String>,
    /// Ids that look right: of another clinic, of another client, of nobody.
    ids: Vec<String>,
    numbers: Vec<Value>,
    /// What stands where something else is expected.
    of_another_kind: Vec<Value>,
    /// No text at all.
    broken: Vec<Vec<u8>>,
}

impl Values {
    pub fn hostile() -> Self {
        let broken = vec![vec![0xff, 0xfe, 0xc0, 0xaf, 0xed, 0xa0, 0x80]];
        Self { texts: texts(), ids: ids(), numbers: numbers(), of_another_kind: of_another_kind(), broken }
    }

    /// Only these texts, wherever one can stand.
    pub fn only(texts: &[String]) -> Self {
        Self { texts: texts.to_vec(), ids: Vec::new(), numbers: Vec::new(), of_another_kind: Vec::new(), broken: Vec::new() }
    }

    /// As bytes: a path or a form can hold any.
    pub fn bytes(&self) -> Vec<Vec<u8>> {
        let texts = self.texts.iter().chain(&self.ids).map(|text| text.clone().into_bytes());
        self.broken.iter().cloned().chain(texts).collect()
    }

    /// All that a piece of JSON can be made into by another value at one of its places.
    pub fn spoiled(&self, sample: &Value) -> Vec<Value> {
        let mut all = Vec::new();
        for leaf in leaves(sample) {
            let stands = sample.pointer(&leaf).unwrap();
            let texts = || self.texts.iter().map(|text| Value::from(text.as_str()));
            let ids = || self.ids.iter().map(|id| Value::from(id.as_str()));
            let mut values: Vec<Value> = match stands {
                Value::String(id) if id.parse::<Uuid>().is_ok() => ids().chain(texts().take(2)).collect(),
                Value::String(_) => texts().chain(ids().take(1)).collect(),
                Value::Number(_) => self.numbers.iter().cloned().chain(texts().take(1)).collect(),
                Value::Null => ids().chain(self.numbers.iter().cloned()).chain(texts().take(3)).collect(),
                _ => texts().take(2).collect(),
            };
            values.extend(self.of_another_kind.get(all.len() % 6).cloned());
            all.extend(values.into_iter().map(|value| {
                let mut spoiled = sample.clone();
                *spoiled.pointer_mut(&leaf).unwrap() = value;
                spoiled
            }));
        }
        all
    }
}

fn texts() -> Vec<String> {
    let short = [
        "",
        "' or 1=1 --",
        "'; drop table client; --",
        "\" or \"\"=\"",
        "\\",
        "\0",
        "typed\0on",
        "typed\0on@clinic.example",
        "%00",
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "{{7*7}}${7*7}",
        "%s%n%p",
        "\r\nx-injected: 1",
        "1 January 99999",
        "-1",
        "0",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999999999",
        "1e999",
        "2026-99-99",
        "9999-12-31",
        "null",
        "[]",
        "\u{202e}\u{feff}\u{1f600}",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "+1 555 0100 123",
    ];
    let mut texts: Vec<String> = short.iter().map(|text| (*text).to_owned()).collect();
    texts.push(format!("\"'>{MARKUP}"));
    texts.push(long(6_000));
    texts.push(format!("{}@clinic.example", long(4_000)));
    texts
}

fn numbers() -> Vec<Value> {
    vec![
        json!(-1),
        json!(0),
        json!(1),
        json!(255),
        json!(65_536),
        json!(i64::from(i32::MAX)),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(0.5),
        json!(1e308),
        json!(-253_402_207_200_000_i64),
        json!(253_402_207_200_000_i64),
    ]
}

fn of_another_kind() -> Vec<Value> {
    vec![Value::Null, json!(true), json!([]), json!({}), json!([[[[]]]]), json!({ "$gt": "" })]
}

/// The places in which something stands, as JSON pointers.
fn leaves(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                fields.iter().for_each(|(name, value)| walk(value, &format!("{at}/{name}"), found))
            }
            Value::Array(items) if !items.is_empty() => {
                items.iter().enumerate().for_each(|(n, value)| walk(value, &format!("{at}/{n}"), found))
            }
            _ => found.push(at.to_owned()),
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

/// Bodies that are no JSON, no form, or nothing.
pub fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> =
        [&b""[..], b"{", b"null", b"[]", b"\xff\xfe", b"{\"request\":{}}", b"=&=&%zz=%", b"a[b][c]=1", b"{\"__proto__\":{\"a\":1}}"]
            .map(<[u8]>::to_vec)
            .to_vec();
    bodies.push(vec![b'['; 200_000]);
    bodies.push(b"{\"request\":".repeat(20_000));
    bodies
}

/// Every byte that is not plainly itself, encoded.
pub fn encoded(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() || b"-_~".contains(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}
