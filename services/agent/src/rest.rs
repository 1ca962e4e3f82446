//! What is not done again for a while, and how far the chain's clock is believed for that.
//!
//! An endpoint may tell any time. A lie costs what it costs while it is told; what is kept by it must not outlive it.

use joulebook_daemon::clock::machine_clock;
use joulebook_units::SECONDS_PER_DAY;

/// How far the chain's clock may be ahead of this machine's, where something is kept or forgotten by it, seconds.
const AHEAD: i64 = SECONDS_PER_DAY;

/// The chain's clock, and a day after this machine's where it is further ahead: nothing is kept that would be later, and nothing
/// forgotten by it. On a node of this machine that runs faster than time, a store keeps nothing after the first day; it is there
/// for trying things out.
pub fn believed(now: i64) -> i64 {
    now.min(machine_clock().saturating_add(AHEAD))
}

/// Something that was done, and is not done again for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Unix seconds.
    pub since: i64,
    pub seconds: i64,
}

impl Rest {
    /// Whether it may be done again. Also where the clock is before its begin: one of both was a lie.
    pub fn is_over(&self, now: i64) -> bool {
        !(self.since..self.since.saturating_add(self.seconds)).contains(&now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_clock_far_ahead_when_it_is_asked_how_far_it_is_believed_then_no_more_than_a_day() {
        let most = machine_clock() + SECONDS_PER_DAY;
        assert!((most..most + 60).contains(&believed(1 << 50)));
        assert_eq!(believed(5), 5);
        assert_eq!(believed(i64::MIN), i64::MIN);
    }

    #[test]
    fn given_a_rest_when_its_time_is_over_or_has_not_begun_then_it_does_not_hold() {
        let rest = Rest {
            since: 100,
            seconds: 10,
        };
        let over = [99, 100, 109, 110].map(|now| rest.is_over(now));
        assert_eq!(over, [true, false, false, true]);
        let forever = Rest {
            since: i64::MAX,
            seconds: 10,
        };
        assert!(forever.is_over(0));
    }
}
