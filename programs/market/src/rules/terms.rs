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
    /// Slots of the book ring, 2 to 1,024.
    pub books: u16,
    /// Seats of the ledger, 1 to 16,384: above every participant's index.
    pub seats: u16,
    /// Orders a book has room for, 1 to 16,384.
    pub orders: u16,
    /// Ticks of a book's price grid, 1 to 8,192.
    pub ticks: u16,
    /// Past windows the history keeps, 1 to 32,768.
    pub history: u16,
    /// Live orders one seat may have in a window.
    pub max_orders_per_seat: u16,
    /// Live orders each seat has room for in a window, whatever the others do: times the seats, at most `orders`.
    pub room_per_seat: u16,
    /// Nodes of a window; 1.
    pub nodes: u8,
    /// Auction rule; 0, the uniform price.
    pub rule: u8,
    /// No imbalance price will ever be below it, atoms per kWh.
    pub lowest_price: i32,
    /// No imbalance price will ever be above it, atoms per kWh.
    pub highest_price: i32,
    /// The grid fee will never be above it, atoms per kWh.
    pub highest_grid_fee: i32,
    /// New terms, tariffs and prices hold for windows that start at least so long after, seconds.
    pub notice_seconds: u32,
    /// What the seat of a supplier can't take out of its free money before its windows are final and its claims paid,
    /// milli-atoms; 0 for nothing.
    pub supplier_margin: u64,
    /// The tariff of every half hour, until `set_tariff` says otherwise.
    pub tariff: ImbalancePrices,
    pub terms: MarketTerms,
}

/// What terms must fit, chosen once.
pub struct Sizes {
    pub window_seconds: u32,
    pub books: u16,
    pub page_windows: u16,
    pub pages: u16,
    pub correction_seconds: u32,
    pub ticks: u16,
    pub prices: PriceBounds,
}

impl From<&market::Market> for Sizes {
    fn from(market: &market::Market) -> Sizes {
        Sizes {
            window_seconds: market.window_seconds,
            books: market.books,
            page_windows: market.page_windows,
            pages: market.pages,
            correction_seconds: market.correction_seconds,
            ticks: market.ticks,
            prices: PriceBounds::from(market),
        }
    }
}

/// # Errors
/// The first parameter that can't be.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "sums and products of numbers of 32 and 16 bits"
)]
pub fn validate_terms(terms: &market::MarketTerms, sizes: &Sizes) -> Result<()> {
    require!(
        terms.gate_lead < terms.horizon,
        MarketError::GateBeforeOpening
    );
    // A book is free again once its gate has closed and somebody has allocated it: one window's time for that.
    let length = u64::from(sizes.window_seconds);
    let horizon = u64::from(terms.horizon);
    let books = u64::from(sizes.books) * length;
    require!(horizon + 2 * length <= books, MarketError::RingTooShort);
    // A page is opened ahead, and stays until it is final: one page's time for that.
    let page = length * u64::from(sizes.page_windows);
    let life = horizon + u64::from(sizes.correction_seconds) + 3 * page;
    require!(
        life <= u64::from(sizes.pages) * page,
        MarketError::RingTooShort
    );
    require!(terms.fee_bps <= MAX_FEE_BPS, MarketError::FeeInvalid);
    require!(terms.min_quantity > 0, MarketError::MinQuantityInvalid);
    require!(terms.min_lock > 0, MarketError::MinLockInvalid);
    sizes.prices.check_grid_fee(terms.grid_fee)?;
    require!(
        terms.utc_offset.unsigned_abs() <= MAX_UTC_OFFSET,
        MarketError::UtcOffsetInvalid
    );
    // The lowest number has no opposite, which is what a seller pays.
    require!(terms.floor_price > i32::MIN, MarketError::PriceGridInvalid);
    let grid = grid_of(terms, sizes.ticks)?;
    Terms {
        // The highest that may be posted: what a buyer pays always fits.
        grid_fee: Price(sizes.prices.highest_grid_fee),
        fee_bps: terms.fee_bps,
        ..Default::default()
    }
    .all_in(grid.top())
    .ok_or(MarketError::PriceGridInvalid)?;
    Ok(())
}

