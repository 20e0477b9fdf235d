//! What every request needs: the database, the photo store, the clock, and what is known to all connections.

use crate::{
    audit::{AuditKey, seldom::Seldom},
    host::Host,
    photo_store::PhotoStore,
    photos::Drawing,
    store::{self, Tx, follow_up::policy},
};
use domain::{catalogue::Catalogue, follow_up::policy::Policies, ids::ClinicId, time::Moment};
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::broadcast;

/// Announced when a change of a clinic is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewVersion {
    pub clinic: ClinicId,
    pub version: u64,
}

/// What the audit needs besides the database.
pub struct Audit {
    pub key: AuditKey,
    /// When shared pictures were last seen.
    pub seen: Seldom,
}

/// Shared by all requests of this process. Other processes may run beside it: nothing here is the truth.
pub struct Clinics {
    pub pool: PgPool,
    pub host: Arc<dyn Host>,
    pub photos: PhotoStore,
    pub drawing: Drawing,
    pub audit: Audit,
    pub announcements: broadcast::Sender<NewVersion>,
    catalogues: AtHand<i64, Catalogue>,
    policies: AtHand<u32, Policies>,
}

/// Something of each clinic, good as long as its version is the database's.
struct AtHand<V, T>(Mutex<HashMap<ClinicId, (V, Arc<T>)>>);

impl<V: PartialEq, T> AtHand<V, T> {
    fn get(&self, clinic: ClinicId, version: &V) -> Option<Arc<T>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&clinic).filter(|(known, _)| known == version).map(|(_, known)| known.clone())
    }

    fn keep(&self, clinic: ClinicId, version: V, new: T) -> Arc<T> {
        let new = Arc::new(new);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(clinic, (version, new.clone()));
        new
    }
}

impl<V, T> Default for AtHand<V, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl Clinics {
    pub fn new(pool: PgPool, host: Arc<dyn Host>, photos: PhotoStore, key: AuditKey) -> Self {
        let (announcements, _) = broadcast::channel(256);
        let audit = Audit { key, seen: Seldom::default() };
        let (catalogues, policies) = (AtHand::default(), AtHand::default());
        Self { pool, host, photos, drawing: Drawing::default(), audit, announcements, catalogues, policies }
    }

    /// The catalogue at this version, read within the transaction when it is not at hand.
    pub async fn catalogue(&self, tx: &mut Tx, clinic: ClinicId, version: i64) -> store::Result<Arc<Catalogue>> {
        if let Some(catalogue) = self.catalogues.get(clinic, &version) {
            return Ok(catalogue);
        }
        let catalogue = store::catalogue::read(tx, clinic, self.host.now()).await?;
        Ok(self.catalogues.keep(clinic, version, catalogue))
    }

    /// What the clinic sends, and since when it follows up; read within the transaction when it is not at hand.
    pub async fn policies(&self, tx: &mut Tx, clinic: ClinicId) -> store::Result<(Arc<Policies>, Moment)> {
        let policy::Version { version, followed_since } = policy::read_version(tx, clinic).await?;
        if let Some(policies) = self.policies.get(clinic, &version) {
            return Ok((policies, followed_since));
        }
        let kept = policy::read(tx, clinic).await?;
        Ok((self.policies.keep(clinic, kept.version, kept.policies), kept.followed_since))
    }
}
