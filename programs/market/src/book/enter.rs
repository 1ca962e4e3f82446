use core::{mem::MaybeUninit, result::Result};

use joulebook_auction::Side;
use joulebook_common::Stored;
use joulebook_layout::market::{self, limits::NO_ORDER, Order};
use joulebook_units::{Tick, Wh};

use super::{event::Placed, BookOrders};
use crate::{
    errors::MarketError,
    state::{NewOrder, OrderRef},
};

impl BookOrders<'_> {
    /// Enters orders of a seat that were checked; tells of each where it stands.
    ///
    /// # Errors
    /// [`MarketError::BookFull`]; [`MarketError::Overflow`] if a tick's sum does not fit.
    #[inline(never)]
    pub fn enter_all<'a>(
        &mut self,
        seat: u16,
        orders: impl Iterator<Item = (&'a NewOrder, &'a mut MaybeUninit<Placed>)>,
    ) -> Result<(), MarketError> {
        for (new, placed) in orders {
            self.enter(seat, new, placed)?;
        }
        Ok(())
    }

    /// Enters a standing order of a seat that was checked.
    ///
    /// # Errors
    /// Likewise.
    pub fn enter_standing(
        &mut self,
        seat: u16,
        new: &NewOrder,
        is_owners: bool,
    ) -> Result<(), MarketError> {
        let index = match self.header.free_order {
            NO_ORDER => self.header.used_orders,
            free => free,
        };
        self.enter(seat, new, &mut MaybeUninit::uninit())?;
        let order = self.orders.get_mut(usize::from(index));
        order.ok_or(MarketError::BookFull)?.is_owners = u8::from(is_owners);
        Ok(())
    }

    /// A function of its own, where the compiler finds a register for nearly everything.
    #[inline(never)]
    fn enter(
        &mut self,
        seat: u16,
        new: &NewOrder,
        placed: &mut MaybeUninit<Placed>,
    ) -> Result<(), MarketError> {
        let side = if new.side == 0 { Side::Buy } else { Side::Sell };
        self.depth
            .add(side, Tick(new.tick), Wh(new.quantity))
            .map_err(|_| MarketError::Overflow)?;
        if self.header.free_order != NO_ORDER {
            return self.put_in_freed_slot(seat, new, placed);
        }
        let index = self.header.used_orders;
        self.header.used_orders = index.wrapping_add(1);
        self.put(seat, new, order_ref(index, 0), placed)
    }

    #[inline(never)]
    fn put_in_freed_slot(
        &mut self,
        seat: u16,
        new: &NewOrder,
        placed: &mut MaybeUninit<Placed>,
    ) -> Result<(), MarketError> {
        let index = self.header.free_order;
        let freed = self
            .orders
            .get(usize::from(index))
            .ok_or(MarketError::BookFull)?;
        self.header.free_order = freed.quantity as u16;
        // Begins anew after 65,536 orders, later than any signed transaction that names one of them is valid: whoever
        // places and cancels can't use the slots up.
        let sequence = freed.sequence.wrapping_add(1);
        self.put(seat, new, order_ref(index, sequence), placed)
    }

    #[inline(always)]
    fn put(
        &mut self,
        seat: u16,
        new: &NewOrder,
        id: OrderRef,
        placed: &mut MaybeUninit<Placed>,
    ) -> Result<(), MarketError> {
        let order = self
            .orders
            .get_mut(usize::from(id.index))
            .ok_or(MarketError::BookFull)?;
        *order = Order::live(new.0, seat, id.sequence);
        placed.write(Placed { new: *new, id });
        Ok(())
    }
}

#[inline(always)]
fn order_ref(index: u16, sequence: u16) -> OrderRef {
    Stored(market::OrderRef { index, sequence })
}
