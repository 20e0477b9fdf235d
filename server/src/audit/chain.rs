//! How the rows hang together: each one's hash is made of its content and the hash of the one before, with a key that is not in the
//! database.

use super::AuditKey;
use domain::ids::ClinicId;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// What a chain begins with, in place of a hash before the first.
pub const NOTHING: [u8; 32] = [0; 32];

/// Told apart from whatever else the key is used for; another number when the encoding changes.
const ROW: &[u8] = b"cadence audit row 1\0";

/// A row as it lies in the database. Words are not looked into, so that any that somebody put there can be held against the hash.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub clinic: ClinicId,
    pub number: i64,
    pub at: Timestamp,
    pub received_at: Timestamp,
    pub who: String,
    pub who_id: Option<Uuid>,
    pub action: String,
    pub client: Option<Uuid>,
    pub detail: Value,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Row {
    /// Everything but its own hash, so that two different rows never read the same: fields in order, numbers in eight bytes, the rest
    /// led by its length. Times to the microsecond, which is how Postgres keeps them.
    pub fn encoded(&self) -> Vec<u8> {
        let mut to = ROW.to_vec();
        bytes(&mut to, &self.previous);
        to.extend_from_slice(self.clinic.0.as_bytes());
        to.extend_from_slice(&self.number.to_be_bytes());
        to.extend_from_slice(&self.at.as_microsecond().to_be_bytes());
        to.extend_from_slice(&self.received_at.as_microsecond().to_be_bytes());
        bytes(&mut to, self.who.as_bytes());
        id(&mut to, self.who_id);
        bytes(&mut to, self.action.as_bytes());
        id(&mut to, self.client);
        json(&mut to, &self.detail);
        to
    }
}

impl AuditKey {
    /// The hash a row has to have.
    pub fn hash(&self, row: &Row) -> [u8; 32] {
        self.hash_bytes(&row.encoded())
    }
}

fn length(to: &mut Vec<u8>, length: usize) {
    to.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}

fn bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    length(to, bytes.len());
    to.extend_from_slice(bytes);
}

fn id(to: &mut Vec<u8>, id: Option<Uuid>) {
    bytes(to, id.as_ref().map_or(&[], |id| id.as_bytes()));
}

/// Postgres does not keep the text of JSON, so the values themselves are taken down, keys in order.
fn json(to: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => to.push(b'n'),
        Value::Bool(value) => to.push(if *value { b't' } else { b'f' }),
        Value::Number(number) => {
            to.push(b'#');
            bytes(to, number.to_string().as_bytes());
        }
        Value::String(text) => {
            to.push(b'"');
            bytes(to, text.as_bytes());
        }
        Value::Array(items) => {
            to.push(b'[');
            length(to, items.len());
            items.iter().for_each(|item| json(to, item));
        }
        Value::Object(fields) => {
            to.push(b'{');
            length(to, fields.len());
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            for (name, value) in fields {
                bytes(to, name.as_bytes());
                json(to, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, option, prelude::*};

    prop_compose! {
        fn rows()(
            clinic: u128, number in 1..i64::MAX, at in 0..2_000_000_000_000_000_i64, received_at in 0..2_000_000_000_000_000_i64,
            who in "staff|client|nobody", who_id in option::of(any::<u128>()), action in "[a-z-]{1,40}", client in option::of(any::<u128>()),
            detail in vec(("[a-z]{1,8}", any::<i64>()), 0..4), word in "[a-z0-9-]{0,40}", previous: [u8; 32],
        ) -> Row {
            let mut detail: serde_json::Map<_, _> = detail.into_iter().map(|(name, value)| (name, value.into())).collect();
            detail.insert("word".into(), word.into());
            let time = |at| Timestamp::from_microsecond(at).unwrap();
            Row {
                clinic: ClinicId(Uuid::from_u128(clinic)), number, at: time(at), received_at: time(received_at), who,
                who_id: who_id.map(Uuid::from_u128), action, client: client.map(Uuid::from_u128), detail: detail.into(),
                previous: previous.to_vec(), hash: vec![],
            }
        }
    }

    proptest! {
        #[test]
        fn any_bit_that_is_changed_changes_the_hash(row in rows(), bit: prop::sample::Index) {
            let key = AuditKey::new(&[7; 32]);
            let mut encoded = row.encoded();
            prop_assert_eq!(key.hash_bytes(&encoded), key.hash(&row));
            let bit = bit.index(encoded.len() * 8);
            encoded[bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(key.hash_bytes(&encoded), key.hash(&row));
        }

        #[test]
        fn two_rows_never_read_the_same(one in rows(), other in rows(), field in 0..10) {
            let mut mixed = one.clone();
            match field {
                0 => mixed.clinic = other.clinic,
                1 => mixed.number = other.number,
                2 => mixed.at = other.at,
                3 => mixed.received_at = other.received_at,
                4 => mixed.who = other.who,
                5 => mixed.who_id = other.who_id,
                6 => mixed.action = other.action,
                7 => mixed.client = other.client,
                8 => mixed.detail = other.detail,
                _ => mixed.previous = other.previous,
            }
            prop_assert_eq!(mixed == one, mixed.encoded() == one.encoded());
        }

        #[test]
        fn another_key_gives_another_hash(row in rows(), key: [u8; 32], other: [u8; 32]) {
            prop_assert_eq!(key == other, AuditKey::new(&key).hash(&row) == AuditKey::new(&other).hash(&row));
        }
    }

    /// Where a field ends and the next begins is part of what is hashed.
    #[test]
    fn nothing_moves_from_one_field_into_the_next() {
        let row = |who: &str, action: &str| Row {
            clinic: ClinicId(Uuid::nil()),
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            received_at: Timestamp::UNIX_EPOCH,
            who: who.into(),
            who_id: None,
            action: action.into(),
            client: None,
            detail: serde_json::json!({}),
            previous: NOTHING.to_vec(),
            hash: vec![],
        };
        assert_ne!(row("staff", "sign-in").encoded(), row("staffs", "ign-in").encoded());
    }
}
