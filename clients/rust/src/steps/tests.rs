use super::{next_steps, KeeperOptions, MarketState, StateError, Step};
use crate::{
    layout::{
        market::{DayTariff, Ledger, Market, MarketTerms, Phase, TariffEntry, Window},
        oracle::Interval,
        Account,
    },
    ring, Addresses,
};

const LENGTH: i64 = 300;
const HORIZON: i64 = 900;
const GATE_LEAD: i64 = 60;
const GRACE: i64 = 600;
const RING: u16 = 8;
const INTERVAL_RING: u16 = 5;
const WEEK: i64 = 7 * 86_400;
/// A boundary that has slot 0 in both rings.
const NOON: i64 = LENGTH * RING as i64 * INTERVAL_RING as i64 * 1000;
const NEVER: i64 = Window::NEVER;
const METERS: u16 = 3;

/// A market where nothing has happened yet.
fn fresh() -> MarketState {
    let tariff = TariffEntry { short: 3, long: 1 };
    MarketState {
        market: Market {
            community: [1; 32].into(),
            meter_table: [2; 32].into(),
            quote_mint: [3; 32].into(),
            token_program: [4; 32].into(),
            vault: [5; 32].into(),
            terms: MarketTerms {
                horizon: HORIZON as u32,
                gate_lead: GATE_LEAD as u32,
                metering_grace: GRACE as u32,
                tick_size: 1,
                min_quantity: 1,
                ..Default::default()
            },
            window_seconds: LENGTH as u32,
            ring: RING,
            interval_ring: INTERVAL_RING,
            seats: 4,
            orders: 4,
            ticks: 4,
            history: 4,
            max_orders_per_seat: 4,
            grid_operator: 1,
            windows: RING,
            nodes: 1,
            has_ledger: 1,
            has_history: 1,
            version: 1,
            tariffs: [DayTariff {
                half_hours: [tariff; 48],
            }; 2],
            ..Default::default()
        },
        ledger: Ledger {
            capacity: 4,
            open_seats: 4,
            version: 1,
            ..Default::default()
        },
        windows: (0..RING).map(window_slot).collect(),
        intervals: (0..INTERVAL_RING).map(interval_slot).collect(),
    }
}

fn window_slot(slot: u16) -> Window {
    Window {
        start: NEVER,
        tick_size: 1,
        min_quantity: 1,
        max_quantity: 1,
        grid_operator: 1,
        max_orders_per_seat: 4,
        ticks: 4,
        seats: 4,
        orders: 4,
        slot,
        free_order: u16::MAX,
        phase: Phase::Free as u8,
        nodes: 1,
        version: 1,
        ..Default::default()
    }
}

fn interval_slot(slot: u16) -> Interval {
    Interval {
        start: NEVER,
        capacity: METERS,
        slot,
        version: 1,
        ..Default::default()
    }
}

fn window(state: &mut MarketState, start: i64) -> &mut Window {
    let slot = ring::slot(start, LENGTH as u32, RING).unwrap();
    &mut state.windows[usize::from(slot)]
}

fn interval(state: &mut MarketState, start: i64) -> &mut Interval {
    let slot = ring::slot(start, LENGTH as u32, INTERVAL_RING).unwrap();
    &mut state.intervals[usize::from(slot)]
}

/// Does to the state what the programs do, and refuses what they refuse.
fn apply(state: &mut MarketState, step: Step, now: i64) {
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
fn run(state: &mut MarketState, now: i64) -> Vec<Step> {
    let steps = next_steps(state, now);
    for step in &steps {
        apply(state, *step, now);
    }
    steps
}

/// Goes on until nothing is due, and returns what was done.
fn run_to_rest(state: &mut MarketState, now: i64) -> Vec<Step> {
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

fn hear_everybody(state: &mut MarketState, start: i64) {
    let interval = interval(state, start);
    assert_eq!(interval.start, start);
    interval.heard = interval.expected;
}

/// A market whose keeper has done all there was to do up to noon, ten hours on end.
fn running() -> MarketState {
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

fn rests(state: &MarketState, now: i64) {
    assert_eq!(next_steps(state, now), []);
}

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

#[test]
fn given_slots_without_an_account_when_steps_are_due_then_they_are_left_out() {
    let mut state = fresh();
    state.windows.clear();
    state.intervals.clear();
    rests(&state, NOON);
}

#[test]
fn given_a_market_without_window_length_or_a_clock_at_its_end_when_asked_then_nothing_panics() {
    let mut state = running();
    for now in [i64::MIN, -1, 0, i64::MAX] {
        next_steps(&state, now);
    }
    state.market.window_seconds = 0;
    next_steps(&state, NOON);
}

#[test]
fn given_a_step_when_it_becomes_an_instruction_then_it_takes_the_window_of_its_start() {
    let addresses = Addresses::of_market(&fresh().market);
    let options = KeeperOptions {
        limit: 7,
        reward_seat: Some(3),
    };
    let start = NOON + LENGTH;
    let settle = Step::Settle { start }.instruction(&addresses, options);
    assert_eq!(settle, addresses.settle(start, 7, Some(3)));
    assert_eq!(settle.accounts[1].pubkey, addresses.window(start));
    let open = Step::OpenInterval { start }.instruction(&addresses, options);
    assert_eq!(open.accounts[1].pubkey, addresses.interval(start));
}

#[test]
fn given_account_data_when_it_is_decoded_then_missing_slots_are_left_out_and_others_are_named() {
    let addresses = Addresses::of_market(&fresh().market);
    let state = fresh();
    let accounts = MarketState::accounts(&addresses);
    let mut data = vec![vec![]; accounts.len()];
    data[0] = [&Market::DISCRIMINATOR, bytemuck::bytes_of(&state.market)].concat();
    data[1] = [&Ledger::DISCRIMINATOR, bytemuck::bytes_of(&state.ledger)].concat();
    let decoded = MarketState::decode(&addresses, &data).unwrap();
    assert_eq!(decoded.market, state.market);
    assert!(decoded.windows.is_empty() && decoded.intervals.is_empty());
    data.swap(0, 1);
    assert_eq!(
        MarketState::decode(&addresses, &data),
        Err(StateError::WrongAccount(addresses.market))
    );
    assert_eq!(
        MarketState::decode(&addresses, &data[1..]),
        Err(StateError::WrongCount)
    );
}
