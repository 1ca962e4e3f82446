//! Positions that have something to pay, or to confirm.

use super::{keeping::*, market::*};
use crate::{
    layout::{market::PositionStatus, oracle::PageEntry},
    steps::{next_steps, MarketState, Step},
};

/// The first window that can be traded in; its number in its page is 1.
const START: i64 = NOON + LENGTH;
const END: i64 = START + LENGTH;

/// All auctions up to the end of that window are over.
fn traded() -> MarketState {
    let mut state = opened();
    for now in (NOON..END).step_by(60) {
        run_to_rest(&mut state, now);
    }
    state
}

fn step(windows: (u16, u16), seats: (u16, u16)) -> Step {
    Step::Settle {
        page: NOON,
        windows,
        seats,
    }
}

fn settling(state: &MarketState, now: i64) -> Vec<Step> {
    let steps = next_steps(state, now).into_iter();
    let is_settling = |step: &Step| matches!(step, Step::Settle { .. });
    steps.filter(is_settling).collect()
}

#[test]
fn given_all_meters_heard_when_the_window_ends_then_it_is_settled_at_once() {
    let mut state = traded();
    hear_everybody(&mut state, START);
    assert_eq!(settling(&state, END - 1), []);
    // Seats 1 to 3; the supplier has no meter.
    assert_eq!(
        run_without_openings(&mut state, END),
        [step((1, 1), (1, 3))]
    );
    assert_eq!(position(&mut state, START, 1).paid, 30);
    rests(&state, END);
}

#[test]
fn given_a_silent_meter_when_the_window_ends_then_the_others_are_settled() {
    let mut state = traded();
    hear(&mut state, START, 0, 10);
    hear(&mut state, START, 1, 10);
    assert_eq!(settling(&state, END), [step((1, 1), (1, 2))]);
}

#[test]
fn given_two_seats_that_are_not_neighbours_when_they_are_settled_then_one_step_holds_both() {
    let mut state = traded();
    hear(&mut state, START, 0, 10);
    hear(&mut state, START, 2, 10);
    assert_eq!(settling(&state, END), [step((1, 1), (1, 3))]);
}

#[test]
fn given_a_settled_window_when_a_late_value_comes_then_its_seat_is_settled_alone() {
    let mut state = traded();
    hear(&mut state, START, 0, 10);
    run_to_rest(&mut state, END);
    hear(&mut state, START, 1, 10);
    assert_eq!(settling(&state, END + 7), [step((1, 1), (2, 1))]);
}

#[test]
fn given_a_settled_window_when_a_value_is_replaced_then_the_difference_is_paid() {
    let mut state = traded();
    hear_everybody(&mut state, START);
    run_to_rest(&mut state, END);
    hear(&mut state, START, 2, 12);
    assert_eq!(
        run_without_openings(&mut state, END),
        [step((1, 1), (3, 1))]
    );
    assert_eq!(position(&mut state, START, 3).paid, 36);
    rests(&state, END);
}

#[test]
fn given_a_value_that_becomes_nothing_when_it_is_settled_then_what_was_paid_comes_back() {
    let mut state = traded();
    hear_everybody(&mut state, START);
    run_to_rest(&mut state, END);
    hear(&mut state, START, 2, 0);
    assert_eq!(
        run_without_openings(&mut state, END),
        [step((1, 1), (3, 1))]
    );
    assert_eq!(position(&mut state, START, 3).paid, 0);
}

#[test]
fn given_a_confirmed_position_when_its_meter_is_not_known_any_more_then_it_stays_as_it_is() {
    let mut state = traded();
    hear_everybody(&mut state, START);
    run_to_rest(&mut state, END);
    interval_page(&mut state, START)
        .entries
        .fill(PageEntry::MISSING);
    assert_eq!(settling(&state, END), []);
}

#[test]
fn given_contracts_that_were_kept_when_the_meter_is_heard_then_they_are_confirmed() {
    let mut state = traded();
    contract(&mut state, START, 1, 10, 0);
    hear(&mut state, START, 0, 10);
    assert_eq!(
        run_without_openings(&mut state, END),
        [step((1, 1), (1, 1))]
    );
    let position = position(&mut state, START, 1);
    assert_eq!(position.paid, 0);
    assert!(position.is(PositionStatus::Confirmed));
    rests(&state, END);
}

#[test]
fn given_meters_that_moved_nothing_when_there_were_no_contracts_then_there_is_nothing_to_settle() {
    let mut state = traded();
    for meter in 0..METERS {
        hear(&mut state, START, meter, 0);
    }
    assert_eq!(settling(&state, END), []);
}

