//! Which account holds the window or the interval that starts at a time.

use joulebook_layout::{market::Market, oracle::MeterTable};
use joulebook_units::{Seconds, UnixTime};
use solana_address::Address;

use crate::{market, oracle};

/// The market's window account for the window that starts at `start`, and its slot. `None` if `start` is
/// not a window boundary.
pub fn window(market_address: &Address, market: &Market, start: i64) -> Option<(Address, u16)> {
    let slot = slot(start, market.window_seconds, market.ring)?;
    Some((market::pdas::find_window_pda(market_address, slot).0, slot))
}

/// The oracle's interval account for the interval that starts at `start`, and its slot. `None` if `start`
/// is not a boundary.
pub fn interval(table_address: &Address, table: &MeterTable, start: i64) -> Option<(Address, u16)> {
    let slot = slot(start, table.interval_seconds, table.ring)?;
    Some((oracle::pdas::find_interval_pda(table_address, slot).0, slot))
}

/// How long it takes, in seconds, until a slot's turn comes again: the ring's length times that of a window, or an
/// interval, in seconds.
pub fn round(length: u32, ring: u16) -> i64 {
    i64::from(length) * i64::from(ring)
}

/// (start / length) mod ring, with `length` in seconds; `None` if `start` is not a boundary.
pub fn slot(start: i64, length: u32, ring: u16) -> Option<u16> {
    UnixTime(start).ring_slot(Seconds(i64::from(length)), ring)
}
