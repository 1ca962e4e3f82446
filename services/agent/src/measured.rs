use std::collections::BTreeMap;

use joulebook_client::{
    layout::oracle::{IntervalPage, Meter},
    steps::MarketState,
    tables::IntervalPageTable,
};
use joulebook_strategy::Past;
use joulebook_units::{NetWh, Seconds, UnixTime, SECONDS_PER_DAY};

/// Days of the past that are kept: what a forecast looks back on, and a week more.
const DAYS: i64 = 35;
/// The most that is kept of a household: so many days of minutes. Only where a clock runs ahead are there more.
const MOST: usize = 35 * 24 * 60;
/// A meter that was not heard for so many days tells nothing of today.
const SILENT_DAYS: i64 = 3;

/// What a household's meters showed together, Wh, positive drawn, by the start of the interval, unix seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(pub BTreeMap<i64, i64>);

/// The same without holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    start: UnixTime,
    length: Seconds,
    net: Vec<NetWh>,
    /// How many of them were missing.
    pub filled: usize,
}

impl Values {
    /// Takes what is new or another; returns it.
    pub fn take(&mut self, values: Vec<(i64, NetWh)>) -> Vec<(i64, i64)> {
        let changed: Vec<(i64, i64)> = values
            .into_iter()
            .map(|(start, net)| (start, net.0))
            .filter(|(start, net)| self.0.get(start) != Some(net))
            .collect();
        self.0.extend(changed.iter().copied());
        changed
    }

    /// Forgets what no forecast looks back on any more, and the first of too many.
    pub fn forget(&mut self, now: i64) {
        let first = now.saturating_sub(DAYS * SECONDS_PER_DAY);
        self.0 = self.0.split_off(&first);
        while self.0.len() > MOST {
            self.0.pop_first();
        }
    }

    /// The last days up to the latest value. What is missing between is as it was a day before, or else as just before. `None` if
    /// nothing is known, or nothing of the last days. What begins later than `now`, or between two intervals, was never measured.
    pub fn measured(&self, length: Seconds, now: i64) -> Option<Measured> {
        if length.0 <= 0 {
            return None;
        }
        let oldest = now.saturating_sub(DAYS * SECONDS_PER_DAY);
        let known = self.0.range(oldest..now).map(|(start, _)| *start);
        let mut known = known.filter(|start| start.rem_euclid(length.0) == 0);
        let start = known.next()?;
        let last = known.next_back().unwrap_or(start);
        if now.saturating_sub(last) > SILENT_DAYS * SECONDS_PER_DAY {
            return None;
        }
        let per_day = usize::try_from(SECONDS_PER_DAY / length.0).ok()?;
        // Both are within the last days.
        let count = usize::try_from((last - start) / length.0).ok()? + 1;
        let (mut net, mut filled) = (Vec::with_capacity(count), 0);
        for place in 0..count {
            let at = start + place as i64 * length.0;
            let value = self.0.get(&at).copied().map(NetWh).or_else(|| {
                filled += 1;
                let before = place.checked_sub(per_day).or(place.checked_sub(1));
                before.and_then(|before| net.get(before).copied())
            });
            net.push(value.unwrap_or(NetWh(0)));
        }
        Some(Measured {
            start: UnixTime(start),
            length,
            net,
            filled,
        })
    }

    /// Where the latest value ends that had begun at `now`, unix seconds.
    pub fn end(&self, length: Seconds, now: i64) -> Option<i64> {
        let (start, _) = self.0.range(..now).next_back()?;
        Some(start.saturating_add(length.0))
    }
}

impl Measured {
    pub fn past(&self) -> Past<'_> {
        Past {
            measured: &self.net,
            start: self.start,
            length: self.length,
        }
    }

    /// Which interval starts at `start`, counted from the first one measured.
    pub fn interval(&self, start: i64) -> Option<usize> {
        let since = start.checked_sub(self.start.0)?;
        usize::try_from(since.checked_div(self.length.0)?).ok()
    }

    /// Whole days of it.
    pub fn days(&self) -> usize {
        self.net.len() / self.past().per_day()
    }

    /// Where it ends, unix seconds.
    pub fn end(&self) -> i64 {
        self.start.0 + self.net.len() as i64 * self.length.0
    }
}

