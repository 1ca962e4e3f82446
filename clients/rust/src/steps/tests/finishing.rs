//! Pages whose corrections are over.

use super::{keeping::*, market::*};
use crate::{
    layout::market::{Phase, WindowStatus},
    steps::{next_steps, MarketState, Step},
};

const OVER: i64 = NOON + SPAN + CORRECTION;

/// The page at noon, all of whose windows have their contracts, and what was opened until its corrections are over.
fn corrected() -> MarketState {
    let mut state = opened();
    for now in (NOON..OVER).step_by(60) {
        run_to_rest(&mut state, now);
    }
    state
}

fn is_finishing(step: &Step) -> bool {
    matches!(
        step,
        Step::FinishIntervalPage { .. } | Step::FinishPage { .. }
    )
}

fn finishing(state: &MarketState, now: i64) -> Vec<Step> {
    let steps = next_steps(state, now).into_iter();
    steps.filter(is_finishing).collect()
}

#[test]
fn given_a_page_when_its_corrections_are_over_then_the_oracle_finishes_it_and_then_the_market() {
    let mut state = corrected();
    assert_eq!(finishing(&state, OVER - 1), []);
    let expected = [
        Step::FinishIntervalPage { page: NOON },
        Step::FinishPage { page: NOON },
    ];
    assert_eq!(finishing(&state, OVER), expected);
    run(&mut state, OVER);
    assert_eq!(finishing(&state, OVER), []);
}

#[test]
fn given_two_pages_when_both_are_over_then_they_are_finished_in_turn() {
    let state = corrected();
    let next = NOON + SPAN;
    let expected = [
        Step::FinishIntervalPage { page: NOON },
        Step::FinishIntervalPage { page: next },
        Step::FinishPage { page: NOON },
        Step::FinishPage { page: next },
    ];
    assert_eq!(finishing(&state, OVER + SPAN), expected);
}

#[test]
fn given_a_page_that_the_oracle_has_finished_when_the_keeper_comes_then_the_market_goes_on() {
    let mut state = corrected();
    apply(&mut state, Step::FinishIntervalPage { page: NOON }, OVER);
    assert_eq!(finishing(&state, OVER), [Step::FinishPage { page: NOON }]);
}

#[test]
fn given_a_page_with_open_orders_when_it_is_over_then_they_are_allocated_before() {
    let mut state = opened();
    let start = NOON + LENGTH;
    let steps = next_steps(&state, OVER);
    let place = |step| steps.iter().position(|taken| *taken == step).unwrap();
    assert!(place(Step::Allocate { start }) < place(Step::FinishPage { page: NOON }));
    run(&mut state, OVER);
    assert!(page(&mut state, NOON).header.is_final());
}

#[test]
fn given_a_window_that_can_not_be_allocated_when_its_page_is_over_then_it_is_not_finished() {
    let mut state = corrected();
    page(&mut state, NOON).windows[1].status = WindowStatus::Open as u8;
    let expected = [Step::FinishIntervalPage { page: NOON }];
    assert_eq!(finishing(&state, OVER), expected);
    // Nor is the page behind it.
    assert!(!finishing(&state, OVER + SPAN).contains(&Step::FinishPage { page: NOON + SPAN }));
}

#[test]
fn given_a_page_before_it_that_is_not_final_when_a_page_is_over_then_it_waits() {
    let mut state = corrected();
    page(&mut state, NOON).header.previous = NOON - SPAN;
    let expected = [Step::FinishIntervalPage { page: NOON }];
    assert_eq!(finishing(&state, OVER), expected);
    interval_page(&mut state, NOON).header.previous = NOON - SPAN;
    assert_eq!(finishing(&state, OVER), []);
}

#[test]
fn given_more_seats_and_meters_than_are_finished_at_once_when_it_is_over_then_it_is_asked_for_again(
) {
    let mut state = corrected();
    // 96 windows: 10 seats, and 85 meters, at once.
    let header = &mut page(&mut state, NOON).header;
    (header.windows, header.seats, header.final_seats) = (96, 200, 10);
    let header = &mut interval_page(&mut state, NOON).header;
    (header.intervals, header.capacity, header.finished_meters) = (96, 300, 50);
    state.meter_table.header.count = 250;
    let steps = finishing(&state, OVER);
    let count = |step| steps.iter().filter(|taken| **taken == step).count();
    assert_eq!(count(Step::FinishIntervalPage { page: NOON }), 3);
    assert_eq!(count(Step::FinishPage { page: NOON }), 19);
    assert_eq!(steps.len(), 22);
}

#[test]
fn given_a_table_without_meters_when_a_page_is_over_then_it_is_finished_all_the_same() {
    let mut state = corrected();
    state.meter_table.header.count = 0;
    let expected = [
        Step::FinishIntervalPage { page: NOON },
        Step::FinishPage { page: NOON },
    ];
    assert_eq!(finishing(&state, OVER), expected);
}

#[test]
fn given_a_full_ring_when_a_page_is_finished_then_its_slot_has_the_next_at_once() {
    let mut state = opened();
    // Nobody came for five pages: those opened at noon are over, and so is the one after them.
    let late = NOON + 5 * SPAN + 300;
    let steps = run(&mut state, late);
    let round = SPAN * i64::from(PAGES);
    let place = |step| steps.iter().position(|taken| *taken == step).unwrap();
    let next = Step::OpenPage {
        start: NOON + round,
    };
    assert!(place(Step::FinishPage { page: NOON }) < place(next));
    assert_eq!(book(&mut state, late + 300).phase, Phase::Open as u8);
}
