//! Windows that open, clear and are allocated.

use super::{keeping::*, market::*};
use crate::steps::{next_steps, MarketState, Step};

/// Starts of the windows that are opened, behind noon.
fn opened_windows(state: &MarketState, now: i64) -> Vec<i64> {
    let steps = next_steps(state, now).into_iter();
    steps
        .filter_map(|step| match step {
            Step::OpenWindow { start } => Some(start - NOON),
            _ => None,
        })
        .collect()
}

#[test]
fn given_a_new_market_when_the_keeper_comes_then_the_windows_up_to_the_horizon_are_opened() {
    let mut state = fresh();
    assert_eq!(opened_windows(&state, NOON), [300, 600, 900]);
    run(&mut state, NOON);
    rests(&state, NOON);
}

#[test]
fn given_a_window_whose_gate_closes_when_nobody_opened_it_then_it_is_left_alone() {
    let state = fresh();
    assert_eq!(opened_windows(&state, NOON + 239)[0], 300);
    assert_eq!(opened_windows(&state, NOON + 240)[0], 600);
}

#[test]
fn given_an_opened_market_when_a_horizon_is_reached_then_the_next_page_has_its_window_opened() {
    let state = opened();
    rests(&state, NOON + 239);
    assert_eq!(opened_windows(&state, NOON + 300), [1_200]);
}

#[test]
fn given_terms_that_change_when_windows_are_opened_then_each_has_the_horizon_of_its_own_time() {
    let mut state = fresh();
    state.market.planned_terms_from = NOON + 900;
    state.market.planned_terms.horizon = 600;
    state.market.planned_terms.gate_lead = 450;
    assert_eq!(opened_windows(&state, NOON + 299), [600]);
    assert_eq!(opened_windows(&state, NOON + 300), [600, 900]);
    assert_eq!(opened_windows(&state, NOON + 450), [600]);
}

#[test]
fn given_an_open_window_when_its_gate_closes_then_it_is_cleared_and_allocated() {
    let mut state = opened();
    let start = NOON + LENGTH;
    rests(&state, start - GATE_LEAD - 1);
    let steps = run(&mut state, start - GATE_LEAD);
    assert_eq!(steps, [Step::Clear { start }, Step::Allocate { start }]);
    rests(&state, start - GATE_LEAD);
}

#[test]
fn given_a_half_allocated_window_when_the_keeper_comes_again_then_it_goes_on() {
    let mut state = opened();
    let start = NOON + LENGTH;
    apply(&mut state, Step::Clear { start }, start - GATE_LEAD);
    assert_eq!(
        next_steps(&state, start - GATE_LEAD),
        [Step::Allocate { start }]
    );
}

#[test]
fn given_a_book_that_was_never_allocated_when_its_next_window_is_due_then_both_go_at_once() {
    let mut state = opened();
    let start = NOON + LENGTH;
    let next = start + LENGTH * i64::from(BOOKS);
    let steps = run(&mut state, next - HORIZON);
    let place = |step| steps.iter().position(|taken| *taken == step).unwrap();
    assert!(place(Step::Allocate { start }) < place(Step::OpenWindow { start: next }));
    assert_eq!(book(&mut state, next).start, next);
}

#[test]
fn given_fewer_books_than_windows_that_are_due_when_they_are_opened_then_each_book_has_one() {
    let mut state = fresh();
    state.market.books = 2;
    assert_eq!(opened_windows(&state, NOON), [300, 600]);
}

#[test]
fn given_a_book_in_a_phase_that_nobody_knows_when_its_next_window_is_due_then_that_waits() {
    let mut state = fresh();
    book(&mut state, NOON + 600).phase = 9;
    assert_eq!(opened_windows(&state, NOON), [300, 900]);
}

#[test]
fn given_a_page_that_can_not_be_opened_when_its_windows_are_due_then_they_wait() {
    let mut state = opened();
    page(&mut state, NOON + SPAN).header.start = NEVER;
    assert!(opened_windows(&state, NOON + 300).is_empty());
}
