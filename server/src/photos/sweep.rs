//! Clears away what a server that ended in the wrong moment left behind, and pictures whose consent has ended.

use super::{Result, shared};
use crate::{
    clinic::Clinics,
    photo_store::{Item, PhotoStoreError},
    store,
};
use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

const EVERY: Duration = Duration::from_secs(3600);

/// Now, and every hour from now on. Any number of server processes may do so at once.
pub async fn keep_tidy(clinics: Arc<Clinics>) {
    loop {
        if let Err(error) = sweep(&clinics).await {
            tracing::warn!(%error, "the photo store could not be tidied; trying again in an hour");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Once.
pub async fn sweep(clinics: &Clinics) -> Result<()> {
    for (clinic, photo) in clinics.photos.arriving().await? {
        let mut tx = store::begin(&clinics.pool, clinic).await?;
        // What has not arrived is still wanted, however long it takes.
        if store::photo::find(&mut tx, clinic, photo).await?.is_some_and(|recorded| recorded.arrived) {
            clinics.photos.drop_pieces(clinic, photo).await?;
        }
        tx.commit().await?;
    }
    let now = u64::try_from(clinics.host.now().millis()).unwrap_or_default();
    let dropped = clinics.photos.drop_unfinished(UNIX_EPOCH + Duration::from_millis(now)).await.map_err(PhotoStoreError::from)?;
    if dropped > 0 {
        tracing::info!(dropped, "pictures whose writing broke off were cleared away");
    }
    for (clinic, share) in clinics.photos.shared().await? {
        if shared::of_clinic(clinics, clinic, share).await?.is_none() {
            clinics.photos.delete(clinic, Item::Shared(share)).await?;
        }
    }
    Ok(())
}
