//! Values that a verifier sets.

use joulebook_metering::page::{Rejection, ReplaceError, Taken};

use super::support::{
    energy, gap, measured, missing, page_of, replaced, Page, INTERVALS, LIMITS, START,
};
use crate::support::registers;

#[test]
fn given_any_entries_when_replaced_then_they_have_the_values_and_boundaries_stay_known() {
    let (mut page, _) = page_of(&[(2, 5_000, 0), (3, 5_100, 0), (5, 5_300, 0)]);
    let values = [energy(1, 2), energy(3, 4), energy(5, 6), energy(7, 8)];
    page.meter().replace(2, &values, &LIMITS).unwrap();
    let expected = [
        replaced(1, 2, true),
        replaced(3, 4, false),
        replaced(5, 6, true),
        replaced(7, 8, false),
    ];
    assert_eq!(page.entries[2..6], expected);
    assert_eq!((page.entries[1], page.entries[6]), (gap(0, 0), missing()));
    assert_eq!((page.registers.import, page.registers.last), (5_300, 5));
}

#[test]
fn given_replaced_values_when_replaced_again_then_the_last_ones_stand() {
    let mut page = Page::new(START, INTERVALS);
    for value in [energy(1, 2), energy(3, 4)] {
        page.meter().replace(7, &[value], &LIMITS).unwrap();
    }
    assert_eq!(page.entries[7], replaced(3, 4, false));
}

#[test]
fn given_no_values_when_replaced_then_nothing_changes() {
    let (mut page, _) = page_of(&[(2, 5_000, 0), (3, 5_100, 0)]);
    let before = page.clone();
    assert_eq!(page.meter().replace(2, &[], &LIMITS), Ok(()));
    assert_eq!(page, before);
}

#[test]
fn given_an_interval_behind_the_page_when_replaced_then_it_is_outside() {
    let mut page = Page::new(START, INTERVALS);
    for (first, count) in [(8, 1), (7, 2), (0, 9), (u16::MAX, 1)] {
        let values = vec![energy(0, 0); count];
        let result = page.meter().replace(first, &values, &LIMITS);
        assert_eq!(result, Err(ReplaceError::OutsidePage));
    }
    assert_eq!(page, Page::new(START, INTERVALS));
}

#[test]
fn given_more_than_the_power_limit_when_replaced_then_no_value_is_set() {
    // A quarter of an hour at 4 kW in and 2 kW out, and the 1 Wh of whole registers.
    let mut page = Page::new(START, INTERVALS);
    for value in [energy(1_002, 0), energy(0, 502), energy(u32::MAX, 0)] {
        let values = [energy(1, 1), value];
        let result = page.meter().replace(0, &values, &LIMITS);
        assert_eq!(result, Err(ReplaceError::PowerLimit));
    }
    assert_eq!(page, Page::new(START, INTERVALS));
    let values = [energy(1_001, 501)];
    assert_eq!(page.meter().replace(0, &values, &LIMITS), Ok(()));
}

#[test]
fn given_a_replaced_interval_when_its_readings_come_then_it_keeps_its_value() {
    let (mut page, mut row) = page_of(&[(2, 5_000, 0)]);
    page.meter().replace(3, &[energy(10, 0)], &LIMITS).unwrap();
    for (boundary, import) in [(3, 5_100), (4, 5_300), (5, 5_350)] {
        let taken = page.take(boundary, registers(import, 0), &mut row);
        assert_eq!(taken, Ok(Taken::Newest));
    }
    let expected = [measured(100, 0), replaced(10, 0, true), measured(50, 0)];
    assert_eq!(page.entries[2..5], expected);
}

#[test]
fn given_a_replaced_interval_inside_a_gap_when_its_end_is_unknown_then_the_gap_can_be_filled() {
    let (mut page, mut row) = page_of(&[(1, 5_000, 0)]);
    page.meter().replace(3, &[energy(10, 0)], &LIMITS).unwrap();
    page.take(6, registers(5_600, 0), &mut row).unwrap();
    for (boundary, import) in [(5, 5_500), (2, 5_050), (3, 5_100)] {
        let taken = page.take(boundary, registers(import, 0), &mut row);
        assert_eq!(taken, Ok(Taken::Filled));
    }
    let expected = [
        measured(50, 0),
        measured(50, 0),
        replaced(10, 0, false),
        gap(400, 0),
        measured(100, 0),
    ];
    assert_eq!(page.entries[1..6], expected);
}

#[test]
fn given_the_end_of_a_replaced_interval_when_it_is_known_then_only_later_readings_are_taken() {
    let (mut page, mut row) = page_of(&[(1, 5_000, 0), (6, 5_600, 0)]);
    page.meter().replace(3, &[energy(10, 0)], &LIMITS).unwrap();
    let mut take = |boundary, import| page.take(boundary, registers(import, 0), &mut row);
    assert_eq!(take(4, 5_300), Ok(Taken::Filled));
    for boundary in 0..4 {
        assert_eq!(take(boundary, 5_100), Err(Rejection::Replaced));
    }
    assert_eq!(take(4, 5_300), Ok(Taken::AlreadyKnown));
    assert_eq!(take(4, 5_301), Err(Rejection::Contradicts));
    assert_eq!(take(5, 5_500), Ok(Taken::Filled));
    let expected = [replaced(10, 0, true), measured(200, 0), measured(100, 0)];
    assert_eq!(page.entries[3..6], expected);
}
