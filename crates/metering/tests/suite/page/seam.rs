//! Where a page meets the one before, and what it has from the meter's row.

use joulebook_metering::{
    page::{Rejection, Taken},
    register::LastReading,
};
use joulebook_units::UnixTime;

use super::support::{gap, last_reading, measured, missing, Page, INTERVALS, LIMITS, START};
use crate::support::registers;

/// The result of a reading of a meter heard last at `row`, and the page that was empty before.
fn first(row: LastReading, boundary: u16, import: u64) -> (Result<Taken, Rejection>, Page) {
    let mut page = Page::new(START, INTERVALS);
    let result = page.take(boundary, registers(import, 0), &mut Some(row));
    if result.is_err() {
        assert_eq!(page, Page::new(START, INTERVALS));
    }
    (result, page)
}

#[test]
fn given_a_row_at_the_start_of_the_page_when_its_first_reading_comes_then_the_page_has_both() {
    let (result, page) = first(last_reading(0, 5_000, 0), 1, 5_400);
    assert_eq!(result, Ok(Taken::Newest));
    assert_eq!(page.entries[0], measured(400, 0));
    assert_eq!((page.registers.last, page.registers.base), (1, 1));
}

#[test]
fn given_a_row_at_the_start_of_the_page_when_readings_were_lost_then_they_count_from_the_start() {
    let (_, page) = first(last_reading(0, 5_000, 0), 3, 5_400);
    assert_eq!(page.entries[..3], [missing(), missing(), gap(400, 0)]);
}

#[test]
fn given_a_row_before_the_page_when_its_first_reading_comes_then_energy_between_is_no_entrys() {
    let (result, page) = first(last_reading(-1, 5_000, 0), 1, 5_400);
    assert_eq!(result, Ok(Taken::Newest));
    assert_eq!(page.entries[0], gap(0, 0));
    assert_eq!(page.registers.base, 0);
}

#[test]
fn given_a_row_inside_the_page_when_its_first_reading_comes_then_the_page_has_both() {
    // Service that begins, or a device that was changed, in the middle of a page.
    let (_, page) = first(last_reading(4, 5_000, 0), 5, 5_400);
    assert_eq!(page.entries[3..5], [gap(0, 0), measured(400, 0)]);
}

#[test]
fn given_a_row_that_moved_past_the_page_when_a_newer_reading_comes_then_the_page_has_both() {
    let mut page = Page::new(START, INTERVALS);
    let mut row = None;
    page.take(1, registers(5_000, 0), &mut row).unwrap();
    // The final registers of a device that was changed at boundary 3.
    row = Some(last_reading(3, 5_300, 0));
    page.take(4, registers(5_310, 0), &mut row).unwrap();
    assert_eq!(
        page.entries[1..4],
        [missing(), gap(300, 0), measured(10, 0)]
    );
}

#[test]
fn given_the_rows_own_reading_when_handed_in_with_the_next_page_then_it_is_the_start_of_that() {
    let (result, page) = first(last_reading(0, 5_000, 0), 0, 5_000);
    assert_eq!(result, Ok(Taken::Filled));
    assert_eq!((page.registers.last, page.registers.base), (0, 1));
    assert_eq!(page.registers.import, 5_000);
    assert_eq!(page.entries, [missing(); 8]);
}

#[test]
fn given_other_registers_than_the_rows_when_read_at_its_boundary_then_they_contradict() {
    for import in [4_999, 5_001] {
        let (result, _) = first(last_reading(0, 5_000, 0), 0, import);
        assert_eq!(result, Err(Rejection::Contradicts));
        let (result, _) = first(last_reading(4, 5_000, 0), 4, import);
        assert_eq!(result, Err(Rejection::Contradicts));
    }
}

#[test]
fn given_a_row_before_the_page_when_read_then_the_power_limit_counts_from_it() {
    // Three quarters of an hour at 4 kW, and 1 Wh.
    let row = last_reading(-2, 5_000, 0);
    assert_eq!(first(row, 1, 8_001).0, Ok(Taken::Newest));
    assert_eq!(first(row, 1, 8_002).0, Err(Rejection::PowerLimit));
    assert_eq!(first(row, 1, 4_999).0, Err(Rejection::RegisterFell));
}

