use core::result::Result;

use anchor_lang::{prelude::*, Discriminator};
use joulebook_auction::Book;
use joulebook_metering::settlement::Terms;
use joulebook_units::bounded_sum;

use super::{book_of, lock_of, Arguments};
use crate::{
    errors::MarketError,
    events::{OrderRef, OrdersCancelled},
    state::{Ledger, LedgerView, Order, OrderState, Window, WindowView, MAX_SEQUENCE},
    views::Accounts,
};

/// The accounts, for the interface description: [`cancel_orders`] takes and checks them.
#[derive(Accounts)]
pub struct CancelOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub window: AccountLoader<'info, Window>,
}

pub fn cancel_orders(mut accounts: Accounts, mut arguments: Arguments) -> anchor_lang::Result<()> {
    let trader = accounts.signer()?;
    let mut ledger = accounts.table::<Ledger>()?;
    let mut window = accounts.table::<Window>()?;
    let cancelling = Cancelling {
        trader: trader.key(),
        start: arguments.i64()?,
        seat: arguments.u16()?,
        orders: arguments.list()?,
    };
    cancelling.cancel(ledger.data(), window.data())?;
    Ok(())
}

struct Cancelling<'a> {
    trader: &'a Pubkey,
    /// Of the window, unix seconds.
    start: i64,
    seat: u16,
    orders: &'a [OrderRef],
}

impl Cancelling<'_> {
    #[inline(always)]
    fn cancel(&self, ledger: &mut [u8], window: &mut [u8]) -> Result<(), MarketError> {
        if self.orders.is_empty() {
            return Err(MarketError::NoOrders);
        }
        let mut ledger = LedgerView::load(ledger)?;
        let window = WindowView::load(window)?;
        let header = window.header;
        if header.market != ledger.header.market {
            return Err(MarketError::OtherMarket);
        }
        header.require_open(self.start)?;
        let seat = ledger.open_seat(self.seat)?;
        if !seat.trades_for(self.trader) {
            return Err(MarketError::NotTrader);
        }
        let position = window
            .positions
            .get_mut(usize::from(self.seat))
            .ok_or(MarketError::NoSuchSeat)?;

        let used = usize::from(header.used_orders);
        let mut removal = Removal {
            terms: header.terms(),
            book: book_of(window.levels, window.blocks)?,
            orders: window.orders.get_mut(..used).ok_or(MarketError::Broken)?,
            window: header,
            seat: self.seat,
        };
        let unlock = removal.remove_all(self.orders)?;
        let header = removal.window;

        let count = self.orders.len() as u16;
        seat.locked = seat.locked.checked_sub(unlock).ok_or(MarketError::Broken)?;
        seat.credit(unlock)?;
        position.locked = position
            .locked
            .checked_sub(unlock)
            .ok_or(MarketError::Broken)?;
        position.orders = position
            .orders
            .checked_sub(count)
            .ok_or(MarketError::Broken)?;
        if position.orders == 0 {
            seat.engaged = seat.engaged.checked_sub(1).ok_or(MarketError::Broken)?;
        }
        header.live_orders = header
            .live_orders
            .checked_sub(count)
            .ok_or(MarketError::Broken)?;
        log_cancelled(header, self.seat, self.orders);
        Ok(())
    }
}

/// The event, put together by hand: borsh would write every order by itself.
fn log_cancelled(window: &Window, seat: u16, orders: &[OrderRef]) {
    let mut event = Vec::with_capacity(8 + 32 + 8 + 2 + 4 + size_of_val(orders));
    event.extend_from_slice(OrdersCancelled::DISCRIMINATOR);
    event.extend_from_slice(window.market.as_ref());
    event.extend_from_slice(&window.start.to_le_bytes());
    event.extend_from_slice(&seat.to_le_bytes());
    event.extend_from_slice(&(orders.len() as u32).to_le_bytes());
    event.extend_from_slice(bytemuck::cast_slice(orders));
    anchor_lang::solana_program::log::sol_log_data(&[&event]);
}

/// Takes orders of one seat out of the book, one after the other.
struct Removal<'a> {
    window: &'a mut Window,
    book: Book<'a>,
    orders: &'a mut [Order],
    terms: Terms,
    seat: u16,
}

impl Removal<'_> {
    /// What the orders had locked together, milli-atoms.
    #[inline(never)]
    fn remove_all(&mut self, orders: &[OrderRef]) -> Result<u64, MarketError> {
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