/// What the meters of a seat showed in intervals that were over at `now`, as far as the chain's ring knows all of them.
pub fn values_of(state: &MarketState, seat: u16, now: i64) -> Vec<(i64, NetWh)> {
    let table = &state.meter_table;
    let length = table.header.interval_length().0;
    let registered = usize::from(table.header.count);
    let meters: Vec<(u16, &Meter)> = (0u16..)
        .zip(table.meters.iter().take(registered))
        .filter(|(_, meter)| meter.participant == seat)
        .collect();
    let pages = state.interval_pages.iter();
    let used = pages.filter(|page| page.header.start != IntervalPage::NEVER);
    let of_page = |page: &IntervalPageTable| -> Vec<(i64, NetWh)> {
        let first = page.header.start;
        let serving = meters.iter().filter(|(_, meter)| meter.serves(first));
        let rows: Vec<u16> = serving.map(|(row, _)| *row).collect();
        if rows.is_empty() {
            return vec![];
        }
        let value = |interval: u16| {
            let start = first.checked_add(length.checked_mul(interval.into())?)?;
            if start.checked_add(length)? > now {
                return None;
            }
            let mut net = 0_i64;
            for row in &rows {
                let entry = page.entry(u32::from(*row), interval)?;
                if !entry.has_value() {
                    return None;
                }
                // Fits: 16 bits of numbers with 32.
                net += NetWh::between(entry.import(), entry.export()).0;
            }
            Some((start, NetWh(net)))
        };
        (0..page.header.intervals).filter_map(value).collect()
    };
    used.flat_map(of_page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    fn of(values: &[(i64, i64)]) -> Values {
        Values(values.iter().copied().collect())
    }

    #[test]
    fn given_holes_when_the_past_is_asked_for_then_they_are_as_a_day_before_or_as_just_before() {
        let mut all: Vec<(i64, i64)> = (0..48).map(|hour| (hour * HOUR, hour)).collect();
        all.retain(|(start, _)| *start != 5 * HOUR && *start != 30 * HOUR);
        let measured = of(&all).measured(Seconds(HOUR), 48 * HOUR).expect("known");
        assert_eq!((measured.net[5], measured.net[30]), (NetWh(4), NetWh(6)));
        assert_eq!((measured.filled, measured.days()), (2, 2));
        assert_eq!(measured.end(), 48 * HOUR);
        assert_eq!(measured.interval(49 * HOUR), Some(49));
    }

    #[test]
    fn given_a_silent_meter_when_the_past_is_asked_for_then_there_is_none() {
        let values = of(&[(0, 5)]);
        let at = |days: i64| values.measured(Seconds(HOUR), days * SECONDS_PER_DAY);
        assert!(at(3).is_some() && at(4).is_none());
        assert_eq!(Values::default().measured(Seconds(HOUR), 0), None);
    }

    /// As a clock and a page far ahead leave them in a store.
    #[test]
    fn given_values_that_begin_later_when_the_past_is_asked_for_then_it_is_what_it_was() {
        let right: Vec<(i64, i64)> = (0..48).map(|hour| (hour * HOUR, hour)).collect();
        let mut all = right.clone();
        all.extend([
            (1 << 50, 9),
            (i64::MAX, 9),
            (48 * HOUR, 9),
            (5 * HOUR + 1, 9),
        ]);
        let measured = of(&all).measured(Seconds(HOUR), 48 * HOUR);
        assert!(measured.is_some());
        assert_eq!(measured, of(&right).measured(Seconds(HOUR), 48 * HOUR));
        assert_eq!(of(&all).end(Seconds(HOUR), 48 * HOUR), Some(48 * HOUR));
        let later = of(&[(1 << 50, 9)]);
        assert_eq!(later.measured(Seconds(HOUR), 48 * HOUR), None);
        assert_eq!(later.measured(Seconds(HOUR), i64::MIN), None);
        assert_eq!(later.end(Seconds(HOUR), 48 * HOUR), None);
        assert_eq!(later.end(Seconds(HOUR), i64::MAX), Some((1 << 50) + HOUR));
    }

    #[test]
    fn given_more_values_than_there_are_intervals_when_the_old_are_forgotten_then_they_are_bounded()
    {
        let mut values = Values((0..2 * MOST as i64).map(|start| (start, 0)).collect());
        values.forget(0);
        assert_eq!(values.0.len(), MOST);
        assert_eq!(
            values.0.last_key_value(),
            Some((&(2 * MOST as i64 - 1), &0))
        );
    }

    #[test]
    fn given_values_when_taken_then_what_is_new_or_another_is_told_and_the_old_forgotten() {
        let mut values = of(&[(0, 5), (HOUR, 6)]);
        let new = vec![(0, NetWh(5)), (HOUR, NetWh(7)), (2 * HOUR, NetWh(8))];
        assert_eq!(values.take(new), [(HOUR, 7), (2 * HOUR, 8)]);
        values.forget(36 * SECONDS_PER_DAY);
        assert!(values.0.is_empty());
    }
}
