//! Messages that a transaction was refused for rest, each time twice as long: one that can't be sent neither fills the log nor holds
//! up the others.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use crate::{decision::PATIENCE, message::Key};

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(600);

/// Which rest, and until when.
#[derive(Clone, Debug, Default)]
pub struct Rests {
    resting: BTreeMap<Key, (Instant, Duration)>,
    /// How often each was in a transaction that no block has taken.
    losses: BTreeMap<Key, u8>,
}

impl Rests {
    /// It was refused; how long it rests.
    pub fn refused(&mut self, key: Key, now: Instant) -> Duration {
        let rest = match self.resting.get(&key) {
            Some((_, rest)) => (*rest * 2).min(LONGEST),
            None => FIRST,
        };
        self.resting.insert(key, (now + rest, rest));
        rest
    }

    /// No block has taken its transaction, an endpoint says: that happens, and is untrue where it is said again and again. How long
    /// it rests, if it does.
    pub fn lost(&mut self, key: Key, now: Instant) -> Option<Duration> {
        let losses = self.losses.entry(key).or_default();
        *losses = losses.saturating_add(1);
        (*losses > PATIENCE).then(|| self.refused(key, now))
    }

    pub fn rests(&self, key: &Key, now: Instant) -> bool {
        let rest = self.resting.get(key);
        rest.is_some_and(|(until, _)| *until > now)
    }

    /// Forgets what does not wait any more.
    pub fn keep_only(&mut self, is_waiting: impl Fn(&Key) -> bool) {
        self.resting.retain(|key, _| is_waiting(key));
        self.losses.retain(|key, _| is_waiting(key));
    }
}

/// Meters that have said that they were tampered with. The oracle counts that, and the gateway pays for it: each rests then, so that a
/// device that says it again and again does not empty the wallet.
#[derive(Clone, Debug, Default)]
pub struct Violations(BTreeMap<u32, Instant>);

impl Violations {
    /// It was told.
    pub fn told(&mut self, meter: u32, now: Instant) {
        self.0.retain(|_, until| *until > now);
        self.0.insert(meter, now + LONGEST);
    }

    pub fn rests(&self, meter: u32, now: Instant) -> bool {
        self.0.get(&meter).is_some_and(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_rests_longer_each_time_and_is_forgotten_once_it_waits_no_more() {
        let mut rests = Rests::default();
        let key = Key {
            meter: 1,
            sequence: 1,
            hash: [0; 8],
        };
        let now = Instant::now();
        let all: Vec<u64> = (0..9).map(|_| rests.refused(key, now).as_secs()).collect();
        assert_eq!(all, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        assert!(rests.rests(&key, now + LONGEST - FIRST));
        assert!(!rests.rests(&key, now + LONGEST));
        rests.keep_only(|_| false);
        assert!(!rests.rests(&key, now));
        assert_eq!(rests.refused(key, now), FIRST);
    }

    #[test]
    fn given_transactions_that_are_lost_when_it_is_said_ten_times_then_their_message_rests_longer_and_longer(
    ) {
        let mut rests = Rests::default();
        let key = Key {
            meter: 1,
            sequence: 1,
            hash: [0; 8],
        };
        let now = Instant::now();
        let all: Vec<Option<u64>> = (0..10)
            .map(|_| rests.lost(key, now).map(|rest| rest.as_secs()))
            .collect();
        assert_eq!(all[..3], [None; 3]);
        assert_eq!(all[3..], [5, 10, 20, 40, 80, 160, 320].map(Some));
        assert!(rests.rests(&key, now + Duration::from_secs(319)));
        rests.keep_only(|_| false);
        assert_eq!(rests.lost(key, now), None);
    }

    #[test]
    fn given_a_meter_that_was_tampered_with_when_that_is_told_then_it_rests_and_others_do_not() {
        let mut violations = Violations::default();
        let now = Instant::now();
        violations.told(7, now);
        assert!(violations.rests(7, now) && !violations.rests(8, now));
        let later = now + LONGEST;
        assert!(!violations.rests(7, later));
        violations.told(8, later);
        assert_eq!(violations.0.len(), 1, "what is over is forgotten");
    }
}
