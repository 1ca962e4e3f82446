//! Steps that failed rest, each time twice as long, so that one that can't be taken neither costs a fee every second nor holds
//! up the others. So do steps that are due again and again although they were taken.

use std::{collections::BTreeMap, time::Duration};

use joulebook_client::steps::Step;
use tokio::time::Instant;

const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_secs(300);
/// Steps that are remembered, at most.
const REMEMBERED: usize = 1_024;
/// How often a step may be taken without a rest while it stays due: some have several parts.
const PARTS: u32 = 4;

/// What failed of late, or was taken and is due all the same.
#[derive(Clone, Debug, Default)]
pub struct Troubles {
    resting: BTreeMap<Step, Trouble>,
    /// How often each was taken that was due ever since.
    taken: BTreeMap<Step, u32>,
}

#[derive(Clone, Copy, Debug)]
struct Trouble {
    rest: Duration,
    until: Instant,
}

impl Troubles {
    /// The step failed; returns how long it rests.
    pub fn failed(&mut self, step: Step, now: Instant) -> Duration {
        if self.resting.len() >= REMEMBERED && !self.resting.contains_key(&step) {
            self.resting.retain(|_, trouble| trouble.until > now);
            if self.resting.len() >= REMEMBERED {
                self.resting.pop_first();
            }
        }
        let rest = match self.resting.get(&step) {
            Some(trouble) => (trouble.rest * 2).min(LONGEST_REST),
            None => FIRST_REST,
        };
        let until = now + rest;
        self.resting.insert(step, Trouble { rest, until });
        rest
    }

    /// The step was taken; returns how long it rests, if it was too often.
    pub fn taken(&mut self, step: Step, now: Instant) -> Option<Duration> {
        if self.taken.len() >= REMEMBERED && !self.taken.contains_key(&step) {
            self.taken.pop_first();
        }
        let times = self.taken.entry(step).or_default();
        *times = times.saturating_add(1);
        if *times > PARTS {
            return Some(self.failed(step, now));
        }
        self.resting.remove(&step);
        None
    }

    pub fn rests(&self, step: &Step, now: Instant) -> bool {
        self.resting
            .get(step)
            .is_some_and(|trouble| trouble.until > now)
    }

    /// Forgets what is not due any more.
    pub fn keep_only(&mut self, due: &[Step]) {
        self.resting.retain(|step, _| due.contains(step));
        self.taken.retain(|step, _| due.contains(step));
    }

    /// Whether one of them may be tried again.
    pub fn is_one_over(&self, now: Instant) -> bool {
        self.resting.values().any(|trouble| trouble.until <= now)
    }

    /// Steps that failed and were not taken since, or were taken too often.
    pub fn count(&self) -> usize {
        self.resting.len()
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
        assert_eq!(troubles.taken(step, now), None);
        assert!(!troubles.rests(&step, now));
        assert_eq!(troubles.failed(step, now), FIRST_REST);
    }

    #[test]
    fn given_a_step_that_is_due_again_whenever_it_was_taken_then_it_rests_longer_and_longer() {
        let mut troubles = Troubles::default();
        let step = Step::PayClaims;
        let now = Instant::now();
        for _ in 0..PARTS {
            assert_eq!(troubles.taken(step, now), None);
            troubles.keep_only(&[step]);
        }
        assert_eq!(troubles.taken(step, now), Some(FIRST_REST));
        assert_eq!(troubles.taken(step, now), Some(FIRST_REST * 2));
        assert!(troubles.rests(&step, now));
        troubles.keep_only(&[]);
        assert_eq!(troubles.taken(step, now), None);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut troubles = Troubles::default();
        let now = Instant::now();
        for start in 0..10_000 {
            troubles.failed(Step::Clear { start }, now);
            troubles.taken(Step::Allocate { start }, now);
            assert!(troubles.count() <= REMEMBERED);
            assert!(troubles.taken.len() <= REMEMBERED);
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
