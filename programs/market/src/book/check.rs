use core::result::Result;

use joulebook_auction::Side;
use joulebook_layout::{market::Book, registry::Roles};
use joulebook_settlement::Terms;
use joulebook_units::{Tick, Wh};

use super::lock::lock_of;
use crate::{errors::MarketError, rules::too_little, state::NewOrder};

/// What is left of the seat's `free` money beside its margin, milli-atoms, once each of the orders is seen to keep the window's
/// rules and what it can cost is taken off.
///
/// # Errors
/// The first rule that an order breaks; [`MarketError::NotEnoughFree`], for a supplier [`MarketError::MarginKept`];
/// [`MarketError::Overflow`].
#[inline(never)]
pub fn check_orders(
    orders: &[NewOrder],
    book: &Book,
    roles: Roles,
    mut free: u64,
    margin: u64,
) -> Result<u64, MarketError> {
    let locks = Terms::from(book).locks();
    for new in orders {
        if new.quantity < book.min_quantity || new.quantity > book.max_quantity {
            return Err(MarketError::QuantityInvalid);
        }
        if new.tick >= book.ticks {
            return Err(MarketError::NoSuchTick);
        }
        // The only one there is.
        if new.node != 0 {
            return Err(MarketError::NoSuchNode);
        }
        let (side, allowed) = match new.side {
            0 => (Side::Buy, Roles::BUYING),
            1 => (Side::Sell, Roles::SELLING),
            _ => return Err(MarketError::SideInvalid),
        };
        if !roles.intersects(allowed) {
            return Err(MarketError::NotPermitted);
        }
        let price = book.price(Tick(new.tick));
        let lock = lock_of(&locks, side, Wh(new.quantity), price)?;
        free = free.checked_sub(lock).ok_or(too_little(margin))?;
    }
    Ok(free)
}
