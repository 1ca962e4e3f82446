//! When pages begin, and which one is opened next. Pages of an hour in a ring of 8, their values taken for 2 hours.

use joulebook_layout::{oracle::MeterTable, Address};
use joulebook_metering::page::PageRing;
use joulebook_units::{Seconds, UnixTime};
use proptest::prelude::*;

const HOUR: i64 = 3_600;
const NEVER: i64 = i64::MIN;

const RING: PageRing = PageRing {
    length: Seconds(HOUR),
    correction: Seconds(2 * HOUR),
    slots: 8,
};

const SETTLEMENT: Address = Address([7; 32]);

/// Of a table whose energy is settled for long.
fn opened(last_opened: i64) -> MeterTable {
    MeterTable {
        last_opened,
        settlement: SETTLEMENT,
        settled_from: 0,
        ..MeterTable::default()
    }
}

fn next(last_opened: i64, now: i64) -> Option<i64> {
    next_of(&opened(last_opened), now)
}

fn next_of(table: &MeterTable, now: i64) -> Option<i64> {
    RING.next(table, UnixTime(now)).map(|start| start.0)
}

#[test]
fn given_a_meter_table_when_asked_then_its_pages_are_as_long_as_their_intervals() {
    let table = MeterTable {
        interval_seconds: 900,
        page_intervals: 4,
        correction_seconds: 7_200,
        ring: 8,
        ..MeterTable::default()
    };
    assert_eq!(PageRing::from(&table), RING);
}

#[test]
fn given_a_time_when_asked_then_the_page_that_holds_it_and_the_following_one_are_told() {
    for (time, start) in [
        (36_000, 36_000),
        (36_001, 36_000),
        (39_599, 36_000),
        (-1, -3_600),
    ] {
        let time = UnixTime(time);
        assert_eq!(RING.holding(time), Some(UnixTime(start)));
        assert_eq!(RING.following(time), Some(UnixTime(start + HOUR)));
    }
}

#[test]
fn given_no_page_yet_when_the_next_is_asked_then_it_is_the_one_that_holds_the_present() {
    assert_eq!(next(NEVER, 36_000), Some(36_000));
    assert_eq!(next(NEVER, 39_599), Some(36_000));
}

#[test]
fn given_a_page_when_the_next_is_asked_then_it_follows_whatever_the_time() {
    // Ahead of time, in time, and as long as values for it can come: until 3 hours after its start.
    for now in [0, 36_000, 39_600, 39_600 + 3 * HOUR - 1] {
        assert_eq!(next(36_000, now), Some(39_600));
    }
}

#[test]
fn given_a_page_that_no_value_could_come_for_when_the_next_is_asked_then_it_is_left_out() {
    assert_eq!(next(36_000, 39_600 + 3 * HOUR), Some(39_600 + HOUR));
    assert_eq!(next(36_000, 39_600 + 4 * HOUR - 1), Some(39_600 + HOUR));
    assert_eq!(next(36_000, 39_600 + 4 * HOUR), Some(39_600 + 2 * HOUR));
    assert_eq!(next(36_000, 3_600_000), Some(3_600_000 - 2 * HOUR));
}

#[test]
fn given_a_settlement_without_a_page_when_the_next_is_asked_then_it_is_not_before_the_present() {
    let table = MeterTable {
        settled_from: NEVER,
        ..opened(36_000)
    };
    for now in [0, 36_000, 39_600, 39_600 + HOUR - 1] {
        assert_eq!(next_of(&table, now), Some(39_600));
    }
    // Values of the following page could still come.
    assert_eq!(next_of(&table, 39_600 + HOUR), Some(39_600 + HOUR));
    assert_eq!(next_of(&table, 39_600 + 2 * HOUR - 1), Some(39_600 + HOUR));
    assert_eq!(next_of(&table, 3_600_001), Some(3_600_000));
    let never = MeterTable {
        last_opened: NEVER,
        ..table
    };
    assert_eq!(next_of(&never, 39_599), Some(36_000));
}

#[test]
fn given_no_settlement_when_the_next_is_asked_then_pages_of_the_past_follow_likewise() {
    let table = MeterTable {
        settlement: Address::NOBODY,
        settled_from: NEVER,
        ..opened(36_000)
    };
    for now in [0, 39_600 + 2 * HOUR, 39_600 + 3 * HOUR, 3_600_000] {
        assert_eq!(next_of(&table, now), next(36_000, now));
    }
}

#[test]
fn given_a_start_when_asked_then_its_slot_is_that_of_its_number() {
    assert_eq!(RING.slot(UnixTime(36_000)), Some(2));
    assert_eq!(RING.slot(UnixTime(36_000 + 8 * HOUR)), Some(2));
    assert_eq!(RING.slot(UnixTime(-HOUR)), Some(7));
    assert_eq!(RING.slot(UnixTime(36_001)), None);
}

#[test]
fn given_a_page_when_a_round_of_pages_was_opened_then_its_slot_holds_another() {
    let page = UnixTime(36_000);
    assert!(!RING.has_passed(page, NEVER));
    assert!(!RING.has_passed(page, 36_000));
    assert!(!RING.has_passed(page, 36_000 + 7 * HOUR));
    assert!(RING.has_passed(page, 36_000 + 8 * HOUR));
    assert!(RING.has_passed(page, i64::MAX));
    assert!(!RING.has_passed(UnixTime(-HOUR), NEVER));
}

#[test]
fn given_pages_of_no_length_when_asked_then_there_are_none() {
    let ring = PageRing {
        length: Seconds(0),
        ..RING
    };
    assert_eq!(ring.holding(UnixTime(36_000)), None);
    assert_eq!(ring.following(UnixTime(36_000)), None);
    assert_eq!(ring.next(&opened(NEVER), UnixTime(36_000)), None);
    assert_eq!(ring.next(&opened(0), UnixTime(36_000)), None);
    assert_eq!(ring.slot(UnixTime(36_000)), None);
}

#[test]
fn given_times_at_their_end_when_asked_then_there_is_no_page() {
    assert_eq!(RING.holding(UnixTime(i64::MIN)), None);
    assert_eq!(RING.following(UnixTime(i64::MAX)), None);
    assert_eq!(next(i64::MAX, 0), None);
    assert_eq!(next(0, i64::MIN), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Page numbers and times instead of starts.
    #[test]
    fn given_any_time_when_the_next_page_is_asked_then_it_is_the_first_that_values_can_come_for(
        last in 0..100i64, now in 0..100 * HOUR
    ) {
        let start = next(last * HOUR, now).unwrap();
        let is_open = |start: i64| now < start + HOUR + 2 * HOUR;
        let expected = (last + 1..).map(|number| number * HOUR).find(|start| is_open(*start));
        prop_assert_eq!(Some(start), expected);
    }

    #[test]
    fn given_any_numbers_when_asked_then_it_answers_with_a_page(
        (length, correction, slots) in any::<(i64, i64, u16)>(),
        (time, last, settled_from, is_settled) in any::<(i64, i64, i64, bool)>(),
    ) {
        let ring = PageRing { length: Seconds(length), correction: Seconds(correction), slots };
        let time = UnixTime(time);
        if let Some(start) = ring.holding(time) {
            prop_assert!(length > 0 && start <= time && start.0.rem_euclid(length) == 0);
        }
        let _ = (ring.following(time), ring.slot(time), ring.has_passed(time, last));
        let settled_from = if is_settled { settled_from } else { NEVER };
        let table = MeterTable { settled_from, ..opened(last) };
        if let Some(start) = ring.next(&table, time) {
            prop_assert!(last == NEVER || start.0 > last || length <= 0);
        }
    }
}
