//! The order that a standing order comes to in a window.

use joulebook_layout::market::{Book, Side, StandingOrder, StandingOutcome};
use joulebook_settlement::{DelegatePrices, Locks, Terms};
use joulebook_units::{NetWh, Price, Tick, Wh};

use crate::{
    price::{limit_price, tick_within, Grid},
    quantity::wanted,
};

/// What all orders of a window have in common.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Of delivery, unix seconds.
    pub start: i64,
    /// Of the community's local day in which it starts, and of that day.
    pub half_hour: u8,
    pub weekday: u8,
    /// The present day, days of UTC since 1970-01-01.
    pub day: u32,
    pub grid: Grid,
    pub short: Price,
    pub long: Price,
    pub locks: Locks,
    /// Wh.
    pub min_quantity: u32,
}

impl Window {
    /// Of a book, on that day.
    #[inline(always)]
    pub fn of(book: &Book, day: u32) -> Window {
        Window {
            start: book.start,
            half_hour: book.half_hour,
            weekday: book.weekday,
            day,
            grid: Grid {
                floor: Price(book.floor_price),
                tick_size: book.tick_size,
                ticks: book.ticks,
            },
            short: Price(book.short),
            long: Price(book.long),
            locks: Terms::from(book).locks(),
            min_quantity: book.min_quantity,
        }
    }
}

/// What is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub tick: Tick,
    /// Wh.
    pub quantity: u32,
    /// What each Wh of it locks, milli-atoms.
    pub unit: u32,
}

/// As much of what the rule wants as the caps of the day leave, and what the meters' connections still carry on its side, `may`, Wh.
/// `moved` is as [`wanted`] has it. Its limit is the rule's, or where a delegate entered it the one next to that within its `prices`.
///
/// # Errors
/// Why nothing is ordered.
#[inline(always)]
pub fn asked(
    order: &StandingOrder,
    window: &Window,
    may: u32,
    moved: Option<NetWh>,
    prices: Option<DelegatePrices>,
) -> Result<Asked, StandingOutcome> {
    let rule = &order.rule;
    let side = side_of(order);
    let mut limit = limit_price(rule, window.short, window.long);
    if let Some(prices) = prices {
        let within = prices.nearest(side, limit);
        limit = within.ok_or(StandingOutcome::DelegatePrice)?;
    }
    let tick = tick_within(side, limit, &window.grid);
    let tick = tick.ok_or(StandingOutcome::OffGrid)?;
    let wanted = wanted(rule, side, window.half_hour, moved);
    let wanted = u64::from(wanted.ok_or(StandingOutcome::NoValues)?.0);
    let least = u64::from(window.min_quantity);
    if wanted < least {
        return Err(StandingOutcome::TooLittle);
    }
    let price = window.grid.price(tick);
    let unit = match side {
        Side::Buy => window.locks.buy(Wh(1), price),
        Side::Sell => window.locks.sell(Wh(1), price),
    };
    let unit = unit.and_then(|unit| u32::try_from(unit.0).ok());
    let unit = unit.ok_or(StandingOutcome::Overflow)?;
    if i64::from(unit) > i64::from(rule.unit_lock_cap) {
        return Err(StandingOutcome::UnitLockTooHigh);
    }
    let (used_energy, used_lock) = order.used(window.day);
    let energy_left = rule.energy_cap.saturating_sub(used_energy);
    let lock_left = rule.lock_cap.saturating_sub(used_lock);
    let affordable = lock_left.checked_div(unit.into()).unwrap_or(u64::MAX);
    let allowed = wanted.min(energy_left).min(affordable);
    if allowed < least {
        return Err(StandingOutcome::CapReached);
    }
    let quantity = allowed.min(may.into());
    if quantity < least {
        return Err(StandingOutcome::BeyondConnection);
    }
    let quantity = u32::try_from(quantity).map_err(|_| StandingOutcome::Overflow)?;
    Ok(Asked {
        tick,
        quantity,
        unit,
    })
}

/// As it was checked to be when it was entered.
#[inline(always)]
pub fn side_of(order: &StandingOrder) -> Side {
    if order.rule.side == 0 {
        Side::Buy
    } else {
        Side::Sell
    }
}