#[test]
fn given_contracts_of_the_supplier_when_the_window_ends_then_they_are_confirmed_without_a_meter() {
    let mut state = traded();
    contract(&mut state, START, 0, 0, 10);
    assert_eq!(
        run_without_openings(&mut state, END),
        [step((1, 1), (0, 1))]
    );
    rests(&state, END);
}

#[test]
fn given_a_window_that_nobody_opened_when_its_meters_are_heard_then_it_is_settled() {
    let mut state = traded();
    hear_everybody(&mut state, NOON);
    assert_eq!(settling(&state, NOON + LENGTH), [step((0, 1), (1, 3))]);
}

#[test]
fn given_two_windows_that_ended_when_both_were_heard_then_one_step_settles_both() {
    let mut state = traded();
    hear_everybody(&mut state, NOON);
    hear_everybody(&mut state, START);
    assert_eq!(settling(&state, END), [step((0, 2), (1, 3))]);
}

#[test]
fn given_an_open_window_that_ended_when_it_is_allocated_then_the_next_call_settles_it() {
    let mut state = opened();
    hear_everybody(&mut state, START);
    let steps = run(&mut state, END);
    assert!(
        steps.contains(&Step::Allocate { start: START }),
        "{steps:?}"
    );
    assert!(!steps.contains(&step((1, 1), (1, 3))), "{steps:?}");
    assert_eq!(settling(&state, END), [step((1, 1), (1, 3))]);
}

#[test]
fn given_a_meter_that_is_silent_for_long_when_the_grace_is_over_then_its_standard_draw_is_charged()
{
    let mut state = opened();
    // Windows 0 and 1 are silent, and so is window 2: more than two in a row.
    let third_end = NOON + 3 * LENGTH;
    for now in (NOON..third_end + GRACE).step_by(60) {
        for window in 0..3 {
            hear(&mut state, NOON + window * LENGTH, 0, 10);
            hear(&mut state, NOON + window * LENGTH, 1, 10);
        }
        run_to_rest(&mut state, now);
    }
    assert_eq!(settling(&state, third_end + GRACE - 1), []);
    let charged = settling(&state, third_end + GRACE);
    assert_eq!(charged, [step((2, 1), (3, 1))]);
    run_to_rest(&mut state, third_end + GRACE);
    assert_eq!(position(&mut state, NOON + 2 * LENGTH, 3).paid, 150);

    // Once it is heard, what it drew counts instead.
    hear(&mut state, NOON + 2 * LENGTH, 2, 20);
    assert_eq!(settling(&state, third_end + GRACE), charged);
}

#[test]
fn given_a_meter_silent_before_the_page_when_the_grace_is_over_then_those_windows_count() {
    let mut state = opened();
    state.ledger.seats[3].silent_windows = 2;
    hear(&mut state, NOON, 0, 0);
    hear(&mut state, NOON, 1, 0);
    let end = NOON + LENGTH;
    assert_eq!(settling(&state, end + GRACE - 1), []);
    assert_eq!(settling(&state, end + GRACE)[0], step((0, 1), (3, 1)));
}

#[test]
fn given_seats_that_are_final_when_their_values_change_then_they_are_passed_over() {
    let mut state = traded();
    hear_everybody(&mut state, START);
    page(&mut state, NOON).header.final_seats = 3;
    assert_eq!(settling(&state, END), [step((1, 1), (3, 1))]);
}

#[test]
fn given_a_meter_out_of_service_when_it_is_silent_then_nobody_waits_for_it() {
    let mut state = traded();
    contract(&mut state, START, 3, 10, 0);
    assert_eq!(settling(&state, END), []);
    state.meter_table.meters[2].service_until = NOON;
    assert_eq!(settling(&state, END), [step((1, 1), (3, 1))]);
}

#[test]
fn given_a_meter_of_a_participant_without_a_place_when_it_is_heard_then_nothing_is_settled() {
    let mut state = traded();
    state.meter_table.meters[2].participant = SEATS;
    hear(&mut state, START, 2, 10);
    assert_eq!(settling(&state, END), []);
}

#[test]
fn given_a_page_that_is_finished_now_when_its_values_changed_then_finishing_settles_them() {
    let mut state = traded();
    let over = NOON + SPAN + CORRECTION;
    run_to_rest(&mut state, over - 1);
    hear(&mut state, START, 0, 99);
    let of_page = |step: &Step| matches!(step, Step::Settle { page: NOON, .. });
    assert!(!next_steps(&state, over).iter().any(of_page));
    run(&mut state, over);
    assert_eq!(position(&mut state, START, 1).paid, 297);
}

#[test]
fn given_an_oracle_page_of_another_time_when_asked_then_nothing_is_settled() {
    let mut state = traded();
    hear_everybody(&mut state, START);
    interval_page(&mut state, NOON).header.start = NOON - SPAN * i64::from(PAGES);
    assert_eq!(settling(&state, END), []);
}
