//! Windows taken together, as many as a picture can show.

use joulebook_sim::simulation::{CommunityEnergy, Settled};
use joulebook_units::{SECONDS_PER_DAY, SECONDS_PER_HOUR};

/// Longer runs are shown by days, and prices by the hour of the day.
const SHORT_RUN: i64 = 7 * SECONDS_PER_DAY;

/// Windows one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Unix seconds.
    pub start: i64,
    /// Contracts, Wh.
    pub traded: u64,
    /// What of them flowed, Wh.
    pub delivered: u64,
    /// What was drawn and fed in at the same time, Wh.
    pub shared: u64,
    pub energy: CommunityEnergy,
}

/// All windows of a run, in buckets of the same length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// Of a bucket, in seconds.
    pub length: i64,
    pub list: Vec<Bucket>,
}

impl Buckets {
    /// An hour each, a day in long runs, or a window if it is longer.
    pub fn of(settled: &Settled) -> Buckets {
        let window = settled.length.0.max(1);
        let wanted = match is_long(settled) {
            true => SECONDS_PER_DAY,
            false => SECONDS_PER_HOUR,
        };
        let length = if wanted % window == 0 { wanted } else { window };
        let mut list: Vec<Bucket> = Vec::new();
        for (window, positions) in settled.windows() {
            let start = window.start.0.div_euclid(length).saturating_mul(length);
            if list.last().map(|bucket| bucket.start) != Some(start) {
                list.push(Bucket {
                    start,
                    ..Bucket::default()
                });
            }
            if let Some(bucket) = list.last_mut() {
                bucket.traded = bucket.traded.saturating_add(window.traded.0);
                let delivered = settled.delivered(window, positions);
                bucket.delivered = bucket.delivered.saturating_add(delivered.0);
                bucket.shared = bucket.shared.saturating_add(window.shared().0);
                bucket.energy = bucket.energy.and(window.energy);
            }
        }
        Buckets { length, list }
    }

    /// From the first bucket's start to the last one's end.
    pub fn range(&self) -> (i64, i64) {
        let start = self.list.first().map_or(0, |bucket| bucket.start);
        let last = self.list.last().map_or(0, |bucket| bucket.start);
        (start, last.saturating_add(self.length))
    }

    /// What a bucket is, for an axis.
    pub fn name(&self) -> &'static str {
        match self.length {
            SECONDS_PER_HOUR => "hour",
            SECONDS_PER_DAY => "day",
            _ => "window",
        }
    }
}

/// Whether single windows are too many to be seen.
pub fn is_long(settled: &Settled) -> bool {
    let windows = settled.windows().count() as i64;
    windows.saturating_mul(settled.length.0) > SHORT_RUN
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Terms;
    use joulebook_sim::simulation::{SettledPosition, SettledWindow};
    use joulebook_units::{Seconds, UnixTime, WhSum};

    use super::*;

    fn buckets(start: i64, length: i64, windows: i64) -> Buckets {
        let mut settled = Settled::new(Seconds(length), Terms::default(), vec!["a".into()]);
        for number in 0..windows {
            let window = SettledWindow {
                start: UnixTime(start + number * length),
                traded: WhSum(1),
                imported: WhSum(3),
                exported: WhSum(2),
                ..SettledWindow::default()
            };
            settled.push(window, [SettledPosition::default()]);
        }
        Buckets::of(&settled)
    }

    #[test]
    fn short_runs_are_shown_by_hours_and_long_ones_by_days() {
        let hours = buckets(1800, 900, 8);
        assert_eq!((hours.length, hours.list.len()), (3600, 3));
        let traded: Vec<u64> = hours.list.iter().map(|hour| hour.traded).collect();
        assert_eq!(traded, [2, 4, 2]);
        assert_eq!(hours.list[1].shared, 8);
        assert_eq!(hours.range(), (0, 10_800));
        let days = buckets(0, 3600, 8 * 24);
        assert_eq!(
            (days.length, days.list.len(), days.name()),
            (86_400, 8, "day")
        );
    }

    #[test]
    fn windows_that_do_not_fill_an_hour_stay_by_themselves() {
        let windows = buckets(0, 2700, 4);
        assert_eq!((windows.length, windows.list.len()), (2700, 4));
        assert_eq!(buckets(0, 86_400, 3).length, 86_400);
    }
}
