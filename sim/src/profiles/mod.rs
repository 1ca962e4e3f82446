//! What the households of a community draw and feed in, interval by interval.

mod error;
mod header;
mod row;
mod simulated_meter;
mod table;

use joulebook_client::layout::market::limits::{MAX_WINDOW_SECONDS, MIN_WINDOW_SECONDS};
use joulebook_units::{Seconds, UnixTime, SECONDS_PER_DAY};

pub use error::ProfileError;
pub use simulated_meter::SimulatedMeter;
pub use table::{load, parse};

/// Whether a market's windows can have this length: 60 s to a day, and a divisor of a day.
pub fn is_window_length(seconds: i64) -> bool {
    let lengths = i64::from(MIN_WINDOW_SECONDS)..=i64::from(MAX_WINDOW_SECONDS);
    lengths.contains(&seconds) && SECONDS_PER_DAY % seconds == 0
}

/// Average power over an interval, in milliwatts, so that decimal watts lose nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MilliWatts(pub u64);

/// The profiles of a community; every household has the same intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadProfiles {
    /// Start of the first interval, a multiple of `length`.
    pub start: UnixTime,
    /// Of one interval, and so of one delivery window.
    pub length: Seconds,
    pub intervals: usize,
    pub households: Vec<Profile>,
}

/// One household's average power, per interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    /// What it uses; empty for a plant without a household.
    pub load: Vec<MilliWatts>,
    /// What its panels give; empty for a household without any.
    pub pv: Vec<MilliWatts>,
}

impl Profile {
    /// What flows through its meter in an interval, in milliwatts: positive is drawn from the grid.
    pub fn net(&self, interval: usize) -> i64 {
        let at = |series: &[MilliWatts]| {
            let power = series.get(interval).copied().unwrap_or_default();
            i64::try_from(power.0).unwrap_or(i64::MAX)
        };
        at(&self.load).saturating_sub(at(&self.pv))
    }
}

impl LoadProfiles {
    /// Start of an interval, or the end of the one before.
    pub fn boundary(&self, interval: usize) -> UnixTime {
        let past = i64::try_from(interval).unwrap_or(i64::MAX);
        UnixTime(
            self.start
                .0
                .saturating_add(past.saturating_mul(self.length.0)),
        )
    }

    /// Intervals in a day, to the nearest; at least one.
    pub fn per_day(&self) -> usize {
        let length = self.length.0.max(1);
        usize::try_from((SECONDS_PER_DAY + length / 2) / length).map_or(1, |count| count.max(1))
    }

    /// Leaves out what comes after the first `days`.
    ///
    /// # Errors
    /// [`ProfileError::TooFewDays`].
    pub fn limit_days(&mut self, days: u32) -> Result<(), ProfileError> {
        let wanted = i64::from(days) * SECONDS_PER_DAY / self.length.0.max(1);
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        if wanted > self.intervals {
            return Err(ProfileError::TooFewDays {
                days,
                intervals: self.intervals,
                seconds: self.length.0,
                whole: self.boundary(self.intervals).0.saturating_sub(self.start.0)
                    / SECONDS_PER_DAY,
            });
        }
        self.intervals = wanted;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(length: i64, intervals: usize) -> LoadProfiles {
        LoadProfiles {
            start: UnixTime(0),
            length: Seconds(length),
            intervals,
            households: Vec::new(),
        }
    }

    #[test]
    fn days_are_cut_to_whole_intervals() {
        let mut quarter_hours = profiles(900, 96 * 3);
        quarter_hours.limit_days(2).expect("enough");
        assert_eq!(quarter_hours.intervals, 192);
        assert!(quarter_hours.limit_days(3).is_err());
        let mut odd = profiles(7000, 100);
        odd.limit_days(1).expect("enough");
        assert_eq!(odd.intervals, 12);
        assert_eq!(odd.per_day(), 12);
    }

    #[test]
    fn net_power_is_load_less_pv() {
        let profile = Profile {
            name: "a".into(),
            load: vec![MilliWatts(5)],
            pv: vec![MilliWatts(7), MilliWatts(1)],
        };
        assert_eq!(
            (profile.net(0), profile.net(1), profile.net(2)),
            (-2, -1, 0)
        );
    }
}
