//! Window boundaries and the ring of slots.

use joulebook_units::{Seconds, UnixTime};
use proptest::prelude::*;

const FIVE_MINUTES: Seconds = Seconds(300);

#[test]
fn given_times_around_a_boundary_when_asked_then_it_is_the_last_not_after() {
    let boundary = |time: i64| UnixTime(time).boundary(FIVE_MINUTES).map(|found| found.0);
    assert_eq!(boundary(599), Some(300));
    assert_eq!(boundary(600), Some(600));
    assert_eq!(boundary(601), Some(600));
    assert_eq!(boundary(0), Some(0));
    assert_eq!(boundary(-1), Some(-300));
    assert_eq!(boundary(-300), Some(-300));
    assert_eq!(boundary(-301), Some(-600));
}

#[test]
fn given_a_length_that_is_not_positive_when_asked_then_there_is_no_boundary_or_slot() {
    for length in [0, -1, -300, i64::MIN] {
        for time in [0, 300, -300, i64::MIN, i64::MAX] {
            assert_eq!(UnixTime(time).boundary(Seconds(length)), None);
            assert_eq!(UnixTime(time).ring_slot(Seconds(length), 4), None);
        }
    }
}

#[test]
fn given_the_earliest_times_when_the_boundary_lies_before_them_then_it_says_none() {
    // i64::MIN is no multiple of 300.
    assert_eq!(UnixTime(i64::MIN).boundary(FIVE_MINUTES), None);
    assert_eq!(
        UnixTime(i64::MIN).boundary(Seconds(1)),
        Some(UnixTime(i64::MIN))
    );
    assert_eq!(UnixTime(i64::MIN).boundary(Seconds(i64::MAX)), None);
    assert_eq!(
        UnixTime(i64::MAX).boundary(Seconds(i64::MAX)),
        Some(UnixTime(i64::MAX))
    );
}

#[test]
fn given_windows_in_a_row_when_placed_then_the_slots_go_round() {
    let slot = |time: i64| UnixTime(time).ring_slot(FIVE_MINUTES, 4);
    let slots: Vec<_> = (-5..6).map(|window| slot(window * 300)).collect();
    let expected = [3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1].map(Some);
    assert_eq!(slots, expected);
}

#[test]
fn given_a_time_that_is_no_boundary_or_no_slots_when_placed_then_there_is_no_slot() {
    assert_eq!(UnixTime(301).ring_slot(FIVE_MINUTES, 4), None);
    assert_eq!(UnixTime(-299).ring_slot(FIVE_MINUTES, 4), None);
    assert_eq!(UnixTime(300).ring_slot(FIVE_MINUTES, 0), None);
}

#[test]
fn given_the_ends_of_time_when_passed_then_it_says_none() {
    assert_eq!(UnixTime(i64::MAX).checked_add(Seconds(1)), None);
    assert_eq!(UnixTime(i64::MIN).checked_add(Seconds(-1)), None);
    assert_eq!(UnixTime(i64::MIN).checked_sub(Seconds(1)), None);
    assert_eq!(UnixTime(0).checked_sub(Seconds(i64::MIN)), None);
    assert_eq!(UnixTime(i64::MAX).since(UnixTime(-1)), None);
    assert_eq!(
        UnixTime(i64::MAX).since(UnixTime(0)),
        Some(Seconds(i64::MAX))
    );
    assert_eq!(UnixTime(-10).since(UnixTime(10)), Some(Seconds(-20)));
}

proptest! {
    #[test]
    fn given_any_time_when_its_boundary_is_asked_then_it_is_a_multiple_less_than_a_length_ago(
        time in any::<i64>(), length in prop_oneof![1..100_000i64, 1..=i64::MAX]
    ) {
        let exact = i128::from(time).div_euclid(i128::from(length)) * i128::from(length);
        let expected = i64::try_from(exact).ok().map(UnixTime);
        prop_assert_eq!(UnixTime(time).boundary(Seconds(length)), expected);
    }

    #[test]
    fn given_any_window_when_placed_then_its_slot_is_its_number_on_the_ring(
        number in any::<i32>(), length in 1..100_000i64, slots in 1..=u16::MAX
    ) {
        let start = UnixTime(i64::from(number) * length);
        let slot = start.ring_slot(Seconds(length), slots).expect("a boundary");
        prop_assert!(slot < slots);
        prop_assert_eq!((i64::from(number) - i64::from(slot)).rem_euclid(i64::from(slots)), 0);
        let round = UnixTime(start.0 + length * i64::from(slots));
        prop_assert_eq!(round.ring_slot(Seconds(length), slots), Some(slot));
        if slots > 1 {
            let next = UnixTime(start.0 + length).ring_slot(Seconds(length), slots);
            prop_assert_ne!(next, Some(slot));
        }
    }

    #[test]
    fn given_any_numbers_when_asked_then_a_slot_is_on_the_ring(
        time in any::<i64>(), length in any::<i64>(), slots in any::<u16>()
    ) {
        if let Some(slot) = UnixTime(time).ring_slot(Seconds(length), slots) {
            prop_assert!(slot < slots);
        }
    }
}
