//! Those who may open this browser by PIN, and the share that waits for each of them: under the PIN, for some days, for some tries.

use super::keys::{failed as no_crypto, of_pin};
use super::seal::{open_with, seal_with};
use crate::host;
use app::{
    api::{
        SignedIn,
        installation::{LEASE_HOURS, PIN_TRIES, Share},
    },
    ports::{OpenError, StoreError},
};
use domain::time::Moment;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use web_sys::CryptoKey;

#[derive(Clone, Serialize, Deserialize)]
pub struct Opener {
    pub who: SignedIn,
    pub has_pin: bool,
    /// Without it, only the server opens.
    pub lease: Option<Lease>,
    /// Wrong PINs in a row that the server did not hear of.
    #[serde(default)]
    pub tries: u8,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Lease {
    salt: Vec<u8>,
    /// The share, sealed under the PIN.
    share: Vec<u8>,
    /// When it was last at the clinic's server.
    since: Moment,
    until: Moment,
}

/// First byte of a share that waits for a PIN.
const UNDER_PIN: u8 = 3;

const HOUR_MS: i64 = 3_600_000;

/// A clock that was put back by more than this is not believed.
const SLACK_MS: i64 = 10 * 60_000;

impl Lease {
    pub async fn new(device: &CryptoKey, pin: &str, share: Share, now: Moment) -> Result<Self, StoreError> {
        let mut salt = vec![0; 16];
        host::fill(&mut salt);
        let key = of_pin(device, pin, &salt).await?;
        let sealed = seal_with(&key, UNDER_PIN, &share.0).await?;
        let mut lease = Self { salt, share: Uint8Array::new(&sealed).to_vec(), since: now, until: now };
        lease.renew(now);
        Ok(lease)
    }

    /// It was at the clinic's server just now.
    pub fn renew(&mut self, now: Moment) {
        self.since = now;
        self.until = Moment::from_millis(now.millis() + LEASE_HOURS * HOUR_MS);
    }

    /// Whether renewing it is worth writing it down.
    pub fn is_stale(&self, now: Moment) -> bool {
        now.millis() - self.since.millis() > HOUR_MS / 2
    }

    pub fn is_good(&self, now: Moment) -> bool {
        now.millis() >= self.since.millis() - SLACK_MS && now <= self.until
    }

    /// `None`: it was not the right PIN.
    async fn share(&self, device: &CryptoKey, pin: &str) -> Result<Option<Share>, StoreError> {
        let key = of_pin(device, pin, &self.salt).await?;
        let Ok(opened) = open_with(&key, &Uint8Array::from(self.share.as_slice()).buffer()).await else { return Ok(None) };
        let share = Uint8Array::new(&opened).to_vec().try_into();
        share.map(|share| Some(Share(share))).map_err(|_| no_crypto("no share".into()))
    }
}

impl Opener {
    /// Counts one more try; whoever calls writes it down before looking at the PIN.
    pub fn count(&mut self, now: Moment) -> Result<(), OpenError> {
        if self.tries >= PIN_TRIES {
            self.lease = None;
            return Err(OpenError::TooManyPins);
        }
        match &self.lease {
            Some(lease) if lease.is_good(now) => {
                self.tries += 1;
                Ok(())
            }
            _ => {
                self.lease = None;
                Err(OpenError::NeedsNetwork)
            }
        }
    }

    /// The share, if the PIN is right.
    pub async fn open(&self, device: &CryptoKey, pin: &str) -> Result<Share, OpenError> {
        let Some(lease) = &self.lease else { return Err(OpenError::NeedsNetwork) };
        match lease.share(device, pin).await? {
            Some(share) => Ok(share),
            None if self.tries >= PIN_TRIES => Err(OpenError::TooManyPins),
            None => Err(OpenError::WrongPin(Some(PIN_TRIES - self.tries))),
        }
    }
}