/// # Errors
/// [`MarketError::PriceGridInvalid`].
pub fn grid_of(terms: &market::MarketTerms, ticks: u16) -> Result<PriceGrid> {
    PriceGrid::new(Price(terms.floor_price), terms.tick_size, ticks)
        .map_err(|_| MarketError::PriceGridInvalid.into())
}

/// Between which prices may be, chosen once.
#[derive(Clone, Copy)]
pub struct PriceBounds {
    pub lowest: i32,
    pub highest: i32,
    pub highest_grid_fee: i32,
}

impl From<&market::Market> for PriceBounds {
    fn from(market: &market::Market) -> PriceBounds {
        PriceBounds {
            lowest: market.lowest_price,
            highest: market.highest_price,
            highest_grid_fee: market.highest_grid_fee,
        }
    }
}

impl PriceBounds {
    /// # Errors
    /// [`MarketError::PriceBoundsInvalid`].
    pub fn validate(&self) -> Result<()> {
        // The lowest number has no opposite, which is what energy left over costs.
        let is_possible =
            i32::MIN < self.lowest && self.lowest <= self.highest && self.highest_grid_fee >= 0;
        require!(is_possible, MarketError::PriceBoundsInvalid);
        Ok(())
    }

    /// # Errors
    /// [`MarketError::TariffInvalid`] if leaving energy over paid more than drawing it costs, or a price is out of bounds.
    pub fn check(&self, short: i32, long: i32) -> Result<()> {
        let fits = self.lowest <= long && long <= short && short <= self.highest;
        require!(fits, MarketError::TariffInvalid);
        Ok(())
    }

    /// # Errors
    /// [`MarketError::FeeInvalid`].
    pub fn check_grid_fee(&self, grid_fee: i32) -> Result<()> {
        let fits = (0..=self.highest_grid_fee).contains(&grid_fee);
        require!(fits, MarketError::FeeInvalid);
        Ok(())
    }
}

/// The first window boundary that a change made now can hold for: no earlier window is touched, open or not.
pub fn notice_over(market: &market::Market, now: i64) -> i64 {
    let over = now.saturating_add(market.notice_seconds.into());
    boundary_from(over, market.window_length())
}

/// The first boundary that is not before `time`; at the end of time, that.
pub fn boundary_from(time: i64, length: Seconds) -> i64 {
    match UnixTime(time).boundary(length) {
        Some(boundary) if boundary.0 < time => boundary.0.saturating_add(length.0),
        _ => time,
    }
}

/// Begins a change of terms: those that were planned and hold by now are what stands, and those that are planned begin
/// anew when the notice is over. Windows before that keep what stood.
pub fn begin_terms(market: &mut market::Market, now: i64) {
    if market.planned_terms_from <= now {
        market.terms = market.planned_terms;
    }
    market.planned_terms_from = notice_over(market, now);
}

/// Likewise one of tariffs. It has a time of its own: who signs terms alone must not put off what the supplier signed too.
pub fn begin_tariffs(market: &mut market::Market, now: i64) {
    if market.planned_tariffs_from <= now {
        market.tariffs = market.planned_tariffs;
    }
    market.planned_tariffs_from = notice_over(market, now);
}

/// The imbalance prices of a window that starts at `start`; `None` on overflow.
pub fn tariff_at(market: &market::Market, start: UnixTime) -> Option<Tariff> {
    let terms = market.terms_at(start.0);
    let offset = Seconds(i64::from(terms.utc_offset));
    let slot = tariff_slot(start, offset, &terms.holidays)?;
    let day = match slot.day {
        DayKind::Working => 0,
        DayKind::Free => 1,
    };
    let entry = market
        .tariffs_at(start.0)
        .get(day)?
        .half_hours
        .get(slot.half_hour)?;
    Some(Tariff {
        short: Price(entry.short),
        long: Price(entry.long),
    })
}
