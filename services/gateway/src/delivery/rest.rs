use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use tokio::time::Instant;
use tracing::debug;

use super::Delivery;
use crate::{
    decision::PATIENCE,
    message::Key,
    rest::{Rests, Violations},
    rules::is_tampered,
    store::Waiting,
};

impl Delivery {
    /// What failed, or has landed often and is still not known to the oracle, costs a fee each time, and so may what is said to be lost:
    /// it is tried less and less often, until its page closes.
    pub(super) fn rest_after(&self, keys: &[Key], outcome: &str) {
        let now = Instant::now();
        if outcome == "landed" {
            for (key, one) in self.store.waiting_of_keys(keys.iter().copied()) {
                if is_tampered(&one.message.profile()) {
                    self.violations().told(key.meter, now);
                }
            }
        }
        for key in keys {
            let rests = match outcome {
                "failed" => Some(self.rests().refused(*key, now)),
                "landed" if self.store.landed(key) >= PATIENCE => {
                    Some(self.rests().refused(*key, now))
                }
                "lost" => self.rests().lost(*key, now),
                _ => None,
            };
            if let Some(rests) = rests {
                debug!(id = %key, ?rests, "sent in vain; tried again");
            }
        }
    }

    pub(super) fn leave_resting(&self, waiting: &mut BTreeMap<Key, Waiting>) {
        let now = Instant::now();
        let mut rests = self.rests();
        rests.keep_only(|key| self.store.waits(key));
        let violations = self.violations();
        let rests = |key: &Key, one: &Waiting| {
            let is_tampered = is_tampered(&one.message.profile());
            rests.rests(key, now) || is_tampered && violations.rests(key.meter, now)
        };
        waiting.retain(|key, one| !rests(key, one));
    }

    fn violations(&self) -> MutexGuard<'_, Violations> {
        let violations = self.violations.lock();
        violations.unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn rests(&self) -> MutexGuard<'_, Rests> {
        self.rests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
