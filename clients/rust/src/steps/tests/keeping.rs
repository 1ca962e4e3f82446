//! Steps, taken as the programs take them.

use super::market::*;
use crate::{
    layout::market::Phase,
    ring,
    steps::{next_steps, MarketState, Step},
};

/// Does to the state what the programs do, and refuses what they refuse.
pub fn apply(state: &mut MarketState, step: Step, now: i64) {
    let is_late = |start: i64, ring: u16| now - start >= LENGTH * i64::from(ring);
    match step {
        Step::OpenWindow { start } => {
            let window = window(state, start);
            assert!(start > window.start && now >= start - HORIZON, "{step:?}");
            assert!(
                window.start != NEVER || !is_late(start, RING),
                "{step:?}: too old for a fresh slot"
            );
            assert!([0, 5].contains(&window.phase), "{step:?}");
            (window.start, window.gate) = (start, start - GATE_LEAD);
            (window.end, window.settle_by) = (start + LENGTH, start + LENGTH + GRACE);
            window.interval_slot = ring::slot(start, LENGTH as u32, INTERVAL_RING).unwrap();
            window.phase = Phase::Open as u8;
        }
        Step::OpenInterval { start } => {
            let interval = interval(state, start);
            assert!(start > interval.start && now >= start, "{step:?}");
            assert!(
                interval.start != NEVER || !is_late(start, INTERVAL_RING),
                "{step:?}: too old for a fresh slot"
            );
            assert_eq!(interval.phase, 0, "{step:?}");
            (interval.start, interval.phase) = (start, 1);
            (interval.expected, interval.heard) = (METERS, 0);
        }
        Step::PayClaims { start } => {
            // Behind the settlement that may have brought the supplier money.
            assert_eq!(window(state, start).phase, 5, "{step:?}");
            assert!(state.ledger.claims > 0, "{step:?}");
        }
        Step::Clear { start } => {
            let window = window(state, start);
            assert_eq!((window.start, window.phase), (start, 1), "{step:?}");
            assert!(now >= window.gate, "{step:?}");
            window.phase = Phase::Cleared as u8;
        }
        Step::Allocate { start } => {
            assert_eq!(window(state, start).phase, 2, "{step:?}");
            let last = state.ledger.last_allocated;
            let previous = if start <= last { NEVER } else { last };
            state.ledger.last_allocated = start.max(last);
            let window = window(state, start);
            (window.previous, window.phase) = (previous, Phase::Allocated as u8);
        }
        Step::Meter { start } => {
            assert_eq!(window(state, start).phase, 3, "{step:?}");
            let (end, settle_by) = (window(state, start).end, window(state, start).settle_by);
            let interval = interval(state, start);
            assert!(interval.start >= start, "{step:?}");
            let is_own = interval.start == start;
            let all_heard = is_own && interval.heard >= interval.expected;
            assert!(now >= if all_heard { end } else { settle_by }, "{step:?}");
            if is_own {
                interval.phase = 0;
            }
            window(state, start).phase = Phase::Metered as u8;
        }
        Step::Settle { start } => {
            let settled = state.ledger.last_settled;
            let window = window(state, start);
            assert_eq!((window.start, window.phase), (start, 4), "{step:?}");
            assert!([NEVER, settled].contains(&window.previous), "{step:?}");
            window.phase = Phase::Settled as u8;
            if window.previous != NEVER {
                state.ledger.last_settled = start;
            }
        }
        Step::ReleaseSkipped { start } => {
            assert!(window(state, start).start > start, "{step:?}");
            let interval = interval(state, start);
            assert_eq!((interval.start, interval.phase), (start, 1), "{step:?}");
            interval.phase = 0;
        }
    }
}

/// Takes all steps that are due, and returns them.
pub fn run(state: &mut MarketState, now: i64) -> Vec<Step> {
    let steps = next_steps(state, now);
    for step in &steps {
        apply(state, *step, now);
    }
    steps
}

/// Goes on until nothing is due, and returns what was done.
pub fn run_to_rest(state: &mut MarketState, now: i64) -> Vec<Step> {
    let mut all = vec![];
    for _ in 0..100 {
        let steps = run(state, now);
        if steps.is_empty() {
            return all;
        }
        all.extend(steps);
    }
    panic!("steps without end: {:?}", &all[all.len() - 5..]);
}

/// A market whose keeper has done all there was to do up to noon, ten hours on end.
pub fn running() -> MarketState {
    let mut state = fresh();
    let mut now = NOON - 36_000;
    while now <= NOON {
        run_to_rest(&mut state, now);
        for interval in &mut state.intervals {
            if interval.start != NEVER && now >= interval.start + LENGTH {
                interval.heard = interval.expected;
            }
        }
        run_to_rest(&mut state, now);
        now += GATE_LEAD;
    }
    state
}

pub fn rests(state: &MarketState, now: i64) {
    assert_eq!(next_steps(state, now), []);
}
