//! One standing order of a seat, placed in a book.

use core::result::Result;

use joulebook_auction::Side;
use joulebook_common::Stored;
use joulebook_layout::{
    market::{self, BookSeat, Seat, StandingOrder, StandingOutcome},
    registry::Roles,
};
use joulebook_settlement::Locks;
use joulebook_standing::{asked, side_of, Asked, Window};
use joulebook_units::Wh;

use super::earlier::Earlier;
use crate::{
    book::{check_orders, lock_of, room_for, BookOrders, Means},
    errors::MarketError,
};

/// What the orders of a seat go by.
pub struct Grounds<'a> {
    pub window: &'a Window,
    pub locks: &'a Locks,
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
    grounds: &Grounds,
) -> Result<Result<Placed, StandingOutcome>, MarketError> {
    let window = grounds.window;
    let (new, side) = match new_order(trader, order, grounds) {
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

    book.enter_standing(trader.index, &Stored(new), order.by_delegate == 0)?;
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

/// The order that the rule comes to.
fn new_order(
    trader: &Trader,
    order: &StandingOrder,
    grounds: &Grounds,
) -> Result<(market::NewOrder, Side), StandingOutcome> {
    let rule = &order.rule;
    let (side, may, allowed) = match side_of(order) {
        market::Side::Buy => (Side::Buy, trader.standing.may_buy, Roles::BUYING),
        market::Side::Sell => (Side::Sell, trader.standing.may_sell, Roles::SELLING),
    };
    if !trader.roles.intersects(allowed) {
        return Err(StandingOutcome::NotPermitted);
    }
    let moved = grounds.earlier.moved(rule, grounds.place);
    let Asked { tick, quantity, .. } = asked(order, grounds.window, may, moved, |_, price| {
        lock_of(grounds.locks, side, Wh(1), price).ok()
    })?;
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
