//! Windows that open, clear and are allocated.

use super::{keeping::*, market::*};
use crate::{
    layout::market::Phase,
    steps::{next_steps, Step},
};

#[test]
fn given_a_new_market_when_the_keeper_comes_then_the_windows_up_to_the_horizon_are_opened() {
    let mut state = fresh();
    let steps = run(&mut state, NOON);
    let opened = [300, 600, 900].map(|later| Step::OpenWindow {
        start: NOON + later,
    });
    assert_eq!(steps, opened);
    rests(&state, NOON);
}

#[test]
fn given_a_window_whose_gate_closes_when_nobody_opened_it_then_it_is_left_alone() {
    let state = fresh();
    let starts = |now| next_steps(&state, now).into_iter().map(Step::start).min();
    assert_eq!(starts(NOON + 239), Some(NOON + 300));
    assert_eq!(starts(NOON + 240), Some(NOON + 600));
}

#[test]
fn given_an_open_window_when_its_gate_closes_then_it_is_cleared_and_allocated() {
    let mut state = fresh();
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    rests(&state, start - GATE_LEAD - 1);
    let steps = run(&mut state, start - GATE_LEAD);
    assert_eq!(steps, [Step::Clear { start }, Step::Allocate { start }]);
    rests(&state, start - GATE_LEAD);
}

#[test]
fn given_a_half_allocated_window_when_the_keeper_comes_again_then_it_goes_on() {
    let mut state = fresh();
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    apply(&mut state, Step::Clear { start }, start - GATE_LEAD);
    assert_eq!(
        next_steps(&state, start - GATE_LEAD),
        [Step::Allocate { start }]
    );
}

#[test]
fn given_a_slot_still_in_use_when_its_next_window_is_due_then_it_waits() {
    let mut state = running();
    let next = NOON + HORIZON + LENGTH;
    let previous = next - LENGTH * i64::from(RING);
    let slot = window(&mut state, next);
    assert_eq!(slot.start, previous);
    slot.phase = Phase::Metered as u8;
    slot.previous = 1;
    let steps = next_steps(&state, NOON + LENGTH);
    assert!(
        !steps.contains(&Step::OpenWindow { start: next }),
        "{steps:?}"
    );
}
