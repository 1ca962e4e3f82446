//! Each reason to refuse a reading. [`take_after`] sees that none of them changes anything.

use joulebook_metering::page::{Rejection, Taken};

use super::support::{energy, page_of, take_after, LIMITS};
use crate::support::registers;

/// Known at boundaries 2 and 6: 2,000 Wh in and 400 Wh out between them.
const READINGS: [(u16, u64, u64); 2] = [(2, 5_000, 600), (6, 7_000, 1_000)];

fn result(boundary: u16, import: u64, export: u64) -> Result<Taken, Rejection> {
    take_after(&READINGS, (boundary, import, export))
}

#[test]
fn given_a_boundary_behind_the_page_when_read_then_it_is_outside() {
    assert_eq!(result(8, 7_000, 1_000), Ok(Taken::Newest));
    assert_eq!(result(9, 7_000, 1_000), Err(Rejection::OutsidePage));
    assert_eq!(result(u16::MAX, 7_000, 1_000), Err(Rejection::OutsidePage));
}

#[test]
fn given_a_register_below_the_last_when_read_then_it_fell() {
    assert_eq!(result(7, 6_999, 1_000), Err(Rejection::RegisterFell));
    assert_eq!(result(7, 7_000, 999), Err(Rejection::RegisterFell));
    assert_eq!(result(7, 7_000, 1_000), Ok(Taken::Newest));
}

#[test]
fn given_registers_outside_those_around_when_read_then_one_fell() {
    for (import, export) in [(4_999, 600), (5_000, 599), (7_001, 1_000), (7_000, 1_001)] {
        assert_eq!(result(4, import, export), Err(Rejection::RegisterFell));
    }
    assert_eq!(result(4, 6_000, 600), Ok(Taken::Filled));
    assert_eq!(result(4, 6_000, 1_000), Ok(Taken::Filled));
}

#[test]
fn given_registers_above_the_first_known_when_read_before_it_then_one_fell() {
    assert_eq!(result(1, 5_001, 600), Err(Rejection::RegisterFell));
    assert_eq!(result(1, 5_000, 601), Err(Rejection::RegisterFell));
    assert_eq!(result(1, 5_000, 600), Ok(Taken::Filled));
}

#[test]
fn given_more_than_the_power_limit_when_read_at_the_end_then_it_is_refused() {
    // A quarter of an hour at 4 kW, and the 1 Wh of whole registers.
    assert_eq!(result(7, 8_001, 1_000), Ok(Taken::Newest));
    assert_eq!(result(7, 8_002, 1_000), Err(Rejection::PowerLimit));
    assert_eq!(result(7, 7_000, 1_501), Ok(Taken::Newest));
    assert_eq!(result(7, 7_000, 1_502), Err(Rejection::PowerLimit));
    // Two of them.
    assert_eq!(result(8, 9_001, 2_001), Ok(Taken::Newest));
    assert_eq!(result(8, 9_002, 2_001), Err(Rejection::PowerLimit));
}

#[test]
fn given_more_than_the_power_limit_before_it_when_read_in_a_gap_then_it_is_refused() {
    assert_eq!(result(3, 6_001, 600), Ok(Taken::Filled));
    assert_eq!(result(3, 6_002, 600), Err(Rejection::PowerLimit));
}

#[test]
fn given_more_than_the_power_limit_behind_it_when_read_in_a_gap_then_it_is_refused() {
    assert_eq!(result(5, 5_999, 1_000), Ok(Taken::Filled));
    assert_eq!(result(5, 5_998, 1_000), Err(Rejection::PowerLimit));
}

#[test]
fn given_more_than_the_power_limit_behind_it_when_read_before_all_then_it_is_refused() {
    assert_eq!(result(1, 3_999, 600), Ok(Taken::Filled));
    assert_eq!(result(1, 3_998, 600), Err(Rejection::PowerLimit));
}

#[test]
fn given_other_registers_at_a_known_boundary_when_read_then_they_contradict() {
    for (boundary, import, export) in [
        (6, 7_001, 1_000),
        (6, 0, 0),
        (2, 5_000, 601),
        (2, 4_999, 600),
    ] {
        assert_eq!(
            result(boundary, import, export),
            Err(Rejection::Contradicts)
        );
    }
}

#[test]
fn given_a_replaced_value_when_a_reading_before_it_comes_then_it_is_refused() {
    for boundary in 0..6 {
        let (mut page, mut row) = page_of(&READINGS);
        page.meter().replace(5, &[energy(10, 0)], &LIMITS).unwrap();
        let before = page.clone();
        let result = page.take(boundary, registers(5_500, 700), &mut row);
        assert_eq!(result, Err(Rejection::Replaced), "{boundary}");
        assert_eq!(page, before);
    }
}

#[test]
fn given_a_row_whose_bytes_contradict_themselves_when_walked_then_it_is_broken() {
    // The boundary is known, and its entry says that it is not.
    let (mut page, mut row) = page_of(&READINGS);
    page.entries[5] = joulebook_layout::oracle::PageEntry::MISSING;
    let result = page.take(3, registers(5_500, 700), &mut row);
    assert_eq!(result, Err(Rejection::Broken));
    // More energy than the register ever counted.
    let (mut page, mut row) = page_of(&READINGS);
    page.entries[5] = super::support::gap(7_001, 0);
    let result = page.take(3, registers(5_500, 700), &mut row);
    assert_eq!(result, Err(Rejection::Broken));
}

#[test]
fn given_a_rejection_when_asked_then_only_what_the_device_signed_wrong_is_a_violation() {
    for violation in [
        Rejection::Contradicts,
        Rejection::RegisterFell,
        Rejection::PowerLimit,
    ] {
        assert!(violation.is_violation());
    }
    for other in [
        Rejection::OutsidePage,
        Rejection::StaleSequence,
        Rejection::Replaced,
        Rejection::Broken,
    ] {
        assert!(!other.is_violation());
    }
}
