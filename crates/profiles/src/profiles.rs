use std::ops::RangeInclusive;

use joulebook_units::{Seconds, UnixTime, SECONDS_PER_DAY};

use crate::Energy;

/// Of a delivery window, in seconds.
pub const WINDOW_LENGTHS: RangeInclusive<i64> = 60..=SECONDS_PER_DAY;

/// Whether a market's windows can have this length: 60 s to a day, and a divisor of a day.
pub fn is_window_length(seconds: i64) -> bool {
    WINDOW_LENGTHS.contains(&seconds) && SECONDS_PER_DAY.checked_rem(seconds) == Some(0)
}

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

/// One household's energy, per interval: what is behind its meter, or what the meter counted. A series of which
/// nothing is known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    /// What it uses.
    pub load: Vec<Energy>,
    /// What its panels give.
    pub pv: Vec<Energy>,
    /// What its meter counted as drawn from the grid.
    pub import: Vec<Energy>,
    /// What its meter counted as fed in, in the same interval too.
    pub export: Vec<Energy>,
    /// The interval that each value begins in which was missing and filled, in any order.
    pub filled: Vec<usize>,
}

/// More days were asked for than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{days} days were asked for, but there are {intervals} intervals of {seconds} s, {whole} whole days; ask for no \
     more, or leave --days out to run the whole file"
)]
pub struct TooFewDays {
    pub days: u32,
    pub intervals: usize,
    pub seconds: i64,
    pub whole: i64,
}

impl Profile {
    /// What its meter counts as drawn from the grid in an interval. Of use and panels, the meter sees the difference.
    pub fn drawn(&self, interval: usize) -> Energy {
        let behind = at(&self.load, interval).saturating_sub(at(&self.pv, interval));
        at(&self.import, interval).saturating_add(behind.max(Energy(0)))
    }

    /// What its meter counts as fed into the grid in an interval.
    pub fn fed_in(&self, interval: usize) -> Energy {
        let behind = at(&self.pv, interval).saturating_sub(at(&self.load, interval));
        at(&self.export, interval).saturating_add(behind.max(Energy(0)))
    }

    /// What it draws less what it feeds in.
    pub fn net(&self, interval: usize) -> Energy {
        self.drawn(interval).saturating_sub(self.fed_in(interval))
    }

    /// The most that flows one way in an interval.
    pub fn largest(&self, interval: usize) -> Energy {
        self.drawn(interval).max(self.fed_in(interval))
    }

    /// What it uses in an interval, as far as is known: of its meter alone, what that drew.
    pub fn used(&self, interval: usize) -> Energy {
        at(&self.load, interval).saturating_add(at(&self.import, interval))
    }

    /// What its panels give in an interval, as far as is known: of its meter alone, what that fed in.
    pub fn produced(&self, interval: usize) -> Energy {
        at(&self.pv, interval).saturating_add(at(&self.export, interval))
    }
}

fn at(series: &[Energy], interval: usize) -> Energy {
    series.get(interval).copied().unwrap_or_default()
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
        let nearest = SECONDS_PER_DAY.saturating_add(length / 2);
        let count = nearest.checked_div(length).unwrap_or(1);
        usize::try_from(count).map_or(1, |count| count.max(1))
    }

    /// Values that were missing and were filled, of all households.
    pub fn filled(&self) -> usize {
        let all = self.households.iter();
        all.map(|one| one.filled.len()).sum()
    }

    /// Leaves out what comes after the first `days`.
    ///
    /// # Errors
    /// [`TooFewDays`].
    pub fn limit_days(&mut self, days: u32) -> Result<(), TooFewDays> {
        let length = self.length.0.max(1);
        let asked = i64::from(days).saturating_mul(SECONDS_PER_DAY);
        let wanted = asked.checked_div(length).unwrap_or(0);
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        if wanted > self.intervals {
            let end = self.boundary(self.intervals).0;
            return Err(TooFewDays {
                days,
                intervals: self.intervals,
                seconds: self.length.0,
                whole: end.saturating_sub(self.start.0) / SECONDS_PER_DAY,
            });
        }
        self.intervals = wanted;
        for household in &mut self.households {
            household.filled.retain(|interval| *interval < wanted);
        }
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
            households: vec![Profile {
                filled: vec![200, 3],
                ..Profile::default()
            }],
        }
    }

    #[test]
    fn days_are_cut_to_whole_intervals() {
        let mut quarter_hours = profiles(900, 96 * 3);
        quarter_hours.limit_days(2).expect("enough");
        assert_eq!((quarter_hours.intervals, quarter_hours.filled()), (192, 1));
        assert!(quarter_hours.limit_days(3).is_err());
        let mut odd = profiles(7000, 100);
        odd.limit_days(1).expect("enough");
        assert_eq!((odd.intervals, odd.per_day()), (12, 12));
    }

    #[test]
    fn of_use_and_panels_the_meter_sees_the_difference() {
        let profile = Profile {
            load: vec![Energy(5), Energy(4)],
            pv: vec![Energy(7), Energy(1), Energy(1)],
            ..Profile::default()
        };
        let each =
            |energy: fn(&Profile, usize) -> Energy| [0, 1, 2, 3].map(|one| energy(&profile, one).0);
        assert_eq!(each(Profile::drawn), [0, 3, 0, 0]);
        assert_eq!(each(Profile::fed_in), [2, 0, 1, 0]);
        assert_eq!(each(Profile::net), [-2, 3, -1, 0]);
        assert_eq!(each(Profile::largest), [2, 3, 1, 0]);
        assert_eq!(each(Profile::used), [5, 4, 0, 0]);
        assert_eq!(each(Profile::produced), [7, 1, 1, 0]);
    }

    #[test]
    fn a_meter_counts_both_ways_in_one_interval() {
        let profile = Profile {
            import: vec![Energy(5)],
            export: vec![Energy(7), Energy(1)],
            ..Profile::default()
        };
        let each =
            |energy: fn(&Profile, usize) -> Energy| [0, 1].map(|one| energy(&profile, one).0);
        assert_eq!(each(Profile::drawn), [5, 0]);
        assert_eq!(each(Profile::fed_in), [7, 1]);
        assert_eq!(each(Profile::net), [-2, -1]);
        assert_eq!(each(Profile::largest), [7, 1]);
        assert_eq!(each(Profile::used), [5, 0]);
        assert_eq!(each(Profile::produced), [7, 1]);
    }

    #[test]
    fn windows_last_a_minute_to_a_day_and_divide_it() {
        assert!([60, 300, 900, 7200, 86_400]
            .into_iter()
            .all(is_window_length));
        assert!(![0, -60, 59, 7000, 86_401, 172_800]
            .into_iter()
            .any(is_window_length));
    }
}
