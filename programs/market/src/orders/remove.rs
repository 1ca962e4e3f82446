use core::result::Result;

use joulebook_auction::Book;
use joulebook_layout::market::{Order, OrderState, Window, MAX_SEQUENCE};
use joulebook_settlement::Terms;
use joulebook_units::bounded_sum;

use super::lock::lock_of;
use crate::{errors::MarketError, state::OrderRef};

/// Takes orders of one seat out of the book, one after the other.
pub struct Removal<'a> {
    pub window: &'a mut Window,
    pub book: Book<'a>,
    pub orders: &'a mut [Order],
    pub terms: Terms,
    pub seat: u16,
}

impl Removal<'_> {
    /// What the orders had locked together, milli-atoms.
    #[inline(never)]
    pub fn remove_all(&mut self, orders: &[OrderRef]) -> Result<u64, MarketError> {
        let mut unlock = 0;
        for order in orders {
            unlock = bounded_sum(unlock, self.remove(order)?).ok_or(MarketError::Overflow)?;
        }
        Ok(unlock)
    }

    /// What the order had locked, milli-atoms.
    #[inline(always)]
    fn remove(&mut self, cancelled: &OrderRef) -> Result<u64, MarketError> {
        let order = self
            .orders
            .get_mut(usize::from(cancelled.index))
            .filter(|order| order.sequence == cancelled.sequence)
            .ok_or(MarketError::NoSuchOrder)?;
        let side = order.side().ok_or(MarketError::NoSuchOrder)?;
        if order.seat != self.seat {
            return Err(MarketError::NotYourOrder);
        }
        let (tick, quantity) = (order.tick(), order.quantity());
        let lock = lock_of(&self.terms, side, quantity, self.window.price(tick))?;
        self.book
            .remove(side, tick, quantity)
            .map_err(|_| MarketError::Broken)?;
        order.state = OrderState::Free as u8;
        // A worn-out slot stays out of the list.
        if order.sequence < MAX_SEQUENCE {
            order.quantity = u32::from(self.window.free_order);
            self.window.free_order = cancelled.index;
        }
        Ok(lock)
    }
}
