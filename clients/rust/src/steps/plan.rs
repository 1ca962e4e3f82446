use std::collections::BTreeMap;

use joulebook_layout::{
    market::{Standing, Transition, Window},
    oracle::Interval,
};

use super::{MarketState, Step};
use crate::ring;

/// The steps that are due at `now`, unix seconds, in the sequence in which to send them; empty if nothing
/// is. None of them waits for more than those before it, so a second call, once all are done, may find
/// the next ones. Between the two is the time to bring readings: an interval that is opened here is not
/// metered here.
///
/// A step that fails says nothing about those of other windows: a keeper goes on with these.
pub fn next_steps(state: &MarketState, now: i64) -> Vec<Step> {
    let mut plan = Plan::new(state, now);
    let mut windows: Vec<&Window> = state.windows.iter().collect();
    windows.sort_by_key(|window| window.start);
    for window in windows {
        plan.advance(window);
    }
    plan.open_upcoming();
    for interval in &state.intervals {
        plan.close_unclaimed(interval);
    }
    plan.steps
}

/// What is known of a slot of a ring, and what the steps planned so far make of it.
#[derive(Clone, Copy)]
struct Slot {
    start: i64,
    /// Takes no other window, or interval, now.
    is_busy: bool,
}

struct Plan<'a> {
    state: &'a MarketState,
    now: i64,
    windows: BTreeMap<u16, Slot>,
    intervals: BTreeMap<u16, Slot>,
    steps: Vec<Step>,
}

impl<'a> Plan<'a> {
    fn new(state: &'a MarketState, now: i64) -> Plan<'a> {
        let window = |window: &Window| {
            let slot = Slot {
                start: window.start,
                is_busy: window.standing(Transition::Open) != Standing::Due,
            };
            (window.slot, slot)
        };
        let interval = |interval: &Interval| {
            let slot = Slot {
                start: interval.start,
                is_busy: interval.is_open(),
            };
            (interval.slot, slot)
        };
        Plan {
            state,
            now,
            windows: state.windows.iter().map(window).collect(),
            intervals: state.intervals.iter().map(interval).collect(),
            steps: vec![],
        }
    }

    /// Takes a window as far as it goes now.
    fn advance(&mut self, window: &Window) {
        let start = window.start;
        let is_due = |transition| window.standing(transition) == Standing::Due;
        if is_due(Transition::Clear) && self.now >= window.gate {
            self.steps.push(Step::Clear { start });
            self.steps.push(Step::Allocate { start });
        }
        if is_due(Transition::Allocate) {
            self.steps.push(Step::Allocate { start });
        }
        let is_opened = window.standing(Transition::Clear) != Standing::Early;
        let is_unmetered = is_opened && window.standing(Transition::Meter) != Standing::Done;
        if is_unmetered && self.now >= start {
            self.open_interval(window);
        }
        let is_metered = if is_due(Transition::Meter) && self.is_meter_due(window) {
            self.meter(window);
            true
        } else {
            is_due(Transition::Settle)
        };
        if is_metered && self.is_turn_of(window) {
            self.steps.push(Step::Settle { start });
            if self.state.ledger.claims > 0 {
                self.steps.push(Step::PayClaims { start });
            }
        }
    }

    fn open_interval(&mut self, window: &Window) {
        let market = &self.state.market;
        let round = ring::round(market.window_seconds, market.interval_ring);
        let Some(slot) = self.intervals.get_mut(&window.interval_slot) else {
            return;
        };
        if slot.is_busy || slot.start >= window.start {
            return;
        }
        let start = earliest_possible(*slot, window.start, round, self.now);
        *slot = Slot {
            start,
            is_busy: true,
        };
        self.steps.push(Step::OpenInterval { start });
    }

    fn is_meter_due(&self, window: &Window) -> bool {
        // As it was read: what was opened by this plan still waits for its readings.
        let interval = self
            .state
            .intervals
            .iter()
            .find(|interval| interval.slot == window.interval_slot);
        let Some(interval) = interval.filter(|interval| interval.start >= window.start) else {
            return false;
        };
        let all_heard = interval.start == window.start && interval.heard >= interval.expected;
        let due = if all_heard {
            window.end
        } else {
            window.settle_by
        };
        self.now >= due
    }

    /// Metering takes the energy over and releases the interval.
    fn meter(&mut self, window: &Window) {
        let start = window.start;
        self.steps.push(Step::Meter { start });
        if let Some(slot) = self.intervals.get_mut(&window.interval_slot) {
            if slot.start == start {
                slot.is_busy = false;
            }
        }
    }

    /// Windows are settled in the sequence in which they were allocated, but for those that were late.
    fn is_turn_of(&self, window: &Window) -> bool {
        window.previous == Window::NEVER || window.previous == self.state.ledger.last_settled
    }

    /// Opens the windows that orders can still come for.
    fn open_upcoming(&mut self) {
        let market = &self.state.market;
        let length = i64::from(market.window_seconds);
        let (horizon, gate_lead) = (
            i64::from(market.terms.horizon),
            i64::from(market.terms.gate_lead),
        );
        // The first boundary whose gate is not closed.
        let gone = self.now.saturating_add(gate_lead);
        let Some(past) = gone.checked_rem_euclid(length) else {
            return;
        };
        let mut start = gone.saturating_sub(past).saturating_add(length);
        while start.saturating_sub(horizon) <= self.now && start < i64::MAX - length {
            self.open_window(start);
            start += length;
        }
    }

    fn open_window(&mut self, start: i64) {
        let market = &self.state.market;
        let number = ring::slot(start, market.window_seconds, market.ring);
        let Some(slot) = number.and_then(|number| self.windows.get_mut(&number)) else {
            return;
        };
        if slot.is_busy || slot.start >= start {
            return;
        }
        *slot = Slot {
            start,
            is_busy: true,
        };
        self.steps.push(Step::OpenWindow { start });
    }

    /// An open interval whose window nobody opened would stand in the way for ever. If the window's slot has
    /// gone to a later one, the interval is released; otherwise the window is opened late, so that what was
    /// measured is settled.
    fn close_unclaimed(&mut self, interval: &Interval) {
        if !interval.is_open() {
            return;
        }
        let market = &self.state.market;
        let number = ring::slot(interval.start, market.window_seconds, market.ring);
        let Some(slot) = number.and_then(|number| self.windows.get(&number)).copied() else {
            return;
        };
        let start = interval.start;
        if slot.start > start {
            self.steps.push(Step::ReleaseSkipped { start });
        } else if slot.start < start {
            let round = ring::round(market.window_seconds, market.ring);
            self.open_window(earliest_possible(slot, start, round, self.now));
        }
    }
}

/// A slot that was never used takes no start older than a round of its ring: then the first one of the slot's
/// that is not.
fn earliest_possible(slot: Slot, start: i64, round: i64, now: i64) -> i64 {
    // A market whose windows have no length has no rounds either.
    let round = round.max(1);
    let age = now.saturating_sub(start);
    if slot.start != Window::NEVER || age < round {
        return start;
    }
    let rounds = age.div_euclid(round);
    start.saturating_add(rounds.saturating_mul(round))
}
