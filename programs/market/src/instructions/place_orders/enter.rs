use joulebook_auction::{Book, Side};
use joulebook_metering::settlement::Terms;
use joulebook_units::{Price, Tick, Wh};
use registry::state::Roles;

use super::NewOrder;
use crate::{
    errors::MarketError,
    state::{Order, OrderState, Window, MAX_SEQUENCE, NO_ORDER},
};

/// What an order in the book came to.
pub struct Entered {
    /// Milli-atoms.
    pub lock: u64,
    pub index: u16,
    pub sequence: u16,
}

/// Enters orders of one seat, one after the other.
pub struct Entry<'a> {
    pub window: &'a mut Window,
    pub book: Book<'a>,
    pub orders: &'a mut [Order],
    pub terms: Terms,
    pub seat: u16,
    pub may_buy: bool,
    pub may_sell: bool,
}

impl<'a> Entry<'a> {
    pub fn new(
        window: &'a mut Window,
        book: Book<'a>,
        orders: &'a mut [Order],
        seat: u16,
        roles: Roles,
    ) -> Entry<'a> {
        Entry {
            terms: window.terms(),
            window,
            book,
            orders,
            seat,
            may_buy: roles.intersects(Roles::BUYING),
            may_sell: roles.intersects(Roles::SELLING),
        }
    }

    /// # Errors
    /// The first rule that the order breaks.
    #[inline(always)]
    pub fn enter(&mut self, new: &NewOrder) -> Result<Entered, MarketError> {
        let (side, allowed) = match new.side {
            0 => (Side::Buy, self.may_buy),
            1 => (Side::Sell, self.may_sell),
            _ => return Err(MarketError::UnknownSide),
        };
        if !allowed {
            return Err(MarketError::RoleForbids);
        }
        if new.node >= self.window.nodes {
            return Err(MarketError::NoSuchNode);
        }
        if new.quantity < self.window.min_quantity || new.quantity > self.window.max_quantity {
            return Err(MarketError::Quantity);
        }
        if new.tick >= self.window.ticks {
            return Err(MarketError::OffGrid);
        }
        let (tick, quantity) = (Tick(new.tick), Wh(new.quantity));
        let price = self.window.price(tick);
        let lock = lock_of(&self.terms, side, quantity, price)?;
        self.book
            .add(side, tick, quantity)
            .map_err(|_| MarketError::Overflow)?;
        let (index, sequence) = self.take_slot()?;
        let order = self
            .orders
            .get_mut(usize::from(index))
            .ok_or(MarketError::BookFull)?;
        *order = Order {
            quantity: new.quantity,
            filled: 0,
            tick: new.tick,
            seat: self.seat,
            sequence,
            node: new.node,
            state: OrderState::of(side) as u8,
        };
        Ok(Entered {
            lock,
            index,
            sequence,
        })
    }

    /// A free order slot and the sequence of its next order.
    #[inline(always)]
    fn take_slot(&mut self) -> Result<(u16, u16), MarketError> {
        let index = self.window.free_order;
        if index == NO_ORDER {
            let index = self.window.used_orders;
            if index >= self.window.orders {
                return Err(MarketError::BookFull);
            }
            self.window.used_orders = index.wrapping_add(1);
            return Ok((index, 0));
        }
        let order = self
            .orders
            .get(usize::from(index))
            .filter(|order| order.sequence < MAX_SEQUENCE)
            .ok_or(MarketError::BookFull)?;
        self.window.free_order = order.quantity as u16;
        Ok((index, order.sequence.wrapping_add(1)))
    }
}

/// What an order can cost at worst, milli-atoms.
#[inline(always)]
pub fn lock_of(
    terms: &Terms,
    side: Side,
    quantity: Wh,
    price: Price,
) -> Result<u64, MarketError> {
    match side {
        Side::Buy => terms
            .buy_lock(quantity, price)
            .map(|lock| lock.0)
            .ok_or(MarketError::Overflow),
        Side::Sell => Ok(terms.sell_lock(quantity, price).0),
    }
}
