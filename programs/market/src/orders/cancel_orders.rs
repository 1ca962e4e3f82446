use core::result::Result;

use anchor_lang::{prelude::*, Discriminator};
use joulebook_common::{accounts, hot::Hot, Addressed};
use joulebook_layout::{market, Address};
use joulebook_settlement::Terms;

use crate::{
    book::{book_of, WindowOrders},
    errors::MarketError,
    events::OrdersCancelled,
    state::{load_window, require_open, Ledger, LedgerView, OrderRef, Window},
};

#[accounts]
pub struct CancelOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = window.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub window: AccountLoader<'info, Window>,
}

#[inline(always)]
pub fn cancel_orders(
    mut ctx: Hot<CancelOrders>,
    start: i64,
    seat: u16,
    orders: &[OrderRef],
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    cancel(
        &accounts.trader.address(),
        accounts.ledger.data(),
        accounts.window.data(),
        start,
        seat,
        orders,
    )?;
    Ok(())
}

#[inline(always)]
fn cancel(
    trader: &Address,
    ledger: &mut [u8],
    window: &mut [u8],
    start: i64,
    index: u16,
    orders: &[OrderRef],
) -> Result<(), MarketError> {
    if orders.is_empty() {
        return Err(MarketError::NoOrders);
    }
    let mut ledger = LedgerView::load(ledger)?;
    let window = load_window(window)?;
    let header = window.header;
    require_open(header, start)?;
    let seat = ledger.open_seat(index)?;
    if !seat.trades_for(trader) {
        return Err(MarketError::NotTrader);
    }
    let position = window
        .positions
        .get_mut(usize::from(index))
        .ok_or(MarketError::NoSuchSeat)?;

    let used = usize::from(header.used_orders);
    let locks = Terms::from(&*header).locks();
    let mut left = WindowOrders {
        book: book_of(window.levels, window.blocks)?,
        orders: window.orders.get_mut(..used).ok_or(MarketError::Broken)?,
        window: header,
    };
    let unlock = left.remove_all(index, &locks, orders)?;
    let header = left.window;

    let count = orders.len() as u16;
    seat.locked = seat.locked.checked_sub(unlock).ok_or(MarketError::Broken)?;
    seat.credit(unlock).ok_or(MarketError::Overflow)?;
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
    log_cancelled(header, index, orders);
    Ok(())
}

/// The event, put together by hand: borsh would write every order by itself.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "the list is in memory, so there is room to count it"
)]
fn log_cancelled(window: &market::Window, seat: u16, orders: &[OrderRef]) {
    let mut event = Vec::with_capacity(8 + 32 + 8 + 2 + 4 + size_of_val(orders));
    event.extend_from_slice(OrdersCancelled::DISCRIMINATOR);
    event.extend_from_slice(&window.market.0);
    event.extend_from_slice(&window.start.to_le_bytes());
    event.extend_from_slice(&seat.to_le_bytes());
    event.extend_from_slice(&(orders.len() as u32).to_le_bytes());
    event.extend_from_slice(bytemuck::cast_slice(orders));
    anchor_lang::solana_program::log::sol_log_data(&[&event]);
}
