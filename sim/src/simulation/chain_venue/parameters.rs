//! The smallest community that holds a scenario.

use anyhow::{Context, Result};
use joulebook_client::layout::market::{ImbalancePrices, MarketTerms};
use joulebook_units::{Seconds, Tick};

use crate::{
    simulation::{scenario::MIN_QUANTITY, OrderWay, Scenario},
    Parameters,
};

/// Past windows the market keeps on chain.
const HISTORY: u16 = 96;
/// Supplier and grid operator.
const OPERATORS: u16 = 2;
/// Books for what is longer than the horizon: the window whose gate has closed, and the one that is being cleared.
const BOOKS_IN_USE: u32 = 2;

/// # Errors
/// If the community is too large for one market.
pub fn parameters(scenario: &Scenario) -> Result<Parameters> {
    let defaults = Parameters::default();
    let count = u16::try_from(scenario.households.len()).ok();
    let households = count.context("more households than a market has seats")?;
    let orders = households.checked_mul(scenario.max_orders);
    let length = seconds(scenario.length)?;
    let horizon = seconds(scenario.horizon)?;
    let books = horizon.div_ceil(length) + BOOKS_IN_USE;
    let price = |tick| scenario.grid.price(Tick(tick)).map(|price| price.0);
    let floor_price = price(0).context("a price grid without prices")?;
    let pages = scenario.pages;
    // Meters are in service from the page after that in which they are registered on.
    let now = scenario.page_start(scenario.start).0 - i64::from(length);
    Ok(Parameters {
        now,
        window_seconds: length,
        books: u16::try_from(books).context("too many windows at once")?,
        page_windows: pages.windows,
        pages: pages.pages,
        reading_seconds: pages.reading_seconds,
        correction_seconds: pages.correction_seconds,
        meters: households,
        seats: households + OPERATORS,
        orders: orders.context("more orders than a window has room for")?,
        ticks: scenario.grid.ticks(),
        history: HISTORY,
        standing_orders: scenario.ways.orders != OrderWay::Own,
        max_orders_per_seat: scenario.max_orders,
        // Its prices never change.
        supplier_margin: 0,
        lowest_price: scenario.terms.tariff.long.0,
        highest_price: scenario.terms.tariff.short.0,
        highest_grid_fee: scenario.terms.grid_fee.0,
        tariff: ImbalancePrices {
            short: scenario.terms.tariff.short.0,
            long: scenario.terms.tariff.long.0,
        },
        terms: MarketTerms {
            horizon,
            gate_lead: seconds(scenario.gate_lead)?,
            metering_grace: seconds(scenario.metering_grace)?,
            floor_price,
            tick_size: price(1).map_or(1, |next| next.abs_diff(floor_price)),
            min_quantity: MIN_QUANTITY.0,
            grid_fee: scenario.terms.grid_fee.0,
            fee_bps: scenario.terms.fee_bps,
            utc_offset: 0,
            ..defaults.terms
        },
        ..defaults
    })
}

fn seconds(length: Seconds) -> Result<u32> {
    u32::try_from(length.0).context("a length of time that no market has")
}
