//! Steps that failed rest, each time twice as long, so that one that can't be taken neither costs a fee every second nor holds
//! up the others.

use std::{collections::BTreeMap, time::Duration};

use joulebook_client::steps::Step;
use tokio::time::Instant;

const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_secs(300);
/// Steps that are remembered, at most.
const REMEMBERED: usize = 1_024;

/// What failed of late.
#[derive(Clone, Debug, Default)]
pub struct Troubles(BTreeMap<Step, Trouble>);

#[derive(Clone, Copy, Debug)]
struct Trouble {
    rest: Duration,
    until: Instant,
}

impl Troubles {
    /// The step failed; returns how long it rests.
    pub fn failed(&mut self, step: Step, now: Instant) -> Duration {
        if self.0.len() >= REMEMBERED && !self.0.contains_key(&step) {
            self.0.retain(|_, trouble| trouble.until > now);
            if self.0.len() >= REMEMBERED {
                self.0.pop_first();
            }
        }
        let rest = match self.0.get(&step) {
            Some(trouble) => (trouble.rest * 2).min(LONGEST_REST),
            None => FIRST_REST,
        };
        let until = now + rest;
        self.0.insert(step, Trouble { rest, until });
        rest
    }

    /// The step was taken.
    pub fn taken(&mut self, step: &Step) {
        self.0.remove(step);
    }

    pub fn rests(&self, step: &Step, now: Instant) -> bool {
        self.0.get(step).is_some_and(|trouble| trouble.until > now)
    }

    /// Forgets what is not due any more.
    pub fn keep_only(&mut self, due: &[Step]) {
        self.0.retain(|step, _| due.contains(step));
    }

    /// Whether one of them may be tried again.
    pub fn is_one_over(&self, now: Instant) -> bool {
        self.0.values().any(|trouble| trouble.until <= now)
    }

    /// Steps that failed and were not taken since.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_rests_longer_each_time_and_is_forgotten_once_it_was_taken() {
        let mut troubles = Troubles::default();
        let (step, other) = (Step::PayClaims, Step::Clear { start: 0 });
        let now = Instant::now();
        let rests: Vec<u64> = (0..10)
            .map(|_| troubles.failed(step, now).as_secs())
            .collect();
        assert_eq!(rests, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert!(troubles.rests(&step, now));
        assert!(!troubles.rests(&other, now));
        assert!(!troubles.rests(&step, now + LONGEST_REST));
        troubles.taken(&step);
        assert!(!troubles.rests(&step, now));
        assert_eq!(troubles.failed(step, now), FIRST_REST);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut troubles = Troubles::default();
        let now = Instant::now();
        for start in 0..10_000 {
            troubles.failed(Step::Clear { start }, now);
            assert!(troubles.count() <= REMEMBERED);
        }
    }

    #[test]
    fn what_is_not_due_any_more_is_forgotten() {
        let mut troubles = Troubles::default();
        let now = Instant::now();
        let [open, clear] = [Step::OpenWindow { start: 0 }, Step::Clear { start: 0 }];
        troubles.failed(open, now);
        troubles.failed(clear, now);
        troubles.keep_only(&[clear, Step::PayClaims]);
        assert_eq!(troubles.count(), 1);
        assert!(!troubles.is_one_over(now));
        assert!(troubles.is_one_over(now + FIRST_REST));
    }
}
