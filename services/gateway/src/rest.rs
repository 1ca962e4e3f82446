//! Messages that a transaction was refused for rest, each time twice as long: one that can't be sent neither fills the log nor holds
//! up the others.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use crate::message::Key;

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(600);

/// Which rest, and until when.
#[derive(Clone, Debug, Default)]
pub struct Rests(BTreeMap<Key, (Instant, Duration)>);

impl Rests {
    /// It was refused; how long it rests.
    pub fn refused(&mut self, key: Key, now: Instant) -> Duration {
        let rest = match self.0.get(&key) {
            Some((_, rest)) => (*rest * 2).min(LONGEST),
            None => FIRST,
        };
        self.0.insert(key, (now + rest, rest));
        rest
    }

    pub fn rests(&self, key: &Key, now: Instant) -> bool {
        self.0.get(key).is_some_and(|(until, _)| *until > now)
    }

    /// Forgets what does not wait any more.
    pub fn keep_only(&mut self, is_waiting: impl Fn(&Key) -> bool) {
        self.0.retain(|key, _| is_waiting(key));
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
}
