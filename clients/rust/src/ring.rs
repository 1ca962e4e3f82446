//! Which slot of a ring holds a time, and which page comes next.
//!
//! Windows and pages lie one after the other from 1970-01-01 on. That of length L which holds the time t starts at
//! ⌊t / L⌋ · L, and is in slot ⌊t / L⌋ mod slots. Times are unix seconds, lengths seconds.

use joulebook_layout::{market::Market, oracle::MeterTable};
use joulebook_metering::page::PageRing;
use joulebook_units::{Seconds, UnixTime};

/// The start of the window, or the page, that holds `time`; `None` for a length that is not positive, or on overflow.
pub fn start(time: i64, length: i64) -> Option<i64> {
    let start = UnixTime(time).boundary(Seconds(length))?;
    Some(start.0)
}

/// The slot of what starts at `start`; `None` if nothing does, or without slots.
pub fn slot(start: i64, length: i64, slots: u16) -> Option<u16> {
    UnixTime(start).ring_slot(Seconds(length), slots)
}

/// The start of the page that is opened next: the one that holds `now`, if none was opened yet; else the one after that
/// opened last, but for those whose corrections are over by `now`. `None` on overflow.
///
/// Nobody can choose it: so the oracle has it too.
pub fn next_page_start(table: &MeterTable, now: i64) -> Option<i64> {
    let next = PageRing::from(table).next(table, UnixTime(now))?;
    Some(next.0)
}

/// When the market opens the page that starts at `start`, at the earliest: a page's length before its first window
/// opens.
pub fn page_opens(market: &Market, start: i64) -> i64 {
    start
        .saturating_sub(market.terms_at(start).horizon.into())
        .saturating_sub(market.page_length().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages of 1,200 s, corrected for 1,800 s.
    fn table(last_opened: i64) -> MeterTable {
        MeterTable {
            interval_seconds: 300,
            page_intervals: 4,
            correction_seconds: 1_800,
            ring: 6,
            last_opened,
            ..Default::default()
        }
    }

    #[test]
    fn given_no_page_when_the_first_is_opened_then_it_is_the_one_that_holds_now() {
        assert_eq!(next_page_start(&table(i64::MIN), 12_000), Some(12_000));
        assert_eq!(next_page_start(&table(i64::MIN), 13_199), Some(12_000));
        assert_eq!(next_page_start(&table(i64::MIN), -1), Some(-1_200));
    }

    #[test]
    fn given_a_page_when_the_next_is_opened_then_it_follows_as_long_as_values_can_come() {
        let table = table(12_000);
        // The next one goes on from 13,200 to 14,400, and is corrected until 16,200.
        for now in [0, 12_000, 14_400, 16_199] {
            assert_eq!(next_page_start(&table, now), Some(13_200), "at {now}");
        }
    }

    #[test]
    fn given_pages_that_are_past_correction_when_the_next_is_opened_then_they_are_skipped() {
        let table = table(12_000);
        assert_eq!(next_page_start(&table, 16_200), Some(14_400));
        assert_eq!(next_page_start(&table, 17_399), Some(14_400));
        assert_eq!(next_page_start(&table, 17_400), Some(15_600));
    }

    #[test]
    fn given_a_table_without_lengths_or_a_clock_at_its_end_when_asked_then_there_is_no_page() {
        assert_eq!(next_page_start(&MeterTable::default(), 12_000), None);
        assert_eq!(next_page_start(&table(i64::MAX), 12_000), None);
        assert_eq!(next_page_start(&table(12_000), i64::MIN), None);
    }

    #[test]
    fn given_a_horizon_when_a_page_is_to_be_opened_then_a_pages_length_before_that() {
        let mut market = Market {
            window_seconds: 300,
            page_windows: 4,
            planned_terms_from: 24_000,
            ..Default::default()
        };
        market.terms.horizon = 900;
        market.planned_terms.horizon = 600;
        assert_eq!(page_opens(&market, 12_000), 12_000 - 900 - 1_200);
        assert_eq!(page_opens(&market, 24_000), 24_000 - 600 - 1_200);
    }
}
