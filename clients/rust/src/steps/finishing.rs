//! How much of a page is finished at once.

use joulebook_layout::{
    market::{
        limits::{MAX_FINAL_SEATS, MAX_SETTLED},
        Page,
    },
    oracle::{IntervalPage, MeterTable},
};

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

/// Instructions that make a page final.
pub fn calls_of(page: &Page) -> u16 {
    let seats = page.seats.saturating_sub(page.final_seats);
    seats.div_ceil(seats_at_once(page.windows))
}

/// Instructions that finish a page of the oracle: one at least, for rows without a meter.
pub fn interval_calls_of(page: &IntervalPage, table: &MeterTable) -> u16 {
    let meters = table.count.saturating_sub(page.finished_meters);
    meters.div_ceil(meters_at_once(page.intervals)).max(1)
}
