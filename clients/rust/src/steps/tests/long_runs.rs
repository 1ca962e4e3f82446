//! Keepers over days and weeks.

use super::{keeping::*, market::*};
use crate::{layout::market::Phase, steps::Step};

#[test]
fn given_a_keeper_that_did_everything_when_it_looks_again_then_nothing_is_due() {
    let mut state = running();
    rests(&state, NOON);
    run_to_rest(&mut state, NOON + GATE_LEAD);
    rests(&state, NOON + GATE_LEAD);
    // Many rounds of both rings are over, and every slot has come round.
    let oldest = NOON - LENGTH * i64::from(RING);
    assert!(state.windows.iter().all(|window| window.start > oldest));
}

#[test]
fn given_keepers_away_for_a_week_when_one_comes_then_it_goes_on_where_they_stopped() {
    let mut state = running();
    let unsettled: Vec<i64> = state
        .windows
        .iter()
        .filter(|window| window.phase != Phase::Settled as u8)
        .map(|window| window.start)
        .collect();
    assert_eq!(unsettled.len(), 4);
    let now = NOON + WEEK;
    let steps = run_to_rest(&mut state, now);
    for start in &unsettled {
        assert!(steps.contains(&Step::Settle { start: *start }), "{start}");
    }
    let settled: Vec<i64> = steps
        .iter()
        .filter(|step| matches!(step, Step::Settle { .. }))
        .map(|step| step.start())
        .collect();
    assert!(settled.is_sorted(), "{settled:?}");
    // What is left are the windows to trade in now.
    let open: Vec<i64> = state
        .windows
        .iter()
        .filter(|window| window.phase == Phase::Open as u8)
        .map(|window| window.start - now)
        .collect();
    assert_eq!(open.len(), 3);
    assert!(open.iter().all(|later| (1..=HORIZON).contains(later)));
    assert!(state.intervals.iter().all(|interval| interval.phase == 0));
    rests(&state, now);
}

#[test]
fn given_a_ring_of_any_lengths_when_it_runs_for_a_day_then_no_window_is_left_behind() {
    let mut state = fresh();
    let mut settled = vec![];
    for minute in 0..1440 {
        let now = NOON + 60 * minute;
        for step in run_to_rest(&mut state, now) {
            if let Step::Settle { start } = step {
                settled.push(start);
            }
        }
        for interval in &mut state.intervals {
            // One meter falls silent every seventh window.
            let is_heard = interval.start.div_euclid(LENGTH) % 7 != 0;
            if interval.start != NEVER && now >= interval.start + LENGTH && is_heard {
                interval.heard = interval.expected;
            }
        }
    }
    let all: Vec<i64> = (1..)
        .map(|window| NOON + LENGTH * window)
        .take(settled.len())
        .collect();
    assert_eq!(settled, all);
    assert!(settled.len() > 280);
}
