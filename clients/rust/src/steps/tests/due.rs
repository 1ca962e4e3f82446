//! When to look again.

use super::{keeping::*, market::*};
use crate::steps::{next_due, next_steps};

/// The first second after `now` at which something is due, asked second by second.
fn slowly(state: &crate::steps::MarketState, now: i64, until: i64) -> Option<i64> {
    (now + 1..until).find(|second| !next_steps(state, *second).is_empty())
}

#[test]
fn given_a_market_at_rest_when_asked_when_something_is_due_then_it_is_the_very_second() {
    let mut state = running();
    let mut now = NOON;
    for round in 0..60_u32 {
        run_to_rest(&mut state, now);
        let due = next_due(&state, now);
        assert_eq!(
            slowly(&state, now, due + 1).unwrap_or(due),
            due,
            "after {}",
            now - NOON
        );
        // One meter is never heard, the others at once.
        for meter in 0..METERS - 1 {
            hear(
                &mut state,
                now - now.rem_euclid(LENGTH) - LENGTH,
                meter,
                round,
            );
        }
        now = due;
    }
    assert!(now - NOON > 5 * LENGTH, "{}", now - NOON);
}

#[test]
fn given_a_market_where_nothing_has_happened_when_asked_then_there_is_an_answer() {
    let state = fresh();
    let due = next_due(&state, NOON);
    assert!(due > NOON && due <= NOON + 4 * LENGTH);
}

#[test]
fn given_a_clock_at_its_end_when_asked_then_there_is_an_answer() {
    for now in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        let _ = next_due(&fresh(), now);
    }
}
