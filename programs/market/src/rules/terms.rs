use anchor_lang::prelude::*;
use joulebook_layout::market::{
    self,
    limits::{MAX_FEE_BPS, MAX_UTC_OFFSET},
};
use joulebook_settlement::{
    tariff::{tariff_slot, DayKind, Tariff},
    Terms,
};
use joulebook_units::{Price, PriceGrid, Seconds, UnixTime};

use crate::{
    errors::MarketError,
    state::{ImbalancePrices, MarketTerms},
};

/// What is chosen once, at creation.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize)]
pub struct MarketParams {
    /// Length of a delivery window in seconds: 60 to 86,400, and that of the meter table's interval.
    pub window_seconds: u32,
    /// Slots of the window ring, 2 to 1,024.
    pub ring: u16,
    /// Seats of the ledger, 1 to 16,384: above every participant's index.
    pub seats: u16,
    /// Orders a window has room for, 1 to 16,384.
    pub orders: u16,
    /// Ticks of a window's price grid, 1 to 8,192.
    pub ticks: u16,
    /// Past windows the history keeps, 1 to 32,768.
    pub history: u16,
    /// Live orders one seat may have in a window.
    pub max_orders_per_seat: u16,
    /// Nodes of a window; 1.
    pub nodes: u8,
    /// Auction rule; 0, the uniform price.
    pub rule: u8,
    /// The tariff of every half hour, until `set_tariff` says otherwise.
    pub tariff: ImbalancePrices,
    pub terms: MarketTerms,
}

/// # Errors
/// The first parameter that can't be, for windows of `window_seconds` in `ring` slots.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "sums and products of numbers of 32 and 16 bits"
)]
pub fn validate_terms(
    terms: &market::MarketTerms,
    window_seconds: u32,
    ring: u16,
    ticks: u16,
    max_orders_per_seat: u16,
) -> Result<()> {
    require!(
        terms.gate_lead < terms.horizon,
        MarketError::GateBeforeOpening
    );
    // While a slot waits for its readings, the windows behind it open in the others.
    let length = u64::from(window_seconds);
    let life = u64::from(terms.horizon) + u64::from(terms.metering_grace) + 2 * length;
    require!(life <= u64::from(ring) * length, MarketError::RingTooShort);
    require!(terms.fee_bps <= MAX_FEE_BPS, MarketError::FeeInvalid);
    let largest = largest_order(max_orders_per_seat);
    require!(
        (1..=largest).contains(&terms.min_quantity),
        MarketError::MinQuantityInvalid
    );
    require!(terms.min_lock > 0, MarketError::MinLockInvalid);
    require!(terms.grid_fee >= 0, MarketError::FeeInvalid);
    require!(
        terms.utc_offset.unsigned_abs() <= MAX_UTC_OFFSET,
        MarketError::UtcOffsetInvalid
    );
    // The lowest number has no opposite, which is what a seller pays.
    require!(terms.floor_price > i32::MIN, MarketError::PriceGridInvalid);
    let grid = grid_of(terms, ticks)?;
    Terms {
        grid_fee: Price(terms.grid_fee),
        fee_bps: terms.fee_bps,
        ..Default::default()
    }
    .all_in(grid.top())
    .ok_or(MarketError::PriceGridInvalid)?;
    Ok(())
}

/// # Errors
/// [`MarketError::IntervalRingTooShort`] if an interval's slot might be needed before its window is metered:
/// whoever opened a later interval then would skip one.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "sums and products of numbers of 32 and 16 bits"
)]
pub fn validate_intervals(
    terms: &market::MarketTerms,
    window_seconds: u32,
    interval_ring: u16,
) -> Result<()> {
    let length = u64::from(window_seconds);
    let life = u64::from(terms.metering_grace) + 2 * length;
    require!(
        life <= u64::from(interval_ring) * length,
        MarketError::IntervalRingTooShort
    );
    Ok(())
}

/// The largest order, Wh: those of a seat in a window stay within 32 bits.
pub fn largest_order(max_orders_per_seat: u16) -> u32 {
    u32::MAX
        .checked_div(max_orders_per_seat.into())
        .unwrap_or_default()
}

/// # Errors
/// [`MarketError::PriceGridInvalid`].
pub fn grid_of(terms: &market::MarketTerms, ticks: u16) -> Result<PriceGrid> {
    PriceGrid::new(Price(terms.floor_price), terms.tick_size, ticks)
        .map_err(|_| MarketError::PriceGridInvalid.into())
}

/// # Errors
/// [`MarketError::TariffInvalid`] if leaving energy over paid more than drawing it costs.
pub fn validate_tariff(entry: &ImbalancePrices) -> Result<()> {
    // The lowest number has no opposite, which is what energy left over costs.
    require!(
        entry.long <= entry.short && entry.long > i32::MIN,
        MarketError::TariffInvalid
    );
    Ok(())
}

/// The highest price of energy drawn beyond a contract, in any half hour.
pub fn highest_short(market: &market::Market) -> Price {
    let days = market.tariffs.iter().flat_map(|day| &day.half_hours);
    Price(days.map(|entry| entry.short).max().unwrap_or_default())
}

/// The imbalance prices of a window that starts at `start`; `None` on overflow.
pub fn tariff_at(market: &market::Market, start: UnixTime) -> Option<Tariff> {
    let offset = Seconds(i64::from(market.terms.utc_offset));
    let slot = tariff_slot(start, offset, &market.terms.holidays)?;
    let day = match slot.day {
        DayKind::Working => 0,
        DayKind::Free => 1,
    };
    let entry = market.tariffs.get(day)?.half_hours.get(slot.half_hour)?;
    Some(Tariff {
        short: Price(entry.short),
        long: Price(entry.long),
    })
}
