use core::{mem::MaybeUninit, result::Result};

use joulebook_auction::{Book, Side};
use joulebook_common::Stored;
use joulebook_layout::{
    market::{self, Order, Window, MAX_SEQUENCE, NO_ORDER},
    registry::Roles,
};
use joulebook_units::{Tick, Wh};

use super::{event::Placed, lock::lock_of};
use crate::{
    errors::MarketError,
    state::{terms_of, NewOrder, OrderRef},
};

/// What is left of the seat's `free` money, milli-atoms, once each of the orders is seen to keep the window's
/// rules and what it can cost is taken off.
///
/// # Errors
/// The first rule that an order breaks; [`MarketError::NotEnoughFree`], [`MarketError::Overflow`].
#[inline(never)]
pub fn check_orders(
    orders: &[NewOrder],
    window: &Window,
    roles: Roles,
    mut free: u64,
) -> Result<u64, MarketError> {
    let terms = terms_of(window);
    for new in orders {
        if new.quantity < window.min_quantity || new.quantity > window.max_quantity {
            return Err(MarketError::QuantityInvalid);
        }
        if new.tick >= window.ticks {
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
            return Err(MarketError::RoleForbids);
        }
        let price = window.price(Tick(new.tick));
        let lock = lock_of(&terms, side, Wh(new.quantity), price)?;
        free = free.checked_sub(lock).ok_or(MarketError::NotEnoughFree)?;
    }
    Ok(free)
}

/// Where orders are entered.
pub struct Entry<'a> {
    pub book: Book<'a>,
    pub table: &'a mut [Order],
    pub window: &'a mut Window,
    pub seat: u16,
}

impl Entry<'_> {
    /// Enters orders that were checked; tells of each where it stands.
    ///
    /// # Errors
    /// [`MarketError::BookFull`]; [`MarketError::Overflow`] if a tick's sum does not fit.
    #[inline(never)]
    pub fn enter_all<'a>(
        &mut self,
        orders: impl Iterator<Item = (&'a NewOrder, &'a mut MaybeUninit<Placed>)>,
    ) -> Result<(), MarketError> {
        for (new, placed) in orders {
            self.enter(new, placed)?;
        }
        Ok(())
    }

    /// A function of its own, where the compiler finds a register for nearly everything.
    #[inline(never)]
    fn enter(
        &mut self,
        new: &NewOrder,
        placed: &mut MaybeUninit<Placed>,
    ) -> Result<(), MarketError> {
        let side = if new.side == 0 { Side::Buy } else { Side::Sell };
        self.book
            .add(side, Tick(new.tick), Wh(new.quantity))
            .map_err(|_| MarketError::Overflow)?;
        if self.window.free_order != NO_ORDER {
            return self.put_in_freed_slot(new, placed);
        }
        let index = self.window.used_orders;
        self.window.used_orders = index.wrapping_add(1);
        self.put(new, order_ref(index, 0), placed)
    }

    #[inline(never)]
    fn put_in_freed_slot(
        &mut self,
        new: &NewOrder,
        placed: &mut MaybeUninit<Placed>,
    ) -> Result<(), MarketError> {
        let index = self.window.free_order;
        let freed = self
            .table
            .get(usize::from(index))
            .filter(|order| order.sequence < MAX_SEQUENCE)
            .ok_or(MarketError::BookFull)?;
        self.window.free_order = freed.quantity as u16;
        let sequence = freed.sequence.wrapping_add(1);
        self.put(new, order_ref(index, sequence), placed)
    }

    #[inline(always)]
    fn put(
        &mut self,
        new: &NewOrder,
        id: OrderRef,
        placed: &mut MaybeUninit<Placed>,
    ) -> Result<(), MarketError> {
        let order = self
            .table
            .get_mut(usize::from(id.index))
            .ok_or(MarketError::BookFull)?;
        *order = Order::live(new.0, self.seat, id.sequence);
        placed.write(Placed { new: *new, id });
        Ok(())
    }
}

#[inline(always)]
fn order_ref(index: u16, sequence: u16) -> OrderRef {
    Stored(market::OrderRef { index, sequence })
}
