//! Meters: when one is in service, and how long a page of its readings is.

use joulebook_layout::oracle::{Meter, MeterStatus, MeterTable, ALWAYS};
use joulebook_units::Seconds;

/// In service in the pages that start at 7200 and 10,800, of an hour each.
const METER: (i64, i64) = (7_200, 14_400);

fn meter(service_from: i64, service_until: i64) -> Meter {
    Meter {
        service_from,
        service_until,
        ..Meter::default()
    }
}

#[test]
fn given_a_meter_when_asked_then_it_serves_the_pages_from_the_first_to_before_the_last() {
    let meter = meter(METER.0, METER.1);
    let serves = [0, 3_600, 7_200, 10_800, 14_400, 18_000].map(|start| meter.serves(start));
    assert_eq!(serves, [false, false, true, true, false, false]);
}

#[test]
fn given_a_meter_in_service_when_asked_then_it_serves_every_page_from_the_first_on() {
    let meter = meter(METER.0, ALWAYS);
    assert!(!meter.serves(METER.0 - 1));
    assert!(meter.serves(METER.0));
    assert!(meter.serves(ALWAYS - 1));
}

#[test]
fn given_a_meter_retired_before_its_first_page_when_asked_then_it_serves_none() {
    for (from, until) in [(7_200, 7_200), (7_200, 3_600)] {
        let meter = meter(from, until);
        for start in [0, 3_600, 7_200, 10_800] {
            assert!(!meter.serves(start));
        }
    }
}

#[test]
fn given_a_row_never_used_when_asked_then_it_serves_no_page() {
    let meter = Meter::default();
    assert!(meter.is(MeterStatus::Unused));
    for start in [i64::MIN, -3_600, 0, 3_600, i64::MAX] {
        assert!(!meter.serves(start));
    }
}

#[test]
fn given_the_service_of_all_time_when_asked_then_only_the_start_of_no_page_is_outside() {
    let meter = meter(i64::MIN, ALWAYS);
    assert!(meter.serves(i64::MIN));
    assert!(meter.serves(i64::MAX - 1));
    assert!(!meter.serves(i64::MAX));
}

#[test]
fn given_a_table_when_its_page_is_measured_then_it_is_as_long_as_its_intervals() {
    let table = MeterTable {
        interval_seconds: 900,
        page_intervals: 96,
        ..MeterTable::default()
    };
    assert_eq!(table.interval_length(), Seconds(900));
    assert_eq!(table.page_length(), Seconds(86_400));
    let table = MeterTable {
        interval_seconds: u32::MAX,
        page_intervals: u16::MAX,
        ..MeterTable::default()
    };
    // (2³² − 1) · (2¹⁶ − 1).
    assert_eq!(table.page_length(), Seconds(281_470_681_677_825));
}