#[test]
fn given_a_row_behind_the_boundary_when_read_then_the_power_limit_counts_to_it() {
    let row = last_reading(10, 9_000, 0);
    assert_eq!(first(row, 8, 6_999).0, Ok(Taken::Filled));
    assert_eq!(first(row, 8, 6_998).0, Err(Rejection::PowerLimit));
    assert_eq!(first(row, 8, 9_001).0, Err(Rejection::RegisterFell));
}

#[test]
fn given_a_row_behind_the_boundary_when_read_then_the_page_before_it_is_asked_too() {
    let mut page = Page::new(START, INTERVALS);
    page.take(6, registers(5_000, 0), &mut None).unwrap();
    let mut row = Some(last_reading(12, 9_000, 0));
    let mut result = |import| page.clone().take(7, registers(import, 0), &mut row);
    assert_eq!(result(5_999), Ok(Taken::Filled));
    assert_eq!(result(6_001), Ok(Taken::Filled));
    assert_eq!(result(6_002), Err(Rejection::PowerLimit));
    assert_eq!(result(4_999), Err(Rejection::RegisterFell));
}

#[test]
fn given_the_seam_when_its_reading_comes_after_newer_ones_then_the_page_takes_it_as_its_start() {
    let mut page = Page::new(START, INTERVALS);
    let mut row = Some(last_reading(-5, 5_000, 0));
    page.take(2, registers(6_000, 0), &mut row).unwrap();
    let seam = page.take(0, registers(5_500, 0), &mut row);
    assert_eq!(seam, Ok(Taken::Filled));
    assert_eq!(page.entries[..2], [missing(), gap(500, 0)]);
    page.take(1, registers(5_600, 0), &mut row).unwrap();
    assert_eq!(page.entries[..2], [measured(100, 0), measured(400, 0)]);
}

#[test]
fn given_a_row_off_the_pages_boundaries_when_read_then_it_is_compared_and_not_learned() {
    let row = LastReading {
        boundary: UnixTime(START.0 + 1),
        ..last_reading(0, 5_000, 0)
    };
    let (result, page) = first(row, 1, 5_400);
    assert_eq!(result, Ok(Taken::Newest));
    assert_eq!(page.entries[0], gap(0, 0));
}

#[test]
fn given_a_newer_boundary_when_its_sequence_is_not_then_it_is_stale() {
    let row = last_reading(3, 5_000, 0);
    let at = |boundary: i64| UnixTime(START.0 + 900 * boundary);
    assert_eq!(row.is_moved_by(at(4), 8), Ok(true));
    for sequence in [0, 6, 7] {
        assert_eq!(
            row.is_moved_by(at(4), sequence),
            Err(Rejection::StaleSequence)
        );
    }
}

#[test]
fn given_a_boundary_that_is_not_newer_when_its_sequence_is_old_then_the_row_stays() {
    let row = last_reading(3, 5_000, 0);
    for boundary in [3, 2, -100] {
        let time = UnixTime(START.0 + 900 * boundary);
        assert_eq!(row.is_moved_by(time, 1), Ok(false));
    }
}

#[test]
fn given_a_closed_page_when_a_newer_reading_comes_then_the_row_has_the_same_rules() {
    let row = last_reading(0, 5_000, 100);
    let check = |import, export| {
        let hour = UnixTime(START.0 + 3_600);
        row.check_follower(hour, &registers(import, export), &LIMITS)
    };
    assert_eq!(check(9_001, 2_101), Ok(()));
    assert_eq!(check(9_002, 2_101), Err(Rejection::PowerLimit));
    assert_eq!(check(9_001, 2_102), Err(Rejection::PowerLimit));
    assert_eq!(check(4_999, 100), Err(Rejection::RegisterFell));
    assert_eq!(check(5_000, 99), Err(Rejection::RegisterFell));
}
