//! Intervals whose window nobody opened.

use super::{keeping::*, market::*};
use crate::steps::Step;

#[test]
fn given_an_interval_in_the_way_when_its_window_was_never_opened_then_the_window_is_opened_late() {
    let mut state = fresh();
    let start = NOON;
    apply(&mut state, Step::OpenInterval { start }, NOON);
    let steps = run(&mut state, NOON);
    assert_eq!(steps.last(), Some(&Step::OpenWindow { start }));
    // What its meters say is settled like that of any other window.
    hear_everybody(&mut state, start);
    let steps = run_to_rest(&mut state, NOON + LENGTH);
    assert!(steps.contains(&Step::Settle { start }), "{steps:?}");
}

#[test]
fn given_a_slot_that_went_to_a_later_window_when_the_interval_is_still_open_then_it_is_released() {
    let mut state = fresh();
    let start = NOON;
    apply(&mut state, Step::OpenInterval { start }, NOON);
    // A keeper that never looked at intervals opened the next window of the slot.
    let next = start + LENGTH * i64::from(RING);
    let now = next - HORIZON;
    apply(&mut state, Step::OpenWindow { start: next }, now);
    let steps = run(&mut state, now);
    assert!(steps.contains(&Step::ReleaseSkipped { start }), "{steps:?}");
    rests(&state, now);
}

#[test]
fn given_a_choice_between_both_when_a_slot_is_free_then_trade_goes_before_what_was_skipped() {
    let mut state = fresh();
    let start = NOON;
    apply(&mut state, Step::OpenInterval { start }, NOON);
    let next = start + LENGTH * i64::from(RING);
    let steps = run(&mut state, next - HORIZON);
    assert!(steps.contains(&Step::OpenWindow { start: next }));
    assert!(steps.contains(&Step::ReleaseSkipped { start }));
}
