//! One standing order of a seat, placed in a book.

use core::result::Result;

use joulebook_auction::Side;
use joulebook_common::Stored;
use joulebook_layout::{
    market::{self, BookSeat, Seat, StandingOrder, StandingOutcome},
    registry::Roles,
};
use joulebook_settlement::{Locks, Terms};
use joulebook_standing::{limit_price, tick_within, wanted, Grid};
use joulebook_units::{Price, Wh};

use super::earlier::Earlier;
use crate::{
    book::{check_orders, lock_of, room_for, BookOrders, Means},
    errors::MarketError,
};

/// What all orders of a call have in common.
pub struct Window {
    /// Of delivery, unix seconds.
    pub start: i64,
    /// Of the community's local day in which it starts, and of that day.
    pub half_hour: u8,
    pub weekday: u8,
    /// The present day, days of UTC since 1970-01-01.
    pub day: u32,
    pub grid: Grid,
    pub locks: Locks,
    pub short: Price,
    pub long: Price,
    pub min_quantity: u32,
}

impl Window {
    pub fn of(book: &market::Book, day: u32) -> Window {
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
            locks: Terms::from(book).locks(),
            short: Price(book.short),
            long: Price(book.long),
            min_quantity: book.min_quantity,
        }
    }
}

/// What is asked of a seat's orders.
pub struct Asked<'a> {
    pub window: &'a Window,
    pub earlier: &'a Earlier<'a>,
    /// Of the seat, in the range that `earlier` is of.
    pub place: usize,
}

/// A seat that may order.
pub struct Trader<'a> {
    pub index: u16,
    pub seat: &'a mut Seat,
    pub standing: &'a mut BookSeat,
    pub roles: Roles,
    /// What it can't lock, milli-atoms.
    pub margin: u64,
}

/// What was ordered, Wh.
pub struct Placed {
    pub side: Side,
    pub quantity: Wh,
}

