//! What every request needs: the database, the photo store, the clock, and what is known to all connections.

use crate::{
    audit::{AuditKey, seldom::Seldom},
    host::Host,
    photo_store::PhotoStore,
    photos::Drawing,
    store::{self, Tx},
};
use domain::{catalogue::Catalogue, ids::ClinicId};
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
    /// The catalogue of each clinic, good as long as its version is the database's.
    catalogues: Mutex<HashMap<ClinicId, (i64, Arc<Catalogue>)>>,
}

impl Clinics {
    pub fn new(pool: PgPool, host: Arc<dyn Host>, photos: PhotoStore, key: AuditKey) -> Self {
        let (announcements, _) = broadcast::channel(256);
        let audit = Audit { key, seen: Seldom::default() };
        Self { pool, host, photos, drawing: Drawing::default(), audit, announcements, catalogues: Mutex::default() }
    }

    /// The catalogue at this version, read within the transaction when it is not at hand.
    pub async fn catalogue(&self, tx: &mut Tx, clinic: ClinicId, version: i64) -> store::Result<Arc<Catalogue>> {
        let known = self.catalogues.lock().unwrap_or_else(PoisonError::into_inner).get(&clinic).cloned();
        if let Some((_, catalogue)) = known.filter(|(known, _)| *known == version) {
            return Ok(catalogue);
        }
        let catalogue = Arc::new(store::catalogue::read(tx, clinic, self.host.now()).await?);
        self.catalogues.lock().unwrap_or_else(PoisonError::into_inner).insert(clinic, (version, catalogue.clone()));
        Ok(catalogue)
    }
}
