//! Events that are missing, and which windows they can be of.

use std::collections::BTreeMap;

use joulebook_client::{
    event_counts::{number_of, Counter},
    events::events,
};
use joulebook_cluster::PastTransaction;

use super::past::SLACK;

/// Events that are missing, and when they came: after the last one before and before the first one after them, unix seconds; none
/// where blocks have no time, or there is no such event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    since: Option<i64>,
    until: Option<i64>,
}

impl Gap {
    /// Whether orders of a window can be among them, or its allocation.
    pub(super) fn can_hold(&self, start: i64, horizon: i64) -> bool {
        let first = start.saturating_sub(horizon);
        self.can_be_between(first, start)
    }

    /// Whether an event of that time can be among them.
    pub(super) fn can_be_between(&self, since: i64, until: i64) -> bool {
        let (first, last) = (since.saturating_sub(SLACK), until.saturating_add(SLACK));
        self.since.is_none_or(|since| since <= last)
            && self.until.is_none_or(|until| until >= first)
    }
}

/// Gaps among the events that `counter` counts, of which it has counted `count` by now. What came before the first of these events, or
/// behind the last, is missing as well: whoever tells of transactions may have left it out.
pub(super) fn gaps(transactions: &[PastTransaction], counter: Counter, count: u64) -> Vec<Gap> {
    let numbers = transactions.iter().flat_map(|one| {
        let events = events(&one.logs).into_iter();
        events.filter_map(move |event| {
            let (found, number) = number_of(&event)?;
            (found == counter).then_some((number, one.time))
        })
    });
    gaps_between(&numbers.collect(), count)
}

fn gaps_between(numbers: &BTreeMap<u64, Option<i64>>, count: u64) -> Vec<Gap> {
    let (Some(first), Some(last)) = (numbers.first_key_value(), numbers.last_key_value()) else {
        let all = Gap {
            since: None,
            until: None,
        };
        return Vec::from_iter((count > 0).then_some(all));
    };
    let before = Gap {
        since: None,
        until: *first.1,
    };
    let behind = Gap {
        since: *last.1,
        until: None,
    };
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    let missing = pairs.filter(|((number, _), (next, _))| number.saturating_add(1) < **next);
    let between = missing.map(|((_, since), (_, until))| Gap {
        since: *since,
        until: *until,
    });
    let ends = [
        (*first.0 > 0, before),
        (last.0.saturating_add(1) < count, behind),
    ];
    let ends = ends
        .into_iter()
        .filter_map(|(is_missing, gap)| is_missing.then_some(gap));
    between.chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_missing_events_when_windows_are_asked_then_those_whose_orders_can_be_among_them_are_meant(
    ) {
        let gap = Gap {
            since: Some(100_000),
            until: Some(101_000),
        };
        let horizon = 7_200;
        let held = |start| gap.can_hold(start, horizon);
        assert!(!held(100_000 - SLACK - 1) && held(100_000 - SLACK));
        assert!(held(101_000 + horizon + SLACK) && !held(101_000 + horizon + SLACK + 1));
        let timeless = Gap {
            since: None,
            until: None,
        };
        assert!(timeless.can_hold(0, horizon));
    }

    #[test]
    fn given_events_that_were_left_out_when_gaps_are_asked_then_those_at_the_ends_are_among_them() {
        let gaps = |numbers: &[u64], count| {
            let numbers = numbers
                .iter()
                .map(|number| (*number, Some(*number as i64 * 1_000)));
            let gaps = gaps_between(&numbers.collect(), count).into_iter();
            gaps.map(|gap| (gap.since, gap.until)).collect::<Vec<_>>()
        };
        assert_eq!(gaps(&[0, 1, 2], 3), []);
        assert_eq!(gaps(&[0, 2, 3], 4), [(Some(0), Some(2_000))]);
        assert_eq!(gaps(&[5, 6], 7), [(None, Some(5_000))]);
        assert_eq!(gaps(&[0, 1], 9), [(Some(1_000), None)]);
        assert_eq!(gaps(&[], 0), []);
        assert_eq!(gaps(&[], 1), [(None, None)]);
        // The account was made anew since.
        assert_eq!(gaps(&[0, 1], 1), []);
    }
}
