//! The audit's anchors: how far a clinic's chain had come, kept where the database does not reach. Each lies under its number and is
//! never written over, and the highest counts: so none goes back, however many servers write them.

use super::{PhotoStore, Result, folder, found};
use bytes::Bytes;
use domain::ids::ClinicId;
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};

impl PhotoStore {
    /// Keeps the anchor of this number, and lets go of those below it.
    pub async fn put_anchor(&self, clinic: ClinicId, number: u64, text: String) -> Result<()> {
        self.store.put(&anchor(clinic, number), text.into_bytes().into()).await?;
        let lower = self.anchors(clinic).await?.into_iter().filter(|kept| *kept < number);
        self.drop_all(lower.map(|kept| anchor(clinic, kept)).collect()).await
    }

    /// The clinic's highest anchor: its number, and what it says.
    pub async fn anchor(&self, clinic: ClinicId) -> Result<Option<(u64, Bytes)>> {
        loop {
            let Some(number) = self.anchors(clinic).await?.into_iter().max() else { return Ok(None) };
            // Gone, when a higher one has taken its place meanwhile.
            if let Some(kept) = found(self.store.get(&anchor(clinic, number)).await)? {
                return Ok(Some((number, kept.bytes().await?)));
            }
        }
    }

    /// Clinics that have an anchor.
    pub async fn anchored(&self) -> Result<Vec<ClinicId>> {
        let mut anchored = Vec::new();
        for clinic in self.clinics().await? {
            if !self.anchors(clinic).await?.is_empty() {
                anchored.push(clinic);
            }
        }
        Ok(anchored)
    }

    async fn anchors(&self, clinic: ClinicId) -> Result<Vec<u64>> {
        let kept: Vec<_> = self.store.list(Some(&folder(clinic, "audit"))).try_collect().await?;
        Ok(kept.iter().filter_map(|kept| kept.location.filename()?.parse().ok()).collect())
    }
}

fn anchor(clinic: ClinicId, number: u64) -> Path {
    folder(clinic, "audit").join(format!("{number:020}"))
}
