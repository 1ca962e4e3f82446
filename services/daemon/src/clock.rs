//! The time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// This machine's clock, unix seconds; 0 where it is before 1970.
pub fn machine_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// How long a chain's clock may stand until it is told of: blocks are less than a second apart.
pub const CLOCK_STANDS: Duration = Duration::from_secs(60);

/// The chain's clock has not moved for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the chain's clock stands still at {0}; check the RPC endpoints, and whether the cluster makes blocks"
)]
pub struct StandingClock(i64);

/// Whether a chain's clock goes on: a node that hears of no block answers all the same, and tells of a past.
#[derive(Clone, Copy, Debug)]
pub struct ClockWatch {
    patience: Duration,
    /// The latest that was seen, unix seconds, and when it was seen first.
    latest: Option<(i64, Instant)>,
}

impl Default for ClockWatch {
    fn default() -> ClockWatch {
        ClockWatch::new(CLOCK_STANDS)
    }
}

impl ClockWatch {
    pub fn new(patience: Duration) -> ClockWatch {
        ClockWatch {
            patience,
            latest: None,
        }
    }

    /// When it was first seen as late as it is.
    pub fn moved(&self) -> Option<Instant> {
        self.latest.map(|(_, at)| at)
    }

    /// The chain says that it is `now`, unix seconds.
    ///
    /// # Errors
    /// [`StandingClock`], if it has said nothing later for longer than is waited for.
    pub fn see(&mut self, now: i64, at: Instant) -> Result<(), StandingClock> {
        match self.latest {
            Some((latest, since)) if latest >= now => {
                match at.saturating_duration_since(since) < self.patience {
                    true => Ok(()),
                    false => Err(StandingClock(latest)),
                }
            }
            _ => {
                self.latest = Some((now, at));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_clock_that_stands_when_it_is_seen_for_long_then_that_is_told_until_it_goes_on() {
        let mut watch = ClockWatch::default();
        let begun = Instant::now();
        let seen = |watch: &mut ClockWatch, now, seconds| {
            watch.see(now, begun + Duration::from_secs(seconds))
        };
        assert_eq!(seen(&mut watch, 100, 0), Ok(()));
        assert_eq!(seen(&mut watch, 100, 59), Ok(()));
        // A node that is behind the others does not make it go on.
        assert_eq!(seen(&mut watch, 90, 60), Err(StandingClock(100)));
        assert_eq!(seen(&mut watch, 101, 61), Ok(()));
        assert_eq!(seen(&mut watch, 101, 120), Ok(()));
        assert_eq!(seen(&mut watch, 101, 121), Err(StandingClock(101)));
    }
}
