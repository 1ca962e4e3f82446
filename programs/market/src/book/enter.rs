use core::{mem::MaybeUninit, result::Result, slice};

use joulebook_auction::{Side, TickOrder};
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
    pub fn enter_all(
        &mut self,
        seat: u16,
        orders: &[NewOrder],
        placed: &mut [MaybeUninit<Placed>],
    ) -> Result<(), MarketError> {
        // One loop for the depth and one for the slots: in each, the compiler finds a register for everything.
        let depths = orders.iter().map(|new| TickOrder {
            side: if new.side == 0 { Side::Buy } else { Side::Sell },
            tick: Tick(new.tick),
            quantity: Wh(new.quantity),
        });
        self.depth
            .add_all(depths)
            .map_err(|_| MarketError::Overflow)?;
        if self.header.free_order == NO_ORDER {
            return self.take_new_slots(seat, orders, placed);
        }
        self.take_freed_slots(seat, orders, placed)
    }

    /// Slots of orders that were cancelled, and new ones once there is none.
    #[inline(never)]
    fn take_freed_slots(
        &mut self,
        seat: u16,
        orders: &[NewOrder],
        placed: &mut [MaybeUninit<Placed>],
    ) -> Result<(), MarketError> {
        for (number, (new, into)) in orders.iter().zip(placed.iter_mut()).enumerate() {
            let index = self.header.free_order;
            if index == NO_ORDER {
                let orders = orders.get(number..).unwrap_or_default();
                let placed = placed.get_mut(number..).unwrap_or_default();
                return self.take_new_slots(seat, orders, placed);
            }
            let slot = self
                .orders
                .get_mut(usize::from(index))
                .ok_or(MarketError::BookFull)?;
            self.header.free_order = slot.quantity as u16;
            // Begins anew after 65,536 orders, later than any signed transaction that names one of them is valid: whoever
            // places and cancels can't use the slots up.
            let sequence = slot.sequence.wrapping_add(1);
            *slot = Order::live(new.0, seat, sequence);
            into.write(Placed {
                new: *new,
                id: order_ref(index, sequence),
            });
        }
        Ok(())
    }

    /// Slots that nobody has used: one behind the other, none needs looking for.
    #[inline(always)]
    fn take_new_slots(
        &mut self,
        seat: u16,
        orders: &[NewOrder],
        placed: &mut [MaybeUninit<Placed>],
    ) -> Result<(), MarketError> {
        let mut index = self.header.used_orders;
        let slots = self.orders.get_mut(usize::from(index)..);
        let slots = slots.and_then(|slots| slots.get_mut(..orders.len()));
        let slots = slots.ok_or(MarketError::BookFull)?;
        for ((new, placed), slot) in orders.iter().zip(placed).zip(slots) {
            *slot = Order::live(new.0, seat, 0);
            placed.write(Placed {
                new: *new,
                id: order_ref(index, 0),
            });
            index = index.wrapping_add(1);
        }
        self.header.used_orders = index;
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
        self.enter_all(seat, slice::from_ref(new), &mut [MaybeUninit::uninit()])?;
        let order = self.orders.get_mut(usize::from(index));
        order.ok_or(MarketError::BookFull)?.is_owners = u8::from(is_owners);
        Ok(())
    }
}

#[inline(always)]
fn order_ref(index: u16, sequence: u16) -> OrderRef {
    Stored(market::OrderRef { index, sequence })
}
