//! Windows that are metered and settled.

use super::{keeping::*, market::*};
use crate::{layout::market::Phase, steps::Step};

#[test]
fn given_an_allocated_window_when_it_begins_then_its_interval_is_opened() {
    let mut state = fresh();
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    run_to_rest(&mut state, start - 1);
    let steps = run(&mut state, start);
    assert!(steps.contains(&Step::OpenInterval { start }), "{steps:?}");
    rests(&state, start);
}

#[test]
fn given_all_meters_heard_when_the_window_ends_then_it_is_metered_and_settled_at_once() {
    let mut state = fresh();
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    run_to_rest(&mut state, start);
    let end = start + LENGTH;
    hear_everybody(&mut state, start);
    run_to_rest(&mut state, end - 1);
    assert_eq!(window(&mut state, start).phase, Phase::Allocated as u8);
    let steps = run(&mut state, end);
    let own: Vec<Step> = steps
        .into_iter()
        .filter(|step| step.start() == start)
        .collect();
    assert_eq!(own, [Step::Meter { start }, Step::Settle { start }]);
    rests(&state, end);
}

#[test]
fn given_claims_on_the_supplier_when_a_window_is_settled_then_they_are_paid_behind_it() {
    let mut state = fresh();
    state.ledger.claims = 1;
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    run_to_rest(&mut state, start);
    let end = start + LENGTH;
    hear_everybody(&mut state, start);
    run_to_rest(&mut state, end - 1);
    let steps = run(&mut state, end);
    let own: Vec<Step> = steps
        .into_iter()
        .filter(|step| step.start() == start)
        .collect();
    let settled = [
        Step::Meter { start },
        Step::Settle { start },
        Step::PayClaims { start },
    ];
    assert_eq!(own, settled);
    // Paid or not, it is no step by itself: a supplier without money would be asked for ever.
    rests(&state, end);
}

#[test]
fn given_a_silent_meter_when_the_window_ends_then_the_grace_is_waited_for() {
    let mut state = fresh();
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    run_to_rest(&mut state, start);
    interval(&mut state, start).heard = METERS - 1;
    let settle_by = start + LENGTH + GRACE;
    run_to_rest(&mut state, settle_by - 1);
    assert_eq!(window(&mut state, start).phase, Phase::Allocated as u8);
    assert!(run(&mut state, settle_by).contains(&Step::Meter { start }));
}

#[test]
fn given_two_metered_windows_when_they_are_settled_then_one_after_the_other() {
    let mut state = fresh();
    run(&mut state, NOON);
    let (first, second) = (NOON + LENGTH, NOON + 2 * LENGTH);
    run_to_rest(&mut state, first);
    run_to_rest(&mut state, second);
    let late = second + LENGTH + GRACE;
    let steps = run(&mut state, late);
    let settled = |steps: &[Step]| -> Vec<i64> {
        let settled = steps
            .iter()
            .filter(|step| matches!(step, Step::Settle { .. }));
        settled.map(|step| step.start()).collect()
    };
    assert_eq!(settled(&steps), [first]);
    assert_eq!(settled(&run(&mut state, late))[..1], [second]);
}

#[test]
fn given_a_window_that_was_allocated_late_when_it_is_metered_then_it_waits_for_no_turn() {
    let mut state = fresh();
    run(&mut state, NOON);
    let (early, late) = (NOON + LENGTH, NOON + 2 * LENGTH);
    for start in [late, early] {
        apply(&mut state, Step::Clear { start }, late);
        apply(&mut state, Step::Allocate { start }, late);
    }
    assert_eq!(window(&mut state, early).previous, NEVER);
    run_to_rest(&mut state, late);
    let steps = run(&mut state, late + LENGTH + GRACE);
    assert!(steps.contains(&Step::Settle { start: early }), "{steps:?}");
}

#[test]
fn given_an_interval_opened_late_when_the_keeper_comes_again_then_there_was_time_for_readings() {
    let mut state = fresh();
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    run_to_rest(&mut state, start - 1);
    let late = start + LENGTH + GRACE + 1;
    let steps = run(&mut state, late);
    assert!(steps.contains(&Step::OpenInterval { start }), "{steps:?}");
    assert!(!steps.contains(&Step::Meter { start }), "{steps:?}");
    assert!(run(&mut state, late).contains(&Step::Meter { start }));
}

#[test]
fn given_a_fresh_interval_ring_when_a_window_is_too_old_for_it_then_a_later_interval_takes_its_place(
) {
    let mut state = fresh();
    run(&mut state, NOON);
    let start = NOON + LENGTH;
    run_to_rest(&mut state, start - 1);
    let steps = run_to_rest(&mut state, start + WEEK);
    assert!(steps.contains(&Step::Settle { start }), "{steps:?}");
    rests(&state, start + WEEK);
}
