use joulebook_units::{NetWh, Seconds, UnixTime, SECONDS_PER_DAY};

/// 1970-01-01 was a Thursday, three days after a Monday.
const FIRST_WEEKDAY: i64 = 3;
const DAYS_PER_WEEK: i64 = 7;
const WEEKDAYS: i64 = 5;

/// What a household's meter showed, interval by interval.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    pub measured: &'a [NetWh],
    /// When the first interval began.
    pub start: UnixTime,
    /// Of an interval, of which a day holds a whole number.
    pub length: Seconds,
}

impl<'a> Past<'a> {
    /// Its first intervals, as far as they are known.
    pub fn until(&self, intervals: usize) -> Past<'a> {
        Past {
            measured: self.measured.get(..intervals).unwrap_or(self.measured),
            ..*self
        }
    }

    /// Intervals of a day; at least one.
    #[expect(clippy::arithmetic_side_effects, reason = "by a positive number")]
    pub fn per_day(&self) -> usize {
        let length = self.length.0.max(1);
        usize::try_from(SECONDS_PER_DAY / length)
            .unwrap_or(1)
            .max(1)
    }

    /// When an interval begins, counted from the first one measured.
    pub fn start_of(&self, interval: usize) -> UnixTime {
        let intervals = i64::try_from(interval).unwrap_or(i64::MAX);
        let since = intervals.saturating_mul(self.length.0);
        UnixTime(self.start.0.saturating_add(since))
    }

    /// Wh.
    pub(crate) fn value(&self, interval: usize) -> Option<f64> {
        self.measured.get(interval).map(|net| net.0 as f64)
    }

    /// The lowest and the highest value, Wh, zero among them.
    pub(crate) fn range(&self) -> (f64, f64) {
        let values = self.measured.iter().map(|net| net.0);
        let (lowest, highest) = values.fold((0, 0), |(lowest, highest), net| {
            (net.min(lowest), net.max(highest))
        });
        (lowest as f64, highest as f64)
    }

    /// Whether an interval begins on a Saturday or Sunday of UTC.
    pub(crate) fn is_weekend(&self, interval: usize) -> bool {
        let days = self.start_of(interval).day();
        (days.saturating_add(FIRST_WEEKDAY)).rem_euclid(DAYS_PER_WEEK) >= WEEKDAYS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_dates_when_asked_then_weekends_are_told() {
        let past = Past {
            measured: &[],
            start: UnixTime(0),
            length: Seconds(43_200),
        };
        let weekends: Vec<usize> = (0..14).filter(|half| past.is_weekend(*half)).collect();
        // Two halves of each: Saturday the 3rd, Sunday the 4th.
        assert_eq!(weekends, [4, 5, 6, 7]);
        assert_eq!(past.per_day(), 2);
    }
}
