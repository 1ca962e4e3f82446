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
/// [`MarketError::BeyondConnection`], [`MarketError::Overflow`].
#[inline(never)]
pub fn check_orders(
    orders: &[NewOrder],
    book: &Book,
    roles: Roles,
    means: &mut Means,
    margin: u64,
) -> Result<(), MarketError> {
    let locks = Terms::from(book).locks();
    let mut free = means.free;
    // Of 16 bits as many numbers of 32.
    let (mut bought, mut sold) = (0_u64, 0_u64);
    for new in orders {
        if new.quantity < book.min_quantity || new.tick >= book.ticks {
            return Err(fault_of(new, book));
        }
        // Node 0 is the only one there is.
        let (side, allowed) = match [new.side, new.node] {
            [0, 0] => {
                bought = bought.wrapping_add(new.quantity.into());
                (Side::Buy, Roles::BUYING)
            }
            [1, 0] => {
                sold = sold.wrapping_add(new.quantity.into());
                (Side::Sell, Roles::SELLING)
            }
            _ => return Err(fault_of(new, book)),
        };
        if !roles.intersects(allowed) {
            return Err(MarketError::NotPermitted);
        }
        let price = book.price(Tick(new.tick));
        let lock = lock_of(&locks, side, Wh(new.quantity), price)?;
        free = free.checked_sub(lock).ok_or(too_little(margin))?;
    }
    let left = |may: u32, ordered: u64| {
        let left = u64::from(may).checked_sub(ordered);
        left.map(|left| left as u32)
            .ok_or(MarketError::BeyondConnection)
    };
    *means = Means {
        free,
        may_buy: left(means.may_buy, bought)?,
        may_sell: left(means.may_sell, sold)?,
    };
    Ok(())
}

/// The first of its book's rules that an order breaks.
#[cold]
#[inline(never)]
fn fault_of(new: &NewOrder, book: &Book) -> MarketError {
    if new.quantity < book.min_quantity {
        MarketError::QuantityInvalid
    } else if new.tick >= book.ticks {
        MarketError::NoSuchTick
    } else if new.node != 0 {
        MarketError::NoSuchNode
    } else {
        MarketError::SideInvalid
    }
}
