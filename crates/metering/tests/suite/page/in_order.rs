//! Readings as they are made, one behind the other.

use joulebook_metering::page::Taken;

use super::support::{gap, measured, missing, page_of, take_after};

#[test]
fn given_readings_in_order_when_taken_then_each_interval_has_the_difference_of_its_registers() {
    let (page, _) = page_of(&[(0, 5_000, 300), (1, 5_400, 300), (2, 5_400, 450)]);
    assert_eq!(page.entries[0], measured(400, 0));
    assert_eq!(page.entries[1], measured(0, 150));
    assert_eq!(page.entries[2..], [missing(); 6]);
}

#[test]
fn given_readings_in_order_when_taken_then_the_last_registers_are_kept() {
    let (page, _) = page_of(&[(0, 5_000, 300), (1, 5_400, 300), (2, 5_400, 450)]);
    assert_eq!((page.registers.import, page.registers.export), (5_400, 450));
    assert_eq!((page.registers.last, page.registers.known), (2, 1));
    assert_eq!(page.registers.base, 1);
    assert_eq!((page.registers.finished, page.registers.reserved), (0, 0));
}

#[test]
fn given_a_first_reading_inside_the_page_when_taken_then_how_much_came_before_is_not_known() {
    let (page, _) = page_of(&[(3, 5_000, 300)]);
    assert_eq!(page.entries[..2], [missing(); 2]);
    assert_eq!(page.entries[2], gap(0, 0));
    assert_eq!((page.registers.last, page.registers.base), (3, 0));
}

#[test]
fn given_lost_readings_when_the_next_is_taken_then_it_says_how_much_and_not_when() {
    let (page, _) = page_of(&[(1, 5_000, 0), (4, 6_200, 90)]);
    assert_eq!(page.entries[1..4], [missing(), missing(), gap(1_200, 90)]);
}

#[test]
fn given_a_newer_reading_when_taken_then_the_row_moves_on() {
    assert_eq!(take_after(&[], (2, 5_000, 0)), Ok(Taken::Newest));
    assert_eq!(
        take_after(&[(2, 5_000, 0)], (3, 5_000, 0)),
        Ok(Taken::Newest)
    );
}

#[test]
fn given_the_last_reading_when_it_comes_again_then_it_is_known() {
    let readings = [(2, 5_000, 0), (3, 5_100, 0)];
    assert_eq!(
        take_after(&readings, (3, 5_100, 0)),
        Ok(Taken::AlreadyKnown)
    );
}

#[test]
fn given_a_whole_page_when_read_to_its_end_then_every_interval_is_measured() {
    let readings: Vec<_> = (0..=8).map(|b| (b, 100 * u64::from(b), 0)).collect();
    let (page, _) = page_of(&readings);
    assert_eq!(page.entries, [measured(100, 0); 8]);
    assert_eq!(page.registers.last, 8);
}
