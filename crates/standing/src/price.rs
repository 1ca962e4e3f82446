//! The limit price of a rule, and the tick of a grid for that.

use joulebook_layout::market::{LimitKind, Side, StandingRule};
use joulebook_units::{floor_div, Price, Tick};

/// Prices of a window: tick n is at `floor + n · tick_size`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    pub floor: Price,
    /// Atoms per kWh; above zero.
    pub tick_size: u32,
    /// Ticks that there are.
    pub ticks: u16,
}

impl Grid {
    /// The price of a tick. The grid was checked to fit when its window opened.
    #[inline(always)]
    pub fn price(&self, tick: Tick) -> Price {
        let steps = u32::from(tick.0).wrapping_mul(self.tick_size);
        Price(self.floor.0.wrapping_add_unsigned(steps))
    }
}

/// The highest price to pay, or the lowest to take, in a window with retail price `short` and feed-in tariff `long`; atoms per kWh, in
/// 64 bits, where no sum of two prices is too much.
#[inline(always)]
pub fn limit_price(rule: &StandingRule, short: Price, long: Price) -> i64 {
    const SHORT: u8 = LimitKind::Short as u8;
    const LONG: u8 = LimitKind::Long as u8;
    let from = match rule.limit_kind {
        SHORT => short.0,
        LONG => long.0,
        _ => 0,
    };
    i64::from(from).wrapping_add(rule.limit.into())
}

/// The highest tick at which a buy pays no more than `limit`, or the lowest at which a sell takes no less; `None` if there is none.
#[inline(always)]
pub fn tick_within(side: Side, limit: i64, grid: &Grid) -> Option<Tick> {
    let above = limit.checked_sub(grid.floor.0.into())?;
    let size = i64::from(grid.tick_size);
    let last = i64::from(grid.ticks).checked_sub(1)?;
    let tick = match side {
        Side::Buy => floor_div(above, size)?.min(last),
        // Rounded up.
        Side::Sell => floor_div(above.max(0).checked_add(size)?.checked_sub(1)?, size)?,
    };
    let is_there = (0..=last).contains(&tick);
    is_there.then_some(Tick(tick as u16))
}
