use core::result::Result;

use joulebook_auction::Side;
use joulebook_layout::{market::Book, registry::Roles};
use joulebook_settlement::Terms;
use joulebook_units::{Tick, Wh};

use super::lock::lock_of;
use crate::{errors::MarketError, rules::too_little, state::NewOrder};

/// What a seat has to give for orders.
#[derive(Clone, Copy)]
pub struct Means {
    /// Free money beside its margin, milli-atoms.
    pub free: u64,
    /// What more it may buy, Wh.
    pub may_buy: u32,
    /// What more it may sell, Wh.
    pub may_sell: u32,
}

/// Takes off what each of the orders needs, once it is seen to keep the window's rules.
///
/// # Errors
/// The first rule that an order breaks; [`MarketError::NotEnoughFree`], for a supplier [`MarketError::MarginKept`];
/// [`MarketError::BeyondConnection`],
/// [`MarketError::Overflow`].
#[inline(never)]
pub fn check_orders(
    orders: &[NewOrder],
    book: &Book,
    roles: Roles,
    means: &mut Means,
    margin: u64,
) -> Result<(), MarketError> {
    let locks = Terms::from(book).locks();
    let Means {
        mut free,
        mut may_buy,
        mut may_sell,
    } = *means;
    for new in orders {
        if new.quantity < book.min_quantity {
            return Err(MarketError::QuantityInvalid);
        }
        if new.tick >= book.ticks {
            return Err(MarketError::NoSuchTick);
        }
        // The only one there is.
        if new.node != 0 {
            return Err(MarketError::NoSuchNode);
        }
        let (side, allowed, left) = match new.side {
            0 => (Side::Buy, Roles::BUYING, &mut may_buy),
            1 => (Side::Sell, Roles::SELLING, &mut may_sell),
            _ => return Err(MarketError::SideInvalid),
        };
        *left = left
            .checked_sub(new.quantity)
            .ok_or(MarketError::BeyondConnection)?;
        if !roles.intersects(allowed) {
            return Err(MarketError::NotPermitted);
        }
        let price = book.price(Tick(new.tick));
        let lock = lock_of(&locks, side, Wh(new.quantity), price)?;
        free = free.checked_sub(lock).ok_or(too_little(margin))?;
    }
    *means = Means {
        free,
        may_buy,
        may_sell,
    };
    Ok(())
}
