//! How much of a book or a page is ended at once.

use joulebook_layout::{
    market::{
        limits::{MAX_FINAL_SEATS, MAX_SETTLED},
        Book, Page,
    },
    oracle::{IntervalPage, MeterTable},
};
use joulebook_settlement::seats_that_fit;

use super::MarketState;
use crate::tables::MeterRecords;

/// Orders, and seats, that one instruction gives their contracts: what fits into its compute units.
pub const ALLOCATED_AT_ONCE: u16 = 8192;

/// Meters, and entries of meters, that fit into the compute units of one instruction.
const MAX_METERS: u16 = 256;
const MAX_ENTRIES: u16 = 8192;

/// Seats of a page of so many windows that one instruction makes final: as many as the market takes, fewer where they have
/// many meters.
pub fn seats_at_once(windows: u16) -> u16 {
    (MAX_SETTLED / windows.max(1)).clamp(1, MAX_FINAL_SEATS)
}

/// Meters of a page of so many intervals that one instruction finishes.
pub fn meters_at_once(intervals: u16) -> u16 {
    (MAX_ENTRIES / intervals.max(1)).clamp(1, MAX_METERS)
}

/// Instructions that allocate a book.
pub fn allocations_of(book: &Book) -> u32 {
    let left = |all: u16, done: u16| u32::from(all.saturating_sub(done));
    let orders = left(book.used_orders, book.order_cursor);
    let seats = left(book.seats, book.seat_cursor);
    (orders + seats).div_ceil(ALLOCATED_AT_ONCE.into()).max(1)
}

/// Instructions that make a page final.
pub fn calls_of(page: &Page, table: &MeterRecords) -> u16 {
    let mut meters = vec![0_u16; page.seats.into()];
    let rows = table.header.count;
    let registered = table.meters.iter().take(rows.into());
    for meter in registered.filter(|meter| meter.serves(page.start)) {
        if let Some(count) = meters.get_mut(usize::from(meter.participant)) {
            *count = count.saturating_add(1);
        }
    }
    calls_from(&meters, page.final_seats.into(), page.windows, rows)
}

/// For the seats from one on, of which each has so many meters.
fn calls_from(meters: &[u16], mut from: usize, windows: u16, rows: u16) -> u16 {
    let mut calls = 0;
    while let Some(rest @ [_, ..]) = meters.get(from..) {
        from += usize::from(seats_that_fit(rest.iter().copied(), windows, rows));
        calls += 1;
    }
    calls
}

/// Instructions that finish a page of the oracle: one at least, for rows without a meter.
pub fn interval_calls_of(page: &IntervalPage, table: &MeterTable) -> u16 {
    let meters = table.count.saturating_sub(page.finished_meters);
    meters.div_ceil(meters_at_once(page.intervals)).max(1)
}

/// Instructions that finish any page of the oracle, and that make any page final, with room for meters that are registered
/// meanwhile: one more than the meters of now need.
pub fn most_calls(state: &MarketState) -> (u16, u16) {
    let market = &state.market;
    let table = &state.meter_table;
    let meters = table.header.count;
    let oracle = meters.div_ceil(meters_at_once(market.page_windows));
    // Whatever page a meter serves.
    let mut counts = vec![0_u16; market.seats.into()];
    for meter in table.meters.iter().take(meters.into()) {
        if let Some(count) = counts.get_mut(usize::from(meter.participant)) {
            *count = count.saturating_add(1);
        }
    }
    let calls = calls_from(&counts, 0, market.page_windows, meters);
    (oracle.saturating_add(1), calls.saturating_add(1))
}
