use joulebook_auction::{Book, Side};
use joulebook_metering::settlement::Terms;
use joulebook_units::{bounded_sum, Price, Tick, Wh};
use registry::state::Roles;

use super::{NewOrder, Placed};
use crate::{
    errors::MarketError,
    state::{Order, OrderState, Window, MAX_SEQUENCE, NO_ORDER},
};

/// What the orders lock together, milli-atoms, once each is seen to keep the window's rules.
///
/// # Errors
/// The first rule that an order breaks.
#[inline(always)]
pub fn check_orders(
    orders: &[NewOrder],
    window: &Window,
    roles: Roles,
) -> Result<u64, MarketError> {
    let terms = window.terms();
    let may_buy = roles.intersects(Roles::BUYING);
    let may_sell = roles.intersects(Roles::SELLING);
    let mut lock = 0;
    for new in orders {
        if new.node >= window.nodes {
            return Err(MarketError::NoSuchNode);
        }
        if new.quantity < window.min_quantity || new.quantity > window.max_quantity {
            return Err(MarketError::Quantity);
        }
        if new.tick >= window.ticks {
            return Err(MarketError::OffGrid);
        }
        let price = window.price(Tick(new.tick));
        let cost = match new.side {
            0 if may_buy => lock_of(&terms, Side::Buy, Wh(new.quantity), price)?,
            1 if may_sell => lock_of(&terms, Side::Sell, Wh(new.quantity), price)?,
            0 | 1 => return Err(MarketError::RoleForbids),
            _ => return Err(MarketError::UnknownSide),
        };
        lock = bounded_sum(lock, cost).ok_or(MarketError::Overflow)?;
    }
    Ok(lock)
}

/// Enters orders that were checked into the book; tells of each where it stands.
///
/// # Errors
/// [`MarketError::BookFull`]; [`MarketError::Overflow`] if a tick's sum does not fit.
#[inline(always)]
pub fn enter_orders<'a>(
    orders: &[NewOrder],
    window: &mut Window,
    book: &mut Book,
    table: &mut [Order],
    seat: u16,
    placed: impl Iterator<Item = &'a mut Placed>,
) -> Result<(), MarketError> {
    for (new, placed) in orders.iter().zip(placed) {
        let (tick, quantity) = (Tick(new.tick), Wh(new.quantity));
        let (side, state) = if new.side == 0 {
            (Side::Buy, OrderState::Buy)
        } else {
            (Side::Sell, OrderState::Sell)
        };
        book.add(side, tick, quantity)
            .map_err(|_| MarketError::Overflow)?;
        let index = window.free_order;
        let (index, sequence) = if index == NO_ORDER {
            let index = window.used_orders;
            window.used_orders = index.wrapping_add(1);
            (index, 0)
        } else {
            reuse(window, table, index)?
        };
        let order = table
            .get_mut(usize::from(index))
            .ok_or(MarketError::BookFull)?;
        *order = Order {
            quantity: new.quantity,
            tick: new.tick,
            state: state as u8,
            node: new.node,
            filled: 0,
            seat,
            sequence,
        };
        *placed = Placed {
            new: *new,
            index,
            sequence,
        };
    }
    Ok(())
}

/// Takes the order slot `index` off the list of free ones; returns it with its order's sequence.
fn reuse(window: &mut Window, table: &[Order], index: u16) -> Result<(u16, u16), MarketError> {
    let order = table
        .get(usize::from(index))
        .filter(|order| order.sequence < MAX_SEQUENCE)
        .ok_or(MarketError::BookFull)?;
    window.free_order = order.quantity as u16;
    Ok((index, order.sequence.wrapping_add(1)))
}

/// What an order can cost at worst, milli-atoms.
#[inline(always)]
pub fn lock_of(terms: &Terms, side: Side, quantity: Wh, price: Price) -> Result<u64, MarketError> {
    match side {
        Side::Buy => terms
            .buy_lock(quantity, price)
            .map(|lock| lock.0)
            .ok_or(MarketError::Overflow),
        Side::Sell => Ok(terms.sell_lock(quantity, price).0),
    }
}
