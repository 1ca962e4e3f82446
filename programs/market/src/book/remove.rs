use core::result::Result;

use joulebook_auction::Side;
use joulebook_layout::market::{BookSeat, OrderState};
use joulebook_settlement::Locks;
use joulebook_units::bounded_sum;

use super::{lock::lock_of, BookOrders};
use crate::{errors::MarketError, state::OrderRef};

impl BookOrders<'_> {
    /// Takes orders of a seat out, one after the other, which may order as much energy again; what they had locked
    /// together, milli-atoms.
    ///
    /// # Errors
    /// [`MarketError::NoSuchOrder`], [`MarketError::NotYourOrder`]; the orders before that one are out.
    #[inline(never)]
    pub fn remove_all(
        &mut self,
        seat: u16,
        standing: &mut BookSeat,
        locks: &Locks,
        orders: &[OrderRef],
    ) -> Result<u64, MarketError> {
        let mut unlock = 0;
        for order in orders {
            let lock = self.remove(seat, standing, locks, order)?;
            unlock = bounded_sum(unlock, lock).ok_or(MarketError::Overflow)?;
        }
        Ok(unlock)
    }

    /// What the order had locked, milli-atoms.
    #[inline(always)]
    fn remove(
        &mut self,
        seat: u16,
        standing: &mut BookSeat,
        locks: &Locks,
        cancelled: &OrderRef,
    ) -> Result<u64, MarketError> {
        let order = self
            .orders
            .get_mut(usize::from(cancelled.index))
            .filter(|order| order.sequence == cancelled.sequence)
            .ok_or(MarketError::NoSuchOrder)?;
        let side = order.side().ok_or(MarketError::NoSuchOrder)?;
        if order.seat != seat {
            return Err(MarketError::NotYourOrder);
        }
        let (tick, quantity) = (order.tick(), order.quantity());
        // Was taken off before.
        match side {
            Side::Buy => standing.may_buy = standing.may_buy.wrapping_add(quantity.0),
            Side::Sell => standing.may_sell = standing.may_sell.wrapping_add(quantity.0),
        }
        let lock = lock_of(locks, side, quantity, self.header.price(tick))?;
        self.depth
            .remove(side, tick, quantity)
            .map_err(|_| MarketError::Broken)?;
        order.state = OrderState::Free as u8;
        order.quantity = u32::from(self.header.free_order);
        self.header.free_order = cancelled.index;
        Ok(lock)
    }
}
