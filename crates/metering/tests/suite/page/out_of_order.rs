//! Readings that come later than newer ones.

use joulebook_metering::page::Taken;

use super::support::{gap, measured, missing, page_of, take_after};

/// Known at boundaries 1, 5 and 6.
const READINGS: [(u16, u64, u64); 3] = [(1, 5_000, 0), (5, 6_000, 200), (6, 6_100, 200)];

#[test]
fn given_a_gap_when_a_reading_inside_comes_then_both_parts_are_shorter_gaps() {
    let (mut page, mut row) = page_of(&READINGS);
    let taken = page.take(3, crate::support::registers(5_700, 50), &mut row);
    assert_eq!(taken, Ok(Taken::Filled));
    let expected = [missing(), gap(700, 50), missing(), gap(300, 150)];
    assert_eq!(page.entries[1..5], expected);
    assert_eq!(page.entries[5], measured(100, 0));
}

#[test]
fn given_a_gap_when_the_reading_beside_its_start_comes_then_that_interval_is_measured() {
    let (page, _) = page_of(&[READINGS[0], READINGS[1], READINGS[2], (2, 5_700, 50)]);
    let expected = [measured(700, 50), missing(), missing(), gap(300, 150)];
    assert_eq!(page.entries[1..5], expected);
}

#[test]
fn given_a_gap_when_the_reading_beside_its_end_comes_then_that_interval_is_measured() {
    let (page, _) = page_of(&[READINGS[0], READINGS[1], READINGS[2], (4, 5_700, 50)]);
    let expected = [missing(), missing(), gap(700, 50), measured(300, 150)];
    assert_eq!(page.entries[1..5], expected);
}

#[test]
fn given_a_gap_of_two_when_its_middle_comes_then_both_intervals_are_measured() {
    let (page, _) = page_of(&[(2, 5_000, 0), (4, 5_500, 0), (3, 5_200, 0)]);
    assert_eq!(page.entries[2..4], [measured(200, 0), measured(300, 0)]);
}

#[test]
fn given_a_reading_before_the_first_when_taken_then_it_is_the_first() {
    let (page, _) = page_of(&[(5, 6_000, 200), (3, 5_700, 50)]);
    let expected = [missing(), missing(), gap(0, 0), missing(), gap(300, 150)];
    assert_eq!(page.entries[..5], expected);
}

#[test]
fn given_the_start_of_the_page_when_it_comes_last_then_the_first_interval_is_measured() {
    let (page, _) = page_of(&[(1, 5_100, 0), (0, 5_000, 0)]);
    assert_eq!(page.entries[0], measured(100, 0));
    assert_eq!((page.registers.last, page.registers.base), (1, 1));
}

#[test]
fn given_earlier_readings_when_taken_then_the_last_registers_and_the_row_stay() {
    let (before, row_before) = page_of(&READINGS);
    let (mut page, mut row) = (before.clone(), row_before);
    for (boundary, import) in [(2, 5_000), (4, 5_400), (0, 4_000)] {
        let registers = crate::support::registers(import, 0);
        assert_eq!(page.take(boundary, registers, &mut row), Ok(Taken::Filled));
    }
    assert_eq!(row, row_before);
    let expected = joulebook_layout::oracle::PageRegisters {
        base: 1,
        first_import: 4_000,
        ..before.registers
    };
    assert_eq!(page.registers, expected);
}

#[test]
fn given_any_known_boundary_when_it_comes_again_then_nothing_changes() {
    for reading in READINGS {
        assert_eq!(take_after(&READINGS, reading), Ok(Taken::AlreadyKnown));
    }
}
