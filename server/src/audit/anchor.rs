//! How far each chain has come, copied to the photo store: a chain that was cut off at its end, and its head put back, still fits
//! together, but not with what was copied. What was written within the last seconds before such a cut is not copied yet.

use super::AuditKey;
use crate::{
    clinic::Clinics,
    photo_store::{PhotoStore, PhotoStoreError},
    store::{self, StoreError, audit::Head},
};
use domain::{ids::ClinicId, time::Moment};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// So often it is looked whether a chain has moved.
pub const EVERY: Duration = Duration::from_secs(3);

#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    PhotoStore(#[from] PhotoStoreError),
}

/// A row that was there once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub number: i64,
    pub hash: Vec<u8>,
}

/// What the photo store has of a clinic's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    Anchor(Anchor),
    /// Not what a server wrote; under which number.
    Forged(u64),
}

const ANCHOR: &[u8] = b"cadence audit anchor 1\0";

impl Anchor {
    /// One line: number, hash, when it was written (milliseconds since 1970), and a keyed hash of all that.
    fn written(&self, key: &AuditKey, clinic: ClinicId, at: Moment) -> String {
        let said = format!("{} {} {}", self.number, hex::encode(&self.hash), at.millis());
        format!("{said} {}\n", seal(key, clinic, &said))
    }

    fn read(text: &str, key: &AuditKey, clinic: ClinicId) -> Option<Self> {
        let (said, sealed) = text.trim_end().rsplit_once(' ')?;
        if seal(key, clinic, said) != sealed {
            return None;
        }
        let mut parts = said.split(' ');
        Some(Self { number: parts.next()?.parse().ok()?, hash: hex::decode(parts.next()?).ok()? })
    }
}

fn seal(key: &AuditKey, clinic: ClinicId, said: &str) -> String {
    hex::encode(key.hash_bytes(&[ANCHOR, clinic.0.as_bytes(), said.as_bytes()].concat()))
}

/// A clinic's anchor.
pub async fn kept(photos: &PhotoStore, key: &AuditKey, clinic: ClinicId) -> Result<Kept, PhotoStoreError> {
    let Some((number, bytes)) = photos.anchor(clinic).await? else { return Ok(Kept::Nothing) };
    let anchor = std::str::from_utf8(&bytes).ok().and_then(|text| Anchor::read(text, key, clinic));
    let named = anchor.filter(|anchor| u64::try_from(anchor.number) == Ok(number));
    Ok(named.map_or(Kept::Forged(number), Kept::Anchor))
}

/// The chains this process has anchored, and how far.
#[derive(Default)]
pub struct Anchored(HashMap<ClinicId, i64>);

/// Now, and every few seconds from now on. Any number of server processes may do so at once.
pub async fn keep_anchored(clinics: Arc<Clinics>) {
    let mut anchored = Anchored::default();
    loop {
        if let Err(error) = anchor(&clinics, &mut anchored).await {
            tracing::warn!(%error, "the audit could not be anchored; trying again");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Anchors every chain that has moved.
pub async fn anchor(clinics: &Clinics, anchored: &mut Anchored) -> Result<(), AnchorError> {
    for head in store::audit::heads(&clinics.pool).await? {
        if anchored.0.get(&head.clinic) != Some(&head.number) {
            move_to(clinics, &head).await?;
            anchored.0.insert(head.clinic, head.number);
        }
    }
    Ok(())
}

/// An anchor that the chain does not fit stays where it is, as the proof.
async fn move_to(clinics: &Clinics, head: &Head) -> Result<(), AnchorError> {
    let key = &clinics.audit.key;
    let stands = match kept(&clinics.photos, key, head.clinic).await? {
        Kept::Nothing => Some(0),
        Kept::Anchor(anchor) => fits(clinics, head.clinic, &anchor).await?.then_some(anchor.number),
        Kept::Forged(_) => None,
    };
    if stands.is_none() {
        tracing::error!(clinic = %head.clinic, "the audit is not what was anchored: run cadence verify-audit");
    }
    if stands.is_some_and(|stands| stands < head.number) {
        let anchor = Anchor { number: head.number, hash: head.hash.clone() };
        let text = anchor.written(key, head.clinic, clinics.host.now());
        clinics.photos.put_anchor(head.clinic, head.number.unsigned_abs(), text).await?;
    }
    Ok(())
}

async fn fits(clinics: &Clinics, clinic: ClinicId, anchor: &Anchor) -> Result<bool, StoreError> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let hash = store::audit::hash(&mut tx, clinic, anchor.number).await?;
    tx.commit().await?;
    Ok(hash.as_ref() == Some(&anchor.hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_anchor_is_read_only_as_it_was_written_and_for_its_clinic() {
        let (key, other_key) = (AuditKey::new(&[1; 32]), AuditKey::new(&[2; 32]));
        let [clinic, other] = [1, 2].map(|n| ClinicId(Uuid::from_u128(n)));
        let anchor = Anchor { number: 41, hash: vec![9; 32] };
        let text = anchor.written(&key, clinic, Moment::from_millis(1_790_000_000_000));
        assert_eq!(Anchor::read(&text, &key, clinic), Some(anchor));
        assert_eq!(Anchor::read(&text, &key, other), None);
        assert_eq!(Anchor::read(&text, &other_key, clinic), None);
        assert_eq!(Anchor::read(&text.replacen("41", "40", 1), &key, clinic), None);
        assert_eq!(Anchor::read("", &key, clinic), None);
    }
}
