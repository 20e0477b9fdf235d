//! Decoding and drawing take a core and tens of megabytes for a while: only as many at once as there are cores, and never on the
//! threads that serve others.

use picture::NoPicture;
use std::{num::NonZero, sync::Arc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who may draw now.
#[derive(Clone)]
pub struct Drawing(Arc<Semaphore>);

/// Held by whoever's turn it is.
pub struct Turn(OwnedSemaphorePermit);

impl Default for Drawing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self(Arc::new(Semaphore::new(cores)))
    }
}

impl Drawing {
    /// Waits until a core is free.
    pub async fn turn(&self) -> Turn {
        Turn(self.0.clone().acquire_owned().await.expect("nobody closes it"))
    }
}

impl Turn {
    /// Does the work. A decoder that gives up on a picture in a way of its own has found no picture.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> Result<T, NoPicture> + Send + 'static) -> Result<T, NoPicture> {
        let Self(permit) = self;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.unwrap_or_else(|error| {
            tracing::error!(%error, "drawing a picture broke off");
            Err(NoPicture::Damaged)
        })
    }
}
