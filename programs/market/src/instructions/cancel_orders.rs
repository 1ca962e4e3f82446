use anchor_lang::{prelude::*, Discriminator};
use joulebook_auction::Book;
use joulebook_metering::settlement::Terms;
use joulebook_units::bounded_sum;

use super::{book_of, lock_of};
use crate::{
    errors::MarketError,
    events::{OrderRef, OrdersCancelled},
    state::{
        borrow_table, Ledger, LedgerView, Order, OrderState, Phase, Window, WindowView,
        MAX_SEQUENCE,
    },
};

#[derive(Accounts)]
pub struct CancelOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub ledger: UncheckedAccount<'info>,
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub window: UncheckedAccount<'info>,
}

pub fn cancel_orders(ctx: Context<CancelOrders>, seat: u16, orders: Vec<OrderRef>) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(!orders.is_empty(), MarketError::NoOrders);
    let mut ledger_data = borrow_table::<Ledger>(&accounts.ledger)?;
    let mut ledger = LedgerView::load(&mut ledger_data)?;
    let mut window_data = borrow_table::<Window>(&accounts.window)?;
    let window = WindowView::load(&mut window_data)?;
    let header = window.header;
    require!(
        header.market == ledger.header.market,
        MarketError::OtherMarket
    );
    require!(header.is(Phase::Open), MarketError::NotOpen);
    require!(
        Clock::get()?.unix_timestamp < header.gate,
        MarketError::GateClosed
    );
    let record = ledger.open_seat(seat)?;
    require!(
        record.trades_for(accounts.trader.key),
        MarketError::NotTrader
    );
    let position = window
        .positions
        .get_mut(usize::from(seat))
        .ok_or(MarketError::NoSuchSeat)?;

    let used = usize::from(header.used_orders);
    let mut removal = Removal {
        terms: header.terms(),
        book: book_of(window.levels, window.blocks)?,
        orders: window.orders.get_mut(..used).ok_or(MarketError::Broken)?,
        window: header,
        seat,
    };
    let mut unlock = 0u64;
    for order in &orders {
        unlock = bounded_sum(unlock, removal.remove(order)?).ok_or(MarketError::Overflow)?;
    }
    let header = removal.window;

    let count = orders.len() as u16;
    record.locked = record
        .locked
        .checked_sub(unlock)
        .ok_or(MarketError::Broken)?;
    record.credit(unlock)?;
    position.locked = position
        .locked
        .checked_sub(unlock)
        .ok_or(MarketError::Broken)?;
    position.orders = position
        .orders
        .checked_sub(count)
        .ok_or(MarketError::Broken)?;
    if position.orders == 0 {
        record.engaged = record.engaged.checked_sub(1).ok_or(MarketError::Broken)?;
    }
    header.live_orders = header
        .live_orders
        .checked_sub(count)
        .ok_or(MarketError::Broken)?;
    log_cancelled(header, seat, &orders);
    Ok(())
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
    /// What the order had locked, milli-atoms.
    #[inline(always)]
    fn remove(&mut self, cancelled: &OrderRef) -> std::result::Result<u64, MarketError> {
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
