//! A market of eight windows and five intervals, without a chain.

use crate::{
    layout::{
        market::{DayTariff, ImbalancePrices, Ledger, Market, MarketTerms, Phase, Window},
        oracle::Interval,
    },
    ring,
    steps::MarketState,
};

pub const LENGTH: i64 = 300;
pub const HORIZON: i64 = 900;
pub const GATE_LEAD: i64 = 60;
pub const GRACE: i64 = 600;
pub const RING: u16 = 8;
pub const INTERVAL_RING: u16 = 5;
pub const WEEK: i64 = 7 * 86_400;
/// A boundary that has slot 0 in both rings.
pub const NOON: i64 = LENGTH * RING as i64 * INTERVAL_RING as i64 * 1000;
pub const NEVER: i64 = Window::NEVER;
pub const METERS: u16 = 3;

/// A market where nothing has happened yet.
pub fn fresh() -> MarketState {
    let tariff = ImbalancePrices { short: 3, long: 1 };
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

pub fn window_slot(slot: u16) -> Window {
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

pub fn interval_slot(slot: u16) -> Interval {
    Interval {
        start: NEVER,
        capacity: METERS,
        slot,
        version: 1,
        ..Default::default()
    }
}

pub fn window(state: &mut MarketState, start: i64) -> &mut Window {
    let slot = ring::slot(start, LENGTH as u32, RING).unwrap();
    &mut state.windows[usize::from(slot)]
}

pub fn interval(state: &mut MarketState, start: i64) -> &mut Interval {
    let slot = ring::slot(start, LENGTH as u32, INTERVAL_RING).unwrap();
    &mut state.intervals[usize::from(slot)]
}

pub fn hear_everybody(state: &mut MarketState, start: i64) {
    let interval = interval(state, start);
    assert_eq!(interval.start, start);
    interval.heard = interval.expected;
}
