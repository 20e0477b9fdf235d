//! People outside may look as often as they like; the audit says that they did, not how often within a minute. Otherwise whoever has an
//! address could fill the clinic's audit, and keep its end locked.

use domain::{ids::ShareId, time::Moment};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

const EVERY_MILLIS: i64 = 60_000;

/// When each shared picture was last noted by this process. Another one notes on its own: a few rows too many are no harm.
#[derive(Default)]
pub struct Seldom(Mutex<HashMap<ShareId, i64>>);

impl Seldom {
    /// Whether this is the first look within a minute.
    pub fn is_due(&self, share: ShareId, now: Moment) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let from = now.millis() - EVERY_MILLIS;
        noted.retain(|_, at| *at > from);
        let due = !noted.contains_key(&share);
        noted.entry(share).or_insert(now.millis());
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn once_a_minute_for_each() {
        let (seldom, [one, other]) = (Seldom::default(), [1, 2].map(|n| ShareId(Uuid::from_u128(n))));
        let due = |share, seconds: i64| seldom.is_due(share, Moment::from_millis(seconds * 1000));
        assert!(due(one, 0) && due(other, 1));
        assert!(!due(one, 59) && !due(other, 59));
        assert!(due(one, 60) && !due(one, 61));
    }
}