/// Places an order by hand's rules: as much of what is wanted as the caps of the day and the meters' connections leave.
///
/// # Errors
/// A fault of the program. Why an order can't be placed is no error.
pub fn place(
    trader: &mut Trader,
    book: &mut BookOrders,
    order: &mut StandingOrder,
    asked: &Asked,
) -> Result<Result<Placed, StandingOutcome>, MarketError> {
    let Asked { window, .. } = asked;
    let (new, side) = match new_order(trader, order, asked) {
        Ok(new) => new,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let available = trader.seat.free.saturating_sub(trader.margin);
    let mut means = Means {
        free: available,
        may_buy: trader.standing.may_buy,
        may_sell: trader.standing.may_sell,
    };
    let orders = [Stored(new)];
    let (roles, margin) = (trader.roles, trader.margin);
    if let Err(error) = check_orders(&orders, book.header, roles, &mut means, margin) {
        return Ok(Err(outcome_of(&error)));
    }
    let lock = available.wrapping_sub(means.free);
    let live = trader.standing.orders.saturating_add(1);
    if live > book.header.max_orders_per_seat {
        return Ok(Err(StandingOutcome::NoRoom));
    }
    let Ok(beyond_room) = room_for(book.header, live, 1) else {
        return Ok(Err(StandingOutcome::NoRoom));
    };
    let engages = u16::from(trader.standing.orders == 0);
    let Some(engaged) = trader.seat.engaged.checked_add(engages) else {
        return Ok(Err(StandingOutcome::Overflow));
    };
    let is_within = order.by_delegate == 0 || {
        let seat = &mut *trader.seat;
        seat.lock_as_delegate(lock, window.day).is_some()
    };
    if !is_within {
        return Ok(Err(StandingOutcome::DelegateLimit));
    }

    book.enter_one(trader.index, &Stored(new))?;
    let sum = |sum: u64, more: u64| sum.checked_add(more).ok_or(MarketError::Overflow);
    let Trader { seat, standing, .. } = trader;
    seat.free = seat.free.wrapping_sub(lock);
    seat.locked = sum(seat.locked, lock)?;
    seat.engaged = engaged;
    standing.locked = sum(standing.locked, lock)?;
    (standing.may_buy, standing.may_sell) = (means.may_buy, means.may_sell);
    standing.orders = live;
    book.header.beyond_room = beyond_room;
    let live_orders = book.header.live_orders.checked_add(1);
    book.header.live_orders = live_orders.ok_or(MarketError::Overflow)?;
    let (used_energy, used_lock) = order.used(window.day);
    order.day = window.day;
    order.used_by_delegate = order.by_delegate;
    order.used_energy = sum(used_energy, new.quantity.into())?;
    order.used_lock = sum(used_lock, lock)?;
    Ok(Ok(Placed {
        side,
        quantity: Wh(new.quantity),
    }))
}

/// The order that the rule asks for, within the caps of the day and the connections.
fn new_order(
    trader: &Trader,
    order: &StandingOrder,
    asked: &Asked,
) -> Result<(market::NewOrder, Side), StandingOutcome> {
    let rule = &order.rule;
    let window = asked.window;
    let side = if rule.side == 0 {
        Side::Buy
    } else {
        Side::Sell
    };
    let may = match side {
        Side::Buy => trader.standing.may_buy,
        Side::Sell => trader.standing.may_sell,
    };
    let allowed = match side {
        Side::Buy => Roles::BUYING,
        Side::Sell => Roles::SELLING,
    };
    if !trader.roles.intersects(allowed) {
        return Err(StandingOutcome::NotPermitted);
    }
    let limit = limit_price(rule, window.short, window.long);
    let tick = tick_within(side_of(side), limit, &window.grid);
    let tick = tick.ok_or(StandingOutcome::OffGrid)?;
    let moved = asked.earlier.moved(rule, asked.place);
    let wanted = wanted(rule, side_of(side), window.half_hour, moved);
    let wanted = u64::from(wanted.ok_or(StandingOutcome::NoValues)?.0);
    let least = u64::from(window.min_quantity);
    if wanted < least {
        return Err(StandingOutcome::TooLittle);
    }
    let price = price_at(&window.grid, tick.0);
    let unit = lock_of(&window.locks, side, Wh(1), price);
    let unit = unit.map_err(|_| StandingOutcome::Overflow)?;
    if unit > u64::try_from(rule.unit_lock_cap).unwrap_or(0) {
        return Err(StandingOutcome::UnitLockTooHigh);
    }
    let (used_energy, used_lock) = order.used(window.day);
    let energy_left = rule.energy_cap.saturating_sub(used_energy);
    let lock_left = rule.lock_cap.saturating_sub(used_lock);
    let affordable = lock_left.checked_div(unit).unwrap_or(u64::MAX);
    let allowed = wanted.min(energy_left).min(affordable);
    if allowed < least {
        return Err(StandingOutcome::CapReached);
    }
    let quantity = allowed.min(may.into());
    if quantity < least {
        return Err(StandingOutcome::BeyondConnection);
    }
    let quantity = u32::try_from(quantity).map_err(|_| StandingOutcome::Overflow)?;
    let new = market::NewOrder {
        quantity,
        tick: tick.0,
        client_id: rule.client_id,
        side: rule.side,
        node: rule.node,
        reserved: 0,
    };
    Ok((new, side))
}

/// The same side in the layouts' word.
fn side_of(side: Side) -> market::Side {
    match side {
        Side::Buy => market::Side::Buy,
        Side::Sell => market::Side::Sell,
    }
}

/// Within a grid that was checked to fit when the window opened.
fn price_at(grid: &Grid, tick: u16) -> Price {
    let steps = u32::from(tick).wrapping_mul(grid.tick_size);
    Price(grid.floor.0.wrapping_add_unsigned(steps))
}

/// Why an order by hand would have been refused.
fn outcome_of(error: &MarketError) -> StandingOutcome {
    match error {
        MarketError::NotPermitted => StandingOutcome::NotPermitted,
        MarketError::NotEnoughFree | MarketError::MarginKept => StandingOutcome::NotEnoughFree,
        MarketError::BeyondConnection => StandingOutcome::BeyondConnection,
        MarketError::QuantityInvalid => StandingOutcome::TooLittle,
        _ => StandingOutcome::Overflow,
    }
}
