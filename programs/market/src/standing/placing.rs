//! One standing order of a seat, placed in a book.

use core::result::Result;

use joulebook_common::Stored;
use joulebook_layout::market::{NewOrder, Side, StandingOrder, StandingOutcome};
use joulebook_standing::{side_of, Asked, Trader, Window};
use joulebook_units::Wh;

use super::earlier::Earlier;
use crate::{book::BookOrders, errors::MarketError};

/// What the orders of a seat go by.
pub struct Grounds<'a> {
    pub window: &'a Window,
    pub earlier: &'a Earlier<'a>,
    /// Of the seat, in the range that `earlier` is of.
    pub place: usize,
}

/// What was ordered.
pub struct Placed {
    pub side: Side,
    pub quantity: Wh,
}

/// Places an order of the seat with that index by hand's rules.
///
/// # Errors
/// A fault of the program. Why an order can't be placed is no error.
#[inline(never)]
pub fn place(
    index: u16,
    trader: &mut Trader,
    book: &mut BookOrders,
    order: &mut StandingOrder,
    grounds: &Grounds,
) -> Result<Result<Placed, StandingOutcome>, MarketError> {
    let moved = grounds.earlier.moved(&order.rule, grounds.place);
    let placed = joulebook_standing::place(trader, book.header, grounds.window, order, moved);
    let Asked { tick, quantity, .. } = match placed {
        Ok(asked) => asked,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let rule = &order.rule;
    let new = NewOrder {
        quantity,
        tick: tick.0,
        client_id: rule.client_id,
        side: rule.side,
        node: rule.node,
        reserved: 0,
    };
    book.enter_standing(index, &Stored(new), order.by_delegate == 0)?;
    Ok(Ok(Placed {
        side: side_of(order),
        quantity: Wh(quantity),
    }))
}
