//! Events that are missing, and which windows they can be of.

use std::collections::BTreeMap;

use joulebook_client::{
    event_counts::{number_of, Counter},
    events::events,
    Addresses,
};
use joulebook_cluster::PastTransaction;

use super::past::SLACK;

/// Events of the ledger that are missing, and when they came: after the last one before and before the first one after them,
/// unix seconds; none where blocks have no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    since: Option<i64>,
    until: Option<i64>,
}

impl Gap {
    /// Whether orders of a window can be among them, or its allocation.
    pub(super) fn can_hold(&self, start: i64, horizon: i64) -> bool {
        let first = start.saturating_sub(horizon).saturating_sub(SLACK);
        let last = start.saturating_add(SLACK);
        self.since.is_none_or(|since| since <= last)
            && self.until.is_none_or(|until| until >= first)
    }
}

/// Gaps between the first event of the ledger and the last.
pub(super) fn gaps(transactions: &[PastTransaction], addresses: &Addresses) -> Vec<Gap> {
    let numbers = transactions.iter().flat_map(|one| {
        let events = events(&one.logs).into_iter();
        events.filter_map(move |event| match number_of(&event)? {
            (Counter::LedgerOf(market), number) if market == addresses.market => {
                Some((number, one.time))
            }
            _ => None,
        })
    });
    let numbers: BTreeMap<u64, Option<i64>> = numbers.collect();
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    let missing = pairs.filter(|((number, _), (next, _))| number.saturating_add(1) < **next);
    missing
        .map(|((_, since), (_, until))| Gap {
            since: *since,
            until: *until,
        })
        .collect()
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
}
